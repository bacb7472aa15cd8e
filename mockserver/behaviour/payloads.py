"""The body of a webhook or callback: an example of the document, with what is known of the thing put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from mockserver.behaviour.naming import plain
from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.messages import OBJECT, Json
from syncdyn.openapi.moments import moment_text
from syncdyn.openapi.operations import MediaType, Operation
from syncdyn.openapi.schemas.normalise import Direction

if TYPE_CHECKING:
    from syncdyn.openapi.sampling import Sampler

_AS_SENT = Direction.ANSWER
#: The value of a body; empty for none.
Payload: TypeAlias = "tuple[Json, ...]"

#: Members in which an event tells what it is, and when it was.
_EVENT_NAMES = ("type", "event", "event_type", "eventType", "event_name", "eventName", "topic", "action")
_EVENT_TIMES = frozenset({"timestamp", "createdat", "created", "occurredat", "sentat", "time", "at"})
#: Members that hold the thing, by their names alone.
_HOLDERS = ("data", "object", "payload", "resource")


@dataclass(frozen=True, slots=True)
class Telling:
    """What a body is to tell: a thing (or nothing), at a moment, and what the event may be called, best first.

    `asked` has members of the request behind it, for places that the thing leaves open.
    """

    thing: Mapping[str, Json]
    at: float
    names: tuple[str, ...] = ()
    asked: Mapping[str, Json] = field(default_factory=dict)


class Payloads:
    """Makes and checks the bodies of one contract's webhooks and callbacks."""

    def __init__(self, contract: Contract, sampler: Sampler, seed: int) -> None:
        self._contract = contract
        self._sampler = sampler
        self._seed = seed

    def make(self, operation: Operation, telling: Telling) -> Payload:
        """A body's value, valid where the document lets it be."""
        media_type = _body_type(operation)
        return (self._value(operation, media_type, telling),) if media_type else ()

    def _value(self, operation: Operation, media_type: MediaType, telling: Telling) -> Json:
        if media_type.schema is None:
            return next(iter(media_type.examples.values()), dict(telling.thing))
        filler = _Filler(self._contract, media_type.schema)
        stated = next((one for one in media_type.examples.values() if filler.is_valid(one)), MISSING)
        if stated is MISSING:
            seed = f"{self._seed}|{operation.key}|{encode_json(telling.thing)}"
            stated = self._sampler.sample(media_type.schema, _AS_SENT, seed)
        return filler.filled(stated, telling)

    def violations(self, operation: Operation | None, payload: Payload) -> tuple[Violation, ...]:
        """Where a body's value is not as the document says."""
        media_type = _body_type(operation) if operation else None
        if media_type is None or media_type.schema is None or not payload:
            return ()
        return self._contract.schemas.violations(media_type.schema, payload[0], _AS_SENT, "body")

    def write(self, operation: Operation | None, payload: Payload) -> tuple[bytes, str | None]:
        """A body as it is sent, and its content type; None for no body."""
        if not payload:
            return b"", None
        value = payload[0]
        media_type = _body_type(operation) if operation else None
        if media_type is None or media.is_json(media.essence(media_type.name)) or media_type.name == "*/*":
            name = media_type.name if media_type and "*" not in media_type.name else "application/json"
            return encode_json(value).encode(), name
        body, content_type = media.encode_body(media_type, self._contract.shape(media_type.schema), value)
        if isinstance(body, bytes):
            return body, content_type
        return encode_json(value).encode(), "application/json"


def _body_type(operation: Operation) -> MediaType | None:
    """The media type in which a body is sent: JSON where there is that."""
    content = operation.media_types
    return next((one for one in content if media.is_json(media.essence(one.name))), next(iter(content), None))


class _Filler:
    """Puts what is known into values of one schema, as far as they stay valid by it."""

    def __init__(self, contract: Contract, schema: str) -> None:
        self._validator = contract.schemas.validator(schema, _AS_SENT)

    def is_valid(self, value: Json) -> bool:
        return self._validator.is_valid(value)

    def filled(self, base: Json, telling: Telling) -> Json:
        """The value with the thing's members, the event's name and its time in the places meant for them."""
        if not isinstance(base, OBJECT):
            return dict(telling.thing) if telling.thing and self.is_valid(dict(telling.thing)) else base
        value = dict(base)
        holder = next((name for name in _holders(value, telling) if self._takes(value, name, telling.thing)), None)
        if holder is not None:
            value = self._held(value, holder, telling.thing)
        else:
            value = self._with_members(value, telling.thing, telling.asked)
        names = () if holder is None and any(name in telling.thing for name in _EVENT_NAMES) else telling.names
        told = {} if holder is not None else telling.thing
        return self._stamped(self._named(value, names), telling.at, told)

    def _takes(self, value: dict[str, Json], holder: str, thing: Mapping[str, Json]) -> bool:
        """Whether a member holds the thing: it can be all of it, or knows it by some of its members."""
        there = value[holder]
        if not isinstance(there, OBJECT) or not thing:
            return False
        return self.is_valid({**value, holder: dict(thing)}) or bool(there.keys() & thing.keys())

    def _held(self, value: dict[str, Json], holder: str, thing: Mapping[str, Json]) -> dict[str, Json]:
        there = value[holder]
        whole = {**value, holder: dict(thing)}
        if there.keys() <= thing.keys() and self.is_valid(whole):
            return whole
        for name in (name for name in there if name in thing):
            changed = {**value, holder: {**value[holder], name: thing[name]}}
            value = changed if self.is_valid(changed) else value
        return value

    def _with_members(
        self, value: dict[str, Json], thing: Mapping[str, Json], asked: Mapping[str, Json]
    ) -> dict[str, Json]:
        """The value as the thing itself, where it may be that; else with the members that it shares with the thing."""
        if value.keys() <= thing.keys() and self.is_valid(dict(thing)):
            return dict(thing)
        known = {**asked, **thing}
        for name in (name for name in value if name in known):
            changed = {**value, name: known[name]}
            value = changed if self.is_valid(changed) else value
        return value

    def _named(self, value: dict[str, Json], names: tuple[str, ...]) -> dict[str, Json]:
        for member in _EVENT_NAMES:
            if isinstance(value.get(member), str) and value[member] not in names:
                candidates = ({**value, member: name} for name in names)
                value = next((one for one in candidates if self.is_valid(one)), value)
        return value

    def _stamped(self, value: dict[str, Json], at: float, thing: Mapping[str, Json]) -> dict[str, Json]:
        for member in tuple(value):
            if plain(member) in _EVENT_TIMES and member not in thing:
                stamp = moment_text(at) if isinstance(value[member], str) else int(at)
                changed = {**value, member: stamp}
                if isinstance(value[member], str | int) and self.is_valid(changed):
                    value = changed
        return value


def _holders(value: Mapping[str, Json], telling: Telling) -> Iterator[str]:
    """The members that may hold the thing: those of such a name first."""
    nested = [name for name, member in value.items() if isinstance(member, OBJECT)]
    yield from (name for name in nested if name in _HOLDERS)
    yield from (name for name in nested if name not in _HOLDERS and name not in telling.thing)
