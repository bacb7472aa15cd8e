"""The shape of a schema: which names it has, what is below them; for reading and writing values.

A shape knows no rules (that is `schema`): it says how a value is laid out, so that a Python
name finds its wire name, a union its branch, and a text its type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from types import MappingProxyType

from syncdyn.openapi.document import FILES, Document, child, resource_of, steps_of
from syncdyn.openapi.errors import DocumentError, UnresolvedReference
from syncdyn.openapi.hints import quoted
from syncdyn.openapi.messages import OBJECT, Json
from syncdyn.openapi.schemas.lazy import lazy
from syncdyn.openapi.schemas.names import python_name

_MOST_NESTED = 32
#: So deep may `allOf`, `oneOf` and `anyOf` lie in each other.
_MOST_COMPOSED = 64
_COMPONENTS = "#/components/schemas"
_ALL_TYPES = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
_NUMERIC = frozenset({"integer", "number"})
_UNION_WORDS = ("oneOf", "anyOf")
_COMPOSING_WORDS = ("allOf", *_UNION_WORDS)


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

    @lazy
    def name(self) -> str:
        """The component's name, or the last meaningful step of the pointer."""
        steps = [step for step in steps_of(self.pointer) if step not in ("schema", "properties", "items")]
        title = self.schema.get("title")
        if len(steps) == 3 and steps[0] == "components":
            return steps[2]
        if len(steps) == 2 and steps[0] == FILES:
            return title if isinstance(title, str) else PurePosixPath(steps[1]).stem
        return title if isinstance(title, str) else (steps[-1] if steps else "value")

    @lazy
    def types(self) -> frozenset[str]:
        """The JSON types that a value may have; all of them where the schema is silent."""
        found = self._stated_types()
        for part in self.parts:
            found = _narrowed(found, part.types)
        if self.branches:
            found = _narrowed(found, frozenset[str]().union(*(branch.types for branch in self.branches)))
        if found == _ALL_TYPES:
            return frozenset({"object"}) if "properties" in self.schema else found
        return found | {"null"} if self.schema.get("nullable") is True else found

    def _stated_types(self) -> frozenset[str]:
        if "const" in self.schema:
            return frozenset({json_type(self.schema["const"])})
        own = self.schema.get("type")
        named = own if isinstance(own, list) else [own]
        stated = _ALL_TYPES.intersection(name for name in named if isinstance(name, str))
        if not stated and isinstance(self.schema.get("enum"), list):
            stated = frozenset(json_type(value) for value in self.schema["enum"])
        return stated or _ALL_TYPES

    @lazy
    def format(self) -> str | None:
        own = self.schema.get("format")
        if isinstance(own, str):
            return own
        return next((near.format for near in (*self.parts, *self.branches) if near.format), None)

    @lazy
    def parts(self) -> tuple[Shape, ...]:
        """The schemas of `allOf`."""
        # What a part leads back to is no part: it would add nothing, for ever.
        return tuple(shape for shape in self._below("allOf") if not shape._leads_to(self, _COMPOSING_WORDS))

    @lazy
    def branches(self) -> tuple[Shape, ...]:
        """The alternatives of `oneOf` and `anyOf`, without those that are mere constraints on the schema itself."""
        listed = (shape for word in _UNION_WORDS for shape in self._below(word))
        return tuple(shape for shape in listed if not shape._leads_to(self, _UNION_WORDS) and shape.is_structured)

    @lazy
    def items(self) -> Shape | None:
        """The shape of an array's items."""
        if isinstance(self.schema.get("items"), OBJECT):
            return self._shapes.at(child(self.pointer, "items"))
        return next((near.items for near in (*self.parts, *self.branches) if near.items), None)

    @lazy
    def values(self) -> Shape | None:
        """The shape of values under undeclared names."""
        if isinstance(self.schema.get("additionalProperties"), OBJECT):
            return self._shapes.at(child(self.pointer, "additionalProperties"))
        return next((part.values for part in self.parts if part.values), None)

    @lazy
    def fields(self) -> Mapping[str, Field]:
        """The declared properties by wire name, those of `allOf` included, in document order."""
        found: dict[str, Field] = {}
        for part in self.parts:
            found.update(part.fields)
        required = self.schema.get("required")
        properties = self.schema.get("properties")
        for wire, raw in properties.items() if isinstance(properties, OBJECT) else ():
            found[wire] = self._field(wire, raw)
        for wire in required if isinstance(required, list) else ():
            if isinstance(wire, str) and wire in found:
                found[wire] = replace(found[wire], is_required=True)
        return MappingProxyType(found)

    @lazy
    def all_fields(self) -> Mapping[str, Field]:
        """The declared properties, those of every branch included; an own one wins."""
        found: dict[str, Field] = {}
        for branch in self.branches:
            found.update(branch.all_fields)
        found.update(self.fields)
        return MappingProxyType(found)

    @lazy
    def wire_names(self) -> Mapping[str, str]:
        """The wire name for each name that a caller may use: wire, Python, and other spellings."""
        found: dict[str, str] = {}
        for entry in self.all_fields.values():
            for name in (entry.name, *entry.also):
                found.setdefault(name, entry.wire)
        found.update({wire: wire for wire in self.all_fields})
        return MappingProxyType(found)

    @lazy
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

    @lazy
    def discriminator(self) -> tuple[str, Mapping[str, Shape]] | None:
        """The property that tells the branches apart, and the branch for each of its values.

        Source: OpenAPI 3.1, Discriminator Object; a mapping may name a schema or a reference.
        """
        stated = self.schema.get("discriminator")
        if not isinstance(stated, OBJECT) or not isinstance(stated.get("propertyName"), str):
            return None
        name = stated["propertyName"]
        by_value = dict(self._mapped(stated.get("mapping")))
        mapped = frozenset(by_value.values())
        for branch in self.branches:
            for value in () if branch in mapped else branch._values_of(name):
                by_value.setdefault(value, branch)
        return (name, MappingProxyType(by_value)) if by_value else None

    @lazy
    def default_branch(self) -> Shape | None:
        """The schema of a value whose discriminator is absent, or names no branch; None where none is stated.

        Source: OpenAPI 3.2, Discriminator Object, `defaultMapping`.
        """
        stated = self.schema.get("discriminator")
        target = stated.get("defaultMapping") if isinstance(stated, OBJECT) else None
        return next((shape for _, shape in self._mapped({"": target})), None)

    def _mapped(self, mapping: Json) -> Iterator[tuple[str, Shape]]:
        for value, target in mapping.items() if isinstance(mapping, OBJECT) else ():
            target = str(target)
            try:
                yield str(value), self._shapes.at(target if "/" in target else child(_COMPONENTS, target))
            except UnresolvedReference:
                continue

    def _values_of(self, name: str) -> Iterator[str]:
        """The texts that a property may have by this schema; where it does not say, the component's name."""
        if self.branches:
            for branch in self.branches:
                yield from branch._values_of(name)
            return
        stated = self.fields[name].shape.schema if name in self.fields else {}
        values = [stated["const"]] if "const" in stated else stated.get("enum")
        texts = [value for value in values if isinstance(value, str)] if isinstance(values, list) else []
        if texts:
            yield from texts
        elif len(steps_of(self.pointer)) == len(steps_of(_COMPONENTS)) + 1:
            yield self.name

    def has_branch(self, shape: Shape) -> bool:
        """Whether a shape is this one or one of its branches, at any depth."""
        return shape is self or any(branch.has_branch(shape) for branch in self.branches)

    def branch_for(self, value: Json) -> Shape:
        """The branch that a value belongs to: by discriminator, else by constants, else by its type.

        The shape itself when it is no union, or when nothing tells the branches apart.
        """
        shape = self
        # A mapping may lead back to where it stands.
        for _ in range(_MOST_NESTED):
            chosen = shape._branch_for(value)
            if chosen is None:
                break
            shape = chosen
        return shape

    def _branch_for(self, value: Json) -> Shape | None:
        branches = self.branches
        if not branches:
            return None
        if isinstance(value, OBJECT):
            if self.discriminator is not None:
                name, by_value = self.discriminator
                return by_value.get(str(value.get(name)), self.default_branch)
            told = {branch: count for branch in branches if (count := branch._constants_in(value))}
            if told:
                return max(told, key=told.__getitem__)
        kind = frozenset({json_type(value)})
        fitting = [branch for branch in branches if _common(branch.types, kind)]
        if isinstance(value, OBJECT) and not self.fields:
            fitting = [branch for branch in fitting if branch._may_be(value)]
            return fitting[0] if len(fitting) == 1 else None
        return fitting[0] if len(fitting) == 1 and self.all_fields.keys() == fitting[0].all_fields.keys() else None

    def _may_be(self, value: Mapping[str, Json]) -> bool:
        """Whether an object has what the shape requires, and none of its constants otherwise."""
        if any(wire in value and value[wire] != constant for wire, constant in self.constants.items()):
            return False
        return all(field.wire in value for field in self.fields.values() if field.is_required)

    def _constants_in(self, value: Mapping[str, Json]) -> int:
        """How many of the shape's constants a value shows; 0 when one of its own differs."""
        if any(value.get(wire) != constant for wire, constant in self.constants.items()):
            return 0
        return len(self.constants) + max((branch._constants_in(value) for branch in self.branches), default=0)

    @lazy
    def is_structured(self) -> bool:
        """Whether the shape says more than constraints: has a type, fields, items or branches of its own."""
        return self.types != _ALL_TYPES or bool(self.all_fields) or self.items is not None

    def _below(self, word: str) -> Iterator[Shape]:
        listed = self.schema.get(word)
        for index, entry in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(entry, OBJECT):
                yield self._shapes.at(child(self.pointer, word, index))

    def _leads_to(self, goal: Shape, words: tuple[str, ...]) -> bool:
        """Whether the composition that begins with this shape comes to another.

        Raises DocumentError where it has more levels than can be read.
        """
        seen: set[Shape] = set()
        level = {self}
        for _ in range(_MOST_COMPOSED):
            if goal in level:
                return True
            seen |= level
            level = {below for shape in level for word in words for below in shape._below(word)} - seen
            if not level:
                return False
        origin = self._shapes.document.origin
        raise DocumentError(
            f"{origin}: the schema {quoted(goal.name)} is composed of others over more than {_MOST_COMPOSED} levels"
        )

    def _field(self, wire: str, raw: Json) -> Field:
        words = raw if isinstance(raw, OBJECT) else {}
        named = words.get("x-syncdyn-name")
        also = words.get("x-syncdyn-aliases")
        return Field(
            name=named if isinstance(named, str) else self._shapes.name_of(wire),
            wire=wire,
            shape=self._shapes.of(raw, child(self.pointer, "properties", wire)),
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
        """The shape of the schema at a pointer, references followed; one that leads nowhere tells nothing.

        Raises UnresolvedReference when nothing stands at the pointer itself.
        """
        return self._made.get(pointer) or self.of(self.document.at(pointer), pointer)

    def of(self, value: Json, pointer: str) -> Shape:
        """The shape of a schema that stands at a pointer, for those who have found it there."""
        shape = self._made.get(pointer)
        if shape is None:
            schema, end = self._end_of(value, pointer)
            shape = self._made.setdefault(end, Shape(self, end, schema))
            self._made[pointer] = shape
        return shape

    def _end_of(self, value: Json, pointer: str) -> tuple[Mapping[str, Json], str]:
        try:
            value, pointer = self.document.follow(value, pointer)
            dynamic = value.get("$dynamicRef") if isinstance(value, OBJECT) else None
            if isinstance(dynamic, str) and dynamic.startswith("#/"):
                # What it means at least; what else, the way to it would say.
                value, pointer = self.document.follow(self.document.at(dynamic), dynamic)
        except UnresolvedReference:
            return {}, pointer
        if isinstance(value, OBJECT) and value.get("$recursiveRef") == "#":
            pointer = resource_of(pointer)
            value = self.document.at(pointer)
        return (value if isinstance(value, OBJECT) else {}), pointer


def _common(types: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """The types in both; an integer is a number too."""
    both = types & others
    is_whole = not both & _NUMERIC and types & _NUMERIC and others & _NUMERIC
    return both | {"integer"} if is_whole else both


def _narrowed(types: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """The types in both; those of the first where the document contradicts itself."""
    return _common(types, others) or types


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
    return "object" if isinstance(value, OBJECT) else "array"
