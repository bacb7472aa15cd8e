"""An MP4 file with its index in front, so that it plays before it is wholly there."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})


def faststart(content: bytes) -> bytes:
    """The same film with `moov` before `mdat`, and the places of its chunks moved by as much.

    Content that is laid out so already, or has no index, comes back as it is.
    Source: ISO/IEC 14496-12, 8.1 (movie box) and 8.7.5 (chunk offset box).
    """
    boxes = [(kind, start, end) for kind, start, _, end in _boxes(content, 0, len(content))]
    kinds = [kind for kind, _, _ in boxes]
    if b"moov" not in kinds or b"mdat" not in kinds or kinds.index(b"moov") < kinds.index(b"mdat"):
        return content
    moov = bytearray(next(content[start:end] for kind, start, end in boxes if kind == b"moov"))
    _move_chunks(moov, 0, len(moov), len(moov))
    at = next(start for kind, start, _ in boxes if kind == b"mdat")
    rest = b"".join(content[start:end] for kind, start, end in boxes if start >= at and kind != b"moov")
    return content[:at] + bytes(moov) + rest


def _boxes(content: bytes | bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """The boxes in a stretch: kind, start, start of what is in it, end."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", content, start)
        inside = start + 8
        if size == 1:
            size, inside = struct.unpack_from(">Q", content, inside)[0], inside + 8
        stop = end if size == 0 else min(start + size, end)
        if stop < inside:
            return
        yield kind, start, inside, stop
        start = stop


def _move_chunks(moov: bytearray, start: int, end: int, by: int) -> None:
    for kind, _, inside, stop in list(_boxes(moov, start, end)):
        if kind in _CONTAINERS:
            _move_chunks(moov, inside, stop, by)
        elif kind in (b"stco", b"co64"):
            count = struct.unpack_from(">I", moov, inside + 4)[0]
            layout = f">{count}{'I' if kind == b'stco' else 'Q'}"
            places = struct.unpack_from(layout, moov, inside + 8)
            struct.pack_into(layout, moov, inside + 8, *(place + by for place in places))
