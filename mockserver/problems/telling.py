"""The document's own error body, made up, with what happened put where its schema has room for that.

Members are known by what they are commonly called: a message, a title, a status, a list of messages. What the schema
itself says of them by an example or a fixed value stays; what is left is made up, and stays where it has to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockserver.problems.faults import Fault
from syncdyn.openapi.messages import Json
from syncdyn.openapi.schemas.shapes import Shape

_STATED = frozenset({"example", "examples", "default", "const", "enum"})
_DEEPEST = 2
_MESSAGES = frozenset({"message", "detail", "msg", "reason", "description", "errormessage", "errordescription"})
_TITLES = frozenset({"title", "error"})
_STATUSES = frozenset({"status", "statuscode", "code"})
_LISTS = frozenset({"errors", "messages", "details"})
_ABOUT_ERRORS = _TITLES | _LISTS | {"fault"}


def with_facts(value: Json, shape: Shape | None, fault: Fault, title: str, depth: int = 0) -> Json:
    """The value with its members replaced that tell what happened, each by one of the same type."""
    if not isinstance(value, Mapping) or depth > _DEEPEST:
        return value
    fields = {field.wire: field.shape for field in shape.all_fields.values()} if shape else {}
    filled, free = dict(value), [name for name in value if name not in fields or not _is_stated(fields[name])]
    for name in free:
        told = _told(_plain(name), value[name], fault, title)
        filled[name] = value[name] if told is None else told
    is_told = any(_plain(name) in _MESSAGES and isinstance(value[name], str) for name in free)
    for name in free:
        # Beside the message, what is not called an error is about something else.
        if not is_told or _plain(name) in _ABOUT_ERRORS:
            filled[name] = with_facts(filled[name], fields.get(name), fault, title, depth + 1)
    return filled


def _is_stated(shape: Shape) -> bool:
    return not _STATED.isdisjoint(shape.schema)


def without_fiction(made: Json, filled: Json, shape: Shape | None, depth: int = 0) -> Json:
    """The filled value without the members that tell nothing and may be missing; as it is where it tells nothing."""
    if not isinstance(made, Mapping) or not isinstance(filled, Mapping) or shape is None or depth > _DEEPEST:
        return filled
    fields = {field.wire: field for field in shape.all_fields.values()}
    kept: dict[str, Json] = {}
    for name, member in filled.items():
        field = fields.get(name)
        is_stated = field is not None and (field.is_required or _is_stated(field.shape))
        if is_stated or member != made.get(name):
            kept[name] = without_fiction(made.get(name), member, field.shape if field else None, depth + 1)
    return kept if kept and filled != made else filled


def kept_valid(value: Json, filled: Json, is_valid: Callable[[Json], bool]) -> Json:
    """The filled value, or of its members as many as the schema takes."""
    if is_valid(filled) or not isinstance(value, Mapping):
        return filled
    for name, member in filled.items():
        changed = {**value, name: member}
        value = changed if is_valid(changed) else value
    return value


def _told(name: str, member: Json, fault: Fault, title: str) -> Json:
    """What a member of a name tells; None where that is not known."""
    if isinstance(member, str):
        if name in _MESSAGES:
            return "; ".join(fault.messages)
        return title if name in _TITLES else None
    if isinstance(member, int) and not isinstance(member, bool):
        return fault.status if name in _STATUSES else None
    if isinstance(member, list) and name in _LISTS | _MESSAGES and all(isinstance(one, str) for one in member):
        return list(fault.messages)
    return None


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
