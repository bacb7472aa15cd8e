"""Whether what data says of things keeps what the document says of them: their members, and the values of these."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from math import inf

from mockserver.behaviour.describing import Number
from mockserver.behaviour.expressions import literal_of
from mockserver.behaviour.kinds import Kind
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.hints import hint_clause
from syncdyn.openapi.messages import Json
from syncdyn.openapi.sampling import Sampler
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.shapes import Shape

#: How long ago a seeded thing was made; one that is still to come may be stated as well.
_AGE = Number(-inf)
_EMPTY: Mapping[str, Json] = {}
#: What says of a schema that it has names which it does not list, or that it has none.
_OPENING = ("additionalProperties", "patternProperties", "unevaluatedProperties")


class Keeping:
    """Judges what is said of the things of one collection: of a kind, or, where it is none, of what `data` says."""

    def __init__(self, contract: Contract, kind: Kind | None, data: Mapping[str, Json]) -> None:
        self._contract = contract
        self._kind = kind
        self._thing = kind.shown.thing if kind is not None and kind.shown is not None else None
        self._data = data

    def of_collection(self, place: str, data: Mapping[str, Json]) -> Iterator[str]:
        """A line for each mistake in what is said of the collection."""
        if self._thing is not None and isinstance(data.get("id"), str):
            yield from self._of_name(f"{place}.id", data["id"], is_needed=True)
        if self._thing is not None:
            for word in ("members", "optional-members"):
                yield from self.of_members(f"{place}.{word}", _object(data.get(word)), is_null_left=word != "members")
        for outcome, stages in _object(data.get("outcomes")).items():
            for index, stage in enumerate(_list(stages)):
                members = _object(_object(stage).get("set"))
                yield from self.of_members(f"{place}.outcomes.{outcome}[{index}].set", members)
        for index, one in enumerate(_list(data.get("seeded"))):
            at = f"{place}.seeded[{index}]"
            if isinstance(one, Mapping) and self._thing is not None:
                yield from self._of_thing(at, one, self._thing)
            elif self._kind is None and "age-seconds" in _object(one):
                yield from _AGE.mistakes(f"{at}.age-seconds", one["age-seconds"], lambda _: ())

    def of_members(self, place: str, members: Mapping[str, Json], *, is_null_left: bool = False) -> Iterator[str]:
        """A line for each mistake in expressions by the member that they are for."""
        for name, expression in members.items():
            yield from self._of_name(f"{place}.{name}", name)
            value = literal_of(expression)
            if value is not MISSING and not (value is None and is_null_left):
                yield from self._of_value(f"{place}.{name}", name, value)

    def _of_name(self, place: str, name: str, *, is_needed: bool = False) -> Iterator[str]:
        """A line for a name that no member has, where the schema closes its names or a member's name is near."""
        known = self._names
        if name in known or not known:
            return
        told = hint_clause(name, known)
        is_closed = is_needed or (self._thing is not None and _is_closed(self._thing))
        if is_closed or (told and not (self._thing is not None and _is_open(self._thing))):
            yield f"{place}: {self._noun} has no member {name!r}{told or '; there are ' + ', '.join(known)}"

    def _of_value(self, place: str, name: str, value: Json) -> Iterator[str]:
        # The branches of a union may each have a member of their own by the same name.
        if self._thing is None or self._thing.branches or name not in self._thing.all_fields:
            return
        pointer = self._thing.all_fields[name].shape.pointer
        yield from _told(place, self._violations(pointer, value))

    def _of_thing(self, place: str, stated: Mapping[str, Json], thing: Shape) -> Iterator[str]:
        """A line for each breach; members that the path to the collection says need not be stated."""
        for name in stated:
            # Of a closed schema the breach is told below.
            yield from () if _is_closed(thing) else self._of_name(f"{place}.{name}", name)
        sampler, fields = Sampler(self._contract), thing.all_fields
        reflected = [wire for _, wire in self._kind.reflected] if self._kind is not None else []
        added = {wire: sampler.sample(fields[wire].shape.pointer, Direction.RESPONSE, "") for wire in reflected}
        yield from _told(place, self._violations(thing.pointer, {**stated, **added}))

    def _violations(self, pointer: str, value: Json) -> tuple[Violation, ...]:
        found = self._contract.schemas.violations(pointer, value, Direction.ANSWER, "")
        return tuple(one for one in found if not one.is_tolerated)

    @property
    def _names(self) -> Collection[str]:
        """The members that a thing has."""
        if self._thing is not None:
            return self._thing.all_fields.keys()
        stated = (_object(self._data.get(word)) for word in ("members", "optional-members"))
        return [name for one in stated for name in one]

    @property
    def _noun(self) -> str:
        return f"the {self._kind.word}" if self._kind is not None else "a thing"


def _told(place: str, violations: tuple[Violation, ...]) -> Iterator[str]:
    return (f"{place}{violation}" for violation in violations)


def _is_closed(thing: Shape) -> bool:
    """Whether a schema says that its things have no other members."""
    return any(one.schema.get(word) is False for one in _near(thing) for word in _OPENING)


def _is_open(thing: Shape) -> bool:
    """Whether a schema says that its things have other members."""
    return any(one.schema.get(word, False) is not False for one in _near(thing) for word in _OPENING)


def _near(thing: Shape) -> Iterator[Shape]:
    yield thing
    for part in (*thing.parts, *thing.branches):
        yield from _near(part)


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else _EMPTY


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
