"""Pointers -> the lines and columns where their values stand in the text of a document, JSON or YAML.

Nothing is parsed as a whole: of JSON only what leads to the places wanted is read, of YAML the events.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from syncdyn.openapi.document import child, steps_of
from syncdyn.openapi.opening.parsing import is_json

_SPACE = re.compile(r"[ \t\r\n]*")
_SEPARATORS = re.compile(r"[ \t\r\n,:]*")
_LINE_END = re.compile("\n")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text; line and column are counted from 1."""

    line: int
    column: int


@dataclass(slots=True)
class _Wanted:
    """A tree of steps: the pointers that are looked for, and what is looked for below each."""

    pointers: list[str] = field(default_factory=list)
    below: dict[str, _Wanted] = field(default_factory=dict)


def locate(text: str, pointers: Iterable[str]) -> dict[str, Place]:
    """The place of each pointer that leads somewhere in the text: of the member's name, else of the value.

    What an alias or a merge key of YAML brings in has no place of its own. A text that is neither JSON nor YAML
    has no places.
    """
    wanted = _tree(pointers)
    return _in_json(text, wanted) if is_json(text) else _in_yaml(text, wanted)


def nearest(places: dict[str, Place], pointer: str) -> Place | None:
    """The place of a pointer, else of what is nearest around it."""
    steps = steps_of(pointer)
    around = (child("#", *steps[:length]) for length in range(len(steps), -1, -1))
    return next((places[each] for each in around if each in places), None)


def with_parents(pointers: Iterable[str]) -> set[str]:
    """The pointers and all that lead to them."""
    found: set[str] = set()
    for pointer in pointers:
        steps = steps_of(pointer)
        found.update(child("#", *steps[:length]) for length in range(len(steps) + 1))
    return found


def _tree(pointers: Iterable[str]) -> _Wanted:
    root = _Wanted()
    for pointer in pointers:
        node = root
        for step in steps_of(pointer):
            node = node.below.setdefault(step, _Wanted())
        node.pointers.append(pointer)
    return root


def _in_json(text: str, wanted: _Wanted) -> dict[str, Place]:
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    found: dict[str, Place] = {}
    begin = _after(_SPACE, text, 0)
    try:
        for pointer, index in _indices(text, begin, begin, wanted):
            line = bisect_right(starts, index)
            found[pointer] = Place(line, index - starts[line - 1] + 1)
    except (ValueError, IndexError, RecursionError):
        pass
    return found


def _indices(text: str, index: int, told_at: int, wanted: _Wanted) -> Iterator[tuple[str, int]]:
    """The index of each pointer wanted at or below the value at an index."""
    yield from ((pointer, told_at) for pointer in wanted.pointers)
    if wanted.below and text[index] in "{[":
        for step, begins, name_at in _entries(text, index):
            inner = wanted.below.get(step)
            if inner is not None:
                yield from _indices(text, begins, name_at, inner)


def _entries(text: str, index: int) -> Iterator[tuple[str, int, int]]:
    """Each entry of the object or array at an index: its step, where its value begins, and where the entry does."""
    is_object, number = text[index] == "{", 0
    index = _after(_SPACE, text, index + 1)
    while text[index] not in "}]":
        entry, step = index, str(number)
        if is_object:
            step, index = _DECODER.raw_decode(text, index)
            index = _after(_SEPARATORS, text, index)
        yield step, index, entry
        _, index = _DECODER.raw_decode(text, index)
        index = _after(_SEPARATORS, text, index)
        number += 1


_DECODER = json.JSONDecoder()


def _after(pattern: re.Pattern[str], text: str, index: int) -> int:
    match = pattern.match(text, index)
    return match.end() if match else index


def _in_yaml(text: str, wanted: _Wanted) -> dict[str, Place]:
    import yaml

    walk = _YamlWalk(wanted)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            walk.take(event)
    except yaml.YAMLError:
        pass
    return walk.found


@dataclass(slots=True)
class _Collection:
    """An open mapping or list: what is wanted in it, the key that waits for its value, the number of the next item."""

    wanted: _Wanted | None
    is_mapping: bool
    key: tuple[str, Any] | None = None
    number: int = 0


class _YamlWalk:
    """Follows the events of YAML, and notes where what is wanted begins."""

    def __init__(self, wanted: _Wanted) -> None:
        self.found: dict[str, Place] = {}
        self._open: list[_Collection] = []
        self._root = wanted

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        if kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._open.pop()
        elif kind in ("ScalarEvent", "AliasEvent"):
            self._value(event, getattr(event, "value", ""))
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            inner = self._value(event, None)
            self._open.append(_Collection(inner, is_mapping=kind == "MappingStartEvent"))

    def _value(self, event: Any, text: str | None) -> _Wanted | None:
        """Notes a key or a value; what is wanted below the value."""
        if not self._open:
            return self._noted(self._root, event.start_mark)
        top = self._open[-1]
        if not top.is_mapping:
            step, mark = str(top.number), event.start_mark
            top.number += 1
        elif top.key is None:
            top.key = (text or "", event.start_mark)
            return None
        else:
            (step, mark), top.key = top.key, None
        return self._noted(top.wanted.below.get(step) if top.wanted else None, mark)

    def _noted(self, wanted: _Wanted | None, mark: Any) -> _Wanted | None:
        if wanted is not None:
            self.found.update(dict.fromkeys(wanted.pointers, Place(mark.line + 1, mark.column + 1)))
        return wanted
