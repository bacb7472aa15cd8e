"""Schemas of OpenAPI 3.0 and 3.1 rewritten as JSON Schema 2020-12, one at a time, for one direction.

What real documents get wrong (old words, repeated names, patterns that are none) is left out
rather than refused: a schema that checks a little less beats a document that does not open.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from enum import Enum
from math import isfinite
from typing import Any

from syncdyn.openapi.messages import Json


class Direction(Enum):
    """Which way a value travels: to the server or from it."""

    REQUEST = "request"
    RESPONSE = "response"


#: Turns the target of a `$ref` into the reference to put in its place.
Refer = Callable[[str], str]
#: Whether a schema's property of a name is marked with a word (`readOnly`), references and `allOf` followed.
IsMarked = Callable[[Json, str, str], bool]

_TYPES = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
_SCHEMA_WORDS = frozenset(
    {
        "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
        "unevaluatedItems", "unevaluatedProperties",
    }
)  # fmt: skip
_LIST_WORDS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_MAP_WORDS = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"})
_BOUNDS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
#: What a document promises not to send may still come: responses are open.
_CLOSED_WORDS = frozenset({"additionalProperties", "unevaluatedProperties"})
_WORDS_THAT_REFUSE_NULL = frozenset({"allOf", "anyOf", "oneOf", "$ref", "const", "not", "if"})
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
        elif result.get("additionalProperties") is False:
            # Without a word for those that are allowed, the validator does not name those that are not.
            result.setdefault("properties", {})
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
        elif self._is_kept(word, value):
            result[word] = value

    def _is_kept(self, word: str, value: Json) -> bool:
        if word == "format":
            return isinstance(value, str) and value in self.formats
        return word in _VALUE_WORDS and _VALUE_WORDS[word](value)

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
        names = dict.fromkeys(name for name in required if isinstance(name, str))
        kept = [name for name in names if not self.is_marked(schema, name, mark)]
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
    named = value if isinstance(value, list) else [value]
    types = [name for name in named if isinstance(name, str) and name in _TYPES]
    if types:
        result["type"] = types[0] if len(types) == 1 else list(dict.fromkeys(types))


def _with_null(result: dict[str, Any]) -> dict[str, Any]:
    """`nullable: true` in the words of 2020-12; an `enum` must name null as well."""
    if "enum" in result and None not in result["enum"]:
        result["enum"] = [*result["enum"], None]
    if "type" in result:
        types = result["type"] if isinstance(result["type"], list) else [result["type"]]
        result["type"] = list(dict.fromkeys([*types, "null"]))
    refusing = result.keys() & _WORDS_THAT_REFUSE_NULL
    if refusing == {"anyOf"}:
        result["anyOf"] = [*result["anyOf"], {"type": "null"}]
        return result
    return {"anyOf": [result, {"type": "null"}]} if refusing else result


def original_path(schema: Json, path: Sequence[str | int], direction: Direction) -> tuple[str | int, ...]:
    """The path in a schema as the document has it, of a path in what `normalise` made of it."""
    found: list[str | int] = []
    steps = list(path)
    while steps:
        step = steps.pop(0)
        words = schema if isinstance(schema, Mapping) else {}
        is_own = step != "anyOf" or "anyOf" in words
        is_opened = not is_own and direction is Direction.RESPONSE and "oneOf" in words
        if steps and not is_own and not is_opened:
            # Put around a schema that may be null.
            del steps[0]
            continue
        if step == "allOf" and steps and isinstance(steps[0], int) and steps[0] >= len(words.get("allOf", ())):
            step, steps = "oneOf", steps[2:]
        elif is_opened:
            step = "oneOf"
        found.append(step)
        schema = _below(schema, step)
    return tuple(found)


def _below(schema: Json, step: str | int) -> Json:
    try:
        return schema[step]
    except (LookupError, TypeError):
        return None


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _is_count(value: Json) -> bool:
    return _is_number(value) and value >= 0 and float(value).is_integer()


def _are_names(value: Json) -> bool:
    """Whether a value is a mapping to lists of names, none of them repeated."""
    return isinstance(value, Mapping) and all(
        isinstance(names, list) and all(isinstance(name, str) for name in names) and len(set(names)) == len(names)
        for names in value.values()
    )


#: The words whose value stays as it is, each with what the value must be.
_VALUE_WORDS: Mapping[str, Callable[[Json], bool]] = {
    "const": lambda _: True,
    "enum": lambda value: isinstance(value, list) and bool(value),
    "pattern": lambda value: isinstance(value, str),
    "uniqueItems": lambda value: isinstance(value, bool),
    "dependentRequired": _are_names,
    "minimum": _is_number,
    "maximum": _is_number,
    "multipleOf": lambda value: _is_number(value) and value > 0,
    **dict.fromkeys(
        ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
         "minContains", "maxContains"),
        _is_count,
    ),
}  # fmt: skip
