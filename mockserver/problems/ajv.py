"""A violation as Prism tells it: in the manner of ajv, the validator that Prism uses, keyword by keyword."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from syncdyn.openapi.checking import CheckedRequest
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.coding.media_types import essence, is_json
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, SyncdynError, Violation
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import Operation
from syncdyn.openapi.schemas.normalise import Direction

_InOrder: TypeAlias = Callable[[Iterable[Violation]], "list[Violation]"]

#: The keyword of characters in a form that its encoding does not allow as they are; Prism has no code for it.
RESERVED = "allowReserved"
_REQUEST = "Request"
_LOCATIONS = {"header": "header", "query": "query", "querystring": "query", "path": "path", "body": "body"}
_ORDER = {"body": 0, "header": 1, "query": 2, "querystring": 2, "path": 3}
_ABSENT = frozenset({"required", "dependentRequired"})
_OF_MEMBER = frozenset({"additionalProperties", "unevaluatedProperties", "propertyNames"})
#: What is said of an object as such comes before what is said of its members.
_RANKS = {"required": 0, "dependentRequired": 1, "propertyNames": 2, "additionalProperties": 3}
_MEMBER_RANK = 9
_WORDS: Mapping[str, str] = {
    "minimum": "must be >= {}",
    "maximum": "must be <= {}",
    "exclusiveMinimum": "must be > {}",
    "exclusiveMaximum": "must be < {}",
    "multipleOf": "must be multiple of {}",
    "minLength": "must NOT have fewer than {} characters",
    "maxLength": "must NOT have more than {} characters",
    "minItems": "must NOT have fewer than {} items",
    "maxItems": "must NOT have more than {} items",
    "minProperties": "must NOT have fewer than {} properties",
    "maxProperties": "must NOT have more than {} properties",
    "pattern": 'must match pattern "{}"',
    "format": 'must match format "{}"',
    "const": "must be equal to constant",
    "not": "must NOT be valid",
    "oneOf": "must match exactly one schema in oneOf",
    "anyOf": "must match a schema in anyOf",
    "contains": "must contain at least 1 valid item(s)",
    "propertyNames": "property name must be valid",
    "falseSchema": "boolean schema is false",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A violation in ajv's manner. `code` is the keyword, or for what is no matter of a schema a status or nothing."""

    path: tuple[str, ...] | None
    code: str | int | None
    message: str
    severity: str = "Error"

    def entry(self, *before: str) -> dict[str, Json]:
        """The members by which Prism tells it, the location below the steps given."""
        path = None if self.path is None and not before else [*before, *(self.path or ())]
        stated = {"location": path, "severity": self.severity, "code": self.code, "message": self.message}
        return {name: value for name, value in stated.items() if value is not None}


def told(
    contract: Contract, violations: Iterable[Violation], side: str = _REQUEST, operation: Operation | None = None
) -> list[Told]:
    """The violations in Prism's order and words; those of cookies, which Prism does not read, are left out."""
    known = [one for one in violations if one.location in _LOCATIONS and not (side != _REQUEST and _is_empty(one))]
    in_order = partial(sorted, key=lambda one: _place(contract, one, operation))
    return [_told(contract, each, side) for one in in_order(known) for each in _unfolded(one, in_order)]


def in_full(contract: Contract, checked: CheckedRequest) -> tuple[Violation, ...]:
    """The violations of a request, those of a JSON body with what each branch of its unions finds."""
    media_type, found = checked.media_type, checked.violations
    if (
        media_type is None
        or media_type.schema is None
        or checked.body is MISSING
        or not is_json(essence(media_type.name))
    ):
        return found
    if all(one.location != "body" for one in found):
        return found
    validator = contract.schemas.validator(media_type.schema, Direction.REQUEST)
    others = (one for one in found if one.location != "body")
    return (*others, *validator.all_violations(checked.body, "body"))


def _unfolded(violation: Violation, in_order: _InOrder) -> Iterator[Violation]:
    """A violation after those of its branches, one branch after the other."""
    for branch in violation.branches:
        for one in in_order(branch):
            yield from _unfolded(one, in_order)
    yield violation


def _place(
    contract: Contract, violation: Violation, operation: Operation | None
) -> tuple[int, tuple[tuple[int, int], ...]]:
    """Where a violation stands among the others: those of an object before those of its members, in their order."""
    steps = violation.path[:-1] if violation.keyword in (*_ABSENT, *_OF_MEMBER) else violation.path
    ranks = []
    shape = None
    if operation is not None and violation.location == "body":
        shape = contract.shape(next((one.schema for one in operation.media_types if one.schema is not None), None))
    elif operation is not None and steps:
        place, schema = _parameter(operation, violation.location, str(steps[0]))
        ranks.append((_MEMBER_RANK, place))
        shape, steps = contract.shape(schema), steps[1:]
    for step in steps:
        if isinstance(step, int):
            ranks.append((_MEMBER_RANK, int(step)))
            shape = shape.items if shape else None
        else:
            fields = [*shape.all_fields.values()] if shape else []
            place = next((index for index, field in enumerate(fields) if field.wire == step), len(fields))
            ranks.append((_MEMBER_RANK, place))
            shape = fields[place].shape if place < len(fields) else None
    return _ORDER[violation.location], (*ranks, (_RANKS.get(violation.keyword, _MEMBER_RANK - 1), 0))


