"""From what a user names - nothing, a file, parsed data - to a contract and a core."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from mockserver.errors import MockError
from mockserver.settings import Settings
from syncdyn.openapi.contract import Contract, contract_of
from syncdyn.openapi.document import Document

if TYPE_CHECKING:
    from mockserver.app import Mock as Core
    from syncdyn.openapi.messages import Json

#: None (the bundled API), a path or URL, a parsed document, or what was made from one.
Source: TypeAlias = "str | os.PathLike[str] | Mapping[str, Json] | Document | Contract | None"
Overlays: TypeAlias = "Sequence[str | os.PathLike[str]]"

_BUNDLED = "sync"


def contract_from(source: Source = None, overlays: Overlays = ()) -> Contract:
    """The contract of a source, with OpenAPI overlays applied in order.

    Raises DocumentError for what cannot be read or used, with the place.
    """
    if isinstance(source, Contract):
        return source
    if isinstance(source, Document):
        return contract_of(source)
    return contract_of(_document(source, overlays))


def core_from(contract: Contract, settings: Settings) -> Core:
    """The mock's core."""
    from mockserver.app import Mock as Core

    return Core(contract, settings)


def settings_from(settings: Settings | None, changes: Mapping[str, Any]) -> Settings:
    """The settings with some fields changed. Raises MockError for a field that is none."""
    known = [field.name for field in fields(Settings)]
    unknown = [name for name in changes if name not in known]
    if unknown:
        raise MockError(f"no setting named {', '.join(unknown)}; there are {', '.join(known)}")
    return replace(settings or Settings(), **changes)
