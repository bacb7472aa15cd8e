"""The value that Prism shows for a schema where it generates nothing: always the same, by type and format.

An example or a default stands for the value; else a text is its format's or `string`, a number its least one or 0, a
boolean true; recursion is cut. The table of formats and the order of the rules are Prism's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import MISSING, UnresolvedReference
from syncdyn.openapi.messages import Json

_MOST_SCHEMAS = 2500
_DEEPEST = 15
#: So often a schema may stand inside itself.
_TURNS = 2
_WORD = "string"
_TYPES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("number", ("multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum")),
    ("string", ("maxLength", "minLength", "pattern")),
    ("array", ("items", "maxItems", "minItems", "uniqueItems", "additionalItems")),
    ("object", ("maxProperties", "minProperties", "required", "additionalProperties", "properties",
                "patternProperties", "dependencies")),
)  # fmt: skip
_FORMATS: Mapping[str, str] = {
    "email": "user@example.com",
    "idn-email": "пользователь@пример.ру",  # noqa: RUF001
    "date-time": "2019-08-24T14:15:22Z",
    "date": "2019-08-24",
    "time": "14:15:22Z",
    "ipv4": "192.168.0.1",
    "ipv6": "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
    "hostname": "example.com",
    "idn-hostname": "пример.ру",  # noqa: RUF001
    "iri": "http://пример.ру",  # noqa: RUF001
    "iri-reference": "../словарь",
    "uri": "http://example.com",
    "uri-reference": "../dictionary",
    "uri-template": "http://example.com/{endpoint}",
    "json-pointer": "/json/pointer",
    "relative-json-pointer": "1/relative/json/pointer",
    "regex": "/regex/",
}
_RANGES: Mapping[str, tuple[float, float]] = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**53 - 1), 2**53 - 1),
    "float": (-(2.0**128), 2.0**128),
    "double": (-1.7976931348623157e308, 1.7976931348623157e308),
}


class TooComplex(Exception):
    """The schema has more parts than are gone through."""


@dataclass(frozen=True, slots=True)
class _Found:
    value: Json
    type: Json = None


def static_value(document: Document, pointer: str) -> Json:
    """The value of the schema at a pointer; MISSING where recursion leaves none. Raises TooComplex."""
    return _Sampler(document).value({"$ref": pointer}, "", 0, ()).value


def root_example(document: Document, pointer: str) -> Json:
    """The example that a schema states at its root, or MISSING."""
    schema, _ = document.follow_object({"$ref": pointer}, pointer)
    return _example(schema)


class _Sampler:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._left = _MOST_SCHEMAS

    def value(self, schema: Json, name: str, depth: int, above: tuple[int, ...]) -> _Found:
        """The value of a schema in an object under a name, with the schemas that lead to it."""
        self._left -= 1
        if self._left <= 0:
            raise TooComplex
        schema = self._followed(schema)
        if above.count(id(schema)) >= _TURNS or depth > _DEEPEST:
            return _Found(_CUT.get(str(_type_of(schema)), MISSING))
        below = (*above, id(schema))
        for word, rule in _RULES:
            if word in schema and (found := rule(self, schema, name, depth, below)) is not None:
                return found
        return self._plain(schema, name, depth, below)

    def _followed(self, schema: Json) -> Mapping[str, Json]:
        if not isinstance(schema, Mapping):
            return {}
        if "$ref" not in schema:
            return schema
        try:
            return self._document.follow_object(schema, "")[0]
        except UnresolvedReference:
            return {}

    def _all(self, schema: Mapping[str, Json], name: str, depth: int, above: tuple[int, ...]) -> _Found | None:
        """`allOf`: the objects of all parts as one; of other values the last."""
        own = {word: value for word, value in schema.items() if word != "allOf"}
        first = self.value(own, name, depth, above)
        kind, values = first.type, []
        for part in schema["allOf"] if isinstance(schema["allOf"], list) else ():
            followed = self._followed(part)
            found = self.value({"type": kind, **followed}, name, depth, (*above, id(followed)))
            if kind and found.type and found.type != kind:
                kind = found.type
            kind = kind or found.type
            if found.value is not None and found.value is not MISSING:
                values.append(found.value)
        if kind != "object":
            return _Found(values[-1] if values else first.value, kind)
        objects = [value for value in (first.value, *values) if isinstance(value, Mapping)]
        return _Found(_merged(objects), kind)

    def _first(self, word: str, schema: Mapping[str, Json], name: str, depth: int, above: tuple[int, ...]) -> Any:
        branches = schema[word]
        return self.value(branches[0], name, depth, above) if isinstance(branches, list) and branches else None

    def _one(self, schema: Mapping[str, Json], name: str, depth: int, above: tuple[int, ...]) -> _Found | None:
        found: _Found | None = self._first("oneOf", schema, name, depth, above)
        return found

    def _any(self, schema: Mapping[str, Json], name: str, depth: int, above: tuple[int, ...]) -> _Found | None:
        found: _Found | None = self._first("anyOf", schema, name, depth, above)
        return found

    def _then(self, schema: Mapping[str, Json], name: str, depth: int, above: tuple[int, ...]) -> _Found | None:
        if "then" not in schema:
            return None
        return self.value(_merged([self._followed(schema["if"]), self._followed(schema["then"])]), name, depth, above)

    def _plain(self, schema: Mapping[str, Json], name: str, depth: int, above: tuple[int, ...]) -> _Found:
        stated = _stated(schema)
        if stated is not MISSING:
            return _Found(stated)
        kind = _type_of(schema)
        if kind == "object":
            return _Found(self._object(schema, depth, above), kind)
        if kind == "array":
            return _Found(self._array(schema, depth, above), kind)
        if kind == "string":
            return _Found(_text(schema, name), kind)
        if kind in ("integer", "number"):
            return _Found(_number(schema), kind)
        return _Found(True if kind == "boolean" else None, kind)

    def _object(self, schema: Mapping[str, Json], depth: int, above: tuple[int, ...]) -> Json:
        made = {}
        properties = schema.get("properties")
        for name, member in properties.items() if isinstance(properties, Mapping) else ():
            made[name] = self.value(member, name, depth + 1, above).value
        if isinstance(schema.get("additionalProperties"), Mapping):
            for name in ("property1", "property2"):
                made[name] = self.value(schema["additionalProperties"], "", depth + 1, above).value
        return {name: value for name, value in made.items() if value is not MISSING}

    def _array(self, schema: Mapping[str, Json], depth: int, above: tuple[int, ...]) -> Json:
        items = schema.get("items", schema.get("contains"))
        if items is None:
            return []
        number = min(schema.get("maxItems", 10**9), schema.get("minItems") or 1)
        listed = items if isinstance(items, list) else [items] * int(number)
        made = [self.value(item, "", depth + 1, above).value for item in listed]
        return [None if value is MISSING else value for value in made]


_RULES: tuple[tuple[str, Callable[..., _Found | None]], ...] = (
    ("allOf", _Sampler._all),
    ("oneOf", _Sampler._one),
    ("anyOf", _Sampler._any),
    ("if", _Sampler._then),
)
_CUT: Mapping[str, Json] = {"object": {}, "array": []}


def _stated(schema: Mapping[str, Json]) -> Json:
    for word in ("default", "const"):
        if word in schema:
            return schema[word]
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return schema["enum"][0]
    return _example(schema)


def _example(schema: Mapping[str, Json]) -> Json:
    for word in ("example", "x-example"):
        if word in schema:
            return schema[word]
    examples = schema.get("examples")
    return examples[0] if isinstance(examples, list) and examples else MISSING


def _type_of(schema: Mapping[str, Json]) -> Json:
    stated = schema.get("type", MISSING)
    if isinstance(stated, list):
        return stated[0] if stated else None
    if stated is not MISSING:
        return stated
    return next((kind for kind, words in _TYPES if any(word in schema for word in words)), None)


def _number(schema: Mapping[str, Json]) -> Json:
    low, high = schema.get("minimum"), schema.get("maximum")
    below: Json = schema.get("exclusiveMinimum")
    above: Json = schema.get("exclusiveMaximum")
    if below is True:
        low, below = None, low
    if above is True:
        high, above = None, high
    least, most = _RANGES.get(str(schema.get("format")), (None, None))
    if least is not None and most is not None:
        low = max(low, least) if _is_number(low) else least
        high = min(high, most) if _is_number(high) else most
    if _is_number(low):
        return low
    if _is_number(below):
        return below + 1 if below + 1 != above else (below + above) / 2
    if _is_number(above):
        return above - 1
    return high if _is_number(high) else 0


def _is_number(value: Json) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(schema: Mapping[str, Json], name: str) -> str:
    kind = str(schema.get("format"))
    least, most = schema.get("minLength") or 0, schema.get("maxLength")
    if kind == "uuid":
        return _uuid(name or "id")
    if kind == "password":
        return ("pa$$word_" + "qwerty!@#$%^123456" * (least // 18 + 1))[:least] if least > 8 else "pa$$word"
    if kind in _FORMATS:
        return _FORMATS[kind]
    text = (_WORD * (least // len(_WORD) + 1))[:least] if least > len(_WORD) else _WORD
    return text[:most] if most and len(text) > most else text


def _merged(objects: list[Mapping[str, Json]]) -> dict[str, Json]:
    merged: dict[str, Json] = {}
    for one in objects:
        for name, value in one.items():
            before = merged.get(name)
            if isinstance(before, Mapping) and isinstance(value, Mapping):
                value = _merged([before, value])
            merged[name] = value
    return merged


def _uuid(name: str) -> str:
    """The UUID that Prism makes of a name: hashed to 32 bits, which seed a small generator (JSF, by Bob Jenkins)."""
    seed = 0
    for character in name:
        seed = (seed * 31 + ord(character)) & 0xFFFFFFFF
    numbers = _jsf(seed)
    digits = []
    for mark in "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx":
        if mark not in "xy":
            digits.append(mark)
            continue
        digit = int(next(numbers) * 16) % 16
        digits.append(f"{digit if mark == 'x' else (digit & 0x3 | 0x8):x}")
    return "".join(digits)


def _jsf(seed: int) -> Any:
    a = b = c = d = seed
    while True:
        t = (a - (b << 27 | b >> 5)) & 0xFFFFFFFF
        a = (b ^ (c << 17 | c >> 15)) & 0xFFFFFFFF
        b = (c + d) & 0xFFFFFFFF
        c = (d + t) & 0xFFFFFFFF
        d = (a + t) & 0xFFFFFFFF
        yield d / 4294967296
