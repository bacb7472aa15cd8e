"""The extension of IPython widens what completion may look into, and takes nothing away."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from syncdyn.notebook import load_ipython_extension

POLICIES = {
    "limited": SimpleNamespace(allowed_getattr_external={"pandas"}, allowed_getitem_external={"numpy"}),
    "forbidden": SimpleNamespace(),
}


def overrides(monkeypatch: pytest.MonkeyPatch, evaluation: str) -> dict[str, Any]:
    monkeypatch.setitem(sys.modules, "IPython.core.guarded_eval", SimpleNamespace(EVALUATION_POLICIES=POLICIES))
    completer = SimpleNamespace(evaluation=evaluation, policy_overrides={"allow_auto_import": True})
    load_ipython_extension(SimpleNamespace(Completer=completer))
    found: dict[str, Any] = completer.policy_overrides
    return found


def test_completion_may_look_into_clients_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    assert overrides(monkeypatch, "limited") == {
        "allow_auto_import": True,
        "allowed_getattr_external": {"pandas", ("syncdyn",)},
        "allowed_getitem_external": {"numpy", ("syncdyn",)},
    }
    assert POLICIES["limited"].allowed_getattr_external == {"pandas"}


def test_what_is_forbidden_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert overrides(monkeypatch, "forbidden") == {"allow_auto_import": True}
