"""A value against a schema: is it valid, and if not, every violation.

A validator is built on first use from the schemas that it can reach, and no others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from math import inf
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from syncdyn.openapi.document import Document, child
from syncdyn.openapi.errors import UnresolvedReference, Violation
from syncdyn.openapi.messages import OBJECT, Json
from syncdyn.openapi.schemas.dialects import refs_have_siblings
from syncdyn.openapi.schemas.explain import explain
from syncdyn.openapi.schemas.formats import Formats
from syncdyn.openapi.schemas.normalise import Direction, normalise, original_path
from syncdyn.openapi.schemas.scopes import Scope, Scopes, with_resources_apart
from syncdyn.openapi.schemas.shapes import Shapes
from syncdyn.openapi.schemas.weight import is_too_heavy

if TYPE_CHECKING:
    import jsonschema_rs

#: Stands in a bundle for a reference that leads nowhere.
_ANYTHING = "anything"
#: Past so many, schemas that mean something else in each dynamic scope are taken in none.
_MOST_SCOPED = 5_000

#: A schema by its pointer, and the dynamic scope that it is reached in; None where no `$dynamicRef` is about.
_Place: TypeAlias = "tuple[str, Scope | None]"


@dataclass(frozen=True, slots=True)
class Validator:
    """A compiled schema. `is_valid` takes a microsecond or so; `violations` is for when it said no.

    `all_violations` tells what each branch of a union finds, where `violations` tells of the one that was meant.
    """

    is_valid: Callable[[Json], bool]
    violations: Callable[[Json, str], tuple[Violation, ...]]
    all_violations: Callable[[Json, str], tuple[Violation, ...]]


@dataclass(frozen=True, slots=True)
class _Normalised:
    """A schema in 2020-12, the places that it refers to, and whether one of them is for its scope to say."""

    schema: Json
    referenced: tuple[_Place, ...]
    is_dynamic: bool


class Schemas:
    """The compiled schemas of one document, each built once, by pointer and direction.

    `formats` says what to do with `format`: None takes it as annotation, a mapping of names to checks
    asserts those; a name with None asserts it by the validator's own check.
    """

    def __init__(self, document: Document, shapes: Shapes, formats: Formats | None = None) -> None:
        self.document = document
        self.shapes = shapes
        self._formats = formats or {}
        self._lock = threading.RLock()
        self._validators: dict[tuple[str, Direction], Validator] = {}
        self._scopes = Scopes(document)
        self._pointers: list[str] = []
        self._keys: dict[_Place, str] = {}
        self._normalised: dict[tuple[_Place, Direction], _Normalised] = {}

    def validator(self, pointer: str, direction: Direction) -> Validator:
        """The validator of the schema at a pointer."""
        found = self._validators.get((pointer, direction))
        if found is None:
            with self._lock:
                found = self._validators.get((pointer, direction)) or self._build(pointer, direction)
                self._validators[pointer, direction] = found
        return found

    def violations(self, pointer: str, value: Json, direction: Direction, location: str) -> tuple[Violation, ...]:
        """Every violation of the schema in a value; an empty tuple when there is none."""
        validator = self.validator(pointer, direction)
        return () if validator.is_valid(value) else validator.violations(value, location)

    def bundle(self, pointer: str, direction: Direction) -> dict[str, Json]:
        """The schema in 2020-12 with all that it can reach, and nothing else, under `$defs`."""
        with self._lock:
            return self._bundle(self._reached(pointer, direction))

    def _bundle(self, reached: Mapping[_Place, _Normalised]) -> dict[str, Json]:
        definitions = {self._key(place): found.schema for place, found in reached.items()}
        return {"$ref": f"#/$defs/{next(iter(definitions))}", "$defs": {**definitions, _ANYTHING: True}}

    def _reached(self, pointer: str, direction: Direction) -> dict[_Place, _Normalised]:
        """The schema at a pointer, which comes first, and all that it can reach."""
        found = self._reached_from((pointer, None), direction) or {}
        if any(each.is_dynamic for each in found.values()):
            start = (pointer, self._scopes.entered((), pointer))
            found = self._reached_from(start, direction, _MOST_SCOPED) or found
        return found

    def _reached_from(self, start: _Place, direction: Direction, most: float = inf) -> dict[_Place, _Normalised] | None:
        """All that can be reached; None where that is more than `most`."""
        found: dict[_Place, _Normalised] = {}
        waiting = [start]
        while waiting:
            if len(found) > most:
                return None
            place = waiting.pop()
            if place not in found:
                found[place] = self._normalise(place, direction)
                waiting.extend(found[place].referenced)
        return found

    def can_compile(self, pointers: Sequence[str]) -> bool:
        """Whether validators can be made of all of some schemas; quicker than to make each."""
        for direction in (Direction.REQUEST, Direction.RESPONSE):
            definitions: dict[str, Json] = {}
            used = []
            for pointer in pointers:
                bundle = self.bundle(pointer, direction)
                definitions.update(bundle["$defs"])
                used.append({"$ref": bundle["$ref"]})
            try:
                self._compile({"$defs": definitions, **({"anyOf": used} if used else {})})
            except ValueError:
                return False
        return True

    def pointer_of(self, direction: Direction, schema_path: Iterable[str | int]) -> str:
        """The document's pointer for a path inside a bundle of one direction."""
        steps = list(schema_path)
        if len(steps) < 2 or steps[0] != "$defs":
            return ""
        base = self._pointers[int(str(steps[1])[1:])]
        return child(base, *original_path(self.document.at(base), steps[2:], direction))

    def _build(self, pointer: str, direction: Direction) -> Validator:
        reached = self._reached(pointer, direction)
        (_, scope), first = next(iter(reached.items()))
        if scope is None and _is_reference(first) and first.referenced[0][0] != pointer:
            # Many operations mean one schema.
            return self.validator(first.referenced[0][0], direction)
        try:
            compiled = self._compile(self._bundle(reached))
        except ValueError:
            # What normalising lets through and the validator refuses goes unchecked: `inspect` tells of it.
            compiled = self._compile({})
        pointer_of = partial(self.pointer_of, direction)

        def is_valid(value: Json) -> bool:
            try:
                return compiled.is_valid(value)
            except UnicodeEncodeError:
                return False

        def violations(value: Json, location: str, *, is_whole: bool = False) -> tuple[Violation, ...]:
            try:
                errors = compiled.iter_errors(value)
            except UnicodeEncodeError:
                return (
                    Violation(location, (), "a text in it holds a lone surrogate, which is no character", "encoding"),
                )
            return explain(errors, value, location, direction, self.shapes, pointer_of, is_whole=is_whole)

        return Validator(is_valid, violations, partial(violations, is_whole=True))

    def _compile(self, bundle: dict[str, Json]) -> jsonschema_rs.Draft202012Validator:
        if is_too_heavy(bundle.get("$defs", {})):
            raise ValueError("a value would be looked at without end")
        own = {name: check for name, check in self._formats.items() if check is not None}
        options: dict[str, Any] = {"validate_formats": bool(self._formats), "offline": True}
        if own:
            options["formats"] = own
        try:
            return _draft()(bundle, **options)
        except ValueError:
            # One bad pattern must not cost the whole check.
            return _draft()(cast("dict[str, Any]", _without_bad_patterns(bundle)), **options)

    def _normalise(self, place: _Place, direction: Direction) -> _Normalised:
        cached = self._normalised.get((place, direction))
        if cached is None:
            references = _References(self.document, self._scopes, place, self._key)
            pointer, scope = place
            schema = self.document.at(pointer)
            normalised = normalise(
                schema if scope is None else with_resources_apart(schema, pointer),
                direction,
                references.refer,
                self._is_marked,
                refer_dynamically=references.refer_dynamically,
                formats=self._formats.keys(),
                refs_have_siblings=refs_have_siblings(self.document, pointer),
            )
            cached = _Normalised(normalised, tuple(references.found), references.is_dynamic)
            self._normalised[place, direction] = cached
        return cached

    def _key(self, place: _Place) -> str:
        key = self._keys.get(place)
        if key is None:
            key = self._keys[place] = f"s{len(self._pointers)}"
            self._pointers.append(place[0])
        return key

    def _is_marked(self, schema: Json, name: str, mark: str) -> bool:
        declarations = self._declarations(schema, name, set())
        return any(one.get(mark) is True or self._followed(one).get(mark) is True for one in declarations)

    def _declarations(self, schema: Json, name: str, seen: set[int]) -> Iterator[Mapping[str, Json]]:
        """What the schema and its `allOf` say of a property."""
        owner = self._followed(schema)
        if id(owner) in seen:
            return
        seen.add(id(owner))
        yield _words(_words(owner.get("properties")).get(name))
        parts = owner.get("allOf")
        for part in parts if isinstance(parts, list) else ():
            yield from self._declarations(part, name, seen)

    def _followed(self, schema: Json) -> Mapping[str, Json]:
        if "$ref" not in _words(schema):
            return _words(schema)
        return self.document.follow_object(schema, "")[0]


