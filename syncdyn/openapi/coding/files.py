"""What a caller hands over as a file -> its name, content and type; and what came as one."""

from __future__ import annotations

import io
import mimetypes
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syncdyn.openapi.coding.media_types import OCTETS, is_json, is_json_lines, is_range, is_text, matches
from syncdyn.openapi.hints import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from syncdyn.openapi.messages import Json, Pairs
    from syncdyn.openapi.schemas.shapes import Shape


_PIECE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """A file to be sent. `content` is bytes or a file object; what is None is worked out on sending."""

    name: str | None
    content: Any = field(repr=False)
    content_type: str | None = None
    headers: Pairs = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came as a part of a multipart body."""

    name: str
    file_name: str | None
    content_type: str | None
    content: bytes = field(repr=False)
    headers: Pairs = ()


def as_file(value: object) -> File:
    """The file that a value stands for: bytes, an open binary file, a path, a File, or a tuple.

    A tuple is `(name, content)`, and may go on with the content type, and then headers.
    A path is opened when it is sent, again for each attempt; one that cannot be read is refused at once.
    Raises TypeError for anything else; a str alone is refused, for it may be meant as a path or as content.
    """
    if isinstance(value, File):
        return value
    if isinstance(value, Upload):
        return File(value.file_name, value.content, value.content_type)
    if isinstance(value, tuple) and 2 <= len(value) <= 4:
        name, content, *rest = value
        inner = File(None, content.encode()) if isinstance(content, str) else as_file(content)
        headers = rest[1] if len(rest) > 1 and rest[1] else {}
        content_type = rest[0] if rest else inner.content_type
        return File(name or inner.name, inner.content, content_type, tuple(dict(headers).items()))
    if isinstance(value, bytes | bytearray | memoryview):
        return File(None, bytes(value))
    if isinstance(value, os.PathLike):
        path = Path(value)
        with path.open("rb"):
            return File(path.name, PathContent(path))
    if hasattr(value, "read") and not isinstance(value, io.TextIOBase):
        return File(_name_of(value), value)
    raise TypeError(_refusal(value))


def is_file(value: object) -> bool:
    """Whether a value is a file to be sent, or one that came."""
    return isinstance(value, File | Upload)


def size_of(value: object) -> int | None:
    """How many bytes a file has; None where that cannot be told without reading it, or for no file."""
    if not isinstance(value, File | Upload):
        return None
    content = value.content
    if isinstance(content, bytes):
        return len(content)
    try:
        here = content.tell()
        size: int = content.seek(0, io.SEEK_END) - here
        content.seek(here)
    except (AttributeError, OSError, ValueError):
        return None
    return size


def replayable(file: File) -> File:
    """The file with a content that can be sent any number of times, each from where it stands now.

    What cannot be rewound is read at once.
    """
    content = file.content
    if isinstance(content, bytes | Replay):
        return file
    try:
        content = Replay(content, content.tell()) if content.seekable() else content.read()
    except (AttributeError, OSError):
        content = content.read()
    return replace(file, content=content)


@dataclass(frozen=True, slots=True, eq=False)
class Once:
    """The content of a body that comes piece by piece, blocking or awaited, and so can be sent once only."""

    pieces: Any = field(repr=False)


def raw_content(value: object, *, with_iterators: bool) -> File | Once | None:
    """The content that a value is as it stands, for a body that is written by nobody here; None for what is none.

    Bytes, files and paths, which can be sent again; iterators of bytes and what cannot be rewound, which cannot.
    A blocking iterator may be meant as an array: it counts `with_iterators` alone.
    Raises OSError for a path that cannot be read, TypeError for what is no file.
    """
    if isinstance(value, Once):
        return value
    if hasattr(value, "__aiter__"):
        return Once(value)
    if is_given_file(value):
        file = as_file(value)
        return replayable(file) if _is_rewindable(file.content) else Once(_pieces_of(file.content))
    return Once(value) if with_iterators and isinstance(value, Iterator) else None


def _is_rewindable(content: Any) -> bool:
    return isinstance(content, bytes | Replay) or (hasattr(content, "seekable") and content.seekable())


def pieces_of(content: Any) -> Iterator[bytes]:
    """The content of a file object from its beginning, in pieces; it can be asked for again."""
    content.seek(0)
    return _pieces_of(content)


def _pieces_of(content: Any) -> Iterator[bytes]:
    while piece := content.read(_PIECE_BYTES):
        yield piece


class PathContent:
    """The content of a file on disk, open only while it is read: from the first piece to the last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: Any = None
        self._place = 0

    def read(self, size: int = -1) -> bytes:
        if self._file is None:
            self._file = self._path.open("rb")
            self._file.seek(self._place)
        piece: bytes = self._file.read(size)
        self._place += len(piece)
        if size < 0 or len(piece) < size:
            self.close()
        return piece

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        starts = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._path.stat().st_size}
        self.close()
        self._place = starts[whence] + offset
        return self._place

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def __del__(self) -> None:
        self.close()


