"""Schemas that must all hold -> one schema, word by word; and the words that `$ref` and `allOf` hide.

What cannot be joined in general (two patterns, two unions) is joined as far as it goes: what is made from the
result is checked against the document in the end.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import UnresolvedReference
from syncdyn.openapi.messages import Json
from syncdyn.openapi.schemas.normalise import well_formed

Schema = Mapping[str, Json]
_MOST_NESTED = 40


def flat(document: Document, schema: Json) -> tuple[dict[str, Json], frozenset[str]]:
    """A schema with its references followed and its `allOf` joined, and the references that were followed.

    `False`, and what can only be false, has the word `not` with an empty schema.
    """
    seen: set[str] = set()
    return _flat(document, schema, seen, 0), frozenset(seen)


def _flat(document: Document, schema: Json, seen: set[str], depth: int) -> dict[str, Json]:
    if schema is False:
        return {"not": {}}
    if not isinstance(schema, Mapping) or depth > _MOST_NESTED:
        return {}
    own = {word: value for word, value in well_formed(schema).items() if word not in ("$ref", "allOf")}
    reference = schema.get("$ref")
    parts: list[Json] = list(schema.get("allOf", ())) if isinstance(schema.get("allOf"), list) else []
    if isinstance(reference, str) and reference not in seen:
        # Once is enough: followed each time, forty schemas that name the next one twice never come to an end.
        try:
            target = document.at(reference)
        except UnresolvedReference:
            return own
        seen.add(reference)
        if document.version == (3, 0):
            return _flat(document, target, seen, depth + 1)
        parts.insert(0, target)
    joined: dict[str, Json] = {}
    for part in parts:
        joined = merge(joined, _flat(document, part, seen, depth + 1))
    return merge(joined, own) if joined else own


def merge(one: Schema, other: Schema) -> dict[str, Json]:
    """The schema that holds where both do. The words of `other` win where there is no better way."""
    joined = dict(one)
    for word, value in other.items():
        is_new = word not in joined or joined[word] == value
        joined[word] = value if is_new else _JOINERS.get(word, _last)(joined[word], value)
    _close_properties(joined, one, other)
    return joined


def _close_properties(joined: dict[str, Json], one: Schema, other: Schema) -> None:
    """A closed schema allows its own properties alone, whatever the other one knows."""
    for closed in (one, other):
        if closed.get("additionalProperties") is False and isinstance(joined.get("properties"), Mapping):
            patterns = closed.get("patternProperties")
            allowed = closed.get("properties", {})
            if not patterns:
                joined["properties"] = {
                    name: value if name in allowed else False for name, value in joined["properties"].items()
                }


def _last(_: Json, value: Json) -> Json:
    return value


def _both(one: Json, other: Json) -> Json:
    return other if one == other else {"allOf": [one, other]}


def _properties(one: Json, other: Json) -> Json:
    joined = dict(one)
    for name, schema in other.items():
        joined[name] = _both(joined[name], schema) if name in joined else schema
    return joined


def _types(one: Json, other: Json) -> Json:
    first = one if isinstance(one, list) else [one]
    second = other if isinstance(other, list) else [other]
    common = [kind for kind in first if kind in second]
    if "number" in first and "integer" in second:
        common.append("integer")
    if "integer" in first and "number" in second:
        common.append("integer")
    return list(dict.fromkeys(common)) or other


def _common(one: Json, other: Json) -> Json:
    return [value for value in one if value in other] or other


def _union(one: Json, other: Json) -> Json:
    return [*one, *(value for value in other if value not in one)]


def _multiple(one: Json, other: Json) -> Json:
    if isinstance(one, int) and isinstance(other, int):
        return math.lcm(one, other)
    return max(one, other)


def _branches(one: Json, other: Json) -> Json:
    """Every pairing of two unions, each a schema that holds where both do."""
    return [_both(left, right) for left in one for right in other][:64]


def _patterns(one: Json, other: Json) -> Json:
    """Patterns that must all be found: a tuple, where one would do in a schema."""
    return (*(one if isinstance(one, tuple) else (one,)), *(other if isinstance(other, tuple) else (other,)))


def _narrow(one: Json, other: Json) -> Json:
    if one is False or other is False:
        return False
    if not isinstance(one, Mapping):
        return other
    return _both(one, other) if isinstance(other, Mapping) else one


_JOINERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "type": _types,
    "enum": _common,
    "required": _union,
    "properties": _properties,
    "patternProperties": _properties,
    "additionalProperties": _narrow,
    "items": _both,
    "minimum": max,
    "exclusiveMinimum": max,
    "minLength": max,
    "pattern": _patterns,
    "minItems": max,
    "minProperties": max,
    "maximum": min,
    "exclusiveMaximum": min,
    "maxLength": min,
    "maxItems": min,
    "maxProperties": min,
    "multipleOf": _multiple,
    "uniqueItems": lambda one, other: one or other,
    "nullable": lambda one, other: one and other,
    "oneOf": _branches,
    "anyOf": _branches,
    "dependentRequired": lambda one, other: {**one, **other},
}
