"""The resources that the mock remembers: seen, put, deleted, taken out and put back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from mockserver.behaviour.inference import Inference
from mockserver.behaviour.paths import form_of_path, parent_of
from mockserver.control.seeing import Asked, Refusal, Seen, Told
from mockserver.state import Resource, State
from mockserver.tables import Table
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.hints import hint_clause
from syncdyn.openapi.messages import Json
from syncdyn.openapi.moments import moment_text
from syncdyn.openapi.operations import Operation
from syncdyn.openapi.routing import Router
from syncdyn.openapi.schemas.normalise import Direction

_OK, _CREATED, _NO_CONTENT, _NOT_FOUND = 200, 201, 204, 404
_MOST_TOLD = 20


def read_state(seen: Seen, _asked: Asked) -> Told:
    """All resources as they are now, by collection and id, oldest first."""
    collections = {name: _views(seen, name) for name in seen.state.collections}
    return Told({"now": moment_text(seen.now), "collections": collections})


def read_collection(seen: Seen, asked: Asked) -> Told:
    """The resources of one collection, by id."""
    return Told(_views(seen, _collection(seen, asked)))


def read_resource(seen: Seen, asked: Asked) -> Told:
    """One resource."""
    return Told(_found(seen, asked)[1].at(seen.now))


def put_resource(seen: Seen, asked: Asked) -> Told:
    """The resource, which stays as it is given from now on, and where it is not as the document says."""
    name, id_ = _collection(seen, asked), asked.path["id"]
    before = seen.state.find(name, id_)
    state = _with(seen.state, name, id_, asked.body, seen.now)
    warnings = _mistakes(seen.contract, name, id_, asked.body, *_shown_as(seen.contract, name))
    told = {"resource": asked.body, "warnings": warnings}
    return Told(told, status=_OK if before else _CREATED, state=state)


def delete_resource(seen: Seen, asked: Asked) -> Told:
    """Nothing; the resource is gone."""
    name, resource = _found(seen, asked)
    return Told(status=_NO_CONTENT, state=seen.state.without(name, resource.id, seen.now))


def import_state(seen: Seen, asked: Asked) -> Told:
    """How many resources there are now, which stay as they are given, and where they are not as the document says."""
    state = replace(seen.state, collections={}, gone=Table())
    warnings: list[str] = []
    for given, resources in asked.body["collections"].items():
        name = _named(seen, given)
        shown_as = _shown_as(seen.contract, name)
        for id_, value in resources.items():
            state = _with(state, name, id_, value, seen.now)
            warnings += _mistakes(seen.contract, name, id_, value, *shown_as)
    count = sum(map(len, state.collections.values()))
    return Told({"resources": count, "warnings": warnings}, state=state)


def _views(seen: Seen, name: str) -> dict[str, Json]:
    return {each.id: each.at(seen.now) for each in seen.state.all(name)}


def _found(seen: Seen, asked: Asked) -> tuple[str, Resource]:
    name, id_ = _collection(seen, asked), asked.path["id"]
    resource = seen.state.find(name, id_)
    if resource is None:
        near = hint_clause(id_, [each.id for each in seen.state.all(name)])
        raise Refusal(_NOT_FOUND, f"{name} has no resource {id_!r}{near}")
    return name, resource


def _collection(seen: Seen, asked: Asked) -> str:
    return _named(seen, asked.path["collection"])


def _named(seen: Seen, given: str) -> str:
    """The name of a collection; one that is a path may be given without its first slash."""
    stated = seen.contract.extension("x-mock-collections") or {}
    below = given if given.startswith("/") else f"/{given}"
    for name in (given, below):
        if name in stated or name in seen.state.collections:
            return name
    if _reading(seen.contract, below) is not None:
        return below
    known = list(dict.fromkeys([*stated, *seen.state.collections, *_collection_paths(seen.contract)]))
    there_are = f"there are {', '.join(known[:_MOST_TOLD])}" if known else "the document has none"
    raise Refusal(_NOT_FOUND, f"no collection {given!r}{hint_clause(given, known)}; {there_are}")


def _collection_paths(contract: Contract) -> list[str]:
    paths = [each.path.rpartition("/") for each in contract.operations.values()]
    return [collection for collection, _, last in paths if collection and last.startswith("{")]


def _with(state: State, name: str, id_: str, value: Mapping[str, Json], now: float) -> State:
    before = state.find(name, id_)
    number, created = (before.number, before.created) if before else (state.count + 1, now)
    changed = state.with_resource(name, Resource(id_, number, created, dict(value), is_given=True))
    return replace(changed, gone=changed.gone.without(f"{name}/{id_}"))


def misfits(contract: Contract, state: State, now: float) -> Iterator[str]:
    """Where resources are no longer as the document says, since it has changed; but for those put by hand."""
    for name in state.collections:
        schema, _ = _shown_as(contract, name)
        if schema is None:
            continue
        is_valid = contract.schemas.validator(schema, Direction.ANSWER).is_valid
        for resource in state.all(name):
            value = resource.at(now)
            if not resource.is_given and not is_valid(value):
                yield from _mistakes(contract, name, resource.id, value, schema, None)


def _mistakes(
    contract: Contract, name: str, id_: str, value: Mapping[str, Json], schema: str | None, member: str | None
) -> list[str]:
    """Where a resource is not as the document says: its schema and the member with its id, None where not known."""
    found = contract.schemas.violations(schema, value, Direction.RESPONSE, "body") if schema else ()
    told = [f"{name}/{id_}: {each}" for each in found]
    if member is not None and str(value.get(member, id_)) != id_:
        told.append(f"{name}/{id_}: body.{member}: it is {value[member]!r}, though the id is {id_!r}")
    return told


def _shown_as(contract: Contract, name: str) -> tuple[str | None, str | None]:
    """The schema by which a resource of a collection is shown, and the member with its id; None where none is known."""
    operation = _reading(contract, name)
    if operation is None:
        return None, None
    if name.startswith("/"):
        stated = contract.extension("x-mock-collections") or {}
        kind = Inference(contract, stated).kinds.at(parent_of(form_of_path(operation.path)))
        return (kind.shown.thing.pointer, kind.id) if kind and kind.shown else (None, None)
    promise = operation.promise_for(_OK)
    return next((each.schema for each in promise.content if each.schema), None) if promise else None, "id"


def _reading(contract: Contract, name: str) -> Operation | None:
    """The operation that reads a resource: what the document says reads the collection, else what is at its path."""
    if not name.startswith("/"):
        operations = contract.operations.values()
        return next((each for each in operations if each.extensions.get("x-mock", {}).get("read") == name), None)
    route = Router(contract.operations).find(f"{name}/id")
    keys = [route.target(method) for method in ("GET", *route.targets)] if route else []
    return next((contract.operations[target[0]] for target in keys if target), None)