class Replay:
    """A file object seen from a place in it: what stands before is not there."""

    def __init__(self, file: Any, start: int) -> None:
        self._file = file
        self._start = start

    def read(self, size: int = -1) -> bytes:
        piece: bytes = self._file.read(size)
        return piece

    def tell(self) -> int:
        return int(self._file.tell()) - self._start

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        there = offset + self._start if whence == io.SEEK_SET else offset
        return int(self._file.seek(there, whence)) - self._start


def is_file_like(value: object) -> bool:
    """Whether a value is a file whatever the schema says: no JSON value is one of these."""
    if isinstance(value, File | Upload | bytes | bytearray | memoryview | os.PathLike):
        return True
    return hasattr(value, "read")


def is_given_file(value: object) -> bool:
    """Whether a value is handed over as one file: as such, or in a tuple behind its name."""
    return is_file_like(value[1] if isinstance(value, tuple) and len(value) > 1 else value)


def holds_file(value: object) -> bool:
    """Whether a value is handed over as a file, or as a list with files in it."""
    return is_given_file(value) or (isinstance(value, list) and any(map(is_given_file, value)))


def is_binary(shape: Shape | None) -> bool:
    """Whether a schema describes bytes: `format: binary`, or a `contentMediaType` of no text.

    Source: OpenAPI 3.1, "Working with Binary Data"; a `contentEncoding` makes it text again.
    """
    return shape is not None and (shape.format == "binary" or bool(binary_type(shape)))


def binary_type(shape: Shape, seen: set[str] | None = None) -> str | None:
    """The `contentMediaType` of raw bytes, or None; the schemas that were `seen` have none."""
    seen = set() if seen is None else seen
    if shape.pointer in seen:
        return None
    seen.add(shape.pointer)
    stated = shape.schema.get("contentMediaType")
    if isinstance(stated, str) and "contentEncoding" not in shape.schema:
        return stated if is_binary_type(stated) else None
    return next((found for near in (*shape.parts, *shape.branches) if (found := binary_type(near, seen))), None)


def is_binary_type(stated: str) -> bool:
    """Whether every type of a list with commas is neither JSON, JSON lines nor text."""
    names = [one.partition(";")[0].strip().lower() for one in stated.split(",")]
    return not any(is_json(name) or is_json_lines(name) or is_text(name) for name in names)


def content_type_of(file: File, allowed: str | None) -> str:
    """The Content-Type to send: given, else guessed from the name where that is allowed, else the first
    concrete type allowed, else `application/octet-stream`.
    """
    if file.content_type:
        return file.content_type
    guessed = mimetypes.guess_type(file.name or "")[0]
    if guessed and matches(allowed or "*/*", guessed):
        return guessed
    types: Sequence[str] = [one.strip() for one in (allowed or "").split(",") if one.strip()]
    return next((one for one in types if not is_range(one)), OCTETS)


def read_content(content: Json) -> bytes:
    """The bytes of a file's content, from where a file object stands."""
    return content if isinstance(content, bytes) else bytes(content.read())


def _name_of(value: object) -> str | None:
    name = getattr(value, "name", None)
    return Path(name).name or None if isinstance(name, str) else None


def _refusal(value: object) -> str:
    if isinstance(value, str):
        return "a str is no file: give pathlib.Path(...) for a file on disk, or bytes for its content"
    if isinstance(value, io.TextIOBase):
        return "the file is open in text mode: open it with mode 'rb'"
    return f"{kind_of(value)} is no file: give bytes, an open binary file, a pathlib.Path or a tuple"
