"""Schemas of OpenAPI 3.0 and 3.1 rewritten as JSON Schema 2020-12, one at a time, for one direction.

What real documents get wrong (old words, repeated names, patterns that are none) is left out
rather than refused: a schema that checks a little less beats a document that does not open.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from enum import Enum
from typing import Any

from syncdyn.openapi.messages import Json


class Direction(Enum):
    """Which way a value travels: to the server or from it."""

    REQUEST = "request"
    RESPONSE = "response"


#: Turns the target of a `$ref` into the reference to put in its place.
Refer = Callable[[str], str]
#: Whether the schema is marked with a word (`readOnly`), references followed.
IsMarked = Callable[[Json, str], bool]

_TYPES = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
_SCHEMA_WORDS = frozenset(
    {
        "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
        "unevaluatedItems", "unevaluatedProperties",
    }
)  # fmt: skip
_LIST_WORDS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_MAP_WORDS = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"})
_KEPT_WORDS = frozenset({"const", "pattern", "uniqueItems", "dependentRequired"})
_NUMBER_WORDS = frozenset({"minimum", "maximum", "multipleOf"})
_COUNT_WORDS = frozenset(
    {
        "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
        "minContains", "maxContains",
    }
)  # fmt: skip
_BOUNDS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
#: What a document promises not to send may still come: responses are open.
_CLOSED_WORDS = frozenset({"additionalProperties", "unevaluatedProperties"})
_MARK_OF_OTHER_WAY = {Direction.REQUEST: "readOnly", Direction.RESPONSE: "writeOnly"}


def normalise(
    schema: Json,
    direction: Direction,
    refer: Refer,
    is_marked: IsMarked,
    *,
    formats: Container[str] = (),
    refs_have_siblings: bool = True,
) -> Json:
    """The schema in 2020-12, its references put through `refer`.

    Of the `format` words only those in `formats` are kept: the others are annotation.
    `refs_have_siblings` is False for OpenAPI 3.0, where words beside `$ref` are ignored.
    Source: OpenAPI 3.0.4, Schema Object; OpenAPI 3.1, Schema Object; JSON Schema 2020-12.
    """
    return _Normaliser(direction, refer, is_marked, formats, refs_have_siblings).schema(schema)


class _Normaliser:
    def __init__(
        self,
        direction: Direction,
        refer: Refer,
        is_marked: IsMarked,
        formats: Container[str],
        refs_have_siblings: bool,
    ) -> None:
        self.direction = direction
        self.refer = refer
        self.is_marked = is_marked
        self.formats = formats
        self.refs_have_siblings = refs_have_siblings

    def schema(self, schema: Json) -> Json:
        if not isinstance(schema, Mapping):
            return schema if isinstance(schema, bool) else True
        reference = schema.get("$ref", schema.get("$recursiveRef", schema.get("$dynamicRef")))
        if isinstance(reference, str) and not self.refs_have_siblings:
            return {"$ref": self.refer(reference)}
        result: dict[str, Any] = {"$ref": self.refer(reference)} if isinstance(reference, str) else {}
        for word, value in schema.items():
            self.keyword(word, value, result)
        self._bounds(schema, result)
        self._required(schema, result)
        if self.direction is Direction.RESPONSE:
            _open(result)
        return _with_null(result) if schema.get("nullable") is True else result

    def keyword(self, word: str, value: Json, result: dict[str, Any]) -> None:
        if word in _SCHEMA_WORDS:
            result[word] = self.schema(value)
        elif word in _LIST_WORDS and isinstance(value, list) and value:
            result[word] = [self.schema(entry) for entry in value]
        elif word in _MAP_WORDS and isinstance(value, Mapping):
            result[word] = {name: self.schema(entry) for name, entry in value.items()}
        elif word == "type":
            _put_type(value, result)
        elif word == "enum" and isinstance(value, list) and value:
            result[word] = value
        elif word in _KEPT_WORDS or (word == "format" and value in self.formats):
            result[word] = value
        elif (word in _NUMBER_WORDS and _is_number(value)) or (word in _COUNT_WORDS and _is_count(value)):
            result[word] = value

    def _bounds(self, schema: Mapping[str, Json], result: dict[str, Any]) -> None:
        """3.0 has `exclusiveMinimum: true` beside `minimum`; 2020-12 has the number itself."""
        for word, plain in _BOUNDS.items():
            value = schema.get(word)
            if value is True and plain in result:
                result[word] = result.pop(plain)
            elif _is_number(value):
                result[word] = value

    def _required(self, schema: Mapping[str, Json], result: dict[str, Any]) -> None:
        """Names once each, without those that belong to the other direction alone."""
        required = schema.get("required")
        if not isinstance(required, list):
            return
        mark = _MARK_OF_OTHER_WAY[self.direction]
        properties = schema.get("properties")
        properties = properties if isinstance(properties, Mapping) else {}
        names = dict.fromkeys(name for name in required if isinstance(name, str))
        kept = [name for name in names if not self.is_marked(properties.get(name), mark)]
        if kept:
            result["required"] = kept


def _open(result: dict[str, Any]) -> None:
    for word in _CLOSED_WORDS:
        if result.get(word) is False:
            del result[word]
    if "oneOf" in result:
        # Overlapping branches are common and harmless in what one receives.
        branches = {"anyOf": result.pop("oneOf")}
        if "anyOf" in result:
            result["allOf"] = [*result.get("allOf", ()), branches]
        else:
            result.update(branches)


def _put_type(value: Json, result: dict[str, Any]) -> None:
    types = [name for name in (value if isinstance(value, list) else [value]) if name in _TYPES]
    if types:
        result["type"] = types[0] if len(types) == 1 else list(dict.fromkeys(types))


def _with_null(result: dict[str, Any]) -> dict[str, Any]:
    """`nullable: true` in the words of 2020-12; an `enum` must name null as well."""
    if "enum" in result and None not in result["enum"]:
        result["enum"] = [*result["enum"], None]
    if "type" in result:
        types = result["type"] if isinstance(result["type"], list) else [result["type"]]
        result["type"] = list(dict.fromkeys([*types, "null"]))
        if not (result.keys() & {"allOf", "anyOf", "oneOf", "$ref", "const", "not"}):
            return result
    for word in ("oneOf", "anyOf"):
        if word in result and "allOf" not in result and "$ref" not in result:
            result[word] = [*result[word], {"type": "null"}]
            return result
    return {"anyOf": [result, {"type": "null"}]} if result else result


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: Json) -> bool:
    return _is_number(value) and value >= 0 and float(value).is_integer()
