"""The items of a sequential body - events, JSON Lines, a JSON text sequence - each read and checked by itself.

Which schema is an item's: `itemSchema` (OpenAPI 3.2); else the media type's schema, which documents before 3.2
write for one item, or as an array of them. For events it describes the data, or the whole event where it
declares both `event` and `data`; a plain string describes the stream as such, and so no item.
Source: OpenAPI 3.2, Media Type Object, "Sequential Media Types".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from syncdyn.openapi.coding.events import Event, EventReader
from syncdyn.openapi.coding.json_text import decode_json
from syncdyn.openapi.coding.lines import Records, json_sequence
from syncdyn.openapi.coding.malformed import MalformedBody
from syncdyn.openapi.coding.media_types import EVENT_STREAM, essence, is_json, is_json_lines, is_json_sequence
from syncdyn.openapi.coding.texts import is_only
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import child
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import MediaType
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.shapes import Shape
from syncdyn.openapi.schemas.wording import show

_STRING = frozenset({"string"})


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `shape` is that of the value; where the value is an Event, that of its data."""

    value: Json
    shape: Shape | None = None
    violations: tuple[Violation, ...] = ()


Raw: TypeAlias = "Event | bytes"
Cut: TypeAlias = "EventReader | Records"


def cutter_for(content_type: str) -> Cut | None:
    """What cuts a body of this type into raw items; None for one that is no sequence."""
    name = essence(content_type)
    if name == EVENT_STREAM:
        return EventReader()
    if is_json_lines(name):
        return Records()
    return json_sequence() if is_json_sequence(name) else None


def is_sequence(content_type: str) -> bool:
    """Whether a body of this type is read item by item."""
    return cutter_for(content_type) is not None


def read_items(contract: Contract, media_type: MediaType | None, content_type: str, body: bytes) -> Iterator[Item]:
    """The items of a whole body. Raises BodyTooLarge for one over the bound of its cutter."""
    cut = cutter_for(content_type)
    assert cut is not None
    read = item_reader(contract, media_type)
    for index, raw in enumerate((*cut.feed(body), *cut.end())):
        yield read(raw, index)


def item_reader(contract: Contract, media_type: MediaType | None) -> Callable[[Raw, int], Item]:
    """Reads the raw items of one media type; the number of an item is the first step in the paths of its faults."""
    shape = item_shape(contract, media_type)
    is_stated = media_type is not None and media_type.item_schema is not None
    rules = _Rules(contract, shape, is_stated)
    return lambda raw, index: rules.event(raw, index) if isinstance(raw, Event) else rules.record(raw, index)


def item_shape(contract: Contract, media_type: MediaType | None) -> Shape | None:
    """The shape of one item, as far as the document says it."""
    if media_type is None:
        return None
    shape = contract.shape(media_type.item_schema or media_type.schema)
    if shape is None or media_type.item_schema is not None:
        return shape
    if is_only(shape, "array"):
        return shape.items
    return None if is_only(shape, "string") else shape


@dataclass(frozen=True, slots=True)
class _Rules:
    contract: Contract
    shape: Shape | None
    #: Whether the document uses `itemSchema`, and so describes events whole.
    is_stated: bool

    def record(self, raw: bytes, index: int) -> Item:
        try:
            value = decode_json(raw)
        except MalformedBody as error:
            return Item(raw.decode("utf-8", "replace"), None, (_malformed(error, (index,)),))
        return Item(value, self.shape, self._faults(self.shape, value, (index,)))

    def event(self, event: Event, index: int) -> Item:
        parsed = _parsed(event.data)
        if self._is_whole and not (isinstance(parsed, Mapping) and {"event", "data"} <= parsed.keys()):
            return self._whole_event(event, parsed, index)
        shape = self.shape
        if shape is None or "string" in shape.types:
            value = parsed if isinstance(parsed, dict | list) else event.data
        elif parsed is MISSING:
            return Item(event, None, (_no_json(event, index),))
        else:
            value = parsed
        return Item(replace(event, data=value), shape, self._faults(shape, value, (index,)))

    @property
    def _is_whole(self) -> bool:
        fields = self.shape.all_fields if self.shape else {}
        return "data" in fields and (self.is_stated or "event" in fields)

    def _whole_event(self, event: Event, parsed: Json, index: int) -> Item:
        """An event whose schema speaks of its type and data together; text in it may be JSON by `contentSchema`."""
        assert self.shape is not None
        stated = {"event": event.event, "id": event.id, "retry": event.retry}
        item = {name: value for name, value in stated.items() if value is not None} | {"data": event.data}
        field = self.shape.branch_for(item).all_fields.get("data")
        shape = field.shape if field else None
        if shape is None or shape.types - {"null"} != _STRING:
            item["data"] = event.data if parsed is MISSING else parsed
            return Item(replace(event, data=item["data"]), shape, self._faults(self.shape, item, (index,)))
        faults = self._faults(self.shape, item, (index,))
        if not is_json(essence(str(shape.schema.get("contentMediaType", "")))):
            return Item(event, shape, faults)
        if parsed is MISSING:
            return Item(event, None, (*faults, _no_json(event, index)))
        inner = "contentSchema" in shape.schema
        content = self.contract.shapes.at(child(shape.pointer, "contentSchema")) if inner else None
        faults += self._faults(content, parsed, (index, "data"))
        return Item(replace(event, data=parsed), content, faults)

    def _faults(self, shape: Shape | None, value: Json, path: tuple[str | int, ...]) -> tuple[Violation, ...]:
        if shape is None:
            return ()
        found = self.contract.schemas.violations(shape.pointer, value, Direction.RESPONSE, "body")
        return tuple(replace(violation, path=(*path, *violation.path)) for violation in found)


def _parsed(text: str) -> Json:
    try:
        return decode_json(text)
    except MalformedBody:
        return MISSING


def _no_json(event: Event, index: int) -> Violation:
    hint = "if it marks the end, name it by x-syncdyn-stream-end"
    return Violation("body", (index, "data"), f"not JSON: {show(event.data)}", "malformed", event.data, hint=hint)


def _malformed(error: MalformedBody, path: tuple[str | int, ...]) -> Violation:
    reason = str(error).removeprefix("the body is not JSON: ")
    return Violation("body", path, f"not JSON: {reason}", "malformed")
