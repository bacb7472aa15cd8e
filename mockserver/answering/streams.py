"""What stands in a stream of events or records, and whether a request asks for a stream by its body.

Some operations answer with events when a member of their body says so, whatever `Accept` says. `x-mock-stream` with
`when: body.NAME` names that member. Without it, it is the boolean property `stream` of the body, where the response
is described both as JSON and as an event stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from syncdyn.openapi.coding.events import Event
from syncdyn.openapi.coding.media_types import EVENT_STREAM, essence, is_json, is_json_lines, is_json_sequence
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import MediaType, Operation

_NAME = "stream"
_EVENT_FIELDS = ("event", "id", "retry")
#: The members that lead from the body of a request to the one that asks for a stream.
Path = tuple[str, ...]


def is_stream(name: str) -> bool:
    """Whether a body of this media type is written item by item."""
    kind = essence(name)
    return kind == EVENT_STREAM or is_json_lines(kind) or is_json_sequence(kind)


def asking_member(contract: Contract, operation: Operation) -> Path | None:
    """Where in the body of a request a stream is asked for; None where that is said by `Accept` alone."""
    stated = operation.extensions.get("x-mock-stream")
    when = stated.get("when") if isinstance(stated, Mapping) else None
    if isinstance(when, str):
        return tuple(when.removeprefix("body.").split("."))
    return (_NAME,) if _has_both(operation) and _has_switch(contract, operation) else None


def is_asked(body: Json, path: Path) -> bool:
    """Whether a body asks for a stream."""
    for step in path:
        body = body.get(step) if isinstance(body, Mapping) else None
    return body is True


def events_of(items: Iterable[Json], *, is_whole: bool) -> Iterator[Event]:
    """The events of some items; `is_whole` where an item tells an event and not its data alone."""
    for item in items:
        if is_whole and isinstance(item, Mapping) and "data" in item:
            stated = {name: item[name] for name in _EVENT_FIELDS if item.get(name) is not None}
            yield Event(item["data"], **stated)
        else:
            yield Event(item)


def _has_both(operation: Operation) -> bool:
    for promise in operation.responses.values():
        names = [essence(one.name) for one in promise.content]
        if EVENT_STREAM in names and any(map(is_json, names)):
            return True
    return False


def _has_switch(contract: Contract, operation: Operation) -> bool:
    return any(_is_boolean(contract, media_type) for media_type in operation.media_types)


def _is_boolean(contract: Contract, media_type: MediaType) -> bool:
    shape = contract.shape(media_type.schema)
    fields = shape.all_fields.values() if shape else ()
    field = next((one for one in fields if one.wire == _NAME), None)
    return field is not None and "boolean" in field.shape.types
