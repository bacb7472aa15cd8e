"""A valid value -> the same value broken in one place, and where that is: told by shapes, not by the validator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from syncdyn.openapi.messages import Json
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.shapes import Shape, json_type

Path = tuple[str | int, ...]

_OTHER_VALUES: tuple[Json, ...] = ({"is": "wrong"}, ["wrong"], "wrong", 12.5, True)
_MARK_OF_OTHER_WAY = {Direction.REQUEST: "readOnly", Direction.RESPONSE: "writeOnly"}


@dataclass(frozen=True)
class Broken:
    """A value with one fault, the kind of the fault, and the path where it stands."""

    kind: str
    path: Path
    value: Json


def one_of_each_kind(shape: Shape, value: Json, direction: Direction, rng: Random) -> Iterator[Broken]:
    """The value broken in each way that its shape knows, at a place drawn by chance."""
    found: dict[str, list[Broken]] = {}
    for place, here, path in places(shape, value):
        for kind, at, wrong in _faults(place, here, direction):
            found.setdefault(kind, []).append(Broken(kind, (*path, *at), put(value, path, wrong)))
    yield from (rng.choice(broken) for broken in found.values())


def places(shape: Shape, value: Json, path: Path = ()) -> Iterator[tuple[Shape, Json, Path]]:
    """Every place of a value with the one shape that it must have; below a union there may be several."""
    if _has_unions(shape):
        return
    yield shape, value, path
    if isinstance(value, Mapping):
        for name, field in shape.fields.items():
            if name in value:
                yield from places(field.shape, value[name], (*path, name))
    elif isinstance(value, list) and shape.items is not None and "prefixItems" not in shape.schema:
        for index, item in enumerate(value):
            yield from places(shape.items, item, (*path, index))


def _has_unions(shape: Shape) -> bool:
    words = ("oneOf", "anyOf")
    return any(word in shape.schema for word in words) or any(map(_has_unions, shape.parts))


def _faults(shape: Shape, value: Json, direction: Direction) -> Iterator[tuple[str, Path, Json]]:
    """What can be wrong with a value itself: the kind, where below it, and what to put in its place."""
    wrong = next((other for other in _OTHER_VALUES if json_type(other) not in shape.types), None)
    if wrong is not None and _has_type(shape):
        yield "wrong type", (), wrong
    if direction is Direction.REQUEST and isinstance(value, str) and isinstance(shape.schema.get("enum"), list):
        yield "not in the enum", (), f"not {value}"
    for name, field in shape.fields.items() if isinstance(value, Mapping) else ():
        if field.is_required and name in value and not _is_marked(field.shape, _MARK_OF_OTHER_WAY[direction]):
            yield "missing", (name,), {wire: member for wire, member in value.items() if wire != name}


def _has_type(shape: Shape) -> bool:
    """Whether the document says the type: a schema with properties alone is taken for an object's, but allows all."""
    return not shape.schema.keys().isdisjoint(("type", "const", "enum")) or any(map(_has_type, shape.parts))


def _is_marked(shape: Shape, mark: str) -> bool:
    return shape.schema.get(mark) is True or any(_is_marked(part, mark) for part in shape.parts)


def put(value: Json, path: Path, wrong: Json) -> Json:
    """A copy of the value with something else at a path."""
    if not path:
        return wrong
    copy: Any = dict(value) if isinstance(value, Mapping) else list(value)
    copy[path[0]] = put(value[path[0]], path[1:], wrong)
    return copy
