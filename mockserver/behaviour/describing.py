"""A small language for what data is to be: words with values of some kind, and a line for each value that is none.

A line says where a value stands, what was found, what is allowed, and what was probably meant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Protocol, TypeAlias

from mockserver.behaviour.expressions import unreadable
from syncdyn.openapi.hints import hint_clause, json_kind, quoted
from syncdyn.openapi.messages import Json

#: The names that there are of one sort: of collections, say.
Names: TypeAlias = Callable[[str], Collection[str]]
_MOST_LISTED = 12


class Meaning(Protocol):
    """What a value is to be."""

    def mistakes(self, place: str, value: Json, names: Names, /) -> Iterator[str]:
        """A line for each mistake in the value that stands at a place."""
        ...


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value."""

    def mistakes(self, _place: str, _value: Json, _names: Names) -> Iterator[str]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Plain:
    """A value of one kind, as `json_kind` calls it."""

    kind: str

    def mistakes(self, place: str, value: Json, _names: Names) -> Iterator[str]:
        if json_kind(value) != self.kind:
            yield f"{place}: {_found(value)} where {self.kind} is needed"


@dataclass(frozen=True, slots=True)
class Number:
    """A number, not below `least` and not above `most`."""

    least: float = 0
    most: float = inf
    is_whole: bool = False

    def mistakes(self, place: str, value: Json, _names: Names) -> Iterator[str]:
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        if not is_number or not self.least <= value <= self.most or (self.is_whole and value != int(value)):
            bounds = f" from {self.least:g}" * (self.least > -inf) + f" to {self.most:g}" * (self.most < inf)
            yield f"{place}: {_found(value)} where a {'whole ' * self.is_whole}number{bounds} is needed"


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression; what is no text stands for itself."""

    def mistakes(self, place: str, value: Json, _names: Names) -> Iterator[str]:
        fault = unreadable(value)
        if fault is not None:
            yield f"{place}: the expression {quoted(value)} cannot be read: {fault}"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words."""

    words: Collection[str]

    def mistakes(self, place: str, value: Json, _names: Names) -> Iterator[str]:
        if not isinstance(value, str) or value not in self.words:
            yield f"{place}: {_shown(value)} is not one of {', '.join(self.words)}{hint_clause(value, self.words)}"


@dataclass(frozen=True, slots=True)
class Name:
    """The name of something of a sort, which there must be. Names that are `alike` are the same."""

    sort: str
    alike: Callable[[str], str] = str

    def mistakes(self, place: str, value: Json, names: Names) -> Iterator[str]:
        known = names(self.sort)
        if not isinstance(value, str) or self.alike(value) not in map(self.alike, known):
            yield f"{place}: no {self.sort} {_shown(value)}{_meant(value, known)}"


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list, of `length` items where that is stated."""

    item: Meaning
    length: int | None = None

    def mistakes(self, place: str, value: Json, names: Names) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{place}: {_found(value)} where a list is needed"
            return
        if self.length not in (None, len(value)):
            yield f"{place}: a list of {len(value)} where one of {self.length} is needed"
        for index, one in enumerate(value):
            yield from self.item.mistakes(f"{place}[{index}]", one, names)


@dataclass(frozen=True, slots=True)
class OneOrList:
    """A value, or a list of such."""

    item: Meaning

    def mistakes(self, place: str, value: Json, names: Names) -> Iterator[str]:
        meaning: Meaning = ListOf(self.item) if isinstance(value, list) else self.item
        return meaning.mistakes(place, value, names)


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object whose names are free."""

    value: Meaning

    def mistakes(self, place: str, value: Json, names: Names) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield f"{place}: {_found(value)} where an object is needed"
            return
        for name, one in value.items():
            yield from self.value.mistakes(f"{place}.{name}", one, names)


@dataclass(frozen=True, slots=True)
class Words:
    """An object with words that are known, of which it cannot lack those `needed`."""

    known: Mapping[str, Meaning]
    needed: Sequence[str] = field(default=())

    def mistakes(self, place: str, value: Json, names: Names) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield f"{place}: {_found(value)} where an object is needed"
            return
        for word, one in value.items():
            meaning = self.known.get(word)
            if meaning is None:
                yield f"{place}.{word}: no such word{hint_clause(word, self.known)}"
            else:
                yield from meaning.mistakes(f"{place}.{word}", one, names)
        lacking = [word for word in self.needed if word not in value]
        if lacking:
            yield f"{place}: it lacks {' and '.join(map(repr, lacking))}"


@dataclass(frozen=True, slots=True)
class ByWord:
    """An object of which one word says what others there are."""

    word: str
    cases: Mapping[str, Words]

    def mistakes(self, place: str, value: Json, names: Names) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield f"{place}: {_found(value)} where an object is needed"
        elif self.word not in value:
            yield f"{place}: it lacks {self.word!r}, which is one of {', '.join(self.cases)}"
        elif isinstance(value[self.word], str) and value[self.word] in self.cases:
            yield from self.cases[value[self.word]].mistakes(place, value, names)
        else:
            yield from OneOf(self.cases.keys()).mistakes(f"{place}.{self.word}", value[self.word], names)


def _found(value: Json) -> str:
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    return str(value).lower() if isinstance(value, bool | int | float) else json_kind(value)


def _shown(value: Json) -> str:
    return quoted(value) if isinstance(value, str) else _found(value)


def _meant(value: Json, known: Collection[str]) -> str:
    """What was probably meant, else what there is."""
    told = hint_clause(value, known)
    if told or not known:
        return told or "; there is none"
    listed = list(known)[:_MOST_LISTED]
    return f"; there {'are' if len(known) > 1 else 'is'} {', '.join(listed)}{', ...' * (len(known) > len(listed))}"
