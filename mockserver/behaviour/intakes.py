"""What an operation takes of its body for the thing that it makes or changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mockserver.behaviour.naming import is_marked
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import Operation
from syncdyn.openapi.schemas.shapes import Shape

#: What a request may not state, and what no answer may show.
_NOT_KEPT = ("readOnly", "writeOnly")


@dataclass(frozen=True, slots=True)
class Intake:
    """Of a body's members, those that the thing has as well, None for any; and what those have that are left out.

    `writable` are the members that the body may state.
    """

    kept: frozenset[str] | None
    writable: tuple[str, ...] = ()
    defaults: Mapping[str, Json] = field(default_factory=dict)

    def of(self, body: Mapping[str, Json]) -> dict[str, Json]:
        """The members of a body that are kept."""
        if self.kept is None:
            return dict(body)
        return {wire: member for wire, member in body.items() if wire in self.kept}


def intake_of(contract: Contract, operation: Operation, thing: Shape) -> Intake:
    """What an operation takes for a thing of this shape; its whole query where it has no body."""
    writable = writable_of(contract, operation, thing)
    fields = thing.all_fields
    stated = ((wire, shape.schema) for wire, shape in writable.items() if wire in fields)
    defaults = {wire: schema["default"] for wire, schema in stated if "default" in schema}
    if not fields or thing.values is not None:
        return Intake(None, tuple(writable), defaults)
    known = (wire for wire in fields if not is_marked(thing, wire, "writeOnly"))
    kept = frozenset(wire for wire in known if wire in writable or not writable)
    return Intake(kept, tuple(writable), defaults)


def writable_of(contract: Contract, operation: Operation, thing: Shape) -> dict[str, Shape]:
    """The members that an operation's body may state, by any of its media types, with their shapes."""
    found: dict[str, Shape] = {}
    for media_type in operation.media_types:
        shape = contract.shape(media_type.schema)
        if shape is not None and "array" in shape.types and shape.items is not None:
            shape = shape.items
        if shape is not None:
            found = {**dict(_members(shape)), **found}
    if len(found) == 1 and not found.keys() & thing.all_fields.keys():
        # {"pet": {...}}: what stands in the wrapper.
        (inner,) = found.values()
        found.update(_members(inner))
    return found


def _members(shape: Shape) -> Iterator[tuple[str, Shape]]:
    for wire, each in shape.all_fields.items():
        if not any(is_marked(shape, wire, mark) for mark in _NOT_KEPT):
            yield wire, each.shape
