"""What the mock remembers: resources that move on with the clock, files, webhooks to come, keys seen.

A state never changes; what "changes" it gives a new one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

from mockserver.fault_rules import Rule
from mockserver.posted import Posted, QueuedWebhook, Subscriber
from mockserver.tables import Table
from mockserver.timing import REAL_TIME, Pace
from syncdyn.openapi.messages import Json, Response

_AT = attrgetter("at")
_NUMBER = attrgetter("number")
_NO_FACTS: Mapping[str, Json] = {}


@dataclass(frozen=True, slots=True)
class Stage:
    """From `at` (seconds since 1970) a resource has these members, until its next stage."""

    at: float
    members: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was uploaded; `tag` is its entity tag."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """A thing with an id. Its whole future is laid down in `stages` when it is made.

    `facts` are kept for later and not shown; `children` pair a record with the id of what was made for it. One that
    `is_given` was put by hand, and is shown as it is, whatever the document says.
    """

    id: str
    number: int
    created: float
    value: Mapping[str, Json]
    stages: tuple[Stage, ...] = ()
    facts: Mapping[str, Json] = field(default_factory=lambda: _NO_FACTS)
    parent: str | None = None
    children: tuple[tuple[Json, str], ...] = ()
    file: StoredFile | None = None
    is_given: bool = False

    def at(self, now: float) -> Mapping[str, Json]:
        """The resource as it is seen at a moment."""
        passed = bisect_right(self.stages, now, key=_AT) if self.stages else 0
        return {**self.value, **self.stages[passed - 1].members} if passed else self.value

    def is_moving(self, now: float) -> bool:
        """Whether a stage is still to come."""
        return bool(self.stages) and self.stages[-1].at > now


@dataclass(frozen=True, slots=True)
class Remembered:
    """The answer that was given under an idempotency key, and the digest of what was asked."""

    at: float
    digest: str
    response: Response


_NO_RESOURCES: Table[Resource] = Table()


@dataclass(frozen=True)
class State:
    """Everything the mock remembers.

    `count` numbers what was made; `rates` counts requests by credential, bucket and minute; `stored` are the
    collection, id and size of each content kept, oldest first.
    """

    collections: Mapping[str, Table[Resource]] = field(default_factory=dict)
    count: int = 0
    queued: tuple[QueuedWebhook, ...] = ()
    remembered: Table[Remembered] = field(default_factory=Table)
    rates: Mapping[tuple[str, str, int], int] = field(default_factory=dict)
    stored: tuple[tuple[str, str, int], ...] = ()
    #: What was deleted, by its place (`/pets/5`), and when.
    gone: Table[float] = field(default_factory=Table)
    #: How the mock's time follows the host's.
    pace: Pace = REAL_TIME
    #: The rules of faults with their counts, and how many were ever made.
    faults: tuple[Rule, ...] = ()
    faults_made: int = 0
    #: Who gets webhooks; those sent, oldest first; how many there ever were, subscribers and deliveries.
    subscribers: tuple[Subscriber, ...] = ()
    posted: tuple[Posted, ...] = ()
    posted_made: int = 0

    def find(self, collection: str, id_: str) -> Resource | None:
        """The resource with an id, or None."""
        return self.collections.get(collection, _NO_RESOURCES).get(id_)

    def all(self, collection: str) -> tuple[Resource, ...]:
        """The resources of a collection, oldest first."""
        return self.collections.get(collection, _NO_RESOURCES).sorted_by(_NUMBER)

    def with_resource(self, collection: str, resource: Resource) -> State:
        """The state with a resource more, or with another one in its place."""
        table = self.collections.get(collection, _NO_RESOURCES).set(resource.id, resource)
        collections = {**self.collections, collection: table}
        gone = self.gone.without(f"{collection}/{resource.id}") if self.gone else self.gone
        return self._changed(collections=collections, gone=gone, count=max(self.count, resource.number))

    def without(self, collection: str, id_: str, now: float) -> State:
        """The state in which a resource is gone, with all that stood below it."""
        place = f"{collection}/{id_}"
        table = self.collections.get(collection, _NO_RESOURCES)
        kept = {name: each for name, each in self.collections.items() if not name.startswith(f"{place}/")}
        collections = {**kept, collection: table.without(id_)} if id_ in table else kept
        return self._changed(collections=collections, gone=self.gone.set(place, now))

    def _changed(self, **members: Any) -> State:
        """The state with other members; `replace` takes several times as long."""
        changed = object.__new__(State)
        changed.__dict__.update(self.__dict__, **members)
        return changed

    def with_content_kept(self, collection: str, resource: Resource, most_bytes: int) -> State:
        """The state that counts a resource's content and keeps `most_bytes` at most: the oldest are dropped."""
        size = len(resource.file.content) if resource.file else 0
        state = replace(self, stored=(*self.stored, (collection, resource.id, size)))
        total = sum(size for _, _, size in state.stored)
        while total > most_bytes and len(state.stored) > 1:
            (name, id_, size), *rest = state.stored
            total -= size
            state = replace(state._without_content(name, id_), stored=tuple(rest))
        return state

    def _without_content(self, collection: str, id_: str) -> State:
        resource = self.find(collection, id_)
        return self if resource is None else self.with_resource(collection, replace(resource, file=None))

    def with_queued(self, webhooks: Iterable[QueuedWebhook]) -> State:
        """The state with webhooks more, the next due first."""
        return replace(self, queued=tuple(sorted((*self.queued, *webhooks), key=attrgetter("due"))))
