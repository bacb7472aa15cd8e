"""What operations with behaviour do (`x-mock` on an operation): create, read, list, compute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from mockserver.behaviour import listing
from mockserver.behaviour.expressions import Scope
from mockserver.behaviour.files import tag_of
from mockserver.behaviour.lifecycle import Birth, Nursery, collection_of, safe_name
from mockserver.behaviour.limits import check_plan
from mockserver.behaviour.rules import broken
from mockserver.problems import Refused, fault_of
from mockserver.state import State, StoredFile
from syncdyn.openapi.coding.files import Upload
from syncdyn.openapi.coding.json_text import decode_json
from syncdyn.openapi.messages import Json
from syncdyn.openapi.records import Line, numbered_lines

#: Reads a media file: its duration and the like, as members for expressions; None for what is none.
FactsOf: TypeAlias = Callable[[bytes, str], Mapping[str, Json] | None]
#: A scope at a moment, with names at its root, for the resource at a place (`collection/id`).
ScopeOf: TypeAlias = Callable[[State, float, Mapping[str, Json], str], Scope]


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


@dataclass(frozen=True, slots=True)
class Call:
    """A valid request to an operation with behaviour; `data` is its `x-mock`."""

    data: Mapping[str, Json]
    now: float
    path: Mapping[str, Json]
    query: Mapping[str, Json]
    body: Json
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a call."""

    state: State
    status: int
    body: Json


def act(world: World, state: State, call: Call) -> Done:
    """What comes of a call. Raises Refused when a rule or limit forbids it."""
    for word, action in _ACTIONS.items():
        if word in call.data:
            return action(world, state, call)
    raise ValueError(f"x-mock has none of {', '.join(_ACTIONS)}")


def _create(world: World, state: State, call: Call) -> Done:
    state, body = _store_uploads(world, state, call)
    call = replace(call, body=body)
    scope = world.scope_of(state, call.now, {"body": body}, "")
    _check_rules(world, call, scope)
    shortcut = call.data.get("instead")
    is_short = shortcut is not None and bool(scope.evaluate(shortcut["when"]))
    facts = collection_of(world.collections, call.data["create"]).get("facts", {})
    limits = [limit for limit in call.data.get("limits", ()) if not is_short or limit.get("also-instead")]
    if limits and scope.root.get("plan") is not None:
        check_plan(limits, scope.with_values(facts))
    if shortcut is not None and is_short:
        return Done(state, shortcut["status"], scope.evaluate(shortcut["answer"]))
    birth = Birth(call.data["create"], {"body": body}, call.outcome)
    state, resource = world.nursery.make(state, call.now, birth)
    return Done(state, call.data.get("status", 201), resource.at(call.now))


def _read(world: World, state: State, call: Call) -> Done:
    name = call.data["read"]
    resource = state.find(name, str(call.path[call.data["by"]]))
    if resource is None:
        raise Refused(fault_of(collection_of(world.collections, name)["unknown"]))
    return Done(state, call.data.get("status", 200), resource.at(call.now))


def _list(world: World, state: State, call: Call) -> Done:
    views: list[listing.View] = [resource.at(call.now) for resource in state.all(call.data["list"])]
    views = listing.select(call.data, views, call.query)
    page = call.data.get("page")
    if page is None:
        return Done(state, 200, views)
    shown = listing.page_of(call.data, views, call.query, world.seed)
    return Done(state, 200, {page["items"]: shown.items, page["next"]: shown.next_cursor, page["total"]: shown.total})


def _compute(world: World, state: State, call: Call) -> Done:
    scope = world.scope_of(state, call.now, {"body": call.body, "query": call.query}, "")
    _check_rules(world, call, scope)
    facts = collection_of(world.collections, call.data["facts-of"]).get("facts", {})
    return Done(state, 200, scope.with_values(facts).evaluate(call.data["compute"]))


_ACTIONS: Mapping[str, Callable[[World, State, Call], Done]] = {
    "create": _create,
    "read": _read,
    "list": _list,
    "compute": _compute,
}


def _check_rules(world: World, call: Call, scope: Scope) -> None:
    """Raises Refused for the first rule broken; all further breaches of the same kind are told with it."""
    faults = [fault for name in call.data.get("rules", ()) for fault in broken(world.rules[name], scope)]
    stated = call.data.get("records")
    if stated is not None:
        for number, record in numbered_records(call.body.get(stated["part"])):
            body = replace(scope, root=record).evaluate(stated["body"])
            inner = replace(scope, root={**scope.root, "body": body})
            for name in stated["rules"]:
                faults += broken(world.rules[name], inner, (stated["part"], number, *stated["body"].split(".")))
    if faults:
        same = [fault for fault in faults if (fault.status, fault.code) == (faults[0].status, faults[0].code)]
        messages = tuple(message for fault in same for message in fault.messages)
        violations = tuple(violation for fault in faults for violation in fault.violations)
        raise Refused(replace(faults[0], messages=messages, violations=violations))


def numbered_records(content: Json) -> list[tuple[Line, Json]]:
    """The values of JSON Lines with the numbers of their lines; the content has been checked."""
    if isinstance(content, list):
        return [(Line(number), value) for number, value in enumerate(content, 1)]
    raw = content.content if isinstance(content, Upload) else str(content or "").encode()
    return [(number, decode_json(line)) for number, line in numbered_lines(raw)]


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
    name = safe_name(upload.file_name or upload.name)
    media = world.facts_of(upload.content, name) or {}
    values = {"kind": entry["kind"], "name": name, "size": len(upload.content), "media": media, "uploaded": True}
    content_type = upload.content_type or "application/octet-stream"
    file = StoredFile(name, content_type, upload.content, tag_of(upload.content))
    state, resource = world.nursery.make(state, now, Birth(collection, values, file=file))
    return state.with_content_kept(collection, resource, world.most_stored_bytes), resource.id
