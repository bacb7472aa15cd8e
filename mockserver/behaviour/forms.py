"""How an operation's answer shows a thing, or a list of things: by which schema, and where in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from syncdyn.openapi.coding import media
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import MediaType, Operation, ResponsePromise
from syncdyn.openapi.schemas.shapes import Shape

#: Members under which answers hold the thing, or the things, that they are about.
_WRAPPERS = ("data", "result", "item", "payload", "response", "attributes", "object", "resource", "record", "entity")
_LISTS = ("data", "items", "results", "values", "entries", "records", "list", "rows", "content", "value", "objects")
#: With so many members besides, an object is a thing and no wrapper around one.
_MOST_BESIDE = 3
_SUCCESS = 2
#: Shapes are of one kind of thing when they have so much in common.
_ALIKE = 0.6
#: The statuses that tell of a new thing, the likeliest first.
CREATED = (201, 200, 202)


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """How an answer shows a thing, or each of a list of things; each form is made once, and equal to itself alone.

    `thing` is the thing's own shape; `steps` lead to it, or to the list, from the body, whose schema is `whole`.
    """

    status: int
    media_type: MediaType
    whole: Shape
    thing: Shape
    steps: tuple[str, ...] = ()

    def find(self, body: Json) -> Json:
        """What stands in a body where the thing or the list should be; None where nothing does."""
        for step in self.steps:
            body = body.get(step) if isinstance(body, Mapping) else None
        return body

    def wrap(self, body: Json, value: Json) -> Json:
        """The body with a value where the thing or the list stands."""
        return put(body, self.steps, value)


def success_status(operation: Operation, preferred: tuple[int, ...] = ()) -> int:
    """The status of success: the first preferred that is declared, else the lowest; 200 where it is left open."""
    exact = sorted(int(status) for status in operation.responses if status.isdecimal())
    good = [status for status in exact if status // 100 == _SUCCESS]
    if not good:
        is_open = not exact or "2XX" in operation.responses or "default" in operation.responses
        return 200 if is_open else exact[0]
    return next((status for status in preferred if status in good), good[0])


def form_of(contract: Contract, operation: Operation, status: int, name: str) -> Form | None:
    """How an operation's answer of a status shows the thing called `name`; None where it shows no object."""
    found = _json_of(contract, operation.promise_for(status))
    if found is None:
        return None
    media_type, whole = found
    thing, steps = _thing_in(whole, name)
    return Form(status, media_type, whole, thing, steps) if _is_object(thing) else None


def list_form_of(contract: Contract, operation: Operation, name: str) -> Form | None:
    """How an operation's answer shows a list of things called `name`; None where it is no list of objects."""
    status = success_status(operation)
    found = _json_of(contract, operation.promise_for(status))
    if found is None:
        return None
    media_type, whole = found
    steps = _list_in(whole, name)
    items = _at(whole, steps).items if steps is not None else None
    if steps is None or items is None or not _is_object(items):
        return None
    return Form(status, media_type, whole, items, steps)


def fields_overlap(one: Shape, other: Shape) -> float:
    """How much two shapes have in common, 0 to 1: the share of the smaller one's members that the other has."""
    if one.pointer == other.pointer:
        return 1.0
    first, second = one.all_fields.keys(), other.all_fields.keys()
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def is_alike(one: Shape, other: Shape) -> bool:
    """Whether two shapes are of one kind of thing."""
    return fields_overlap(one, other) > _ALIKE


def _json_of(contract: Contract, promise: ResponsePromise | None) -> tuple[MediaType, Shape] | None:
    for one in promise.content if promise else ():
        if one.schema is not None and media.is_json(media.essence(one.name)):
            return one, contract.shapes.at(one.schema)
    return None


def _is_object(shape: Shape) -> bool:
    return "object" in shape.types and "array" not in shape.types and bool(shape.all_fields)


def _thing_in(whole: Shape, name: str) -> tuple[Shape, tuple[str, ...]]:
    fields = whole.all_fields
    if not fields or "id" in fields or len(fields) > _MOST_BESIDE + 1:
        return whole, ()
    objects = [wire for wire, field in fields.items() if _is_object(field.shape)]
    named = [wire for wire in objects if wire in _WRAPPERS or wire.lower() == name.lower()]
    chosen = named or (objects if len(fields) == 1 else [])
    return (fields[chosen[0]].shape, (chosen[0],)) if len(chosen) == 1 else (whole, ())


def _list_in(whole: Shape, name: str) -> tuple[str, ...] | None:
    if "array" in whole.types and whole.items is not None:
        return ()
    lists = _lists_of(whole)
    if not lists:
        # One level down: {"data": {"items": [...]}}.
        below = [(wire, _lists_of(field.shape)) for wire, field in whole.all_fields.items() if wire in _WRAPPERS]
        return next(((wire, one[0]) for wire, one in below if len(one) == 1), None)
    named = [wire for wire in lists if wire in _LISTS or wire.lower().replace("_", "") == name.lower().replace("_", "")]
    if len(lists) == 1 or len(named) == 1:
        return ((named or lists)[0],)
    return None


def _lists_of(shape: Shape) -> list[str]:
    found = ((wire, field.shape) for wire, field in shape.all_fields.items())
    return [wire for wire, one in found if "array" in one.types and one.items is not None and _is_object(one.items)]


def _at(shape: Shape, steps: tuple[str, ...]) -> Shape:
    for step in steps:
        shape = shape.all_fields[step].shape
    return shape


def put(body: Json, steps: tuple[str, ...], value: Json) -> Json:
    """A body with a value where the steps lead; objects are made on the way where there are none."""
    if not steps:
        return value
    inner = body if isinstance(body, Mapping) else {}
    return {**inner, steps[0]: put(inner.get(steps[0]), steps[1:], value)}
