"""Every operation of a document: found by key or operationId, told apart by a head, built when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from syncdyn.openapi.building import build_operation
from syncdyn.openapi.document import Document, child
from syncdyn.openapi.errors import UnknownOperation, UnresolvedReference
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import Operation

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


@dataclass(frozen=True, slots=True)
class Head:
    """What names an operation; cheap to have for all of them. `extensions` are its `x-` members."""

    key: str
    method: str
    path: str
    id: str | None
    tags: tuple[str, ...]
    extensions: Mapping[str, Json]


class Operations(Mapping[str, Operation]):
    """Every operation of a document by key, in document order; each is built when first asked for.

    An operationId, or a key in any case (`get /pets`), finds it as well.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self._places = dict(_places(document, "paths"))
        self._keys_by_id: dict[str, str] | None = None
        self._built: dict[str, Operation] = {}

    def __getitem__(self, name: str) -> Operation:
        if name in self._built:
            return self._built[name]
        key = self._key_of(name)
        operation = self._built.get(key)
        if operation is None:
            operation = self._built[key] = build_operation(self.document, *self._places[key])
        return operation

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in self._places or name in self.ids)

    @property
    def ids(self) -> Mapping[str, str]:
        """The keys by operationId; of a repeated operationId the first operation counts."""
        if self._keys_by_id is None:
            found: dict[str, str] = {}
            for key, (_, _, item, method) in self._places.items():
                operation_id = item[method].get("operationId")
                if isinstance(operation_id, str):
                    found.setdefault(operation_id, key)
            self._keys_by_id = found
        return self._keys_by_id

    @cached_property
    def heads(self) -> Mapping[str, Head]:
        """The head of every operation by key, in document order."""
        return {key: _head(key, path, item[method], method) for key, (path, _, item, method) in self._places.items()}

    def _key_of(self, name: str) -> str:
        if name in self._places:
            return name
        if name in self.ids:
            return self.ids[name]
        method, _, path = name.partition(" ")
        key = f"{method.upper()} {path}"
        if key in self._places:
            return key
        close = get_close_matches(name, [*self.ids, *self._places], n=3)
        hint = f"; did you mean {' or '.join(map(repr, close))}?" if close else ""
        raise UnknownOperation(f"{self.document.origin} has no operation {name!r}{hint}")


_Place = tuple[str, str, Mapping[str, Json], str]


def webhooks(document: Document) -> dict[str, Operation]:
    """The operations of the document's webhooks, by the webhook's name."""
    found: dict[str, Operation] = {}
    for _, place in _places(document, "webhooks"):
        name = place[0]
        found.setdefault(name, build_operation(document, *place))
    return found


def _places(document: Document, member: str) -> Iterator[tuple[str, _Place]]:
    items = document.root.get(member)
    if not isinstance(items, Mapping):
        return
    for path, raw in items.items():
        if not isinstance(raw, Mapping):
            continue
        try:
            item, pointer = document.follow(raw, child("#", member, path))
        except UnresolvedReference:
            # One path that cannot be read must not cost the others.
            continue
        for method in item if isinstance(item, Mapping) and not path.startswith("x-") else ():
            if method in METHODS and isinstance(item[method], Mapping):
                yield f"{method.upper()} {path}", (path, pointer, item, method)


def _head(key: str, path: str, raw: Mapping[str, Json], method: str) -> Head:
    operation_id, tags = raw.get("operationId"), raw.get("tags")
    return Head(
        key,
        method.upper(),
        path,
        operation_id if isinstance(operation_id, str) and operation_id else None,
        tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        {name: value for name, value in raw.items() if name.startswith("x-")},
    )
