"""One value of a schema, made in one go; whether it is valid is for others to say.

Words such as `allOf` are joined first; recursion ends by leaving out what is optional.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace

from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import Json
from syncdyn.openapi.sampling import scalars
from syncdyn.openapi.sampling.deciding import TYPES, Decider, Flatten, Way
from syncdyn.openapi.sampling.patterns import is_found
from syncdyn.openapi.sampling.plausible import faked
from syncdyn.openapi.schemas.normalise import MARK_OF_OTHER_WAY, Direction

#: So often an item is made anew that must differ from the others.
_TRIES = 24
#: Below this depth, only what is required is made.
_DEEP = 4
#: Below this depth nothing is made any more that could go on.
_TOO_DEEP = 24
_MOST_OPTIONAL = 40
#: No more items or members are made, whatever the schema asks for.
_MOST_ENTRIES = 1000
_WORDS_OF_TYPE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("object", ("properties", "required", "additionalProperties", "patternProperties", "minProperties")),
    ("array", ("items", "prefixItems", "minItems", "contains", "uniqueItems")),
    ("string", ("pattern", "minLength", "maxLength", "format", "contentMediaType")),
    ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
)


class Maker:
    """Makes one value. A member that cannot be made comes as MISSING and is left out."""

    def __init__(self, flatten: Flatten, direction: Direction, rng: random.Random, way: Way) -> None:
        self._flat = flatten
        self._mark = MARK_OF_OTHER_WAY[direction]
        self._rng = rng
        self._way = way
        self._decider = Decider(flatten, rng, way)

    def value(self, schema: Json, depth: int, above: frozenset[str], name: str = "") -> Json:
        """A value of a schema that stands under a name; `above` are the references that lead here."""
        plain, followed = self._flat(schema)
        if depth > _TOO_DEEP:
            return None if _may_be_null(plain) else MISSING
        if followed & above and depth > _DEEP and _may_be_null(plain):
            return None
        above = above | followed
        plain = self._decider.decided(plain, above)
        for word in ("const", "enum"):
            if word in plain:
                return plain["const"] if word == "const" else self._one_of(plain[word])
        if self._way.has_examples:
            stated = _stated(plain)
            if stated is not MISSING:
                return stated
        return self._by_type(plain, depth, above, name)

    def _by_type(self, plain: Mapping[str, Json], depth: int, above: frozenset[str], name: str) -> Json:
        kind = self._type(plain)
        if "x-faker" in plain and (faked := _faked(plain["x-faker"], kind, self._rng)) is not None:
            return faked
        if kind == "object":
            return self._object(plain, depth, above)
        if kind == "array":
            return self._array(plain, depth, above, name)
        if kind == "string":
            return scalars.text(plain, self._rng, name)
        if kind in ("integer", "number"):
            return scalars.number(plain, self._rng, name, is_integer=kind == "integer")
        return self._rng.random() < 0.5 if kind == "boolean" else None

    def _type(self, plain: Mapping[str, Json]) -> str:
        stated = plain.get("type")
        kinds = [kind for kind in (stated if isinstance(stated, list) else [stated]) if kind in TYPES]
        if not kinds:
            kinds = [kind for kind, words in _WORDS_OF_TYPE if any(word in plain for word in words)][:1]
        alive = [kind for kind in kinds if kind != "null"]
        return alive[0] if len(alive) == 1 else self._one_of(alive) if alive else (kinds[0] if kinds else "string")

    def _object(self, plain: Mapping[str, Json], depth: int, above: frozenset[str]) -> Json:
        properties = plain.get("properties")
        properties = properties if isinstance(properties, Mapping) else {}
        required = [name for name in plain.get("required") or () if isinstance(name, str)]
        made: dict[str, Json] = {}
        for name in [*self._wanted(plain, properties, required, depth)]:
            schema = _member_schema(plain, properties, name)
            if schema is False or self._is_for_other_way(schema):
                continue
            value = self.value(_open(schema), depth + 1, above, name)
            if value is not MISSING:
                made[name] = value
            elif name in required:
                return MISSING
        self._fill_up(plain, made, depth, above)
        return made

    def _wanted(
        self, plain: Mapping[str, Json], properties: Mapping[str, Json], required: list[str], depth: int
    ) -> Iterator[str]:
        """The names to make, in the order of the document, then those that others bring along."""
        optional = [name for name in properties if name not in required]
        least = max(0, int(plain.get("minProperties", 0)) - len(required))
        share = self._way.share if self._way.has_optional and depth < _DEEP else 0.0
        kept = [name for name in optional[:_MOST_OPTIONAL] if self._rng.random() < share]
        kept = kept if len(kept) >= least else optional[:least]
        most = plain.get("maxProperties")
        if isinstance(most, int | float):
            kept = kept[: max(0, int(most) - len(required))]
        chosen = {*required, *kept}
        for name, others in (plain.get("dependentRequired") or {}).items():
            if name in chosen:
                chosen.update(others)
        yield from (name for name in properties if name in chosen)
        yield from sorted(chosen - properties.keys())

    def _fill_up(self, plain: Mapping[str, Json], made: dict[str, Json], depth: int, above: frozenset[str]) -> None:
        """Members under names of its own, where the schema is a map or asks for more."""
        schema = plain.get("additionalProperties")
        has_room = depth < _DEEP and self._way.has_optional
        is_map = isinstance(schema, Mapping) and not plain.get("properties") and has_room
        least = max(int(plain.get("minProperties", 0)), 1 if is_map else 0)
        for index in range(len(made), min(least, _MOST_ENTRIES)):
            name, member = self._extra_member(plain, index)
            value = self.value(member, depth + 1, above)
            if value is not MISSING:
                made[name] = value

    def _extra_member(self, plain: Mapping[str, Json], index: int) -> tuple[str, Json]:
        for pattern, member in (plain.get("patternProperties") or {}).items():
            return scalars.text({"pattern": pattern}, self._rng), member
        names = plain.get("propertyNames")
        if isinstance(names, Mapping):
            name = self.value({"type": "string", **self._flat(names)[0]}, _DEEP, frozenset())
            return str(name), _open(plain.get("additionalProperties", True))
        return f"key{index + 1}", _open(plain.get("additionalProperties", True))

    def _array(self, plain: Mapping[str, Json], depth: int, above: frozenset[str], name: str) -> Json:
        first = plain.get("prefixItems")
        first = first if isinstance(first, list) else []
        least, most = int(plain.get("minItems", 0)), plain.get("maxItems")
        wished = max(least, 1 if depth < _DEEP and self._way.has_optional else 0)
        wished = max(wished, len(first)) if first and self._way.has_optional else wished
        number = min(wished, _MOST_ENTRIES, wished if most is None else int(most))
        wanted = [self._contained(plain, index, number, first) for index in range(number)]
        made: list[Json] = []
        for index, schema in enumerate(wanted):
            value = self._item(schema, made, depth, above, name.rstrip("s"), is_unique=plain.get("uniqueItems") is True)
            if value is MISSING:
                return made if index >= least else MISSING
            made.append(value)
        return made

    def _item(
        self, schema: Json, made: list[Json], depth: int, above: frozenset[str], name: str, *, is_unique: bool
    ) -> Json:
        for _ in range(_TRIES if is_unique else 1):
            value = self.value(schema, depth + 1, above, name)
            if not is_unique or value not in made:
                return value
            self._way = replace(self._way, has_examples=False)
        return MISSING

    def _contained(self, plain: Mapping[str, Json], index: int, number: int, first: list[Json]) -> Json:
        """The schema of one item; the last ones are of the kind that must be among them."""
        schema = first[index] if index < len(first) else plain.get("items", True)
        if "contains" in plain and index >= number - int(plain.get("minContains", 1)):
            return {"allOf": [_open(schema), plain["contains"]]}
        return _open(schema)

    def _is_for_other_way(self, schema: Json) -> bool:
        if not isinstance(schema, Mapping):
            return False
        return self._flat(schema)[0].get(self._mark) is True

    def _one_of(self, values: list[Json]) -> Json:
        return values[0] if self._way.has_examples else self._rng.choice(values)


def _member_schema(plain: Mapping[str, Json], properties: Mapping[str, Json], name: str) -> Json:
    """What must hold for a member: what stands under its name, and under each pattern that its name has."""
    patterns = plain.get("patternProperties")
    fitting = [properties[name]] if name in properties else []
    if isinstance(patterns, Mapping):
        fitting += [schema for pattern, schema in patterns.items() if is_found(pattern, name)]
    if not fitting:
        return plain.get("additionalProperties", True)
    return fitting[0] if len(fitting) == 1 else {"allOf": fitting}


def _faked(hint: Json, kind: str, rng: random.Random) -> Json:
    """What a hint asks for, as far as the type can carry it."""
    value = faked(hint, rng)
    if kind == "string":
        return None if value is None else str(value)
    return value if kind not in ("object", "array") else None


def _stated(plain: Mapping[str, Json]) -> Json:
    """The example or default that a schema states, or MISSING."""
    if "example" in plain:
        return plain["example"]
    examples = plain.get("examples")
    if isinstance(examples, list) and examples:
        return examples[0]
    return plain.get("default", MISSING)


def _may_be_null(plain: Mapping[str, Json]) -> bool:
    stated = plain.get("type")
    return plain.get("nullable") is True or stated == "null" or (isinstance(stated, list) and "null" in stated)


def _open(schema: Json) -> Json:
    return {} if schema is True or schema is None else schema
