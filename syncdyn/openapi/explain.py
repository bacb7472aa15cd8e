"""What a validator found, in words: where, what was found, what is allowed, what was meant.

Of a union the branch that was meant is chosen, and only its faults are told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeAlias

from syncdyn.openapi.errors import MISSING, UnresolvedReference, Violation
from syncdyn.openapi.messages import Json
from syncdyn.openapi.normalise import Direction
from syncdyn.openapi.shapes import Shape, Shapes, json_type

if TYPE_CHECKING:
    import jsonschema_rs

_Error: TypeAlias = "jsonschema_rs.ValidationError"
_PointerOf: TypeAlias = Callable[[Iterable["str | int"]], str]
_LONGEST_SHOWN = 80
_MOST_ALLOWED_SHOWN = 12
_ARTICLES = {"integer": "an integer", "array": "an array", "object": "an object", "null": "null"}


def explain(
    errors: Iterable[_Error],
    value: Json,
    location: str,
    direction: Direction,
    shapes: Shapes,
    pointer_of: _PointerOf,
) -> tuple[Violation, ...]:
    """The violations that a validator's errors tell of, each place once, in the order of the message."""
    explainer = _Explainer(value, location, direction, shapes, pointer_of)
    found = (violation for error in errors for violation in explainer.violations(error))
    return tuple({(violation.path, violation.message): violation for violation in found}.values())


