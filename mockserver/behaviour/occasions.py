"""What happened to things between two states, or will happen by their stages: the occasions for webhooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from mockserver.state import Resource, State
from mockserver.tables import Table
from syncdyn.openapi.messages import Json

CREATED, CHANGED, DELETED = "created", "changed", "deleted"


@dataclass(frozen=True, slots=True)
class Occasion:
    """A thing was created, changed or deleted `at` a moment; `view` is how it is seen then, `before` how it was.

    `stage` is the moment of the stage by which it changes, None where a request changed it; `is_last` says that no
    stage follows.
    """

    kind: str
    collection: str
    id: str
    at: float
    view: Mapping[str, Json]
    before: Mapping[str, Json]
    stage: float | None = None
    is_last: bool = False

    @property
    def news(self) -> dict[str, Json]:
        """The members that are not as they were."""
        return {name: value for name, value in self.view.items() if self.before.get(name) != value}


def occasions(before: State, after: State, now: float) -> Iterator[Occasion]:
    """What happened from one state to another, and what will by the stages that are new; in the order of time."""
    found = [
        occasion
        for name, table in after.collections.items()
        for id_, resource in table.changes_since(before.collections.get(name, Table()))
        for occasion in _of_one(name, before.find(name, id_), resource, now)
    ]
    # What changed comes in no order of its own.
    return iter(sorted(found, key=lambda one: (one.at, one.kind, one.collection, one.id)))


def _of_one(collection: str, old: Resource | None, new: Resource | None, now: float) -> Iterator[Occasion]:
    if new is None:
        if old is not None:
            yield Occasion(DELETED, collection, old.id, now, old.at(now), old.at(now))
        return
    view = new.at(now)
    seen = old.at(now) if old else {}
    if old is None or view != seen:
        yield Occasion(CHANGED if old else CREATED, collection, new.id, now, view, seen)
    if old is None or old.stages != new.stages:
        yield from _to_come(collection, new, now)


def _to_come(collection: str, resource: Resource, now: float) -> Iterator[Occasion]:
    moments = [now, *(stage.at for stage in resource.stages if stage.at > now)]
    for earlier, at in pairwise(moments):
        view, seen = resource.at(at), resource.at(earlier)
        yield Occasion(CHANGED, collection, resource.id, at, view, seen, at, is_last=at == moments[-1])
