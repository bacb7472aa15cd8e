"""A body <-> bytes, by media type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from syncdyn.openapi.coding.events import Event, encode_events, read_events
from syncdyn.openapi.coding.files import File, Once, Upload, as_file, content_type_of, is_file_like
from syncdyn.openapi.coding.forms import decode_form, encode_form
from syncdyn.openapi.coding.json_text import (
    decode_json,
    decode_lines,
    decode_sequence,
    encode_json,
    encode_lines,
    encode_sequence,
)
from syncdyn.openapi.coding.malformed import BodyTooLarge, Limits, MalformedBody
from syncdyn.openapi.coding.media_types import (
    EVENT_STREAM,
    FORM,
    MULTIPART,
    OCTETS,
    best_match,
    essence,
    is_json,
    is_json_lines,
    is_json_sequence,
    is_multipart,
    is_range,
    is_text,
    is_xml,
    matches,
)
from syncdyn.openapi.coding.mixed import decode_mixed, encode_mixed
from syncdyn.openapi.coding.multipart import decode_parts, encode_parts, parameter_of
from syncdyn.openapi.coding.texts import encode_text
from syncdyn.openapi.coding.xml_writing import encode_xml, is_xml_text
from syncdyn.openapi.hints import kind_of

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Body, Json
    from syncdyn.openapi.operations import MediaType
    from syncdyn.openapi.schemas.shapes import Shape

#: ASCII is a part of UTF-8.
_JSON_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})

__all__ = [
    "BodyTooLarge",
    "File",
    "Limits",
    "MalformedBody",
    "Upload",
    "as_file",
    "best_match",
    "decode_body",
    "encode_body",
    "encode_lines",
    "essence",
    "foreign_charset",
    "is_content",
    "is_json",
    "is_json_lines",
    "is_multipart",
    "is_xml",
    "matches",
    "may_be_empty",
]


def encode_body(media: MediaType, shape: Shape | None, value: Json) -> tuple[Body, str | None]:
    """The body of a value and its Content-Type; for multipart the parts and None.

    The sender of a multipart body draws the boundary and so knows the Content-Type.
    Bytes, open binary files and paths pass through as they are, whatever the type: files are not read here.
    For XML so does a text that is XML, and anything else is written by the `xml` objects of its schema.
    Raises ValueError where the media type cannot carry the value, TypeError for what is no file.
    """
    name = essence(media.name)
    if name == MULTIPART:
        return encode_parts(media, shape, value), None
    if is_multipart(name) and isinstance(value, list | tuple):
        return encode_mixed(media, shape, value)
    if isinstance(value, Once):
        return value, _concrete(media.name, OCTETS)
    if is_file_like(value):
        file = as_file(value)
        return file.content, _concrete(media.name, content_type_of(file, media.name))
    if is_range(name) or "," in name:
        return _encode_open(media.name, value)
    if is_json(name):
        return encode_json(value).encode(), media.name
    if is_json_lines(name):
        return value.encode() if isinstance(value, str) else encode_lines(_list_of(value, name)), media.name
    if is_json_sequence(name):
        return encode_sequence(_list_of(value, name)), media.name
    if name == EVENT_STREAM and isinstance(value, list | tuple):
        return encode_events(one if isinstance(one, Event) else Event(one) for one in value), media.name
    if name == FORM:
        return encode_form(media, value), media.name
    if is_xml(name) and not (isinstance(value, str) and is_xml_text(shape, value)):
        return encode_xml(shape, value), media.name
    return _encode_text(value, name), media.name


def decode_body(
    media: MediaType | None,
    shape: Shape | None,
    content_type: str,
    body: bytes,
    *,
    limits: Limits | None = None,
) -> Json:
    """The value of a body, by its own Content-Type: JSON values, text, or for anything else the bytes.

    Forms and multipart bodies are objects, their texts coerced by the shape; files are `Upload`s. JSON Lines,
    JSON text sequences and event streams are lists. XML is given as it came: `xml_reading` reads it.
    Raises MalformedBody, BodyTooLarge for a form or multipart body over the limits.
    """
    name = essence(content_type)
    limits = limits or Limits()
    if is_json(name):
        return decode_json(body)
    if is_json_lines(name):
        return decode_lines(body)
    if is_json_sequence(name):
        return decode_sequence(body)
    if name == EVENT_STREAM:
        return read_events(body)
    if name == FORM:
        return decode_form(media, shape, body, limits)
    if name == MULTIPART:
        return decode_parts(media, shape, content_type, body, limits)
    if is_multipart(name):
        return decode_mixed(media, shape, content_type, body, limits)
    return _decode_text(body, content_type) if is_text(name) else body


def is_content(value: object) -> bool:
    """Whether a value is the content of a body as it stands: bytes, a file, or pieces to come."""
    return isinstance(value, Once) or is_file_like(value)


def may_be_empty(content_type: str) -> bool:
    """Whether a body of this type can have no bytes: JSON, forms and multipart bodies cannot."""
    name = essence(content_type)
    return not (is_json(name) or is_xml(name) or is_multipart(name))


def foreign_charset(content_type: str) -> str | None:
    """The charset that a Content-Type gives JSON, where it is another than UTF-8. Source: RFC 8259, section 8.1."""
    if not is_json(essence(content_type)):
        return None
    charset = parameter_of(content_type, "charset")
    return None if charset is None or charset.lower() in _JSON_CHARSETS else charset


def _encode_open(allowed: str, value: Json) -> tuple[Body, str]:
    """A body for a range such as `*/*`, which leaves the type to the value."""
    if isinstance(value, str) and matches(allowed, "text/plain"):
        return _encode_text(value, "text/plain"), "text/plain; charset=utf-8"
    if isinstance(value, str | bytes):
        return _encode_text(value, OCTETS), OCTETS
    return encode_json(value).encode(), "application/json"


def _concrete(name: str, chosen: str) -> str:
    return chosen if is_range(name) or "," in name else name


def _encode_text(value: Json, name: str) -> bytes:
    if isinstance(value, Mapping | list | tuple):
        told = "it has no form of them; give text or bytes as `body`"
        raise ValueError(f"an object or array cannot be written as {name}: {told}")
    try:
        return encode_text(value).encode()
    except UnicodeEncodeError:
        raise ValueError("the text holds a lone surrogate, which UTF-8 cannot carry") from None


def _decode_text(body: bytes, content_type: str) -> str:
    charset = parameter_of(content_type, "charset") or "utf-8"
    try:
        return body.decode(charset)
    except LookupError:
        raise MalformedBody(f"the charset {charset[:40]!r} is not known") from None
    except ValueError:
        raise MalformedBody(f"the text is not {charset}") from None


def _list_of(value: Json, name: str) -> list[Json]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{name} is written from a list of values, this is {kind_of(value)}")
    return list(value)
