"""A thing taken from one state to another by a call, as overlay data says: what it `requires`, what it `set`s.

x-mock: {act: jobs, by: id, requires: status == 'PENDING', set: {status: "'CANCELLED'"}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mockserver.behaviour.calls import Call
from mockserver.behaviour.expressions import Scope
from mockserver.behaviour.lifecycle import ScopeOf
from mockserver.problems import Refused, fault_of
from mockserver.state import Resource, State
from syncdyn.openapi.messages import Json

_CONFLICT = {"status": 409, "message": "this cannot be done in the state that the thing is in"}


def check_requirement(scope_of: ScopeOf, state: State, call: Call, resource: Resource, place: str) -> None:
    """Nothing, or Refused as `otherwise` says (409) where what a call `requires` of its thing does not hold."""
    stated = call.data.get("requires")
    if stated is not None and not _scope(scope_of, state, call, resource, place).evaluate(stated):
        raise Refused(fault_of({**_CONFLICT, **call.data.get("otherwise", {})}))


def with_members(state: State, collection: str, resource: Resource, members: Mapping[str, Json]) -> State:
    """The state in which a thing has these members, and its planned future is over."""
    queued = tuple(one for one in state.queued if (one.collection, one.resource_id) != (collection, resource.id))
    changed = replace(resource, value=members, stages=())
    return replace(state.with_resource(collection, changed), queued=queued)


def set_members(scope_of: ScopeOf, state: State, call: Call, resource: Resource, place: str) -> dict[str, Json] | None:
    """The members of a thing after what a call `set`s; None where it sets nothing."""
    stated = call.data.get("set")
    if stated is None:
        return None
    scope = _scope(scope_of, state, call, resource, place)
    return {**resource.at(call.now), **scope.evaluate_all(stated)}


def _scope(scope_of: ScopeOf, state: State, call: Call, resource: Resource, place: str) -> Scope:
    root = {**resource.at(call.now), "facts": resource.facts, "body": call.body, "query": call.query}
    return scope_of(state, call.now, root, f"{place}/{resource.id}")
