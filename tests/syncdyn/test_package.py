"""The face of the package: what it names, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import syncdyn

#: Each takes longer to import than all of ours.
HEAVY = ("httpx", "jsonschema_rs", "openapi_core", "pydantic", "yaml")


def test_all_is_sorted_and_names_nothing_that_is_not_there() -> None:
    assert list(syncdyn.__all__) == sorted(syncdyn.__all__) == dir(syncdyn)
    assert all(getattr(syncdyn, name) is not None for name in syncdyn.__all__)


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(AttributeError, match="'syncdyn' has no attribute 'cleint'"):
        _ = syncdyn.cleint  # type: ignore[attr-defined]


def loaded_by(code: str) -> list[str]:
    """The heavy modules that a fresh interpreter has loaded after some code."""
    told = f"import sys; {code}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    return subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize(
    "code",
    ["import syncdyn", "import syncdyn; [getattr(syncdyn, name) for name in syncdyn._HOME_OF]"],
    ids=["package", "every-name"],
)
def test_no_name_loads_a_heavy_library_before_a_client_is_made(code: str) -> None:
    assert loaded_by(code) == []
