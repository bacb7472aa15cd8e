"""Pieces of a stream -> its lines and records, wherever the pieces break off.

A cutter is fed the pieces in order and gives what they complete; `end` gives what is left at the end.
"""

from __future__ import annotations

import re

from syncdyn.openapi.coding.malformed import BodyTooLarge

#: No honest line is longer; without a bound one would be kept for as long as its sender likes.
MAX_LINE_BYTES = 16 * 2**20

_RECORD_SEPARATOR = b"\x1e"
_LINE_END = re.compile(rb"\r\n|\n|\r")


class Cutter:
    """Cuts a stream at a separator; what stands before the last one is complete."""

    def __init__(self, separator: bytes = b"\n", most_bytes: int = MAX_LINE_BYTES) -> None:
        self._separator = separator
        self._most_bytes = most_bytes
        self._pieces: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """What the chunk completes. Raises BodyTooLarge for a line over the bound."""
        first, *others = self._split(chunk)
        self._keep(first)
        if not others:
            return []
        found = [self._taken(), *others[:-1]]
        self._keep(others[-1])
        return found

    def end(self) -> list[bytes]:
        """What comes after the last separator, if anything does."""
        return [rest] if (rest := self._taken()) else []

    def _split(self, chunk: bytes) -> list[bytes]:
        return chunk.split(self._separator)

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._most_bytes:
            raise BodyTooLarge(f"a line of the stream is longer than {self._most_bytes:,} bytes")
        self._pieces.append(piece)

    def _taken(self) -> bytes:
        line = b"".join(self._pieces)
        self._pieces, self._size = [], 0
        return line


class TextLines(Cutter):
    """Cuts at LF, CR and CRLF, also where the two come in different pieces."""

    _is_after_return = False

    def _split(self, chunk: bytes) -> list[bytes]:
        if self._is_after_return and chunk.startswith(b"\n"):
            chunk = chunk[1:]
            self._is_after_return = False
        if chunk:
            self._is_after_return = chunk.endswith(b"\r")
        return _LINE_END.split(chunk)


class Records(Cutter):
    """The texts of JSON values, by line or by RS (`application/json-seq`); blank ones count for nothing.

    Source: jsonlines.org; RFC 7464.
    """

    def __init__(self, separator: bytes = b"\n") -> None:
        super().__init__(separator)

    def feed(self, chunk: bytes) -> list[bytes]:
        return [record for record in super().feed(chunk) if record.strip()]

    def end(self) -> list[bytes]:
        return [record for record in super().end() if record.strip()]


def json_sequence() -> Records:
    """The cutter of `application/json-seq`."""
    return Records(_RECORD_SEPARATOR)
