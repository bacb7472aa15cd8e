"""The branches of a union by a validator's errors: what each asks of a value, and how far the value is from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from syncdyn.openapi.messages import Json

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError as _Error

UNIONS = ("oneOf", "anyOf")
CHOICES = ("const", "enum")
CLOSED = ("additionalProperties", "unevaluatedProperties")


def facts_of(error: _Error) -> Mapping[str, Any]:
    """What a validator's error says of its keyword."""
    return error.kind.as_dict()


def sole_requirement(branch: list[_Error], union: _Error) -> str | None:
    """The name that a branch asks for when that is all it asks, at the place of the union itself."""
    if len(branch) == 1 and branch[0].kind.name == "required" and branch[0].instance_path == union.instance_path:
        return str(facts_of(branch[0])["property"])
    return None


def distance(branch: list[_Error], depth: int) -> tuple[int, int, int]:
    """How far a value is from a branch: of the wrong type, with the wrong constants, with how many faults."""
    wrong_types, wrong_constants, faults = zip(*(_distance_of(error, depth) for error in branch), strict=True)
    return sum(wrong_types), sum(wrong_constants), sum(faults)


def _distance_of(error: _Error, depth: int) -> tuple[int, int, int]:
    keyword, below = error.kind.name, len(error.instance_path) - depth
    if keyword in UNIONS and below == 0 and all(facts_of(error)["context"]):
        return min(distance(branch, depth) for branch in facts_of(error)["context"])
    faults = len(facts_of(error)["unexpected"]) if keyword in CLOSED else 1
    return keyword == "type" and below == 0, keyword in CHOICES and below <= 1, faults


def constants_at(branch: list[_Error], depth: int) -> dict[str, Json]:
    """The one value that a branch allows, for each property that has another."""
    found: dict[str, Json] = {}
    for error in branch:
        if error.kind.name in CHOICES and len(error.instance_path) == depth + 1:
            facts = facts_of(error)
            options = facts.get("options", (facts.get("expected_value"),))
            if len(options) == 1:
                found[str(error.instance_path[-1])] = options[0]
    return found


def types_at(branch: list[_Error], depth: int) -> Iterator[str]:
    """The types that a branch allows for a value that is of another."""
    for error in branch:
        if len(error.instance_path) == depth:
            facts = facts_of(error)
            yield from facts.get("types", ())
            for inner in facts.get("context", ()) if error.kind.name in UNIONS else ():
                yield from types_at(inner, depth)
