"""Schemas of OpenAPI 3.0 and 3.1 rewritten as JSON Schema 2020-12, one at a time, for one direction.

What real documents get wrong (old words, repeated names, patterns that are none) is left out
rather than refused: a schema that checks a little less beats a document that does not open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from enum import Enum
from math import isfinite
from typing import Any

from syncdyn.openapi.messages import OBJECT, Json
from syncdyn.openapi.schemas.formats import WIDTHS


class Direction(Enum):
    """Which way a value travels: to the server or from it.

    RESPONSE is how one reads what came: a closed schema is open, and branches of `oneOf` may overlap. ANSWER is the
    same way seen by the one who sends it, and keeps every word.
    """

    REQUEST = "request"
    RESPONSE = "response"
    ANSWER = "answer"


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
_MAP_WORDS = frozenset({"properties", "patternProperties", "dependentSchemas"})
_BOUNDS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
_REFERRING = frozenset({"$ref", "$dynamicRef", "$recursiveRef"})
#: Words that stand for others in older drafts, or may.
_OLD = frozenset({"items", "dependencies"})
#: What a document promises not to send may still come: responses are open.
_CLOSED_WORDS = frozenset({"additionalProperties", "unevaluatedProperties"})
_WORDS_THAT_REFUSE_NULL = frozenset({"allOf", "anyOf", "oneOf", "$ref", "$dynamicRef", "const", "not", "if"})
#: What a word of 2020-12 was called where a document has it not, or has it in its old sense.
_OLD_WORDS: Mapping[str | int, str] = {
    "prefixItems": "items",
    "items": "additionalItems",
    "dependentRequired": "dependencies",
    "dependentSchemas": "dependencies",
}
#: What Rust reads as an index.
_NUMBER_LIKE = re.compile(r"\+?[0-9]+")
#: Marks the members that do not go this way.
MARK_OF_OTHER_WAY = {
    Direction.REQUEST: "readOnly",
    Direction.RESPONSE: "writeOnly",
    Direction.ANSWER: "writeOnly",
}


def normalise(
    schema: Json,
    direction: Direction,
    refer: Refer,
    is_marked: IsMarked,
    *,
    refer_dynamically: Refer | None = None,
    formats: Container[str] = (),
    refs_have_siblings: bool = True,
) -> Json:
    """The schema in 2020-12, its references put through `refer`.

    `$dynamicRef` and `$recursiveRef` are put through `refer_dynamically`, where there is one, and become `$ref`.
    Of the `format` words only those in `formats` are kept: the others are annotation.
    `refs_have_siblings` is False for OpenAPI 3.0 and old drafts, where words beside `$ref` are ignored.
    What is only there to be referred to (`$defs`) goes.
    Source: OpenAPI 3.0.4, Schema Object; OpenAPI 3.1, Schema Object; JSON Schema 2020-12, and draft-04 to 2019-09
    for `items` as a list, `additionalItems` and `dependencies`.
    """
    refer_dynamically = refer_dynamically or refer
    return _Normaliser(direction, refer, refer_dynamically, is_marked, formats, refs_have_siblings).schema(schema)


class _Normaliser:
    def __init__(
        self,
        direction: Direction,
        refer: Refer,
        refer_dynamically: Refer,
        is_marked: IsMarked,
        formats: Container[str],
        refs_have_siblings: bool,
    ) -> None:
        self.direction = direction
        self.refer = refer
        self.refer_dynamically = refer_dynamically
        self.is_marked = is_marked
        self.formats = formats
        self.refs_have_siblings = refs_have_siblings

    def schema(self, schema: Json) -> Json:
        if not isinstance(schema, OBJECT):
            return schema if isinstance(schema, bool) else True
        words = schema.keys()
        result = {} if words.isdisjoint(_REFERRING) else self._references(schema)
        if result and not self.refs_have_siblings:
            return result
        for word, value in schema.items():
            if word in _KEPT_WORDS:
                self.keyword(word, value, result)
        if not words.isdisjoint(_OLD):
            self._old_words(schema, result)
        if not words.isdisjoint(_BOUNDS):
            self._bounds(schema, result)
        if result.get("format") in WIDTHS:
            _put_width(result)
        if "required" in schema:
            self._required(schema, result)
        if self.direction is Direction.RESPONSE:
            _open(result)
        elif result.get("additionalProperties") is False:
            # Without a word for those that are allowed, the validator does not name those that are not.
            result.setdefault("properties", {})
        return _with_null(result) if schema.get("nullable") is True else result

    def _references(self, schema: Mapping[str, Json]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        if isinstance(schema.get("$ref"), str):
            result["$ref"] = self.refer(schema["$ref"])
        dynamic = schema.get("$dynamicRef", schema.get("$recursiveRef"))
        if isinstance(dynamic, str):
            # To a pointer both words lead alike, and so there is room for two.
            result["$dynamicRef" if result else "$ref"] = self.refer_dynamically(dynamic)
        return result

    def _old_words(self, schema: Mapping[str, Json], result: dict[str, Any]) -> None:
        """Until 2019-09 `items` may be a list and `additionalItems` what follows; `dependencies` is two words."""
        if isinstance(schema.get("items"), list):
            self.keyword("prefixItems", schema["items"], result)
            result["items"] = self.schema(schema.get("additionalItems", True))
        dependencies = schema.get("dependencies")
        for name, needed in dependencies.items() if isinstance(dependencies, OBJECT) else ():
            if _are_names({name: needed}):
                result["dependentRequired"] = {**result.get("dependentRequired", {}), name: needed}
            elif not isinstance(needed, list):
                result.setdefault("dependentSchemas", {})[name] = self.schema(needed)

    def keyword(self, word: str, value: Json, result: dict[str, Any]) -> None:
        if word == "type":
            _put_type(value, result)
        elif word in _SCHEMA_WORDS:
            result[word] = self.schema(value)
        elif word in _LIST_WORDS and isinstance(value, list) and value:
            result[word] = [self.schema(entry) for entry in value]
        elif word in _MAP_WORDS and isinstance(value, OBJECT):
            result[word] = {name: self.schema(entry) for name, entry in value.items()}
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
        mark = MARK_OF_OTHER_WAY[self.direction]
        names = dict.fromkeys(name for name in required if isinstance(name, str))
        kept = [name for name in names if not self.is_marked(schema, name, mark)]
        if kept:
            result["required"] = kept


def _put_width(result: dict[str, Any]) -> None:
    """A format of whole numbers as the bounds that it means."""
    least, most = WIDTHS[result.pop("format")]
    result["minimum"] = max(least, result.get("minimum", least))
    result["maximum"] = min(most, result.get("maximum", most))


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
    if isinstance(value, str) and value in _TYPES:
        result["type"] = value
        return
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
        step = named_step(schema, steps.pop(0))
        words = schema if isinstance(schema, OBJECT) else {}
        is_own = step != "anyOf" or "anyOf" in words
        is_opened = not is_own and direction is Direction.RESPONSE and "oneOf" in words
        if steps and not is_own and not is_opened:
            # Put around a schema that may be null.
            del steps[0]
            continue
        old = _OLD_WORDS.get(step, "")
        if old in words and (step not in words or old == "additionalItems"):
            step = old
        if step == "allOf" and steps and isinstance(steps[0], int) and steps[0] >= len(words.get("allOf", ())):
            step, steps = "oneOf", steps[2:]
        elif is_opened:
            step = "oneOf"
        found.append(step)
        schema = _below(schema, step)
    return tuple(found)


def named_step(owner: Json, step: str | int) -> str | int:
    """A step of a path as it is meant: jsonschema-rs tells a member's name such as `1` or `+1` as a number."""
    if not isinstance(step, int) or not isinstance(owner, OBJECT):
        return step
    alike = (name for name in owner if _NUMBER_LIKE.fullmatch(name) and int(name) == step)
    return str(step) if str(step) in owner else next(alike, str(step))


