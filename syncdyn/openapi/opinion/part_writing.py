"""Parts -> the bytes of a `multipart/form-data` body: the other half of `part_reading`.

Source: RFC 7578, section 4; names are escaped as in WHATWG HTML, "multipart/form-data".
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from syncdyn.openapi.coding.media_types import MULTIPART
from syncdyn.openapi.messages import Part

_ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


def render_parts(parts: Iterable[Part]) -> tuple[bytes, str]:
    """The body of some parts, and its Content-Type with the boundary.

    A file object is read from where it stands, and put back there. The same parts give the same bytes.
    """
    written = [_write(part) for part in parts]
    boundary = sha256(b"".join(written)).hexdigest()[:32]
    delimiter = b"--" + boundary.encode()
    pieces = [piece for part in written for piece in (delimiter, b"\r\n", part, b"\r\n")]
    return b"".join((*pieces, delimiter, b"--\r\n")), f"{MULTIPART}; boundary={boundary}"


def _write(part: Part) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in _fields(part))
    return head.encode() + b"\r\n" + _content(part.content)


def _fields(part: Part) -> Iterator[tuple[str, str]]:
    disposition = f'form-data; name="{part.name.translate(_ESCAPES)}"'
    if part.file_name is not None:
        disposition += f'; filename="{part.file_name.translate(_ESCAPES)}"'
    yield "Content-Disposition", disposition
    if part.content_type is not None:
        yield "Content-Type", part.content_type
    yield from part.headers


def _content(content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    here = content.tell()
    read = bytes(content.read())
    content.seek(here, io.SEEK_SET)
    return read
