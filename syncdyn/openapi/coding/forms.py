"""A form body <-> an object: `application/x-www-form-urlencoded`, property by property.

Source: OpenAPI 3.1.1, Encoding Object, and "Encoding the x-www-form-urlencoded Media Type".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from syncdyn.openapi.coding.deep_objects import owns
from syncdyn.openapi.coding.malformed import BodyTooLarge, Limits, MalformedBody
from syncdyn.openapi.coding.media_types import essence, is_json
from syncdyn.openapi.coding.styles import decode_query, encode_query, query_string, split_query
from syncdyn.openapi.coding.texts import decode_several, is_only, is_unwritten_array, member_shape
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.hints import kind_of
from syncdyn.openapi.operations import Encoding, MediaType, Parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syncdyn.openapi.messages import Json
    from syncdyn.openapi.schemas.shapes import Shape

_PLAIN = Encoding()


def encode_form(media: MediaType, value: Json) -> bytes:
    """The form body of an object; arrays and objects as their `encoding` says.

    Without one, arrays repeat the name and objects are JSON text.
    Raises ValueError for a value that is no object or that a style cannot carry.
    """
    if not isinstance(value, Mapping):
        raise ValueError(f"a form body is an object, this is {kind_of(value)}")
    pairs: list[tuple[str, str]] = []
    for wire, member in value.items():
        encoding = media.encoding.get(wire, _PLAIN)
        is_nested = isinstance(member, Mapping) and not _has_style(encoding)
        pairs += encode_query(_parameter(wire, encoding, as_json=is_nested), member)
    return query_string(pairs).encode("ascii")


def decode_form(media: MediaType | None, shape: Shape | None, body: bytes, limits: Limits) -> dict[str, Json]:
    """The object in a form body, values coerced by the shape; of undeclared names plain texts.

    Raises MalformedBody for bytes that are no text, BodyTooLarge for too many pairs.
    """
    pairs = _read_pairs(body, limits)
    encodings = media.encoding if media else {}
    found: dict[str, Json] = {}
    taken: set[str] = set()
    for wire in (*(shape.all_fields if shape else ()), *encodings):
        if wire in found:
            continue
        encoding, member = encodings.get(wire, _PLAIN), member_shape(shape, wire)
        value = _decode_member(wire, encoding, member, pairs)
        if value is MISSING and shape is not None and is_unwritten_array(shape.all_fields.get(wire)):
            value = []
        if value is not MISSING:
            found[wire] = value
        taken |= {name for name, _ in pairs if _is_own(wire, encoding, unquote_plus(name))}
    return found | _others(shape, [pair for pair in pairs if pair[0] not in taken], found)


def _decode_member(wire: str, encoding: Encoding, shape: Shape | None, pairs: Sequence[tuple[str, str]]) -> Json:
    is_nested = is_only(shape, "object") and not _has_style(encoding)
    return decode_query(_parameter(wire, encoding, as_json=is_nested), shape, pairs)


def _others(shape: Shape | None, pairs: Sequence[tuple[str, str]], found: Mapping[str, Json]) -> dict[str, Json]:
    texts: dict[str, list[str]] = {}
    for name, text in pairs:
        texts.setdefault(unquote_plus(name), []).append(unquote_plus(text))
    rest = shape.values if shape else None
    return {name: decode_several(several, rest) for name, several in texts.items() if name not in found}


def _parameter(wire: str, encoding: Encoding, *, as_json: bool) -> Parameter:
    """The query parameter that is written as the property is."""
    style = encoding.style or "form"
    stated = essence(encoding.content_type or "")
    is_content = not _has_style(encoding) and (as_json or is_json(stated))
    return Parameter(
        name=wire,
        location="query",
        style=style,
        explode=encoding.explode if encoding.explode is not None else style in ("form", "deepObject"),
        allow_reserved=encoding.allow_reserved,
        media_type=(stated or "application/json") if is_content else None,
        array_keys=encoding.array_keys,
    )


def _has_style(encoding: Encoding) -> bool:
    return encoding.style is not None or encoding.explode is not None


def _is_own(wire: str, encoding: Encoding, name: str) -> bool:
    return name == wire or (encoding.style == "deepObject" and owns(wire, name))


def _read_pairs(body: bytes, limits: Limits) -> tuple[tuple[str, str], ...]:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise MalformedBody(f"the form is not text: the byte at offset {error.start} is not UTF-8") from None
    if text.count("&") >= limits.max_parts:
        raise BodyTooLarge(f"the form has more than {limits.max_parts} fields (max_parts)")
    pairs = split_query(text)
    for name, value in pairs:
        if len(value) > limits.max_field_bytes:
            most = f"{limits.max_field_bytes} bytes (max_field_bytes)"
            raise BodyTooLarge(f"the field {unquote_plus(name)!r} is larger than {most}")
    return pairs