class _Explainer:
    def __init__(
        self, value: Json, location: str, direction: Direction, shapes: Shapes, pointer_of: _PointerOf
    ) -> None:
        self.value = value
        self.location = location
        self.direction = direction
        self.shapes = shapes
        self.pointer_of = pointer_of

    def violations(self, error: _Error) -> Iterator[Violation]:
        keyword = error.kind.name
        if keyword in ("oneOf", "anyOf") and hasattr(error.kind, "context"):
            yield from self._union(error)
        elif keyword in ("additionalProperties", "unevaluatedProperties"):
            yield from self._unexpected(error)
        elif keyword == "required":
            yield self._required(error)
        else:
            yield self._plain(error)

    def _make(self, error: _Error, message: str, *more: str | int, **facts: Any) -> Violation:
        found = facts.pop("found", MISSING)
        return Violation(
            location=self.location,
            path=(*error.instance_path, *more),
            message=message,
            keyword=facts.pop("keyword", error.kind.name),
            found=found,
            schema_pointer=self.pointer_of(error.schema_path),
            **facts,
        )

    def _plain(self, error: _Error) -> Violation:
        keyword = error.kind.name
        facts = error.kind.as_dict()
        found = error.instance
        message = _MESSAGES.get(keyword, _other)(found, facts, error)
        allowed, hint = None, None
        if keyword in ("enum", "const"):
            allowed = tuple(facts["options"]) if keyword == "enum" else facts["expected_value"]
            hint = _close(found, allowed if isinstance(allowed, tuple) else (allowed,))
        elif keyword == "type":
            allowed, hint = tuple(facts["types"]), _retyped(found, facts["types"])
        elif len(facts) == 1:
            (allowed,) = facts.values()
        is_tolerated = keyword == "enum" and self.direction is Direction.RESPONSE and isinstance(found, str)
        return self._make(error, message, found=found, allowed=allowed, hint=hint, is_tolerated=is_tolerated)

    def _required(self, error: _Error) -> Violation:
        name = error.kind.as_dict()["property"]
        present = error.instance if isinstance(error.instance, Mapping) else {}
        undeclared = [key for key in present if key not in self._declared(error)]
        meant = get_close_matches(name, undeclared, n=1, cutoff=0.7)
        hint = f"{meant[0]!r} is there: was it meant?" if meant else None
        return self._make(error, "missing (required)", name, hint=hint)

    def _unexpected(self, error: _Error) -> Iterator[Violation]:
        declared = self._declared(error)
        present = error.instance if isinstance(error.instance, Mapping) else {}
        for name in error.kind.as_dict()["unexpected"]:
            hint = _close(name, [key for key in declared if key not in present] or declared)
            message = "unknown property" + ("" if hint else f"; known: {_listed(sorted(declared), quote=False)}")
            yield self._make(error, message, name, found=present.get(name, MISSING), allowed=tuple(declared), hint=hint)

    def _declared(self, error: _Error) -> Sequence[str]:
        shape = self._shape(error)
        return tuple(shape.all_fields) if shape else ()

    def _shape(self, error: _Error) -> Shape | None:
        """The shape of the schema that a keyword of an error stands in."""
        pointer = self.pointer_of(error.schema_path)
        while pointer:
            pointer = pointer.rpartition("/")[0]
            try:
                shape = self.shapes.at(pointer)
            except UnresolvedReference:
                continue
            if shape.all_fields or shape.branches:
                return shape
            if not pointer.rpartition("/")[0].endswith(("allOf", "anyOf", "oneOf")):
                return shape
        return None

    def _union(self, error: _Error) -> Iterator[Violation]:
        branches: list[list[_Error]] = getattr(error.kind, "context", [])
        if not branches:
            yield self._make(error, "more than one of the allowed forms fits", found=error.instance)
            return
        alternatives = [name for branch in branches if (name := _sole_requirement(branch, error))]
        if len(alternatives) == len(branches):
            yield self._one_of_required(error, alternatives)
            return
        unknown = self._unknown_discriminator(error)
        if unknown:
            yield unknown
            return
        chosen = min(branches, key=lambda branch: _distance(branch, error))
        if _distance(chosen, error)[0] and isinstance(error.instance, Mapping) is False:
            yield self._no_type_fits(error, branches)
            return
        for nested in chosen:
            yield from self.violations(nested)

    def _one_of_required(self, error: _Error, names: list[str]) -> Violation:
        present = error.instance if isinstance(error.instance, Mapping) else {}
        undeclared = [key for key in present if key not in self._declared(error)]
        meant = [(close[0], name) for name in names if (close := get_close_matches(name, undeclared, n=1))]
        hint = f"did you mean {meant[0][1]!r} instead of {meant[0][0]!r}?" if meant else None
        return self._make(error, f"needs {_either(names)}", allowed=tuple(names), hint=hint, keyword="required")

    def _unknown_discriminator(self, error: _Error) -> Violation | None:
        """The fault of a value whose discriminator names no branch, or is not there."""
        shape = self._shape(error)
        if shape is None or shape.discriminator is None or not isinstance(error.instance, Mapping):
            return None
        name, by_value = shape.discriminator
        if name not in error.instance:
            message = f"missing (required): {_either(sorted(by_value))}"
            return self._make(error, message, name, allowed=tuple(by_value), keyword="discriminator")
        found = error.instance[name]
        if found in by_value:
            return None
        values = tuple(by_value)
        return self._make(
            error,
            f"{show(found)} is not one of {_listed(values)}",
            name,
            found=found,
            allowed=values,
            hint=_close(found, values),
            keyword="discriminator",
            is_tolerated=self.direction is Direction.RESPONSE and isinstance(found, str),
        )

    def _no_type_fits(self, error: _Error, branches: list[list[_Error]]) -> Violation:
        types = [kind for branch in branches for nested in branch if nested.kind.name == "type"
                 for kind in nested.kind.as_dict()["types"]]  # fmt: skip
        if not types:
            return self._make(error, f"{show(error.instance)} fits none of the allowed forms", found=error.instance)
        allowed = tuple(dict.fromkeys(types))
        message = f"expected {_types(allowed)}, found {_typed(error.instance)}"
        return self._make(error, message, found=error.instance, allowed=allowed, keyword="type",
                          hint=_retyped(error.instance, allowed))  # fmt: skip


def _sole_requirement(branch: list[_Error], union: _Error) -> str | None:
    """The name that a branch asks for when that is all it asks, at the place of the union itself."""
    if len(branch) == 1 and branch[0].kind.name == "required" and branch[0].instance_path == union.instance_path:
        name = branch[0].kind.as_dict()["property"]
        return str(name)
    return None


def _distance(branch: list[_Error], union: _Error) -> tuple[int, int, int]:
    """How far a value is from a branch: of the wrong type, with the wrong constants, with how many faults."""
    depth = len(union.instance_path)
    wrong_type = sum(error.kind.name == "type" and len(error.instance_path) == depth for error in branch)
    wrong_constants = sum(
        error.kind.name in ("const", "enum") and len(error.instance_path) == depth + 1 for error in branch
    )
    return wrong_type, wrong_constants, len(branch)


