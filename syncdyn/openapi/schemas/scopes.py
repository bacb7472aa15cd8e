"""Which schema a `$dynamicRef` means: of those with its anchor, the outermost that evaluation has come through.

A schema that is reached in two ways may mean two things, so it is named by its pointer and its scope.
Source: JSON Schema 2020-12 core, section 8.2.3.2; 2019-09 core, section 8.2.4.2 (`$recursiveRef`).
"""

from __future__ import annotations

from collections.abc import Mapping

from syncdyn.openapi.document import Document, child
from syncdyn.openapi.errors import UnresolvedReference
from syncdyn.openapi.messages import OBJECT, Json
from syncdyn.openapi.schemas.dialects import component_of

#: What each anchor means so far: names and pointers, by name.
Scope = tuple[tuple[str, str], ...]
#: The name under which `$recursiveAnchor: true` stands in a scope.
_RECURSIVE = "#"


class Scopes:
    """The dynamic anchors of one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._anchors: dict[str, Mapping[str, str]] = {}

    def entered(self, scope: Scope, pointer: str) -> Scope:
        """The scope inside the schema at a pointer, for evaluation that comes from one; what is outside wins."""
        return tuple(sorted({**self.anchors(self.resource(pointer)), **dict(scope)}.items()))

    def resource(self, pointer: str) -> str:
        """The schema that `#` means inside the schema at a pointer: the nearest with an `$id`, else the component."""
        component = component_of(pointer)
        place = pointer
        while place != component:
            if _has_identity(self.document.at(place)):
                return place
            place = place.rpartition("/")[0]
        return component

    def anchors(self, resource: str) -> Mapping[str, str]:
        """The pointers of a resource's dynamic anchors by name, without those of resources within."""
        found = self._anchors.get(resource)
        if found is None:
            found = self._anchors[resource] = self._find(resource)
        return found

    def meant(self, scope: Scope, reference: str, pointer: str) -> str:
        """The pointer that a `$dynamicRef` or `$recursiveRef` means in the schema at a pointer."""
        first = self._first(reference, pointer)
        try:
            schema = self.document.at(first)
        except UnresolvedReference:
            return first
        words = schema if isinstance(schema, OBJECT) else {}
        name = _RECURSIVE if reference == "#" and words.get("$recursiveAnchor") is True else words.get("$dynamicAnchor")
        return dict(scope).get(str(name), first)

    def _first(self, reference: str, pointer: str) -> str:
        if reference == "#" or not reference.startswith("#/"):
            resource = self.resource(pointer)
            return resource if reference == "#" else self.anchors(resource).get(reference[1:], reference)
        return reference

    def _find(self, resource: str) -> dict[str, str]:
        found: dict[str, str] = {}
        waiting = [(resource, self.document.at(resource))]
        while waiting:
            pointer, value = waiting.pop()
            if isinstance(value, OBJECT):
                if isinstance(value.get("$dynamicAnchor"), str):
                    found.setdefault(value["$dynamicAnchor"], pointer)
                if value.get("$recursiveAnchor") is True and pointer == resource:
                    found[_RECURSIVE] = pointer
            waiting += [(child(pointer, step), inner) for step, inner in _below(value) if not _has_identity(inner)]
        return found


def with_resources_apart(schema: Json, pointer: str) -> Json:
    """The schema with references in place of the resources within: to enter one is to enter its scope."""
    if isinstance(schema, list):
        return [_apart(entry, child(pointer, index)) for index, entry in enumerate(schema)]
    if not isinstance(schema, OBJECT):
        return schema
    return {word: _apart(value, child(pointer, word)) for word, value in schema.items()}


def _apart(schema: Json, pointer: str) -> Json:
    return {"$ref": pointer} if _has_identity(schema) else with_resources_apart(schema, pointer)


def _below(value: Json) -> list[tuple[str | int, Json]]:
    if isinstance(value, OBJECT):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _has_identity(schema: Json) -> bool:
    own = schema.get("$id") if isinstance(schema, OBJECT) else None
    return isinstance(own, str) and not own.startswith("#")
