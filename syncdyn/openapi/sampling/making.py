"""One value of a schema, made in one go; whether it is valid is for others to say.

Words such as `allOf` are joined first; recursion ends by leaving out what is optional.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import Json
from syncdyn.openapi.sampling import scalars
from syncdyn.openapi.sampling.deciding import Decider, Way
from syncdyn.openapi.sampling.plain import Flatten, Plain
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
        return self._made(self._flat(schema), depth, above, name)

    def _made(self, plain: Plain, depth: int, above: frozenset[str], name: str) -> Json:
        if depth > _TOO_DEEP:
            return None if plain.may_be_null else MISSING
        if plain.followed:
            if depth > _DEEP and plain.may_be_null and plain.followed & above:
                return None
            above = above | plain.followed
        if plain.has_choices:
            plain = Plain(self._decider.decided(plain.words, above))
        if plain.values is not None:
            return self._one_of(plain.values)
        if self._way.has_examples and plain.stated is not MISSING:
            return plain.stated
        return self._by_type(plain, depth, above, name)

    def _by_type(self, plain: Plain, depth: int, above: frozenset[str], name: str) -> Json:
        words, types = plain.words, plain.types
        kind = types[0] if len(types) == 1 else self._one_of(types)
        if "x-faker" in words and (faked := _faked(words["x-faker"], kind, self._rng)) is not None:
            return faked
        if kind == "object":
            return self._object(plain, depth, above)
        if kind == "array":
            return self._array(words, depth, above, name)
        if kind == "string":
            return scalars.text(words, self._rng, name)
        if kind in ("integer", "number"):
            return scalars.number(words, self._rng, name, is_integer=kind == "integer")
        return self._rng.random() < 0.5 if kind == "boolean" else None

    def _object(self, plain: Plain, depth: int, above: frozenset[str]) -> Json:
        made: dict[str, Json] = {}
        members, mark = plain.members, self._mark
        for name in self._wanted(plain, depth):
            member = members[name] if name in members else self._member(plain, name)
            if member is None or member.words.get(mark) is True:
                continue
            value = self._made(member, depth + 1, above, name)
            if value is not MISSING:
                made[name] = value
            elif name in plain.required:
                return MISSING
        self._fill_up(plain.words, made, depth, above)
        return made

    def _member(self, plain: Plain, name: str) -> Plain | None:
        schema = plain.member(name)
        member = plain.members[name] = None if schema is False else self._flat(_open(schema))
        return member

    def _wanted(self, plain: Plain, depth: int) -> list[str]:
        """The names to make, in the order of the document, then those that others bring along."""
        optional, required, words = plain.optional, plain.required, plain.words
        least, most = max(0, int(words.get("minProperties", 0)) - len(required)), words.get("maxProperties")
        share = self._way.share if self._way.has_optional and depth < _DEEP else 0.0
        if share >= 1 and most is None and len(optional) <= _MOST_OPTIONAL:
            return plain.all_names
        kept = [name for name in optional[:_MOST_OPTIONAL] if self._rng.random() < share] if share else []
        kept = kept if len(kept) >= least else optional[:least]
        if isinstance(most, int | float):
            kept = kept[: max(0, int(most) - len(required))]
        return plain.named(kept)

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
            name = self.value({"type": "string", **self._flat(names).words}, _DEEP, frozenset())
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

    def _one_of(self, values: list[Json]) -> Json:
        return values[0] if self._way.has_examples else self._rng.choice(values)


def _faked(hint: Json, kind: str, rng: random.Random) -> Json:
    """What a hint asks for, as far as the type can carry it."""
    value = faked(hint, rng)
    if kind == "string":
        return None if value is None else str(value)
    return value if kind not in ("object", "array") else None


def _open(schema: Json) -> Json:
    return {} if schema is True or schema is None else schema
