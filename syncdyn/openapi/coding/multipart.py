"""A `multipart/form-data` body <-> an object, part by part.

Source: RFC 7578; OpenAPI 3.1.1, Encoding Object, for how a property is written by default.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from syncdyn.openapi.coding.files import (
    Upload,
    as_file,
    binary_type,
    content_type_of,
    is_binary,
    is_binary_type,
    is_file_like,
)
from syncdyn.openapi.coding.json_text import decode_json, decode_lines, encode_json, encode_lines
from syncdyn.openapi.coding.malformed import MalformedBody
from syncdyn.openapi.coding.media_types import essence, is_json, is_json_lines, is_xml
from syncdyn.openapi.coding.part_reading import ReadPart, parameter_of, read_parts
from syncdyn.openapi.coding.texts import decode_text, encode_text, is_only, member_shape, types_of
from syncdyn.openapi.coding.xml_objects import root_name
from syncdyn.openapi.coding.xml_reading import decode_xml
from syncdyn.openapi.coding.xml_writing import encode_xml
from syncdyn.openapi.hints import kind_of
from syncdyn.openapi.messages import Part
from syncdyn.openapi.operations import Encoding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from syncdyn.openapi.coding.malformed import Limits
    from syncdyn.openapi.messages import Json
    from syncdyn.openapi.operations import MediaType
    from syncdyn.openapi.schemas.shapes import Shape

__all__ = ["as_upload", "decode_part", "decode_parts", "encode_member", "encode_parts", "parameter_of"]

_PLAIN = Encoding()


def encode_parts(media: MediaType, shape: Shape | None, value: Json) -> tuple[Part, ...]:
    """The parts of an object, in its order.

    Objects are JSON, arrays a part for each item, scalars text without a Content-Type, files file parts,
    unless `encoding` states a content type. An empty array of texts is one empty part, lest it vanish.
    Raises ValueError where a value has no form, TypeError for what is no file.
    """
    if not isinstance(value, Mapping):
        raise ValueError(f"a multipart body is an object, this is {kind_of(value)}")
    found: list[Part] = []
    for wire, member in value.items():
        found += encode_member(wire, member, media.encoding.get(wire, _PLAIN), member_shape(shape, wire))
    return tuple(found)


def decode_parts(
    media: MediaType | None, shape: Shape | None, content_type: str, body: bytes, limits: Limits
) -> dict[str, Json]:
    """The object in a multipart body: parts of one name gathered, texts coerced, files as `Upload`s.

    Raises MalformedBody, BodyTooLarge naming the part and the limit.
    """
    by_name: dict[str, list[ReadPart]] = {}
    for part in read_parts(content_type, body, limits):
        if not part.content and part.file_name == "":
            continue  # how browsers send a file input that was left empty: WHATWG HTML, "form data set"
        by_name.setdefault(part.name, []).append(part)
    encodings = media.encoding if media else {}
    return {
        wire: _decode_member(parts, encodings.get(wire, _PLAIN), member_shape(shape, wire))
        for wire, parts in by_name.items()
    }


def encode_member(wire: str, value: Json, encoding: Encoding, shape: Shape | None) -> Iterator[Part]:
    """The parts of one value."""
    stated = essence(encoding.content_type or "")
    if is_json_lines(stated) and isinstance(value, str | list) and not _holds_files(value):
        lines = value.encode() if isinstance(value, str) else encode_lines(value)
        yield Part(wire, lines, f"{wire}.jsonl", stated)
    elif _is_file(value, encoding, shape):
        yield _file_part(wire, value, encoding, shape)
    elif is_json(stated) or (isinstance(value, Mapping) and not stated):
        content_type = encoding.content_type or "application/json"
        yield Part(wire, _json_text(value, shape).encode(), content_type=content_type)
    elif isinstance(value, list | tuple):
        yield from _encode_items(wire, value, encoding, shape)
    elif isinstance(value, Mapping) and is_xml(stated):
        yield Part(wire, encode_xml(shape, value, root_name(shape, wire)), content_type=encoding.content_type)
    else:
        yield Part(wire, encode_text(value).encode(), content_type=_single_type(encoding))


def _encode_items(wire: str, values: Json, encoding: Encoding, shape: Shape | None) -> Iterator[Part]:
    items = shape.items if shape else None
    for item in values:
        if isinstance(item, list | tuple) and not _is_file(item, encoding, items):
            yield Part(wire, encode_json(item).encode(), content_type="application/json")
        else:
            yield from encode_member(wire, item, encoding, items)
    if not values and not is_binary(items):
        yield Part(wire, b"")


def _holds_files(value: Json) -> bool:
    return isinstance(value, list) and any(is_file_like(item) for item in value)


def _is_file(value: Json, encoding: Encoding, shape: Shape | None) -> bool:
    if is_file_like(value):
        return True
    if isinstance(value, list | Mapping) or value is None or is_only(shape, "array"):
        return False
    if is_binary(shape):
        return True
    if isinstance(value, tuple):
        return len(value) > 1 and is_file_like(value[1])
    return _is_binary_encoding(encoding) and not isinstance(value, str | int | float)


def _is_binary_encoding(encoding: Encoding) -> bool:
    return bool(encoding.content_type) and is_binary_type(encoding.content_type or "")


def _file_part(wire: str, value: Json, encoding: Encoding, shape: Shape | None) -> Part:
    file = as_file(value)
    allowed = encoding.content_type or (binary_type(shape) if shape else None)
    return Part(wire, file.content, file.name or wire, content_type_of(file, allowed), file.headers)


def _json_text(value: Json, shape: Shape | None) -> str:
    """The JSON of a value; a str that is JSON text already passes, unless the schema wants a string."""
    if isinstance(value, str) and (shape is None or "string" not in types_of(shape)):
        try:
            decode_json(value)
        except MalformedBody:
            return encode_json(value)
        return value
    return encode_json(value)


def _single_type(encoding: Encoding) -> str | None:
    stated = encoding.content_type
    return stated if stated and "*" not in stated and "," not in stated else None


def _decode_member(parts: list[ReadPart], encoding: Encoding, shape: Shape | None) -> Json:
    is_array = is_only(shape, "array")
    if len(parts) == 1:
        whole = _decode_whole(parts[0], encoding, shape)
        if not is_array or isinstance(whole, list):
            return whole
        if not parts[0].content and parts[0].file_name is None:
            return []
    elif shape is not None and "array" not in types_of(shape):
        raise MalformedBody(f"part {parts[0].name!r}: sent {len(parts)} times, allowed once")
    items = shape.items if shape and is_array else shape
    return [decode_part(part, encoding, items) for part in parts]


def _decode_whole(part: ReadPart, encoding: Encoding, shape: Shape | None) -> Json:
    """The value of a part that is alone under its name, an array that is one JSON text included."""
    items = shape.items if shape else None
    # Where items are texts, `[a]` may be an item.
    if is_only(shape, "array") and "string" in types_of(items) and not _names_json(part, encoding):
        return None
    return decode_part(part, encoding, shape)


def decode_part(part: ReadPart, encoding: Encoding, shape: Shape | None) -> Json:
    """The value of one part. Raises MalformedBody."""
    if is_binary(shape):
        return as_upload(part)
    kind = essence(encoding.content_type or "") or essence(part.content_type or "")
    if is_json_lines(kind) and "array" in types_of(shape):
        return _named(part, decode_lines)
    if is_json(kind):
        return _named(part, decode_json) if _is_json_wanted(encoding, shape) else _text(part)
    if is_xml(kind) and is_only(shape, "object"):
        return _named(part, partial(decode_xml, shape))
    is_text = part.file_name is None and (shape is None or types_of(shape) - {"null"} <= {"string"})
    if part.file_name is not None or (_is_binary_encoding(encoding) and not is_text):
        return as_upload(part)
    return decode_text(_text(part), shape)


def _names_json(part: ReadPart, encoding: Encoding) -> bool:
    names = (essence(encoding.content_type or ""), essence(part.content_type or ""))
    return any(is_json(name) or is_json_lines(name) for name in names)


def _is_json_wanted(encoding: Encoding, shape: Shape | None) -> bool:
    """A part that calls itself JSON where the document says text is the text."""
    return bool(encoding.content_type) or types_of(shape) - {"null"} != {"string"}


def _named(part: ReadPart, decode: Callable[[bytes], Json]) -> Json:
    try:
        return decode(part.content)
    except MalformedBody as error:
        _refuse(part, str(error))


def _text(part: ReadPart) -> str:
    try:
        return part.content.decode()
    except UnicodeDecodeError as error:
        _refuse(part, f"the byte at offset {error.start} is not UTF-8")


def as_upload(part: ReadPart) -> Upload:
    """A part as the file that it is."""
    return Upload(part.name, part.file_name, part.content_type, part.content, part.headers)


def _refuse(part: ReadPart, reason: str) -> NoReturn:
    raise MalformedBody(f"part {part.name!r}: {reason}") from None
