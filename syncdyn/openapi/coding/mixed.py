"""A `multipart/mixed` body, or another multipart body whose parts have no names <-> an array, part by part.

Source: OpenAPI 3.2, Media Type Object, "Encoding By Position"; RFC 2046, section 5.1.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from syncdyn.openapi.coding.files import read_content
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.coding.media_types import essence, is_json, is_json_lines, is_text
from syncdyn.openapi.coding.multipart import as_upload, decode_part, encode_member
from syncdyn.openapi.coding.part_reading import ReadPart, read_parts
from syncdyn.openapi.messages import Part
from syncdyn.openapi.operations import Encoding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from syncdyn.openapi.coding.malformed import Limits
    from syncdyn.openapi.messages import Json
    from syncdyn.openapi.operations import MediaType
    from syncdyn.openapi.schemas.shapes import Shape

_PLAIN = Encoding()
_ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


def encode_mixed(media: MediaType, shape: Shape | None, values: Sequence[Json]) -> tuple[bytes, str]:
    """The body of an array, a part for each item, and its Content-Type with the boundary.

    Items are written as members of a form are, by `prefixEncoding` and `itemEncoding`; files are read here.
    Raises TypeError for what is no file.
    """
    items = shape.items if shape else None
    written = [_write(_part(item, _encoding(media, index), items)) for index, item in enumerate(values)]
    boundary = sha256(b"".join(written)).hexdigest()[:32]
    delimiter = b"--" + boundary.encode()
    body = b"".join(piece for part in written for piece in (delimiter, b"\r\n", part, b"\r\n"))
    return body + delimiter + b"--\r\n", f"{media.name}; boundary={boundary}"


def decode_mixed(
    media: MediaType | None, shape: Shape | None, content_type: str, body: bytes, limits: Limits
) -> list[Json]:
    """The items in the parts of a body: JSON values, texts by the shape of the items, anything else as `Upload`s.

    Raises MalformedBody, BodyTooLarge naming the part, by its number from 1, and the limit.
    """
    items = shape.items if shape else None
    parts = read_parts(content_type, body, limits, has_names=False)
    return [_decode(part, _encoding(media, index), items) for index, part in enumerate(parts)]


def _encoding(media: MediaType | None, index: int) -> Encoding:
    if media is None:
        return _PLAIN
    if index < len(media.prefix_encoding):
        return media.prefix_encoding[index]
    return media.item_encoding or _PLAIN


def _decode(part: ReadPart, encoding: Encoding, shape: Shape | None) -> Json:
    kind = essence(encoding.content_type or part.content_type or "text/plain")
    is_read = is_text(kind) or is_json(kind) or is_json_lines(kind)
    return decode_part(part, encoding, shape) if is_read else as_upload(part)


def _part(item: Json, encoding: Encoding, shape: Shape | None) -> Part:
    if isinstance(item, list | tuple):
        return Part("", encode_json(item).encode(), content_type=encoding.content_type or "application/json")
    return next(iter(encode_member("", item, encoding, shape)))


def _write(part: Part) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in _fields(part))
    return head.encode() + b"\r\n" + read_content(part.content)


def _fields(part: Part) -> Iterator[tuple[str, str]]:
    if part.content_type is not None:
        yield "Content-Type", part.content_type
    if part.file_name:
        yield "Content-Disposition", f'attachment; filename="{part.file_name.translate(_ESCAPES)}"'
    yield from part.headers
