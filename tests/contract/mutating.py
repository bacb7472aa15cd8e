"""A valid value -> the same value changed at one place, in every way that the schema there speaks of.

Which changes make it invalid is not said here: that is for two judges to agree on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from syncdyn.openapi.messages import Json
from syncdyn.openapi.schemas.shapes import Shape, json_type
from tests.contract.breaking import Path, put

#: A value of each type, for where none of that type may stand; so many of them are tried, the likeliest first.
_OF_EACH_TYPE: tuple[Json, ...] = ("wrong", 12.5, {"is": "wrong"}, ["wrong"], True, 3)
_MOST_TYPES = 3
_UNKNOWN = "never_declared"


class Mutant(NamedTuple):
    """A changed value, what was done to it, and where: as a path, and as the pointer of the schema there."""

    kind: str
    path: Path
    schema: str
    value: Json

    @property
    def place(self) -> tuple[object, ...]:
        """What tells this change from others of the kind: the number of an item does not."""
        return (self.kind, self.schema, tuple(0 if isinstance(step, int) else step for step in self.path))


def mutants(shape: Shape, value: Json, path: Path = ()) -> Iterator[Mutant]:
    """Every change of a value, at every place that is in it; `value` in the mutants is the whole one."""
    for place, here, at in _places(shape, value, path):
        schema = place.branch_for(here).pointer
        for kind, changed in _changes(place, here):
            yield Mutant(kind, at, schema, put(value, at, changed))


def _places(shape: Shape, value: Json, path: Path) -> Iterator[tuple[Shape, Json, Path]]:
    yield shape, value, path
    shape = shape.branch_for(value)
    if isinstance(value, Mapping):
        for name, member in value.items():
            below = shape.all_fields[name].shape if name in shape.all_fields else shape.values
            if below is not None:
                yield from _places(below, member, (*path, name))
    elif isinstance(value, list) and shape.items is not None:
        for index, item in enumerate(value[:2]):
            yield from _places(shape.items, item, (*path, index))


def _changes(shape: Shape, value: Json) -> Iterator[tuple[str, Json]]:
    others = [one for one in _OF_EACH_TYPE if json_type(one) not in shape.types]
    for other in others[:_MOST_TYPES]:
        yield f"{json_type(other)} for {' or '.join(sorted(shape.types))}", other
    if value is not None:
        yield ("null where it may be" if "null" in shape.types else "null where it may not be"), None
    if isinstance(value, Mapping):
        yield from _changes_of_object(shape.branch_for(value), value)
    for words in _schemas(shape):
        for word, change in _CHANGES.items():
            if word in words and isinstance(value, _APPLIES[word]) and not isinstance(value, bool):
                yield from ((f"{told} {word}", changed) for told, changed in change(value, words[word]))


def _changes_of_object(shape: Shape, value: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    for name in value:
        told = "required" if name in shape.fields and shape.fields[name].is_required else "optional"
        yield f"{told} {name} dropped", {wire: member for wire, member in value.items() if wire != name}
    yield "undeclared member", {**value, _UNKNOWN: "x"}


def _schemas(shape: Shape) -> Iterator[Mapping[str, Any]]:
    yield shape.schema
    for part in shape.parts:
        yield from _schemas(part)


_Change = Callable[[Any, Any], list[tuple[str, Json]]]


def _around(step: int) -> _Change:
    """The bound itself, and one step over it."""
    return lambda _, bound: [("at", bound), ("over", bound + step)] if not isinstance(bound, bool) else []


def _of_length(step: int) -> _Change:
    return lambda value, bound: [
        (told, _stretched(value, length)) for told, length in (("at", bound), ("over", bound + step)) if length >= 0
    ]


def _stretched(value: Any, length: int) -> Json:
    """A text or an array of a length, made of what is in it."""
    if isinstance(value, str):
        return (value or "x").ljust(length, "x")[:length]
    return (value * length)[:length] if value else [None] * length


#: How a value is changed, by the word of the schema that has something to say of it.
_CHANGES: Mapping[str, _Change] = {
    "enum": lambda value, _: [("not in", f"not {value}" if isinstance(value, str) else value + 1000)],
    "const": lambda value, _: [("not the", f"not {value}" if isinstance(value, str) else value + 1000)],
    "pattern": lambda _, __: [("not the", "\u2603 \n")],
    "minimum": _around(-1),
    "maximum": _around(1),
    "exclusiveMinimum": _around(-1),
    "exclusiveMaximum": _around(1),
    "multipleOf": lambda _, factor: [("at", factor * 3), ("not of", factor * 3.5)],
    "minLength": _of_length(-1),
    "maxLength": _of_length(1),
    "minItems": _of_length(-1),
    "maxItems": _of_length(1),
    "uniqueItems": lambda value, _: [("against", [*value, *value])],
}
_NUMBERS, _TEXTS, _LISTS = (int, float), (str,), (list,)
_APPLIES: Mapping[str, tuple[type, ...]] = {
    "enum": (str, int, float), "const": (str, int, float), "pattern": _TEXTS, "minimum": _NUMBERS, "maximum": _NUMBERS,
    "exclusiveMinimum": _NUMBERS, "exclusiveMaximum": _NUMBERS, "multipleOf": _NUMBERS, "minLength": _TEXTS,
    "maxLength": _TEXTS, "minItems": _LISTS, "maxItems": _LISTS, "uniqueItems": _LISTS,
}  # fmt: skip
