"""What a validator found, told: where, what was found, what is allowed, what was meant.

Of a union the branch that was meant is chosen, and only its faults are told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from syncdyn.openapi.document import child
from syncdyn.openapi.errors import MISSING, UnresolvedReference, Violation
from syncdyn.openapi.messages import Json
from syncdyn.openapi.schemas.branches import (
    CHOICES,
    CLOSED,
    UNIONS,
    constants_at,
    distance,
    facts_of,
    sole_requirement,
    types_at,
)
from syncdyn.openapi.schemas.normalise import Direction, named_step
from syncdyn.openapi.schemas.shapes import Shape, Shapes, json_type
from syncdyn.openapi.schemas.wording import (
    NOTHING,
    broken,
    condition,
    described,
    either,
    forbidden,
    hint_of,
    listed,
    miscounted,
    mistyped,
    nearest,
    retyped,
    show,
)

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError as _Error

_PointerOf = Callable[[Iterable[str | int]], str]

COMPONENTS = "#/components/schemas/"
_COMPOSING = ("allOf", *UNIONS)
#: What the validator says of these does not tell what is allowed.
_OF_SCHEMA = ("contains", "not", "unevaluatedItems", "falseSchema")
#: A pointer into a branch of an `if`: where that stands, and the branch. A property may be called so as well.
_CONDITIONAL = re.compile(r"(.*(?<!/properties))/(then|else)(?:/.*)?")
_CONDITIONS = {"then": "since", "else": "unless"}
_DEPENDENT = ("/dependentRequired", "/dependencies")

#: So many violations are told of one value,
_MOST_TOLD = 1_000
#: and so often it is guessed what was meant, which takes long.
_MOST_GUESSES = 50

#: Of two faults of one value the first keyword's says nothing that the second's does not.
_SAID_BY = {"type": "enum", "format": "pattern"}


def explain(
    errors: Iterable[_Error],
    value: Json,
    location: str,
    direction: Direction,
    shapes: Shapes,
    pointer_of: _PointerOf,
    *,
    is_whole: bool = False,
) -> tuple[Violation, ...]:
    """The violations that a validator's errors tell of, each once, in the order of the message.

    Of more than 1,000 the others are left out; those that are tolerated are not counted. With `is_whole` nothing is
    left out since another says as much, and unions are told with what each branch finds.
    """
    explainer = _Explainer(location, direction, shapes, pointer_of, is_whole=is_whole)
    found = _first(violation for error in errors for violation in explainer.violations(error))
    told = {(violation.path, violation.keyword) for violation in found if not violation.is_tolerated and not is_whole}
    kept = (violation for violation in found if (violation.path, _SAID_BY.get(violation.keyword)) not in told)
    named = (replace(violation, path=_named(value, violation.path)) for violation in kept)
    places: dict[int, dict[str, int]] = {}
    return tuple(sorted(named, key=lambda violation: _position(value, violation.path, places)))


def _first(violations: Iterable[Violation]) -> list[Violation]:
    """The violations, each once, until there are enough of them that count."""
    found: dict[Any, Violation] = {}
    tolerated = 0
    for violation in violations:
        if violation.is_tolerated and tolerated == _MOST_TOLD:
            continue
        found[violation.path, violation.message] = violation
        tolerated += violation.is_tolerated
        if len(found) - tolerated >= _MOST_TOLD:
            break
    return list(found.values())


def _named(value: Json, path: Sequence[str | int]) -> tuple[str | int, ...]:
    """The path with the names of members as the value has them."""
    found: list[str | int] = []
    for step in path:
        found.append(named_step(value, step))
        try:
            value = value[found[-1]]
        except (LookupError, TypeError):
            value = None
    return tuple(found)


def _position(value: Json, path: Sequence[str | int], places: dict[int, dict[str, int]]) -> tuple[int, ...]:
    """Where in a value a path leads, as a number for each step; what is absent comes last.

    `places` keeps, by the identity of an object, where its members stand.
    """
    found = []
    for step in path:
        if isinstance(value, Mapping) and id(value) not in places:
            places[id(value)] = {name: index for index, name in enumerate(value)}
        members = places[id(value)] if isinstance(value, Mapping) else {}
        found.append(members[str(step)] if step in members else step if isinstance(step, int) else len(members))
        try:
            value = value[step]
        except (LookupError, TypeError):
            break
    return tuple(found)


class _Explainer:
    def __init__(
        self, location: str, direction: Direction, shapes: Shapes, pointer_of: _PointerOf, *, is_whole: bool = False
    ) -> None:
        self.is_whole = is_whole
        self.location = location
        self.direction = direction
        self.shapes = shapes
        self.pointer_of = pointer_of
        self._guesses = _MOST_GUESSES

    def _hint(self, found: Json, allowed: Sequence[Json]) -> str | None:
        """`hint_of`, while it does not take too long for all."""
        self._guesses -= 1
        return hint_of(found, allowed) if self._guesses >= 0 else None

    def _nearest(self, name: str, names: Sequence[str]) -> str | None:
        self._guesses -= bool(names)
        return nearest(name, names) if self._guesses >= 0 else None

    def violations(self, error: _Error) -> Iterator[Violation]:
        keyword = error.kind.name
        if keyword in UNIONS:
            yield from self._union(error)
        elif keyword in CLOSED:
            yield from self._unexpected(error)
        elif keyword == "required":
            yield self._required(error)
        elif keyword == "propertyNames":
            yield self._name(error)
        elif keyword in _OF_SCHEMA:
            yield self._make(error, self._by_schema(error), found=error.instance)
        else:
            yield self._plain(error)

    def _make(self, error: _Error, message: str, *more: str | int, **facts: Any) -> Violation:
        pointer = self.pointer_of(error.schema_path)
        return Violation(
            location=self.location,
            path=(*error.instance_path, *more),
            message=message + self._on_condition(pointer),
            keyword=facts.pop("keyword", error.kind.name),
            schema_pointer=pointer,
            **facts,
        )

    def _on_condition(self, pointer: str) -> str:
        """The `if` that a rule hangs on, as the end of a sentence; nothing for a rule that always holds."""
        conditional = _CONDITIONAL.fullmatch(pointer)
        told = condition(self._value_at(f"{conditional[1]}/if")) if conditional else ""
        return f", {_CONDITIONS[conditional[2]]} {told}" if conditional and told else ""

    def _plain(self, error: _Error) -> Violation:
        keyword, facts, found = error.kind.name, facts_of(error), error.instance
        message = broken(keyword, found, facts)
        if keyword in CHOICES:
            allowed = tuple(facts["options"]) if keyword == "enum" else (facts["expected_value"],)
            return self._choice(error, message, found, allowed)
        if keyword == "type":
            types = tuple(facts["types"])
            return self._make(error, message, found=found, allowed=types, hint=retyped(found, types))
        limit = next(iter(facts.values())) if len(facts) == 1 else None
        return self._make(error, message, found=found, allowed=limit)

    def _name(self, error: _Error) -> Violation:
        inner = facts_of(error)["error"]
        told = broken(inner.kind.name, inner.instance, facts_of(inner))
        return self._make(error, f"this name is not allowed: {told}", str(inner.instance), found=inner.instance)

    def _by_schema(self, error: _Error) -> str:
        """The words for a rule of which the validator does not say what the document asks."""
        pointer = self.pointer_of(error.schema_path)
        owner, _, word = pointer.rpartition("/")
        schema = self._at(owner).schema
        if error.kind.name == "contains":
            return miscounted(_found(error), word, schema, self._described(child(owner, "contains")))
        if error.kind.name == "not":
            return f"{show(error.instance)} is not allowed: it must not be {self._described(pointer)}"
        if error.kind.name == "unevaluatedItems":
            unexpected = listed(facts_of(error)["unexpected"], quote=False)
            what = self._described(pointer)
            return f"{unexpected} is more than may stand in it" if what == NOTHING else f"{unexpected} must be {what}"
        return forbidden(error.instance, word, owner, schema)

    def _described(self, pointer: str) -> str:
        """A schema in a few words: its name, or what it asks."""
        return self._named(pointer) or described(self._value_at(pointer))

    def _named(self, pointer: str) -> str | None:
        """The name of the component that a schema is, or its title."""
        shape = self._at(pointer)
        is_component = shape.pointer.count("/") == 3 and shape.pointer.startswith(COMPONENTS)
        return shape.name if is_component else _text(shape.schema.get("title"))

    def _value_at(self, pointer: str) -> Json:
        try:
            return self.shapes.document.at(pointer)
        except UnresolvedReference:
            return None

    def _choice(self, error: _Error, message: str, found: Json, allowed: tuple[Json, ...]) -> Violation:
        keyword = error.kind.name
        is_tolerated = keyword == "enum" and self._may_be_new(found, allowed)
        told = allowed if keyword == "enum" else allowed[0]
        hint = self._hint(found, allowed)
        return self._make(error, message, found=found, allowed=told, hint=hint, is_tolerated=is_tolerated)

    def _may_be_new(self, found: Json, known: Iterable[Json]) -> bool:
        """Whether a value may be one that the service has learnt since: another of the same kind, received."""
        return self.direction is Direction.RESPONSE and json_type(found) in map(json_type, known)

    def _required(self, error: _Error) -> Violation:
        name = facts_of(error)["property"]
        meant = self._nearest(name, self._undeclared(error))
        hint = f"{meant!r} is there: was it meant?" if meant is not None else None
        return self._make(error, f"missing (required{self._with_what(error, name)})", name, hint=hint)

    def _with_what(self, error: _Error, name: str) -> str:
        """Beside which property another is required, where it is not always."""
        pointer = self.pointer_of(error.schema_path)
        stated = self._value_at(pointer) if pointer.endswith(_DEPENDENT) else None
        for cause, needed in stated.items() if isinstance(stated, Mapping) else ():
            if cause in _found(error) and name in needed:
                return f" beside {cause!r}"
        return ""

    def _unexpected(self, error: _Error) -> Iterator[Violation]:
        declared = self._declared(error)
        owner = _found(error)
        absent = [name for name in declared if name not in owner]
        what = self._described(self.pointer_of(error.schema_path))
        for name in facts_of(error)["unexpected"]:
            found = owner.get(name, MISSING)
            if what != NOTHING:
                message = f"{show(found)} is not {what}, as an undeclared property must be"
                yield self._make(error, message, name, found=found)
                continue
            hint = self._hint(name, absent or declared)
            message = "unknown property" if hint else f"unknown property; known: {self._known(error, declared)}"
            yield self._make(error, message, name, found=found, allowed=declared, hint=hint)

    def _known(self, error: _Error, declared: Sequence[str]) -> str:
        owner = self.pointer_of(error.schema_path).rpartition("/")[0]
        patterns = self._at(owner).schema.get("patternProperties")
        names = [*sorted(declared), *(f"those that match {text}" for text in _mapping(patterns))]
        return listed(names, quote=False) or "none"

    def _undeclared(self, error: _Error) -> list[str]:
        declared = set(self._declared(error))
        return [name for name in _found(error) if name not in declared]

    def _declared(self, error: _Error) -> tuple[str, ...]:
        return tuple(self._shape(error).all_fields)

    def _shape(self, error: _Error) -> Shape:
        """The shape of the schema that a keyword of an error stands in; of a mere constraint, what it constrains."""
        pointer = self.pointer_of(error.schema_path).rpartition("/")[0]
        while True:
            shape = self._at(pointer)
            owner, _, word = pointer.rpartition("/")[0].rpartition("/")
            if shape.all_fields or word not in _COMPOSING:
                return shape
            pointer = owner

    def _union(self, error: _Error) -> Iterator[Violation]:
        branches = facts_of(error)["context"]
        # A union that is our own, as of `nullable`, is none to who reads the document.
        if self.is_whole and isinstance(self._value_at(self.pointer_of(error.schema_path)), list):
            yield self._make(error, "fits no form", found=error.instance, branches=self._each(branches))
            return
        if not all(branches):
            yield self._too_many(error, branches)
            return
        alternatives = [name for branch in branches if (name := sole_requirement(branch, error))]
        if len(alternatives) == len(branches):
            yield self._one_of_required(error, alternatives)
            return
        unknown = self._unknown_discriminator(error) or self._unknown_constant(error, branches)
        if unknown:
            yield unknown
            return
        depth = len(error.instance_path)
        chosen = self._told_branch(error, branches) or min(branches, key=lambda branch: distance(branch, depth))
        if distance(chosen, depth)[0]:
            yield self._no_type_fits(error, branches)
            return
        for nested in chosen:
            yield from self.violations(nested)

    def _each(self, branches: list[list[_Error]]) -> tuple[tuple[Violation, ...], ...]:
        return tuple(tuple(found for error in branch for found in self.violations(error)) for branch in branches)

    def _too_many(self, error: _Error, branches: list[list[_Error]]) -> Violation:
        """Of `oneOf` more than one branch fits; where each is one requirement, the names can be told."""
        pointer = self.pointer_of(error.schema_path)
        fitting = [index for index, branch in enumerate(branches) if not branch]
        names = []
        for index in fitting:
            required = self._at(child(pointer, index)).schema.get("required")
            names += required if isinstance(required, list) and len(required) == 1 else []
        if len(names) == len(fitting):
            return self._make(error, f"only one of {either(names)} may be given", allowed=tuple(names))
        forms = [self._named(child(pointer, index)) or f"form {index + 1}" for index in fitting]
        message = f"fits {len(forms)} forms, {' and '.join(forms)}; it must fit exactly one"
        return self._make(error, message, found=error.instance)

    def _at(self, pointer: str) -> Shape:
        """The shape at a pointer; a silent one where the document has nothing, as for a union that is our own."""
        try:
            return self.shapes.at(pointer)
        except UnresolvedReference:
            return Shape(self.shapes, pointer, {})

    def _one_of_required(self, error: _Error, names: list[str]) -> Violation:
        undeclared = self._undeclared(error)
        meant = [(near, name) for name in names if (near := self._nearest(name, undeclared))]
        hint = f"did you mean {meant[0][1]!r} instead of {meant[0][0]!r}?" if meant else None
        return self._make(error, f"needs {either(names)}", allowed=tuple(names), hint=hint, keyword="required")

    def _unknown_discriminator(self, error: _Error) -> Violation | None:
        """The fault of a value whose discriminator names no branch, or is not there."""
        shape = self._shape(error)
        if shape.discriminator is None or shape.default_branch is not None or not isinstance(error.instance, Mapping):
            return None
        name, by_value = shape.discriminator
        if name not in _found(error):
            message = f"missing (required): {listed(tuple(by_value))}"
            return self._make(error, message, name, allowed=tuple(by_value), keyword="discriminator")
        if str(_found(error)[name]) in by_value:
            return None
        return self._unknown(error, name, tuple(by_value))

    def _unknown_constant(self, error: _Error, branches: list[list[_Error]]) -> Violation | None:
        """The fault of a value that no branch allows for a property of which each has its own."""
        constants = [constants_at(branch, len(error.instance_path)) for branch in branches]
        for name in constants[0] if isinstance(error.instance, Mapping) else ():
            values = tuple(each[name] for each in constants if name in each)
            if len(values) == len(branches) == len(set(map(show, values))):
                return self._unknown(error, name, values)
        return None

    def _unknown(self, error: _Error, name: str, values: tuple[Json, ...]) -> Violation:
        found = _found(error)[name]
        return self._make(
            error,
            f"{show(found)} is not one of {listed(values)}",
            name,
            found=found,
            allowed=values,
            hint=self._hint(found, values),
            keyword="discriminator",
            is_tolerated=self._may_be_new(found, values),
        )

    def _told_branch(self, error: _Error, branches: list[list[_Error]]) -> list[_Error] | None:
        """The branch that the value's discriminator names."""
        shape = self._shape(error)
        if shape.discriminator is None or not isinstance(error.instance, Mapping):
            return None
        name, by_value = shape.discriminator
        pointer = self.pointer_of(error.schema_path)
        target = by_value.get(str(_found(error).get(name)), shape.default_branch)
        if target is None:
            return None
        for index, branch in enumerate(branches):
            if self._at(child(pointer, index)).has_branch(target):
                return branch
        return None

    def _no_type_fits(self, error: _Error, branches: list[list[_Error]]) -> Violation:
        found = error.instance
        depth = len(error.instance_path)
        allowed = tuple(dict.fromkeys(kind for branch in branches for kind in types_at(branch, depth)))
        hint = retyped(found, allowed)
        return self._make(error, mistyped(found, allowed), found=found, allowed=allowed, keyword="type", hint=hint)


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _found(error: _Error) -> Json:
    """The value that broke the rule."""
    return error.instance
