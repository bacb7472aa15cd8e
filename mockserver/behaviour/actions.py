"""What an operation's `x-mock` has done to the state: its action, with the rules, limits and uploads before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from mockserver.behaviour import listing
from mockserver.behaviour.accidents import ACCIDENTS
from mockserver.behaviour.calls import Call, Done
from mockserver.behaviour.deeds import Deeds
from mockserver.behaviour.files import file_of
from mockserver.behaviour.forms import success_status
from mockserver.behaviour.inference import ACTIONS
from mockserver.behaviour.lifecycle import Birth, Nursery, ScopeOf, collection_of
from mockserver.behaviour.limits import check_plan
from mockserver.behaviour.rules import check_rules
from mockserver.behaviour.transitions import check_requirement, set_members, with_members
from mockserver.problems import Refused, fault_of
from mockserver.state import Resource, State
from syncdyn.openapi.coding.files import Upload
from syncdyn.openapi.errors import MISSING, DocumentError
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import Operation

#: Reads a media file: its duration and the like, as members for expressions; None for what is none.
FactsOf: TypeAlias = Callable[[bytes, str], Mapping[str, Json] | None]

_EMPTY: Mapping[str, Json] = {}
_STATUSES = range(100, 600)
#: Words of `x-mock` that have something done before a thing is made.
_BEFORE_CREATING = frozenset({"uploads", "rules", "records", "instead", "limits"})
#: What of an operation's data is asked of the request.
_RULED = frozenset({"rules", "records"})
#: Actions that check the rules themselves: after their uploads are kept, or beside their facts.
_WITH_OWN_RULES = frozenset({"create", "compute"})
_UNKNOWN = {"status": 404, "message": "there is no such thing"}


@dataclass(frozen=True, slots=True)
class World:
    """What all actions share: the document's data, and how to make things."""

    collections: Mapping[str, Mapping[str, Json]]
    rules: Mapping[str, Json]
    nursery: Nursery
    scope_of: ScopeOf
    facts_of: FactsOf
    seed: int
    most_stored_bytes: int
    deeds: Deeds
    #: Raises DocumentError for the mistakes, if any, in the data of an operation and of the whole document.
    tell_mistakes: Callable[[Operation], None]


def act(world: World, state: State, call: Call) -> Done:
    """What comes of a call.

    Raises Refused when a rule or limit forbids it, DocumentError where the data is not as it is to be.
    """
    try:
        done = _act_on(world, state, call)
    except Refused as refusal:
        _check_status(world, call, refusal.fault.status)
        raise
    except ACCIDENTS:
        world.tell_mistakes(call.operation)
        raise
    _check_status(world, call, done.status)
    return done


def _check_status(world: World, call: Call, status: Json) -> None:
    if type(status) is not int or status not in _STATUSES:
        world.tell_mistakes(call.operation)


def _act_on(world: World, state: State, call: Call) -> Done:
    for word in ACTIONS:
        if word in call.data:
            break
    else:
        raise DocumentError(f"x-mock of {call.operation.key} has none of {', '.join(ACTIONS)}")
    if word in _WITH_OWN_RULES:
        return _ACTIONS[word](world, state, call)
    if not _RULED.isdisjoint(call.data):
        check_rules(world.rules, call, world.scope_of(state, call.now, {"body": call.body, "query": call.query}, ""))
    if str(call.data[word]).startswith("/"):
        return _by_schema(world, state, call, word)
    return _ACTIONS[word](world, state, call)


def _by_schema(world: World, state: State, call: Call, word: str) -> Done:
    """What comes of a call to a collection at a path, whose things the document's schemas make."""
    if word not in _DEEDS:
        raise DocumentError(f"x-mock of {call.operation.key}: {word} is not for the collection at a path")
    done = _DEEDS[word](world.deeds, state, call)
    return Done(done.state, done.status, done.body, done.headers, has_all_fields=True, is_given=done.is_given)


def _create(world: World, state: State, call: Call) -> Done:
    name = call.data["create"]
    is_by_schema = name.startswith("/")
    if is_by_schema and call.data.keys().isdisjoint(_BEFORE_CREATING):
        return _by_schema(world, state, call, "create")
    state, body = _store_uploads(world, state, call)
    call = call._replace(body=body)
    scope = world.scope_of(state, call.now, {"body": body}, "")
    check_rules(world.rules, call, scope)
    shortcut = call.data.get("instead")
    is_short = shortcut is not None and bool(scope.evaluate(shortcut["when"]))
    facts = (_EMPTY if is_by_schema else collection_of(world.collections, name)).get("facts", {})
    limits = [limit for limit in call.data.get("limits", ()) if not is_short or limit.get("also-instead")]
    if limits and scope.root.get("plan") is not None:
        check_plan(limits, scope.with_values(facts))
    if shortcut is not None and is_short:
        return Done(state, shortcut["status"], scope.evaluate(shortcut["answer"]))
    if is_by_schema:
        return _by_schema(world, state, call, "create")
    birth = Birth(name, {"body": body}, call.outcome)
    state, resource = world.nursery.make(state, call.now, birth)
    return Done(state, call.data.get("status", 201), resource.at(call.now))


