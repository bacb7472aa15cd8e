"""Changes to a thing, by the media type that they come in: members put in, a merge patch, or a JSON patch."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy

from mockserver.problems import Fault, Refused
from syncdyn.openapi.document import steps_of
from syncdyn.openapi.messages import Json

_CONFLICT, _BAD_REQUEST = 409, 400
JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"


def merge_patched(value: Json, patch: Json) -> Json:
    """The value after a merge patch: null takes a member out. Source: RFC 7396."""
    if not isinstance(patch, Mapping):
        return patch
    found = dict(value) if isinstance(value, Mapping) else {}
    for name, member in patch.items():
        if member is None:
            found.pop(name, None)
        else:
            found[name] = merge_patched(found.get(name), member)
    return found


def json_patched(value: Json, operations: Json) -> Json:
    """The value after a JSON patch. Raises Refused (409) where a place is not there or a test fails.

    Source: RFC 6902.
    """
    found = deepcopy(value)
    for operation in operations if isinstance(operations, list) else ():
        try:
            found = _applied(found, operation)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            told = f"the patch cannot be applied: {operation.get('op')} {str(operation.get('path'))[:80]}"
            raise Refused(Fault(_CONFLICT, (told,))) from None
    return found


def _applied(value: Json, operation: Mapping[str, Json]) -> Json:
    word, path = operation["op"], operation["path"]
    match word:
        case "add" | "replace":
            return _put(value, _steps(path), operation["value"], is_new=word == "add")
        case "remove":
            return _taken(value, _steps(path))[0]
        case "move":
            rest, taken = _taken(value, _steps(operation["from"]))
            return _put(rest, _steps(path), taken, is_new=True)
        case "copy":
            return _put(value, _steps(path), deepcopy(_at(value, _steps(operation["from"]))), is_new=True)
        case "test" if _at(value, _steps(path)) == operation["value"]:
            return value
    raise ValueError(word)


def _steps(pointer: str) -> tuple[str, ...]:
    return steps_of(f"#{pointer}")


def _at(value: Json, steps: tuple[str, ...]) -> Json:
    for step in steps:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def _put(value: Json, steps: tuple[str, ...], member: Json, *, is_new: bool) -> Json:
    if not steps:
        return member
    owner, last = _at(value, steps[:-1]), steps[-1]
    if isinstance(owner, list) and is_new:
        owner.insert(len(owner) if last == "-" else int(last), member)
    elif isinstance(owner, list):
        owner[int(last)] = member
    elif is_new or last in owner:
        owner[last] = member
    else:
        raise KeyError(last)
    return value


def _taken(value: Json, steps: tuple[str, ...]) -> tuple[Json, Json]:
    owner, last = _at(value, steps[:-1]), steps[-1]
    return value, owner.pop(int(last) if isinstance(owner, list) else last)
