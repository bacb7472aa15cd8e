"""One JSON value <-> one text without structure, guided by the types of its shape."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING

from syncdyn.openapi.coding.json_text import decode_json, encode_json
from syncdyn.openapi.coding.malformed import MalformedBody

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syncdyn.openapi.messages import Json
    from syncdyn.openapi.schemas.shapes import Field, Shape

_SCALARS = frozenset({"string", "integer", "number", "boolean"})
_EVERYTHING = _SCALARS | {"null", "array", "object"}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<fraction>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)")
#: Below the length at which Python itself refuses to convert.
_MOST_DIGITS = 4000
_LITERALS: dict[str, tuple[str, Json]] = {
    "true": ("boolean", True),
    "false": ("boolean", False),
    "": ("null", None),
}


def encode_text(value: Json) -> str:
    """The text of a value: strings as they are, null empty, everything else in its JSON spelling.

    Raises ValueError for what JSON cannot spell.
    """
    if isinstance(value, str):
        return value
    return "" if value is None else encode_json(value)


def decode_text(text: str, shape: Shape | None) -> Json:
    """The value that a text stands for; text that fits no type of the shape stays text.

    Where strings are allowed, every text is one.
    """
    types = types_of(shape)
    if "string" in types:
        return text
    if text in _LITERALS and _LITERALS[text][0] in types:
        return _LITERALS[text][1]
    if types & {"integer", "number"} and (matched := _NUMBER.fullmatch(text)):
        return _decode_number(text, matched["fraction"], types)
    if types & {"array", "object"} and text.lstrip()[:1] in ("[", "{"):
        return decode_json_text(text)
    return text


def decode_json_text(text: str) -> Json:
    """The value of a JSON text, or the text itself where it is none."""
    try:
        return decode_json(text)
    except MalformedBody:
        return text


def decode_several(texts: Sequence[str], shape: Shape | None) -> Json:
    """The value of all the texts that came under one name.

    An array is a text for each item, or one empty text; several texts for anything else stay
    several, so that checking can object.
    """
    if is_only(shape, "array"):
        return [] if list(texts) == [""] else decode_items(texts, shape)
    if len(texts) == 1:
        return decode_text(texts[0], shape)
    return decode_items(texts, shape)


def decode_items(texts: Sequence[str], shape: Shape | None) -> list[Json]:
    """The items of an array, one for each text."""
    items = shape.items if shape else None
    return [decode_text(text, items) for text in texts]


def types_of(shape: Shape | None) -> frozenset[str]:
    """The JSON types that a shape allows; all of them without a shape."""
    return shape.types if shape else _EVERYTHING


def is_only(shape: Shape | None, kind: str) -> bool:
    """Whether nothing but `array`, or nothing but `object`, may stand there (null aside)."""
    return types_of(shape) - {"null"} == {kind}


def may_be(shape: Shape | None, kind: str) -> bool:
    """Whether an `array`, or an `object`, is expected there among others; silence expects neither."""
    types = types_of(shape)
    return kind in types and not types >= _SCALARS | {"array", "object"}


def member_shape(shape: Shape | None, wire: str) -> Shape | None:
    """The shape of an object's member: as declared, else that of undeclared names."""
    if shape is None:
        return None
    declared = shape.all_fields.get(wire)
    return declared.shape if declared else shape.values


def is_unwritten_array(member: Field | None) -> bool:
    """Whether a member that was not written is an array without items, which a form or XML writes as nothing.

    It is where the array has to be there and may be empty: who sends it empty, as is right, must not be refused.
    An array that must have items, or need not be there at all, was left out. Source: RFC 6570, section 2.3.
    """
    return member is not None and member.is_required and is_only(member.shape, "array") and _may_be_empty(member.shape)


def _may_be_empty(shape: Shape) -> bool:
    return not shape.schema.get("minItems") and all(_may_be_empty(part) for part in shape.parts)


def _decode_number(text: str, fraction: str, types: frozenset[str]) -> Json:
    if len(text) > _MOST_DIGITS:
        return text
    if not fraction:
        return int(text)
    number = json.loads(text)
    if math.isinf(number) or ("number" not in types and not number.is_integer()):
        return text
    return number if "number" in types else int(number)
