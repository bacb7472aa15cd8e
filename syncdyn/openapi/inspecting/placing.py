"""Pointers into a document -> the files, lines and columns where people find them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from syncdyn.openapi.document import FILES, child, steps_of
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.opening.locating import locate, nearest, with_parents
from syncdyn.openapi.opening.parsing import decode
from syncdyn.openapi.opening.sources import Fetch, SourceLike, read_source

if TYPE_CHECKING:
    from syncdyn.openapi.opening.locating import Place


class Found(NamedTuple):
    """A place in a file; line and column are counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


def place_all(
    source: SourceLike, pointers: Iterable[str], fetch: Fetch | None = None, *, is_exact: bool = False
) -> dict[str, Found]:
    """Where each pointer is, or what is nearest around it unless that `is_exact`."""
    found: dict[str, Found] = {}
    for file, inside in _by_file(pointers).items():
        label, text = text_of(file or source, fetch)
        places = locate(text, with_parents(inside.values()))
        for pointer, own in inside.items():
            place: Place | None = places.get(own) if is_exact else nearest(places, own)
            if place is not None:
                found[pointer] = Found(label, place.line, place.column)
    return found


def text_of(source: SourceLike, fetch: Fetch | None = None) -> tuple[str, str]:
    """What a source is called, and its text; none for what cannot be read again."""
    try:
        read = read_source(source, fetch)
        return read.label, decode(read.data, read.label)
    except DocumentError:
        return str(source), ""


def _by_file(pointers: Iterable[str]) -> dict[str, dict[str, str]]:
    """The pointers by file (`""` is the document itself), each with what it is inside that file."""
    found: dict[str, dict[str, str]] = {}
    for pointer in pointers:
        steps = steps_of(pointer)
        is_other = steps[:1] == (FILES,) and len(steps) > 1
        own = child("#", *steps[2:]) if is_other else pointer
        found.setdefault(steps[1] if is_other else "", {})[pointer] = own
    return found