class _References:
    """Puts the keys of a bundle in place of the references in one schema, and notes them."""

    def __init__(self, document: Document, scopes: Scopes, place: _Place, key_of: Callable[[_Place], str]) -> None:
        self.document = document
        self.scopes = scopes
        self.pointer, self.scope = place
        self.key_of = key_of
        self.found: list[_Place] = []
        self.is_dynamic = False

    def refer(self, target: str) -> str:
        """The reference to write for a `$ref`."""
        target = self.scopes.resource(self.pointer) if target == "#" else target
        try:
            self.document.follow(self.document.at(target), target)
        except UnresolvedReference:
            return f"#/$defs/{_ANYTHING}"
        place = (target, None if self.scope is None else self.scopes.entered(self.scope, target))
        self.found.append(place)
        return f"#/$defs/{self.key_of(place)}"

    def refer_dynamically(self, target: str) -> str:
        """The reference to write for a `$dynamicRef` or `$recursiveRef`."""
        self.is_dynamic = True
        return self.refer(self.scopes.meant(self.scope or (), target, self.pointer))


def _is_reference(found: _Normalised) -> bool:
    return bool(found.referenced) and isinstance(found.schema, OBJECT) and found.schema.keys() == {"$ref"}


@cache
def _draft() -> type[jsonschema_rs.Draft202012Validator]:
    """The library is loaded with the first validator: importing a client should not wait for it."""
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator


def _words(schema: Json) -> Mapping[str, Json]:
    return schema if isinstance(schema, OBJECT) else {}


def _without_bad_patterns(schema: Json) -> Json:
    if isinstance(schema, list):
        return [_without_bad_patterns(entry) for entry in schema]
    if not isinstance(schema, OBJECT):
        return schema
    return {
        word: _with_good_names(value) if word == "patternProperties" else _without_bad_patterns(value)
        for word, value in schema.items()
        if not (word == "pattern" and isinstance(value, str) and not is_pattern(value))
    }


def _with_good_names(properties: Mapping[str, Json]) -> Json:
    return {text: _without_bad_patterns(schema) for text, schema in properties.items() if is_pattern(text)}


def is_pattern(text: str) -> bool:
    """Whether the validator can search with a pattern."""
    try:
        _draft()({"pattern": text})
    except ValueError:
        return False
    return True