def _below(schema: Json, step: str | int) -> Json:
    try:
        return schema[step]
    except (LookupError, TypeError):
        return None


def _is_number(value: Json) -> bool:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return is_whole or (isinstance(value, float) and isfinite(value))


def _is_count(value: Json) -> bool:
    return _is_number(value) and value >= 0 and value % 1 == 0


def _are_names(value: Json) -> bool:
    """Whether a value is a mapping to lists of names, none of them repeated."""
    return isinstance(value, OBJECT) and all(
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
#: The same for every word of which more is read than its presence.
_USABLE: Mapping[str, Callable[[Json], bool]] = {
    **_VALUE_WORDS,
    **dict.fromkeys(_LIST_WORDS, lambda value: isinstance(value, list)),
    **dict.fromkeys((*_MAP_WORDS, "discriminator"), lambda value: isinstance(value, OBJECT)),
    **dict.fromkeys(_BOUNDS, lambda value: isinstance(value, bool) or _is_number(value)),
    "required": lambda value: isinstance(value, list),
}


def well_formed(schema: Mapping[str, Json]) -> dict[str, Json]:
    """A schema without the words whose values are of no use, such as a `maxLength` of text."""
    return {word: value for word, value in schema.items() if word not in _USABLE or _USABLE[word](value)}


_KEPT_WORDS = frozenset({"type", "format", *_SCHEMA_WORDS, *_LIST_WORDS, *_MAP_WORDS, *_VALUE_WORDS})