def _found(world: World, state: State, call: Call, name: str) -> Resource:
    resource = state.find(name, str(call.path[call.data["by"]]))
    if resource is None:
        raise Refused(fault_of(collection_of(world.collections, name).get("unknown", _UNKNOWN)))
    check_requirement(world.scope_of, state, call, resource, name)
    return resource


def _read(world: World, state: State, call: Call) -> Done:
    resource = _found(world, state, call, call.data["read"])
    return Done(state, call.data.get("status", 200), resource.at(call.now), is_given=resource.is_given)


def _update(world: World, state: State, call: Call, word: str = "update") -> Done:
    """A resource with the members of the body that it has, or with what `set` says."""
    name = call.data[word]
    resource = _found(world, state, call, name)
    view = resource.at(call.now)
    stated = call.body if isinstance(call.body, Mapping) and word != "act" else _EMPTY
    members = set_members(world.scope_of, state, call, resource, name)
    members = members or {**view, **{member: value for member, value in stated.items() if member in view}}
    state = with_members(state, name, resource, members) if members != view else state
    status = call.data.get("status") or success_status(call.operation)
    return Done(state, status, members, is_given=resource.is_given)


def _act(world: World, state: State, call: Call) -> Done:
    return _update(world, state, call, "act")


def _upsert(world: World, state: State, call: Call) -> Done:
    name = call.data["upsert"]
    id_ = str(call.path[call.data["by"]])
    if state.find(name, id_) is not None:
        return _update(world, state, call, "upsert")
    state, resource = world.nursery.make(state, call.now, Birth(name, {"body": call.body}, call.outcome, id=id_))
    status = call.data.get("status") or success_status(call.operation, (201, 200, 204))
    return Done(state, status, resource.at(call.now))


def _delete(world: World, state: State, call: Call) -> Done:
    name = call.data["delete"]
    resource = _found(world, state, call, name)
    scope = world.scope_of(state, call.now, resource.at(call.now), f"{name}/{resource.id}")
    told = scope.evaluate(call.data["answer"]) if "answer" in call.data else MISSING
    status = call.data.get("status") or success_status(call.operation)
    return Done(state.without(name, resource.id, call.now), status, told, is_given=resource.is_given)


def _list(world: World, state: State, call: Call) -> Done:
    resources = state.all(call.data["list"])
    is_given = any(resource.is_given for resource in resources)
    views: list[listing.View] = [resource.at(call.now) for resource in resources]
    views = listing.select(call.data, views, call.query)
    page = call.data.get("page")
    if page is None:
        return Done(state, 200, views, is_given=is_given)
    shown = listing.page_of(call.data, views, call.query, world.seed)
    told = (("items", shown.items), ("next", shown.next_cursor), ("total", shown.total))
    body = {str(page[word]): value for word, value in told}
    return Done(state, 200, body, is_given=is_given)


def _compute(world: World, state: State, call: Call) -> Done:
    scope = world.scope_of(state, call.now, {"body": call.body, "query": call.query}, "")
    check_rules(world.rules, call, scope)
    facts = collection_of(world.collections, call.data["facts-of"]).get("facts", {})
    return Done(state, 200, scope.with_values(facts).evaluate(call.data["compute"]))


_ACTIONS: Mapping[str, Callable[[World, State, Call], Done]] = {
    "create": _create,
    "read": _read,
    "list": _list,
    "compute": _compute,
    "update": _update,
    "upsert": _upsert,
    "delete": _delete,
    "act": _act,
}

#: The same for collections at a path.
_DEEDS: Mapping[str, Callable[[Deeds, State, Call], Done]] = {
    "create": Deeds.create,
    "read": Deeds.read,
    "list": Deeds.list,
    "update": Deeds.update,
    "upsert": Deeds.upsert,
    "delete": Deeds.delete,
    "act": Deeds.act,
}


def _store_uploads(world: World, state: State, call: Call) -> tuple[State, Json]:
    """The state with each uploaded file as a resource, and the body that refers to them in their place.

    `uploads` says for each part: the `collection`, the `item` that stands for it, in which list (`into`), the
    member of it that holds the id (`reference`), and which member tells kinds apart (`kind`): of the same kind,
    the file wins.
    """
    stated = call.data.get("uploads")
    if stated is None or not isinstance(call.body, Mapping):
        return state, call.body
    body = dict(call.body)
    items: list[Json] = []
    for part, entry in stated["parts"].items():
        upload = body.pop(part, None)
        if isinstance(upload, Upload):
            state, id_ = _store(world, state, call.now, stated["collection"], entry, upload)
            items.append({**entry["item"], stated["reference"]: id_})
    if not items:
        return state, body
    kinds = {item[stated["kind"]] for item in items}
    others = [item for item in body.get(stated["into"]) or () if item.get(stated["kind"]) not in kinds]
    body[stated["into"]] = [*items, *others]
    return state, body


def _store(
    world: World, state: State, now: float, collection: str, entry: Mapping[str, Json], upload: Upload
) -> tuple[State, str]:
    file = file_of(upload)
    media = world.facts_of(upload.content, file.name) or {}
    values = {"kind": entry["kind"], "name": file.name, "size": len(upload.content), "media": media, "uploaded": True}
    state, resource = world.nursery.make(state, now, Birth(collection, values, file=file))
    return state.with_content_kept(collection, resource, world.most_stored_bytes), resource.id