def _parameter(operation: Operation, location: str, name: str) -> tuple[int, str | None]:
    """The place of a parameter among those of the operation, and its schema."""
    for place, one in enumerate(operation.parameters):
        if one.location == location and one.name.lower() == name.lower():
            return place, one.schema
    return len(operation.parameters), None


def _told(contract: Contract, violation: Violation, side: str) -> Told:
    if violation.keyword == "mediaType" and side == _REQUEST:
        return Told(None, 415, _unsupported(violation))
    if _is_empty(violation):
        return Told(None, "required", "Body parameter is required")
    prefix = _LOCATIONS[violation.location]
    if violation.keyword == RESERVED:
        return Told((prefix, *map(str, violation.path)), None, violation.message)
    if violation.keyword == "deprecated":
        return Told((prefix, *map(str, violation.path)), violation.keyword, violation.message, "Warning")
    path = tuple(str(step) for step in violation.path)
    if prefix != "body" and path:
        path = (path[0].lower(), *path[1:])
    word = violation.keyword
    name = path[-1] if path else ""
    if word in _ABSENT or word in _OF_MEMBER:
        path = path[:-1]
    kind = "" if not path else ("property " if prefix == "body" else "parameter ")
    place = f"{side} {prefix} {kind}{'.'.join(path).strip()}{' ' if path else ''}"
    return Told((prefix, *path), word, place + _message(contract, violation, name))


def _is_empty(violation: Violation) -> bool:
    """Whether a whole body is missing: of responses, Prism says nothing of that."""
    return violation.keyword == "required" and violation.location == "body" and not violation.path


def _unsupported(violation: Violation) -> str:
    if not violation.allowed:
        return "No supported content types, but request included a non-empty body"
    return f"Supported content types: {','.join(violation.allowed)}"


def _message(contract: Contract, violation: Violation, name: str) -> str:
    if violation.keyword == "type":
        return f"must be {','.join(_types(violation, _stated(contract, violation)))}"
    special = _SPECIAL.get(violation.keyword)
    if special is not None:
        return special(violation, name)
    return _WORDS.get(violation.keyword, violation.message).replace("{}", _limit(contract, violation))


def _limit(contract: Contract, violation: Violation) -> str:
    """What the schema asks for, as the document has it."""
    value = _stated(contract, violation)
    if isinstance(value, bool) or value is None:
        value = violation.allowed
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else encode_json(value)


def _stated(contract: Contract, violation: Violation) -> Json:
    """What stands in the document for the keyword that is broken, else what is allowed."""
    with suppress(SyncdynError):
        return contract.document.at(violation.schema_pointer) if violation.schema_pointer else violation.allowed
    return violation.allowed


def _types(violation: Violation, stated: Json) -> list[str]:
    """The types in the order of the document; `null` of `nullable` comes last."""
    first = stated if isinstance(stated, list) else [stated]
    allowed = violation.allowed if isinstance(violation.allowed, list | tuple) else (violation.allowed,)
    return [str(one) for one in dict.fromkeys([*(one for one in first if one in allowed), *allowed])]


def _choices(violation: Violation, _: str) -> str:
    listed = violation.allowed if isinstance(violation.allowed, list | tuple) else ()
    return f"must be equal to one of the allowed values: {', '.join(map(_shown, listed))}"


def _shown(value: Json) -> str:
    return value if isinstance(value, str) else "" if value is None else encode_json(value)


def _twice(violation: Violation, _: str) -> str:
    items = violation.found if isinstance(violation.found, list) else []
    for later in range(len(items) - 1, 0, -1):
        for earlier in range(later - 1, -1, -1):
            if items[earlier] == items[later]:
                # Plain items are found by another way than objects, which names the later one first.
                is_plain = not isinstance(items[later], Mapping | list)
                pair = (later, earlier) if is_plain else (earlier, later)
                return f"must NOT have duplicate items (items ## {pair[0]} and {pair[1]} are identical)"
    return "must NOT have duplicate items"


_SPECIAL: Mapping[str, Callable[[Violation, str], str]] = {
    "enum": _choices,
    "uniqueItems": _twice,
    "required": lambda _, name: f"must have required property '{name}'",
    "additionalProperties": lambda _, name: f"must NOT have additional properties; found '{name}'",
    "unevaluatedProperties": lambda _, name: f"must NOT have unevaluated properties: '{name}'",
}
