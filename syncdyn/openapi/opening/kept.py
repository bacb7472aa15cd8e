"""Big documents kept in the cache folder with their index: opened without parsing, read piece by piece.

A file of the kind holds the document's JSON, then its index, then how long both are. The text is a copy,
which nobody edits: a document stays what it was when it was opened, whatever becomes of its source.
The index has a checksum, and holds one of each piece: what a disk damaged is never taken for the document.
"""

from __future__ import annotations

import json
import os
import threading
import weakref
import zlib
from pathlib import Path
from struct import Struct
from typing import TYPE_CHECKING

from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.opening.cache import is_own, open_at_once, write_file
from syncdyn.openapi.opening.partial import Pieces, root_of
from syncdyn.openapi.opening.spans import Index, Spans

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json

#: The lengths of text and index, the index's checksum, and a mark.
_TAIL = Struct(">QQL8s")
_MARK = b"syncdyn2"


def keep_pieces(folder: Path, name: str, data: bytes, index: Index) -> Pieces | None:
    """The root of a document, from the file in which it was kept just now; None if it could not be kept."""
    listed = json.dumps([name, _summed(index.spans, memoryview(data)), index.outlines], separators=(",", ":")).encode()
    tail = _TAIL.pack(len(data), len(listed), zlib.crc32(listed), _MARK)
    return open_pieces(folder, name) if write_file(folder, name, data, listed, tail) else None


def open_pieces(folder: Path, name: str) -> Pieces | None:
    """The root of a document kept under a name, or None where there is none that can be trusted."""
    try:
        text = KeptText(folder / name)
        index = text.index()
        return None if index is None else root_of(index, text)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # Whatever a damaged file holds.
        return None


class KeptText:
    """The text of a kept document. The file stays open, so that it can be read when it is removed or replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = open_at_once(path)
        weakref.finalize(self, os.close, self._descriptor)

    def index(self) -> Index | None:
        """The document's index, or None for a file that is damaged, or may be written by others."""
        status = os.fstat(self._descriptor)
        if not is_own(status) or status.st_size < _TAIL.size:
            return None
        end = status.st_size - _TAIL.size
        text_bytes, index_bytes, checksum, mark = _TAIL.unpack(self._read(end, status.st_size))
        if mark != _MARK or text_bytes + index_bytes != end:
            return None
        listed = self._read(text_bytes, end)
        if zlib.crc32(listed) != checksum:
            return None
        name, *index = json.loads(listed)
        return Index(*index) if name == self._path.name else None

    def value(self, start: int, end: int, checksum: int | None = None, /) -> Json:
        """The value between two offsets, in bytes. Raises DocumentError for a file that was damaged."""
        try:
            data = self._read(start, end)
        except OSError as error:
            raise self._damaged() from error
        if zlib.crc32(data) != checksum:
            raise self._damaged()
        return json.loads(data)

    def _damaged(self) -> DocumentError:
        return DocumentError(f"{self._path}: this copy of a document is damaged; delete it")

    def _read(self, start: int, end: int) -> bytes:
        return _pread(self._descriptor, end - start, start)


def _summed(spans: Spans, data: memoryview) -> Spans:
    """The spans, with a checksum in each."""
    return {
        name: _summed(span, data) if isinstance(span, dict) else [*span, zlib.crc32(data[slice(*span)])]
        for name, span in spans.items()
    }


def seek_and_read(descriptor: int, length: int, offset: int) -> bytes:
    """What `os.pread` gives, for systems without it; they have no forks either, which would share the position."""
    with _seeking:
        os.lseek(descriptor, offset, os.SEEK_SET)
        return os.read(descriptor, length)


_seeking = threading.Lock()
_pread = getattr(os, "pread", seek_and_read)
