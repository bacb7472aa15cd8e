"""What members mean by their names: which is the id, when a thing was made, what says the same as the path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from syncdyn.openapi.messages import OBJECT, Json
from syncdyn.openapi.moments import moment_text
from syncdyn.openapi.schemas.shapes import Field, Shape

_IDS = ("id", "uuid", "guid", "sid", "slug", "login", "username", "name", "key", "code", "number")
_ENDINGS = ("uuid", "guid", "sid", "id", "number", "slug", "username", "login", "name", "key", "code", "sha", "handle")
_CREATED = re.compile(
    r"(date|time)?(created|creation|inserted|added|registered)(_?(at|on|date|time|timestamp|ts|utc))?|"
    r"create_?(d_?)?(at|on|date|time|timestamp)"
)
_UPDATED = re.compile(
    r"(date|time)?(last)?(updated|modified|changed|lastupdate|lastmodified)(at|on|date|time|timestamp|ts|utc)?|"
    r"(update|modification|modify|change)(date|time|timestamp)"
)
#: Where a whole number is a moment in thousandths of a second, its examples are beyond this.
_MILLISECONDS = 100_000_000_000
#: How the names of many end, and those of one.
_PLURALS = (
    ("ies", "y"),
    *((f"{end}es", end) for end in ("ss", "x", "ch", "sh", "tus")),
    *((end, end) for end in ("ss", "tus")),
    ("s", ""),
)
#: The types of numbers.
NUMBERS = frozenset({"integer", "number"})
_TEXTS = frozenset({"string"})


def plain(name: str) -> str:
    """A name without regard to how its words are parted: `pet_id`, `petId` and `PetID` are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def singular(word: str) -> str:
    """The name of one of many: `categories` -> `category`, `statuses` -> `status`."""
    for ending, replacement in _PLURALS:
        if word.lower().endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + replacement
    return word


def id_member(fields: Mapping[str, Field], parameter: str, types: frozenset[str], word: str) -> str | None:
    """The member that holds what a path's parameter holds; None where none is like it.

    `types` are the parameter's, `word` is what the things are called (`pets`).
    """
    by_name = {plain(wire): wire for wire in reversed(list(fields))}
    for name in _candidates(plain(parameter), plain(singular(word))):
        wire = by_name.get(name)
        if wire is not None and _suits(fields[wire].shape, types, plain(parameter)):
            return wire
    return None


def _candidates(parameter: str, word: str) -> Iterator[str]:
    yield parameter
    for ending in _ENDINGS:
        if parameter.endswith(ending):
            yield ending
            break
    yield f"{word}id"
    yield f"{parameter}id"
    yield f"{parameter}name"
    yield from _IDS


def _suits(shape: Shape, types: frozenset[str], parameter: str) -> bool:
    """Whether a member can hold what the path says: numbers stand for texts only where both are called an id."""
    held = shape.types
    if held.isdisjoint(_TEXTS | NUMBERS):
        return False
    if types & NUMBERS:
        return bool(held & NUMBERS) or parameter.endswith("id")
    return bool(held & _TEXTS) or parameter.endswith("id")


def member_like(fields: Mapping[str, Field], name: str, others: Sequence[str] = ()) -> str | None:
    """The member that a name means, however its words are parted; else one that the first of `others` means."""
    by_name = {plain(wire): wire for wire in reversed(list(fields))}
    return next((by_name[plain(one)] for one in (name, *others) if plain(one) in by_name), None)


def moments_of(shape: Shape) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The members that say when a thing was made, and those that say when it was last changed."""
    scalar = {
        wire: plain(wire)
        for wire, field in shape.all_fields.items()
        if field.shape.types & (_TEXTS | NUMBERS) and field.shape.format in _MOMENT_FORMATS
    }
    created = tuple(wire for wire, name in scalar.items() if _CREATED.fullmatch(name))
    return created, tuple(wire for wire, name in scalar.items() if _UPDATED.fullmatch(name))


_MOMENT_FORMATS = frozenset(
    {None, "date-time", "date", "datetime", "unix-time", "unixtime", "timestamp", "int64", "int32", "double"}
)


def moment_value(shape: Shape, now: float, example: Json) -> Json:
    """A moment as a member holds it: text by its format, else seconds or thousandths since 1970, as the example is."""
    if "string" in shape.types and not isinstance(example, int | float):
        text = moment_text(now)
        return text[:10] if shape.format == "date" else text
    is_fine = isinstance(example, int | float) and example > _MILLISECONDS
    return int(now * 1000) if is_fine else int(now)


def is_marked(shape: Shape, wire: str, mark: str) -> bool:
    """Whether a member is `readOnly` or `writeOnly`, by its own schema or by what it refers to."""
    properties = shape.schema.get("properties")
    raw = properties.get(wire) if isinstance(properties, OBJECT) else None
    if isinstance(raw, OBJECT) and raw.get(mark) is True:
        return True
    field = shape.all_fields.get(wire)
    if field is not None and field.shape.schema.get(mark) is True:
        return True
    return any(is_marked(part, wire, mark) for part in (*shape.parts, *shape.branches))
