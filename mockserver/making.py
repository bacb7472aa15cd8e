"""From what a user names - nothing, a file, parsed data - to a contract and a core."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from mockserver.errors import MockError
from mockserver.settings import Settings
from syncdyn.openapi.bundled import bundled_files
from syncdyn.openapi.contract import Contract, contract_of
from syncdyn.openapi.document import Document
from syncdyn.openapi.loading import load_shared

if TYPE_CHECKING:
    from mockserver.app import Mock as Core
    from mockserver.media.media_facts import MediaFacts
    from syncdyn.openapi.messages import Json

#: None (the bundled API), a path or URL, a parsed document, or what was made from one.
Source: TypeAlias = "str | os.PathLike[str] | Mapping[str, Json] | Document | Contract | None"
Overlays: TypeAlias = "Sequence[str | os.PathLike[str]]"


def contract_from(source: Source = None, overlays: Overlays = ()) -> Contract:
    """The contract of a source, with OpenAPI overlays applied in order.

    Raises DocumentError for what cannot be read or used, with the place.
    """
    if isinstance(source, Contract):
        return source
    if isinstance(source, Document):
        return contract_of(source)
    return contract_of(_document(source, overlays))


def _document(source: str | os.PathLike[str] | Mapping[str, Json] | None, overlays: Overlays) -> Document:
    if source is not None:
        return load_shared(source, overlays=overlays)
    bundled, of_bundled = bundled_files(with_mock=True)
    return load_shared(bundled, overlays=(*of_bundled, *overlays))


def core_from(contract: Contract, settings: Settings) -> Core:
    """The mock's core, with real media behind it; what makes and reads media is imported when first needed.

    Raises MockError for a plan that the document does not have.
    """
    from mockserver.app import Mock as Core

    plans = contract.extension("x-mock-plans") or {}
    if settings.plan is not None and settings.plan not in plans:
        known = ", ".join(plans) or "none"
        raise MockError(f"plan: no plan named {settings.plan!r} in the document; there are: {known}")
    return Core(contract, settings, clip=_clip, facts_of=_facts_of)


def _clip(duration_seconds: float) -> bytes:
    from mockserver.media.clips import clip

    return clip(duration_seconds)


def _facts_of(content: bytes, file_name: str) -> MediaFacts | None:
    from mockserver.media.media_facts import facts_of

    return facts_of(content, file_name)


def settings_from(settings: Settings | None, changes: Mapping[str, Any]) -> Settings:
    """The settings with some fields changed. Raises MockError for a field that is none."""
    known = [field.name for field in fields(Settings)]
    unknown = [name for name in changes if name not in known]
    if unknown:
        raise MockError(f"no setting named {', '.join(unknown)}; there are {', '.join(known)}")
    return replace(settings or Settings(), **changes)
