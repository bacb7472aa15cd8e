"""What an operation does to the things of its document, inferred from paths and methods, in the terms of `x-mock`.

`POST /pets` beside `/pets/{id}` is `{"create": "/pets"}`, `GET /pets/{id}` is `{"read": "/pets", "by": "id"}`. What an
overlay states of an operation goes before; `x-mock-state: false` on the document, a path or an operation leaves it to
the document's examples alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.behaviour.forms import fields_overlap, is_alike, list_form_of
from mockserver.behaviour.intakes import writable_of
from mockserver.behaviour.kinds import Kind, Kinds
from mockserver.behaviour.list_terms import list_terms
from mockserver.behaviour.paths import Paths, form_of_path, is_item, item_forms, last_word, names_of, parent_of
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import OBJECT, Json
from syncdyn.openapi.operations import Operation

#: The words of `x-mock` of which an operation has one.
ACTIONS = ("create", "read", "list", "update", "upsert", "delete", "act", "compute")
_ON_ITEM: Mapping[str, Mapping[str, Json]] = {
    "GET": {"word": "read"},
    "PUT": {"word": "update", "how": "replace"},
    "PATCH": {"word": "update", "how": "merge"},
    "POST": {"word": "update", "how": "merge"},
    "DELETE": {"word": "delete"},
}
_ON_SINGLE: Mapping[str, Mapping[str, Json]] = {
    "GET": {"word": "read"},
    "PUT": {"word": "upsert", "how": "replace"},
    "PATCH": {"word": "upsert", "how": "merge"},
    "POST": {"word": "upsert", "how": "merge"},
    "DELETE": {"word": "delete"},
}


class Inference:
    """Tells of each operation what it does; looks at no more of the document than that takes."""

    def __init__(self, contract: Contract, collections: Mapping[str, Mapping[str, Json]]) -> None:
        self._contract = contract
        self.paths = Paths(contract.operations)
        self._is_alive = any("outcomes" in data for data in collections.values())
        self.kinds = Kinds(contract, self.paths, collections)

    def behaviour(self, operation: Operation) -> Mapping[str, Json] | None:
        """What an operation does: as its overlay states, else as inferred; None where it does nothing."""
        stated = operation.extensions.get("x-mock")
        stated = stated if isinstance(stated, Mapping) else {}
        if any(word in stated for word in ACTIONS):
            return stated
        inferred = None if self._is_off(operation) else self._inferred(operation)
        return {**inferred, **self._stillness(operation), **stated} if inferred else None

    def _stillness(self, operation: Operation) -> Mapping[str, Json]:
        """Marks what hangs on the state alone: what is read lies still where no collection has a life of its own."""
        return {"is-still": True} if operation.method == "GET" and not self._is_alive else {}

    def _is_off(self, operation: Operation) -> bool:
        head = self._contract.operations.heads.get(operation.key)
        item = head.document.at(head.pointer) if head else None
        stated = (operation.extensions, item if isinstance(item, OBJECT) else {}, self._contract.document.root)
        return next((one["x-mock-state"] is False for one in stated if "x-mock-state" in one), False)

    def _inferred(self, operation: Operation) -> Mapping[str, Json] | None:
        form = form_of_path(operation.path)
        if form not in self.paths:
            return None
        found = self._on_item(operation, form) if is_item(form) else self._on_concrete(operation, form)
        return found or self._below(operation, form)

    def _on_item(self, operation: Operation, form: str) -> Mapping[str, Json] | None:
        kind = self.kinds.at(parent_of(form))
        if kind is None or operation.method not in _ON_ITEM:
            return None
        terms = dict(_ON_ITEM[operation.method])
        word = terms.pop("word")
        if operation.method == "PUT" and "POST" not in self.paths.at(parent_of(form)):
            word = "upsert"
        return {word: kind.name, "by": names_of(operation.path)[-1], **terms}

    def _on_concrete(self, operation: Operation, form: str) -> Mapping[str, Json] | None:
        kind = self.kinds.at(form)
        if kind is not None:
            return self._on_collection(operation, kind)
        beside = self.kinds.at(parent_of(form))
        if beside is not None and (found := self._on_sibling(operation, beside)):
            return found
        single = self.kinds.single(form)
        if single is None or operation.method not in _ON_SINGLE:
            return None
        terms = dict(_ON_SINGLE[operation.method])
        return {terms.pop("word"): single.name, "single": True, **terms}

    def _on_collection(self, operation: Operation, kind: Kind) -> Mapping[str, Json] | None:
        if operation.method == "GET":
            return self._list(operation, kind)
        if operation.method == "POST":
            return {"create": kind.name}
        if operation.method in ("PUT", "PATCH") and self._states_id(operation, kind):
            return {"update": kind.name, "by-member": kind.id, "how": _ON_ITEM[operation.method]["how"]}
        return None

    def _states_id(self, operation: Operation, kind: Kind) -> bool:
        """Whether the body says which thing is meant."""
        return kind.shown is not None and kind.id in writable_of(self._contract, operation, kind.shown.thing)

    def _on_sibling(self, operation: Operation, kind: Kind) -> Mapping[str, Json] | None:
        """`GET /pets/findByStatus` lists, `POST /pets/createWithList` creates what `/pets/{id}` reads."""
        if kind.shown is None:
            return None
        if operation.method == "GET":
            form = list_form_of(self._contract, operation, last_word(kind.form))
            is_same = form is not None and fields_overlap(form.thing, kind.shown.thing) == 1.0
            return self._list(operation, kind) if is_same else None
        bodies = [self._contract.shape(one.schema) for one in operation.media_types]
        items = [one.items for one in bodies if one is not None and "array" in one.types and one.items is not None]
        if operation.method == "POST" and any(is_alike(one, kind.shown.thing) for one in items):
            return {"create": kind.name}
        return None

    def _list(self, operation: Operation, kind: Kind) -> Mapping[str, Json] | None:
        form = list_form_of(self._contract, operation, last_word(kind.form))
        if form is None:
            return None
        return {"list": kind.name, **list_terms(self._contract, operation, form)}

    def _below(self, operation: Operation, form: str) -> Mapping[str, Json] | None:
        """What stands below a thing is there as long as the thing is."""
        owners = [(place, self.kinds.at(parent_of(place))) for place in item_forms(f"{form}/")]
        known = [(place, kind) for place, kind in owners if kind is not None]
        if not known:
            return None
        place, kind = known[-1]
        return {"act": kind.name, "by": names_of(operation.path)[place.count("{}") - 1]}
