"""The shape of a schema: which names it has, what is below them; for reading and writing values.

A shape knows no rules (that is `schema`): it says how a value is laid out, so that a Python
name finds its wire name, a union its branch, and a text its type.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from syncdyn.openapi.document import Document, child, steps_of
from syncdyn.openapi.errors import UnresolvedReference
from syncdyn.openapi.messages import Json

_ALL_TYPES = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
_UNION_WORDS = ("oneOf", "anyOf")
_MOST_NESTED = 32


@dataclass(frozen=True, slots=True)
class Field:
    """A declared property. `name` is for Python, `wire` for the message; `also` are other wire spellings."""

    name: str
    wire: str
    shape: Shape
    is_required: bool = False
    also: tuple[str, ...] = ()


class Shape:
    """How values of one schema are laid out; everything is worked out on first use, once."""

    def __init__(self, shapes: Shapes, pointer: str, schema: Mapping[str, Json]) -> None:
        self._shapes = shapes
        self.pointer = pointer
        self.schema = schema

    @cached_property
    def name(self) -> str:
        """The component's name, or the last meaningful step of the pointer."""
        steps = [step for step in steps_of(self.pointer) if step not in ("schema", "properties", "items")]
        title = self.schema.get("title")
        if len(steps) == 3 and steps[0] == "components":
            return steps[2]
        return title if isinstance(title, str) else (steps[-1] if steps else "value")

    @cached_property
    def types(self) -> frozenset[str]:
        """The JSON types that a value may have; all of them where the schema is silent."""
        own = self.schema.get("type")
        stated = frozenset(own if isinstance(own, list) else [own]) & _ALL_TYPES if own else _ALL_TYPES
        if stated != _ALL_TYPES and self.schema.get("nullable") is True:
            stated |= {"null"}
        if "const" in self.schema:
            return frozenset({json_type(self.schema["const"])})
        if stated == _ALL_TYPES and isinstance(self.schema.get("enum"), list):
            stated = frozenset(json_type(value) for value in self.schema["enum"])
        for part in self.parts:
            stated &= part.types
        if self.branches:
            stated &= frozenset[str]().union(*(branch.types for branch in self.branches))
        if stated == _ALL_TYPES and "properties" in self.schema:
            return frozenset({"object"})
        return stated

    @cached_property
    def format(self) -> str | None:
        own = self.schema.get("format")
        if isinstance(own, str):
            return own
        return next((near.format for near in (*self.parts, *self.branches) if near.format), None)

    @cached_property
    def parts(self) -> tuple[Shape, ...]:
        """The schemas of `allOf`."""
        return tuple(self._below("allOf"))

    @cached_property
    def branches(self) -> tuple[Shape, ...]:
        """The alternatives of `oneOf` and `anyOf`, without those that are mere constraints on the schema itself."""
        return tuple(shape for word in _UNION_WORDS for shape in self._below(word) if shape.is_structured)

    @cached_property
    def items(self) -> Shape | None:
        """The shape of an array's items."""
        if isinstance(self.schema.get("items"), Mapping):
            return self._shapes.at(child(self.pointer, "items"))
        return next((near.items for near in (*self.parts, *self.branches) if near.items), None)

    @cached_property
    def values(self) -> Shape | None:
        """The shape of values under undeclared names."""
        if isinstance(self.schema.get("additionalProperties"), Mapping):
            return self._shapes.at(child(self.pointer, "additionalProperties"))
        return next((part.values for part in self.parts if part.values), None)

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The declared properties by wire name, those of `allOf` included, in document order."""
        found: dict[str, Field] = {}
        for part in self.parts:
            found.update(part.fields)
        required = self.schema.get("required")
        required_names = frozenset(name for name in required if isinstance(name, str)) if isinstance(required, list) else ()
        properties = self.schema.get("properties")
        for wire in properties if isinstance(properties, Mapping) else ():
            found[wire] = self._field(wire, wire in required_names)
        return MappingProxyType(found)

    @cached_property
    def all_fields(self) -> Mapping[str, Field]:
        """The declared properties, those of every branch included; an own one wins."""
        found: dict[str, Field] = {}
        for branch in self.branches:
            found.update(branch.all_fields)
        found.update(self.fields)
        return MappingProxyType(found)

    @cached_property
    def wire_names(self) -> Mapping[str, str]:
        """The wire name for each name that a caller may use: wire, Python, and other spellings."""
        found: dict[str, str] = {}
        for entry in self.all_fields.values():
            for name in (entry.name, *entry.also):
                found.setdefault(name, entry.wire)
        found.update({wire: wire for wire in self.all_fields})
        return MappingProxyType(found)

    @cached_property
    def constants(self) -> Mapping[str, Json]:
        """The properties that can have one value only: `const`, or an `enum` of one."""
        found = {}
        for wire, entry in self.fields.items():
            schema = entry.shape.schema
            if "const" in schema:
                found[wire] = schema["const"]
            elif isinstance(schema.get("enum"), list) and len(schema["enum"]) == 1:
                found[wire] = schema["enum"][0]
        return MappingProxyType(found)

    @cached_property
    def discriminator(self) -> tuple[str, Mapping[str, Shape]] | None:
        """The property that tells the branches apart, and the branch for each of its values.

        Source: OpenAPI 3.1, Discriminator Object; a mapping may name a schema or a reference.
        """
        stated = self.schema.get("discriminator")
        if not isinstance(stated, Mapping) or not isinstance(stated.get("propertyName"), str):
            return None
        mapping = stated.get("mapping")
        by_value = {}
        for value, target in mapping.items() if isinstance(mapping, Mapping) else ():
            pointer = target if "/" in str(target) else child("#/components/schemas", target)
            try:
                by_value[value] = self._shapes.at(pointer)
            except UnresolvedReference:
                continue
        mapped = set(by_value.values())
        by_value.update({branch.name: branch for branch in self.branches if branch not in mapped})
        return stated["propertyName"], MappingProxyType(by_value)

    def branch_for(self, value: Json) -> Shape:
        """The branch that a value belongs to: by discriminator, else by constants, else by its type.

        The shape itself when it is no union, or when nothing tells the branches apart.
        """
        shape = self
        for _ in range(_MOST_NESTED):
            chosen = shape._branch_for(value)
            if chosen is None:
                return shape
            shape = chosen
        return shape

    def _branch_for(self, value: Json) -> Shape | None:
        branches = self.branches
        if not branches:
            return None
        if isinstance(value, Mapping):
            if self.discriminator is not None:
                name, by_value = self.discriminator
                told = value.get(name)
                return by_value.get(told) if isinstance(told, str) else None
            for branch in branches:
                constants = branch.constants
                if constants and all(value.get(wire) == one for wire, one in constants.items()):
                    return branch
        kind = json_type(value)
        fitting = [branch for branch in branches if kind in branch.types]
        return fitting[0] if len(fitting) == 1 and self.all_fields.keys() == fitting[0].all_fields.keys() else None

    @cached_property
    def is_structured(self) -> bool:
        """Whether the shape says more than constraints: has a type, fields, items or branches of its own."""
        return self.types != _ALL_TYPES or bool(self.all_fields) or self.items is not None

    def _below(self, word: str) -> Iterator[Shape]:
        listed = self.schema.get(word)
        for index, entry in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(entry, Mapping):
                yield self._shapes.at(child(self.pointer, word, index))

    def _field(self, wire: str, is_required: bool) -> Field:
        pointer = child(self.pointer, "properties", wire)
        raw = self._shapes.document.at(pointer)
        raw = raw if isinstance(raw, Mapping) else {}
        named = raw.get("x-syncdyn-name")
        also = raw.get("x-syncdyn-aliases")
        return Field(
            name=named if isinstance(named, str) else self._shapes.name_of(wire),
            wire=wire,
            shape=self._shapes.at(pointer),
            is_required=is_required,
            also=tuple(also) if isinstance(also, list) else (),
        )

    def __repr__(self) -> str:
        return f"<Shape {self.name}>"


class Shapes:
    """The shapes of one document, each made once. `name_of` turns a wire name into a Python name."""

    def __init__(self, document: Document, name_of: Callable[[str], str] | None = None) -> None:
        self.document = document
        self.name_of = name_of or python_name
        self._made: dict[str, Shape] = {}

    def at(self, pointer: str) -> Shape:
        """The shape of the schema at a pointer, references followed."""
        shape = self._made.get(pointer)
        if shape is None:
            value, end = self.document.follow(self.document.at(pointer), pointer)
            schema = value if isinstance(value, Mapping) else {}
            shape = self._made.get(end) or Shape(self, end, schema)
            self._made[end] = self._made[pointer] = shape
        return shape


def json_type(value: Json) -> str:
    """The JSON type of a value; a whole number is an `integer`, also where it is written 1.0."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "object" if isinstance(value, Mapping) else "array"


_WORD_ENDS = (re.compile(r"(.)([A-Z][a-z]+)"), re.compile(r"([a-z0-9])([A-Z])"))


def python_name(wire: str) -> str:
    """A wire name as Python writes it: `webhookUrl` -> `webhook_url`, `class` -> `class_`."""
    name = re.sub(r"\W+", "_", wire).strip("_") or "value"
    for pattern in _WORD_ENDS:
        name = pattern.sub(r"\1_\2", name)
    name = re.sub(r"__+", "_", name).lower()
    if name[0].isdigit():
        name = f"_{name}"
    return f"{name}_" if keyword.iskeyword(name) else name
