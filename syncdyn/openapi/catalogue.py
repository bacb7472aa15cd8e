"""Every operation of a document: found by key or operationId, told apart by a head, built when asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from syncdyn.openapi.building import build_operation, method_of, operation_at
from syncdyn.openapi.document import Document, child
from syncdyn.openapi.errors import UnknownOperation, UnresolvedReference
from syncdyn.openapi.messages import Json
from syncdyn.openapi.opening.partial import outlines_of
from syncdyn.openapi.opening.spans import LEFT_OUT
from syncdyn.openapi.operations import Operation

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
#: A token, RFC 9110, section 9.1.
_METHOD_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


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
            operation = self._built[key] = _build(self.document, self._places[key])
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
            for key, (_, _, item, steps) in self._places.items():
                operation_id = operation_at(item, steps).get("operationId")
                if isinstance(operation_id, str):
                    found.setdefault(operation_id, key)
            self._keys_by_id = found
        return self._keys_by_id

    @cached_property
    def heads(self) -> Mapping[str, Head]:
        """The head of every operation by key, in document order."""
        return {key: _head(self.document, key, place) for key, place in self._places.items()}

    @cached_property
    def state_security(self) -> bool:
        """Whether any of them has a `security` of its own."""
        return any("security" in operation_at(item, steps) for _, _, item, steps in self._places.values())

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


#: A path, its path item's pointer, the item or its outline, and the steps from there to the operation.
_Place = tuple[str, str, Mapping[str, Json], tuple[str, ...]]


def webhooks(document: Document) -> dict[str, Operation]:
    """The operations of the document's webhooks, by the webhook's name."""
    found: dict[str, Operation] = {}
    for _, place in _places(document, "webhooks"):
        name = place[0]
        found.setdefault(name, _build(document, place))
    return found


def _build(document: Document, place: _Place) -> Operation:
    path, pointer, _, steps = place
    return build_operation(document, path, pointer, document.at(pointer), steps)


def _places(document: Document, member: str) -> Iterator[tuple[str, _Place]]:
    items = document.root.get(member)
    if not isinstance(items, Mapping):
        return
    for path, raw in outlines_of(items).items():
        if not isinstance(raw, Mapping) or path.startswith("x-"):
            continue
        try:
            item, pointer = document.follow(raw, child("#", member, path))
        except UnresolvedReference:
            # One path that cannot be read must not cost the others.
            continue
        if isinstance(item, Mapping):
            # Without its slash a path would go on with the name of the host.
            where = path if path.startswith("/") or member != "paths" else f"/{path}"
            for steps in operation_steps(item):
                yield f"{method_of(steps)} {path}", (where, pointer, item, steps)


def operation_steps(item: Mapping[str, Json]) -> Iterator[tuple[str, ...]]:
    """The steps from a path item to each of its operations, in document order."""
    for member, value in item.items():
        if member in METHODS and isinstance(value, Mapping):
            yield (member,)
        elif member == "additionalOperations" and isinstance(value, Mapping):
            named = ((method, raw) for method, raw in value.items() if _METHOD_NAME.fullmatch(method))
            yield from ((member, method) for method, raw in named if isinstance(raw, Mapping))


def _head(document: Document, key: str, place: _Place) -> Head:
    path, pointer, item, steps = place
    raw = operation_at(item, steps)
    operation_id, tags = raw.get("operationId"), raw.get("tags")
    extensions: Mapping[str, Json] = {name: value for name, value in raw.items() if name.startswith("x-")}
    if LEFT_OUT in raw:
        extensions = _Extensions(extensions, raw[LEFT_OUT], lambda: operation_at(document.at(pointer), steps))
    return Head(
        key,
        method_of(steps),
        path,
        operation_id if isinstance(operation_id, str) and operation_id else None,
        tuple([tag for tag in tags if isinstance(tag, str)]) if isinstance(tags, list) else (),
        extensions,
    )


class _Extensions(Mapping[str, Json]):
    """The extensions of an operation, the long ones read from it when they are asked for."""

    def __init__(
        self, short: Mapping[str, Json], long: Sequence[str], operation: Callable[[], Mapping[str, Json]]
    ) -> None:
        self._short = short
        self._names = dict.fromkeys((*short, *long))
        self._operation = operation

    def __getitem__(self, name: str) -> Json:
        if name not in self._names:
            raise KeyError(name)
        return self._short[name] if name in self._short else self._operation()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
