"""The environments of the bundled API, as its overlay names them."""

from __future__ import annotations

from typing import Any

from syncdyn.sync import environments


def __getattr__(name: str) -> Any:
    made = environments()
    if name == made.__name__:
        return made
    raise AttributeError(f"module {__name__!r} has no {name!r}")
