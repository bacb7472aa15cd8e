"""The keys of a YAML text that are no texts (`200:` without quotes, where OpenAPI wants `"200":`), or stand twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from syncdyn.openapi.document import child
from syncdyn.openapi.opening.parsing import is_json

_BARE = re.compile(r"[-+]?[0-9]+")
_MERGE = "<<"
_ENDS = frozenset({"MappingEndEvent", "SequenceEndEvent"})


@dataclass(slots=True)
class _Open:
    """A collection that has begun: its pointer, and the key or index of what comes next in it."""

    pointer: str
    is_mapping: bool
    key: str | None = None
    index: int = 0
    seen: set[str] = field(default_factory=set)


class _Key(NamedTuple):
    pointer: str
    is_bare: bool
    is_double: bool


def bare_keys(text: str) -> Iterator[str]:
    """The pointers of the members whose keys YAML reads as numbers; none of a text that is JSON, or faulty.

    Source: OpenAPI 3.1, Responses Object: a status is in quotes, so that JSON and YAML say the same.
    """
    if _MAYBE.search(text):
        yield from (key.pointer for key in _keys(text) if key.is_bare)


def double_keys(text: str) -> Iterator[str]:
    """The pointers of the members that are there once more, of which YAML readers take the last; none as above."""
    yield from (key.pointer for key in _keys(text) if key.is_double)


def _keys(text: str) -> Iterator[_Key]:
    if is_json(text):
        return
    import yaml

    stack: list[_Open] = []
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            yield from _taken(event, stack)
    except yaml.YAMLError:
        return


_MAYBE = re.compile(r"^\s*[-+]?[0-9]+\s*:|[{,]\s*[-+]?[0-9]+\s*:", re.MULTILINE)


def _taken(event: Any, stack: list[_Open]) -> Iterator[_Key]:
    kind = type(event).__name__
    if kind in _ENDS:
        stack.pop()
        _after_value(stack)
    elif kind in ("MappingStartEvent", "SequenceStartEvent"):
        stack.append(_Open(_pointer(stack), kind == "MappingStartEvent"))
    elif kind == "ScalarEvent" and stack and stack[-1].is_mapping and stack[-1].key is None:
        top = stack[-1]
        is_bare = event.implicit[0] and event.tag is None and _BARE.fullmatch(event.value) is not None
        yield _Key(child(top.pointer, event.value), is_bare, event.value in top.seen and event.value != _MERGE)
        top.key = event.value
        top.seen.add(event.value)
    elif kind in ("ScalarEvent", "AliasEvent"):
        _after_value(stack)


def _pointer(stack: list[_Open]) -> str:
    if not stack:
        return "#"
    top = stack[-1]
    return child(top.pointer, top.index if top.key is None else top.key)


def _after_value(stack: list[_Open]) -> None:
    if stack:
        stack[-1].key = None
        stack[-1].index += 1
