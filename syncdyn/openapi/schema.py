"""A value against a schema: is it valid, and if not, every violation.

A validator is built on first use from the schemas that it can reach, and no others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, cast

from syncdyn.openapi.document import Document, child, resource_of
from syncdyn.openapi.errors import UnresolvedReference, Violation
from syncdyn.openapi.explain import explain
from syncdyn.openapi.messages import Json
from syncdyn.openapi.normalise import Direction, normalise, original_path
from syncdyn.openapi.shapes import Shapes

if TYPE_CHECKING:
    import jsonschema_rs

#: A check of one string format: whether the text is of the format.
FormatCheck = Callable[[str], bool]

#: Stands in a bundle for a reference that leads nowhere.
_ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Validator:
    """A compiled schema. `is_valid` takes a microsecond or so; `violations` is for when it said no."""

    is_valid: Callable[[Json], bool]
    violations: Callable[[Json, str], tuple[Violation, ...]]


class Schemas:
    """The compiled schemas of one document, each built once, by pointer and direction.

    `formats` says what to do with `format`: None takes it as annotation, a mapping of names to checks
    asserts those; a name with None asserts it by the validator's own check.
    """

    def __init__(
        self, document: Document, shapes: Shapes, formats: Mapping[str, FormatCheck | None] | None = None
    ) -> None:
        self.document = document
        self.shapes = shapes
        self._formats = formats or {}
        self._lock = threading.RLock()
        self._validators: dict[tuple[str, Direction], Validator] = {}
        self._pointers: list[str] = []
        self._keys: dict[str, str] = {}
        self._normalised: dict[tuple[str, Direction], tuple[Json, tuple[str, ...]]] = {}

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
        definitions: dict[str, Json] = {_ANYTHING: True}
        waiting = [pointer]
        with self._lock:
            while waiting:
                target = waiting.pop()
                key = self._key(target)
                if key not in definitions:
                    definitions[key], referenced = self._normalise(target, direction)
                    waiting.extend(referenced)
            return {"$ref": f"#/$defs/{self._key(pointer)}", "$defs": definitions}

    def pointer_of(self, direction: Direction, schema_path: Iterable[str | int]) -> str:
        """The document's pointer for a path inside a bundle of one direction."""
        steps = list(schema_path)
        if len(steps) < 2 or steps[0] != "$defs":
            return ""
        base = self._pointers[int(str(steps[1])[1:])]
        return child(base, *original_path(self.document.at(base), steps[2:], direction))

    def _build(self, pointer: str, direction: Direction) -> Validator:
        compiled = self._compile(self.bundle(pointer, direction))
        pointer_of = partial(self.pointer_of, direction)

        def violations(value: Json, location: str) -> tuple[Violation, ...]:
            return explain(compiled.iter_errors(value), value, location, direction, self.shapes, pointer_of)

        return Validator(compiled.is_valid, violations)

    def _compile(self, bundle: dict[str, Json]) -> jsonschema_rs.Draft202012Validator:
        own = {name: check for name, check in self._formats.items() if check is not None}
        options: dict[str, Any] = {"validate_formats": bool(self._formats), "offline": True}
        if own:
            options["formats"] = own
        try:
            return _draft()(bundle, **options)
        except ValueError:
            # One bad pattern must not cost the whole check.
            return _draft()(cast("dict[str, Any]", _without_bad_patterns(bundle)), **options)

    def _normalise(self, pointer: str, direction: Direction) -> tuple[Json, tuple[str, ...]]:
        cached = self._normalised.get((pointer, direction))
        if cached is None:
            referenced: list[str] = []

            def refer(target: str) -> str:
                target = resource_of(pointer) if target == "#" else target
                try:
                    self.document.follow(self.document.at(target), target)
                except UnresolvedReference:
                    return f"#/$defs/{_ANYTHING}"
                referenced.append(target)
                return f"#/$defs/{self._key(target)}"

            schema = normalise(
                self.document.at(pointer),
                direction,
                refer,
                self._is_marked,
                formats=self._formats.keys(),
                refs_have_siblings=self.document.version > (3, 0),
            )
            cached = self._normalised[pointer, direction] = (schema, tuple(referenced))
        return cached

    def _key(self, pointer: str) -> str:
        key = self._keys.get(pointer)
        if key is None:
            key = self._keys[pointer] = f"s{len(self._pointers)}"
            self._pointers.append(pointer)
        return key

    def _is_marked(self, schema: Json, name: str, mark: str) -> bool:
        return any(
            place.get(mark) is True
            for entry in self._declarations(schema, name, set())
            for place in (_words(entry), self._followed(entry))
        )

    def _declarations(self, schema: Json, name: str, seen: set[int]) -> Iterator[Json]:
        """What the schema and its `allOf` say of a property."""
        owner = self._followed(schema)
        if id(owner) in seen:
            return
        seen.add(id(owner))
        yield _words(owner.get("properties")).get(name)
        parts = owner.get("allOf")
        for part in parts if isinstance(parts, list) else ():
            yield from self._declarations(part, name, seen)

    def _followed(self, schema: Json) -> Mapping[str, Json]:
        try:
            return _words(self.document.follow(schema, "")[0])
        except UnresolvedReference:
            return {}


@cache
def _draft() -> type[jsonschema_rs.Draft202012Validator]:
    """The library is loaded with the first validator: importing a client should not wait for it."""
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator


def _words(schema: Json) -> Mapping[str, Json]:
    return schema if isinstance(schema, Mapping) else {}


def _without_bad_patterns(schema: Json) -> Json:
    if isinstance(schema, list):
        return [_without_bad_patterns(entry) for entry in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        word: _with_good_names(value) if word == "patternProperties" else _without_bad_patterns(value)
        for word, value in schema.items()
        if not (word == "pattern" and isinstance(value, str) and not _is_pattern(value))
    }


def _with_good_names(properties: Mapping[str, Json]) -> Json:
    return {text: _without_bad_patterns(schema) for text, schema in properties.items() if _is_pattern(text)}


def _is_pattern(text: str) -> bool:
    try:
        _draft()({"pattern": text})
    except ValueError:
        return False
    return True
