"""The classes of the bundled API, made from its document: each schema by its name.

The errors of statuses are here as well: scripts for the official SDK import them from this module.
"""

from __future__ import annotations

from typing import Any

from syncdyn.errors import STATUS_ERRORS
from syncdyn.openapi.hints import hint
from syncdyn.sync import bundled_types

_ERRORS = {kind.__name__: kind for kind in STATUS_ERRORS.values()}


def __getattr__(name: str) -> Any:
    if name.startswith("__") and name != "__all__":
        raise AttributeError(name)
    if name in _ERRORS:
        return _ERRORS[name]
    types = bundled_types()
    if name == "__all__":
        return sorted([*types.names, *_ERRORS])
    try:
        made = types.named(name)
    except KeyError:
        told = hint(name, types.names) or f"it has {', '.join(sorted(types.names))}"
        raise AttributeError(f"module {__name__!r} has no {name!r}; {told}") from None
    globals()[name] = made
    return made


def __dir__() -> list[str]:
    return sorted([*bundled_types().names, *_ERRORS])
