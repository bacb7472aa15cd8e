"""Every operation of a document: found by key or operationId, told apart by a head, built when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from syncdyn.openapi.building import build_operation, method_of, operation_at
from syncdyn.openapi.document import Document, child
from syncdyn.openapi.errors import UnknownOperation, UnresolvedReference
from syncdyn.openapi.hints import hint_clause, quoted
from syncdyn.openapi.messages import OBJECT, TOKEN, Json
from syncdyn.openapi.opening.partial import outlines_of
from syncdyn.openapi.opening.spans import LEFT_OUT
from syncdyn.openapi.operations import Operation

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


class Head(NamedTuple):
    """What names an operation, read when it is asked for: cheap to have for all of them.

    `raw` is the operation or its outline; it stands at `steps` from the path item at `pointer`.
    """

    key: str
    path: str
    document: Document
    pointer: str
    steps: tuple[str, ...]
    raw: Mapping[str, Json]

    @property
    def method(self) -> str:
        return method_of(self.steps)

    @property
    def id(self) -> str | None:
        stated = self.raw.get("operationId")
        return stated if isinstance(stated, str) and stated else None

    @property
    def tags(self) -> tuple[str, ...]:
        stated = self.raw.get("tags")
        return tuple([tag for tag in stated if isinstance(tag, str)]) if isinstance(stated, list) else ()

    @property
    def extensions(self) -> Mapping[str, Json]:
        """Its `x-` members."""
        short = {name: value for name, value in self.raw.items() if name.startswith("x-")}
        return _Extensions(short, self) if LEFT_OUT in self.raw else short

    def states(self, extensions: frozenset[str]) -> bool:
        """Whether it has any of these extensions."""
        return not (extensions.isdisjoint(self.raw) and extensions.isdisjoint(self.raw.get(LEFT_OUT, ())))


class Operations(Mapping[str, Operation]):
    """Every operation of a document by key, in document order; each is built when first asked for.

    An operationId, or a key in any case (`get /pets`), finds it as well.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        #: What names each, by key, in document order.
        self.heads: Mapping[str, Head] = {head.key: head for head in _heads(document, "paths")}
        self._keys_by_id: dict[str, str] | None = None
        self._built: dict[str, Operation] = {}

    def __getitem__(self, name: str) -> Operation:
        if name in self._built:
            return self._built[name]
        key = self._key_of(name)
        operation = self._built.get(key)
        if operation is None:
            operation = self._built[key] = _build(self.heads[key])
        return operation

    def __iter__(self) -> Iterator[str]:
        return iter(self.heads)

    def __len__(self) -> int:
        return len(self.heads)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in self.heads or name in self.ids)

    @property
    def ids(self) -> Mapping[str, str]:
        """The keys by operationId; of a repeated operationId the first operation counts."""
        if self._keys_by_id is None:
            found: dict[str, str] = {}
            for key, head in self.heads.items():
                operation_id = head.raw.get("operationId")
                if isinstance(operation_id, str):
                    found.setdefault(operation_id, key)
            self._keys_by_id = found
        return self._keys_by_id

    @cached_property
    def state_security(self) -> bool:
        """Whether any of them has a `security` of its own."""
        return any("security" in head.raw for head in self.heads.values())

    def _key_of(self, name: str) -> str:
        if name in self.heads:
            return name
        if name in self.ids:
            return self.ids[name]
        method, _, path = name.partition(" ")
        key = f"{method.upper()} {path}"
        if key in self.heads:
            return key
        there = [head.method for head in self.heads.values() if path and head.path == path]
        told = f"; {path} has {', '.join(there)}" if there else hint_clause(name, (*self.ids, *self.heads), 3)
        raise UnknownOperation(f"{self.document.origin} has no operation {quoted(name)}{told}")


def webhooks(document: Document) -> dict[str, Operation]:
    """The operations of the document's webhooks, by the webhook's name."""
    found: dict[str, Operation] = {}
    for head in _heads(document, "webhooks"):
        found.setdefault(head.path, _build(head))
    return found


class Callback(NamedTuple):
    """A callback of an operation: what is sent, and where to, as a text with runtime expressions."""

    name: str
    expression: str
    operation: Operation


def callbacks(document: Document, operation: Operation) -> Iterator[Callback]:
    """The callbacks of an operation, in document order. Source: OpenAPI 3.1, Callback Object."""
    stated = operation_at(document.at(operation.pointer), ()).get("callbacks")
    for name, entry in stated.items() if isinstance(stated, OBJECT) else ():
        try:
            callback, pointer = document.follow(entry, child(operation.pointer, "callbacks", name))
            for expression, item in callback.items() if isinstance(callback, OBJECT) else ():
                yield from _callbacks_at(document, name, expression, *document.follow(item, child(pointer, expression)))
        except UnresolvedReference:
            # One that cannot be read must not cost the others.
            continue


def _callbacks_at(document: Document, name: str, expression: str, item: Json, pointer: str) -> Iterator[Callback]:
    if isinstance(item, OBJECT) and not expression.startswith("x-"):
        for steps in operation_steps(item):
            yield Callback(name, expression, build_operation(document, expression, pointer, item, steps))


def _build(head: Head) -> Operation:
    item = head.document.at(head.pointer)
    return build_operation(head.document, head.path, head.pointer, item, head.steps)


def _heads(document: Document, member: str) -> Iterator[Head]:
    items = document.root.get(member)
    if not isinstance(items, OBJECT):
        return
    base = child("#", member)
    for path, raw in outlines_of(items).items():
        if not isinstance(raw, OBJECT) or path.startswith("x-"):
            continue
        try:
            item, pointer = document.follow(raw, child(base, path))
        except UnresolvedReference:
            # One path that cannot be read must not cost the others.
            continue
        if isinstance(item, OBJECT):
            # Without its slash a path would go on with the name of the host.
            where = path if path.startswith("/") or member != "paths" else f"/{path}"
            for steps in operation_steps(item):
                key = f"{method_of(steps)} {path}"
                yield Head(key, where, document, pointer, steps, operation_at(item, steps))


def operation_steps(item: Mapping[str, Json]) -> Iterator[tuple[str, ...]]:
    """The steps from a path item to each of its operations, in document order."""
    for member, value in item.items():
        if member in METHODS and isinstance(value, OBJECT):
            yield (member,)
        elif member == "additionalOperations" and isinstance(value, OBJECT):
            named = ((method, raw) for method, raw in value.items() if TOKEN.fullmatch(method))
            yield from ((member, method) for method, raw in named if isinstance(raw, OBJECT))


class _Extensions(Mapping[str, Json]):
    """The extensions of an operation, the long ones read from it when they are asked for."""

    def __init__(self, short: Mapping[str, Json], head: Head) -> None:
        self._short = short
        self._long: Sequence[str] = head.raw[LEFT_OUT]
        self._head = head

    def __getitem__(self, name: str) -> Json:
        if name not in self._long:
            return self._short[name]
        head = self._head
        return operation_at(head.document.at(head.pointer), head.steps)[name]

    def __contains__(self, name: object) -> bool:
        return name in self._short or name in self._long

    def __iter__(self) -> Iterator[str]:
        return chain(self._short, self._long)

    def __len__(self) -> int:
        return len(self._short) + len(self._long)
