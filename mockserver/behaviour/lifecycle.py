"""Making resources: from a request and the document's `x-mock-collections` to a thing with a future.

The whole future is worked out at once; what a resource is at a moment is then a look into it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby
from operator import attrgetter, itemgetter
from typing import TypeAlias
from uuid import UUID

from mockserver.behaviour.expressions import Scope
from mockserver.posted import QueuedWebhook
from mockserver.problems import Fault, Refused
from mockserver.state import Resource, Stage, State, StoredFile
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.hints import json_kind
from syncdyn.openapi.messages import Json
from syncdyn.openapi.moments import moment_text

_EMPTY: Mapping[str, Json] = {}
_BAD_REQUEST = 400

#: A scope at a moment, with names at its root, for the resource at a place (`collection/id`).
ScopeOf: TypeAlias = Callable[[State, float, Mapping[str, Json], str], Scope]


@dataclass(frozen=True, slots=True)
class Birth:
    """What a resource is made from.

    `outcome` is how it shall end, None for what the data says; `pace` scales the time to its end. `data` is what is
    said of the collection, None for what its name has; `base` are members that the data need not say.
    """

    collection: str
    values: Mapping[str, Json]
    outcome: str | None = None
    pace: float = 1.0
    parent: str | None = None
    file: StoredFile | None = None
    data: Mapping[str, Json] | None = None
    id: str | None = None
    base: Mapping[str, Json] = field(default_factory=dict)


class Nursery:
    """Makes resources at one moment. `scope_of` gives the scope in which their expressions are read."""

    def __init__(
        self, collections: Mapping[str, Mapping[str, Json]], seed: int, job_seconds: float, scope_of: ScopeOf
    ) -> None:
        self._collections = collections
        self._seed = seed
        self._job_seconds = job_seconds
        self._scope_of = scope_of

    def make(self, state: State, now: float, birth: Birth) -> tuple[State, Resource]:
        """The state with a resource more, and the resource. Its children and webhooks are made with it."""
        data = self._collections[birth.collection] if birth.data is None else birth.data
        number = state.count + 1
        id_ = birth.id or identifier(data.get("identifier", "{uuid}"), f"{self._seed}:{birth.collection}:{number}")
        state = replace(state, count=number)
        basics = {**birth.base, "id": id_, "number": number, "created": moment_text(now), **birth.values}
        scope = self._scope_of(state, now, basics, f"{birth.collection}/{id_}").with_values(data.get("facts", _EMPTY))
        outcome = self.outcome_of(data, scope, birth.outcome)
        state, children = self._make_children(state, now, data, scope, id_, outcome)
        ends = [(child, self._collections[data["children"]["collection"]]) for _, child in children]
        resource = Resource(
            id=id_,
            number=number,
            created=now,
            value={**birth.base, **_members(data, scope)},
            stages=self._stages(data, scope, now, outcome, birth.pace, [child for child, _ in ends]),
            facts={name: scope.root.get(name) for name in data.get("kept-facts", ())},
            parent=birth.parent,
            children=tuple((record, child.id) for record, child in children),
            file=birth.file,
        )
        _refuse_unspeakable(resource)
        state = state.with_resource(birth.collection, resource)
        return self._queue(state, data, scope, resource, birth.collection, outcome), resource

    def outcome_of(self, data: Mapping[str, Json], scope: Scope, wished: str | None) -> str | None:
        """How a job will end: as wished, else by the first of `outcome-when` that holds, else as is usual."""
        outcomes = data.get("outcomes", _EMPTY)
        if wished is not None and wished in outcomes:
            return wished
        for entry in data.get("outcome-when", ()):
            if scope.evaluate(entry["when"]):
                return str(entry["outcome"])
        usual = data.get("default-outcome")
        return usual if isinstance(usual, str) else None

    def _stages(
        self,
        data: Mapping[str, Json],
        scope: Scope,
        now: float,
        outcome: str | None,
        pace: float,
        children: Sequence[Resource],
    ) -> tuple[Stage, ...]:
        stated = data.get("outcomes", _EMPTY).get(outcome, ())
        own = [
            Stage(now + entry["after"] * pace * self._job_seconds, scope.evaluate_all(entry["set"])) for entry in stated
        ]
        tallied = _tally_stages(data["tally"], children) if "tally" in data and children else ()
        return _cumulative([*own, *tallied])

    def _make_children(
        self, state: State, now: float, data: Mapping[str, Json], scope: Scope, parent: str, outcome: str | None
    ) -> tuple[State, list[tuple[Json, Resource]]]:
        stated = data.get("children")
        if stated is None:
            return state, []
        made = []
        records = scope.evaluate(stated["records"]) or []
        if not isinstance(records, list):
            raise DocumentError(f"children.records in x-mock-collections: {json_kind(records)} where a list is needed")
        first, last = stated.get("spread", (1.0, 1.0))
        for index, record in enumerate(records, 1):
            values = {"body": replace(scope, root=record).evaluate(stated["body"])}
            pace = first + (last - first) * index / len(records)
            wished = stated.get("outcomes", _EMPTY).get(outcome)
            state, child = self.make(state, now, Birth(stated["collection"], values, wished, pace, parent))
            made.append((record, child))
        return state, made

    def _queue(
        self,
        state: State,
        data: Mapping[str, Json],
        scope: Scope,
        resource: Resource,
        collection: str,
        outcome: str | None,
    ) -> State:
        stated = data.get("webhook")
        if stated is None or not resource.stages or outcome not in stated["outcomes"]:
            return state
        url = scope.evaluate(stated["url"])
        if not isinstance(url, str) or not url:
            return state
        due = resource.stages[-1].at
        return state.with_queued([QueuedWebhook(due, stated["name"], url, collection, resource.id)])


def identifier(template: str, text: str) -> str:
    """An id that a text always leads to: `{uuid}` is a version 4 UUID, `{hex}` twelve digits."""
    digest = hashlib.sha256(text.encode()).digest()
    return template.replace("{uuid}", str(UUID(bytes=digest[:16], version=4))).replace("{hex}", digest.hex()[:12])


def seeded(state: State, now: float, collection: str, data: Mapping[str, Json], seed: int, scope_of: ScopeOf) -> State:
    """The state with the resources that a collection has from the start.

    An entry's `age-seconds` tells how long ago it was made; other names are what `members` is evaluated on.
    """
    for index, entry in enumerate(data.get("seeded", ()), 1):
        created = now - entry.get("age-seconds", 0)
        template = data.get("identifier", "{uuid}")
        id_ = entry.get("id") or identifier(template, f"{seed}:{collection}:seeded {index}")
        basics = {"id": id_, "number": index, "created": moment_text(created), **entry}
        scope = scope_of(state, now, basics, f"{collection}/{id_}")
        resource = Resource(id_, state.count + 1, created, _members(data, scope))
        state = state.with_resource(collection, resource)
    return state


def _refuse_unspeakable(resource: Resource) -> None:
    """Nothing, or Refused where the resource, now or later, could not be written: a list would fail for ever."""
    try:
        encode_json([resource.value, *(stage.members for stage in resource.stages), resource.facts])
    except ValueError as error:
        raise Refused(Fault(_BAD_REQUEST, (f"what the request leads to has no form: {error}",))) from None


def _members(data: Mapping[str, Json], scope: Scope) -> dict[str, Json]:
    value = scope.evaluate_all(data.get("members", _EMPTY))
    optional = scope.evaluate_all(data.get("optional-members", _EMPTY))
    return {**value, **{name: member for name, member in optional.items() if member is not None}}


def _cumulative(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    """The stages in order of time, each with all members of those before it."""
    ordered = sorted(stages, key=attrgetter("at"))
    joined = accumulate(ordered, lambda before, stage: Stage(stage.at, {**before.members, **stage.members}))
    return tuple(joined)


def _tally_stages(tally: Mapping[str, Json], children: Sequence[Resource]) -> Iterator[Stage]:
    """A stage for each moment at which a child's state changes, with the counts of states."""
    member = tally["state"]
    events: list[tuple[float, Json, Json]] = []
    for child in children:
        before = child.value.get(member)
        events.append((child.created, None, before))
        for stage in child.stages:
            after = stage.members.get(member, before)
            events.append((stage.at, before, after))
            before = after
    counted: Counter[Json] = Counter()
    for at, passing in groupby(sorted(events, key=itemgetter(0)), key=itemgetter(0)):
        for _, before, after in passing:
            counted.update({before: -1, after: 1})
        yield Stage(at, {tally["member"]: _counts(tally, counted, len(children))})


def _counts(tally: Mapping[str, Json], counted: Mapping[Json, int], total: int) -> dict[str, int]:
    told = {name: sum(counted[state] for state in among) for name, among in tally["counts"].items()}
    return {tally["all"]: total, **told}


def collection_of(collections: Mapping[str, Mapping[str, Json]], name: str) -> Mapping[str, Json]:
    """The data of a collection. Raises DocumentError where there is none of that name."""
    if name not in collections:
        raise DocumentError(f"x-mock-collections has no {name!r}; there is: {', '.join(collections) or 'none'}")
    return collections[name]
