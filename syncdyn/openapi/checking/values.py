"""The value of a body against what the document says of it, and how violations are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.texts import is_only
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.items import is_sequence, item_shape
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import MediaType
from syncdyn.openapi.records import body_rules, part_header_rules, stand_in
from syncdyn.openapi.schemas.normalise import Direction

_REQUEST = Direction.REQUEST


def check_body(
    contract: Contract, media_type: MediaType, value: Json, direction: Direction = _REQUEST
) -> tuple[Violation, ...]:
    """The violations of a body's value, the rules for its files, records and parts included."""
    if isinstance(value, list) and is_sequence(media_type.name) and _is_by_item(contract, media_type):
        return _check_items(contract, media_type, value, direction)
    if isinstance(value, list) and media.is_multipart(media_type.name) and media_type.item_schema is not None:
        return _check_items(contract, media_type, stand_in(value), direction)
    if media_type.schema is None or _is_opaque(media_type, value):
        return ()
    if not media_type.name.startswith("multipart/"):
        return contract.schemas.violations(media_type.schema, value, direction, "body")
    found = contract.schemas.violations(media_type.schema, stand_in(value), direction, "body")
    found += tuple(body_rules(contract, contract.shapes.at(media_type.schema), value))
    return found + tuple(part_header_rules(media_type, value))


def _is_opaque(media_type: MediaType, value: Json) -> bool:
    """Whether a schema has nothing to say of a value: bytes, files, and texts of a language that is not read here."""
    if isinstance(value, str):
        return media.is_xml(media.essence(media_type.name))
    return not isinstance(value, dict | list | float | int | None) and media.is_content(value)


def is_of_many(media_type: MediaType) -> bool:
    """Whether a body is one of several values: records, events, parts."""
    return is_sequence(media_type.name) or media.is_multipart(media_type.name)


def _is_by_item(contract: Contract, media_type: MediaType) -> bool:
    return media_type.item_schema is not None or not is_only(contract.shape(media_type.schema), "array")


def _check_items(
    contract: Contract, media_type: MediaType, values: Sequence[Json], direction: Direction
) -> tuple[Violation, ...]:
    shape = item_shape(contract, media_type)
    if shape is None:
        return ()
    return tuple(
        replace(violation, path=(index, *violation.path))
        for index, value in enumerate(values)
        for violation in contract.schemas.violations(shape.pointer, value, direction, "body")
    )


def wrong_media_type(location: str, found: str | None, content: Sequence[MediaType]) -> Violation:
    """The violation of a Content-Type that is none of those promised."""
    allowed = tuple(entry.name for entry in content)
    message = f"{found or 'no media type'} is not one of {', '.join(allowed)}"
    return Violation(location, ("content-type",), message, "mediaType", found, allowed)


def below(name: str, violation: Violation) -> Violation:
    """The same violation, one step deeper: seen from the message, not from the value."""
    return replace(violation, path=(name, *violation.path))
