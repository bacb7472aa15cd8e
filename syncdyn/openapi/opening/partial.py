"""A big document's root as a mapping whose pieces are parsed when they are asked for, each once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json
    from syncdyn.openapi.opening.spans import Index, Spans


class Text(Protocol):
    """Where a document's JSON is read from; it never changes."""

    def value(self, start: int, end: int, checksum: int | None = None, /) -> Json:
        """The value between two offsets, in bytes; the checksum is that of a copy on a disk.

        Raises DocumentError when it cannot be had any more.
        """


class TextInMemory:
    """A text held in memory."""

    __slots__ = ("_data",)

    def __init__(self, data: bytes) -> None:
        self._data = data

    def value(self, start: int, end: int, _: int | None = None, /) -> Json:
        """The value between two offsets, in bytes."""
        return json.loads(self._data[start:end])


class Pieces(Mapping[str, "Json"]):
    """An object of a document, its members read when they are asked for: the same object each time.

    Names are there without reading. `outlines` has by name what `spans.outline` keeps of each member, where the
    document's operations stand in them; else it is None.
    """

    __slots__ = ("_spans", "_text", "_values", "outlines")

    def __init__(self, spans: Spans, text: Text, outlines: Mapping[str, Json] | None = None) -> None:
        self._spans = spans
        self._text = text
        self._values: dict[str, Json] = {}
        self.outlines = outlines

    def __getitem__(self, name: str) -> Json:
        found = self._values.get(name, self)
        # Of two threads that read a piece at the same time, both get what the first one kept.
        return found if found is not self else self._values.setdefault(name, self._read(self._spans[name]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._spans)

    def __len__(self) -> int:
        return len(self._spans)

    def __contains__(self, name: object) -> bool:
        return name in self._spans

    def __repr__(self) -> str:
        return f"<Pieces: {len(self)} members, {len(self._values)} of them read>"

    def _read(self, span: list[int] | Spans) -> Json:
        return Pieces(span, self._text) if isinstance(span, dict) else self._text.value(*span)


def root_of(index: Index, text: Text) -> Pieces:
    """The root of the document that an index is of."""
    root = Pieces(index.spans, text)
    for member, outlines in index.outlines.items():
        root[member].outlines = outlines
    return root


def outlines_of(items: Mapping[str, Json]) -> Mapping[str, Json]:
    """The members of an object, as outlines where there are any: to see many of them without reading each."""
    outlines = items.outlines if isinstance(items, Pieces) else None
    return items if outlines is None else outlines


def plain(value: Json) -> Json:
    """The value as dicts and lists alone, all of it read; what was read before is the same object."""
    return {name: plain(inner) for name, inner in value.items()} if isinstance(value, Pieces) else value
