"""An extension of IPython: after `%load_ext syncdyn.notebook`, Tab completes below resources and operations."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_OVERRIDES = ("allowed_getattr_external", "allowed_getitem_external")


def load_ipython_extension(shell: Any) -> None:
    """Lets completion look into clients.

    By itself IPython looks no further than attributes that stand in a class, since to look at others may run code;
    here that code reads the document, and sends nothing. Where evaluation is forbidden altogether, it stays so.
    """
    completer = shell.Completer
    policy = import_module("IPython.core.guarded_eval").EVALUATION_POLICIES[completer.evaluation]
    known = {name: {*getattr(policy, name), ("syncdyn",)} for name in _OVERRIDES if hasattr(policy, name)}
    completer.policy_overrides = {**completer.policy_overrides, **known}