def show(value: Json) -> str:
    """A value as people may see it: JSON, cut to a line's length."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        text = str(type(value).__name__)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}... ({len(text)} characters)"


def _typed(value: Json) -> str:
    kind = json_type(value)
    return kind if kind == "null" else f"{_ARTICLES.get(kind, f'a {kind}')} {show(value)}"


def _types(types: Sequence[str]) -> str:
    return " or ".join(_ARTICLES.get(kind, f"a {kind}") for kind in types)


def _either(names: Sequence[str]) -> str:
    quoted = [repr(name) for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _listed(values: Sequence[Json], *, quote: bool = True) -> str:
    shown = [show(value) if quote else str(value) for value in values[:_MOST_ALLOWED_SHOWN]]
    rest = len(values) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")


def _close(found: Json, allowed: Iterable[Json]) -> str | None:
    """What was probably meant by a name: the same in another case, else the nearest."""
    if not isinstance(found, str):
        return None
    names = [name for name in allowed if isinstance(name, str)]
    folded = {name.lower().replace("_", "").replace("-", ""): name for name in names}
    near = get_close_matches(found.lower().replace("_", "").replace("-", ""), folded, n=1, cutoff=0.6)
    return f"did you mean {folded[near[0]]!r}?" if near else None


def _retyped(found: Json, types: Sequence[str]) -> str | None:
    """The same value in a type that is allowed, where there is a plain one."""
    if isinstance(found, str) and {"integer", "number", "boolean"} & set(types):
        try:
            meant = json.loads(found.strip().lower())
        except (ValueError, RecursionError):
            return None
        kind = json_type(meant)
        fits = kind in types or (kind == "integer" and "number" in types)
        return f"did you mean {json.dumps(meant)}?" if fits else None
    if "string" in types and isinstance(found, int | float) and not isinstance(found, bool):
        return f'did you mean "{json.dumps(found)}"?'
    if "array" in types and found is not None and not isinstance(found, list):
        return "did you mean a list of one?"
    return None


def _length(found: Json) -> str:
    return f"{len(found)} characters" if isinstance(found, str) else f"{len(found)} items"


_Message: TypeAlias = "Callable[[Json, Mapping[str, Any], _Error], str]"

_MESSAGES: dict[str, _Message] = {
    "type": lambda found, facts, _: f"expected {_types(facts['types'])}, found {_typed(found)}",
    "enum": lambda found, facts, _: f"{show(found)} is not one of {_listed(facts['options'])}",
    "const": lambda found, facts, _: f"{show(found)} is not {show(facts['expected_value'])}, the only value allowed",
    "pattern": lambda found, facts, _: f"{show(found)} does not match the pattern {facts['pattern']}",
    "format": lambda found, facts, _: f"{show(found)} is not a {facts['format']}",
    "minimum": lambda found, facts, _: f"{show(found)} is less than the minimum, {facts['limit']}",
    "maximum": lambda found, facts, _: f"{show(found)} is more than the maximum, {facts['limit']}",
    "exclusiveMinimum": lambda found, facts, _: f"{show(found)} is not more than {facts['limit']}",
    "exclusiveMaximum": lambda found, facts, _: f"{show(found)} is not less than {facts['limit']}",
    "multipleOf": lambda found, facts, _: f"{show(found)} is not a multiple of {facts['multiple_of']}",
    "minLength": lambda found, facts, _: f"{_length(found)} long, shorter than the minimum, {facts['limit']}",
    "maxLength": lambda found, facts, _: f"{_length(found)} long, longer than the maximum, {facts['limit']}",
    "minItems": lambda found, facts, _: f"{_length(found)}, fewer than the minimum, {facts['limit']}",
    "maxItems": lambda found, facts, _: f"{_length(found)}, more than the maximum, {facts['limit']}",
    "minProperties": lambda found, facts, _: f"{len(found)} properties, fewer than the minimum, {facts['limit']}",
    "maxProperties": lambda found, facts, _: f"{len(found)} properties, more than the maximum, {facts['limit']}",
    "uniqueItems": lambda *_: "the same item stands in it more than once",
    "contains": lambda *_: "none of the items is of the kind that must be among them",
    "falseSchema": lambda found, *_: f"{show(found)} must not be here",
    "not": lambda found, *_: f"{show(found)} is what is not allowed here",
}  # fmt: skip


def _other(found: Json, facts: Mapping[str, Any], error: _Error) -> str:
    return f"{show(found)} breaks the rule {error.kind.name!r}"
