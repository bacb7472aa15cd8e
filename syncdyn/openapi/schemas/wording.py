"""The words for values and for broken rules: what was found, what is allowed, what was probably meant."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from syncdyn.openapi.hints import close_names
from syncdyn.openapi.messages import Json
from syncdyn.openapi.schemas.shapes import json_type

_LONGEST_SHOWN = 80
_MOST_ALLOWED_SHOWN = 12
_ARTICLES = {"integer": "an integer", "array": "an array", "object": "an object", "null": "null"}


def show(value: Json) -> str:
    """A value as people may see it: JSON, cut to a line's length."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}... ({len(text)} characters)"


def mistyped(found: Json, types: Sequence[str]) -> str:
    """That a value is of none of the types."""
    kind = json_type(found)
    what = kind if kind == "null" else f"{_typed(kind)} {show(found)}"
    return f"expected {' or '.join(map(_typed, sorted(types, key='null'.__eq__)))}, found {what}"


def _typed(kind: str) -> str:
    return _ARTICLES.get(kind, f"a {kind}")


def either(names: Sequence[str]) -> str:
    """The names as alternatives: `'a', 'b' or 'c'`."""
    quoted = [repr(name) for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def listed(values: Sequence[Json], *, quote: bool = True) -> str:
    """The values with commas; of many only how many more there are."""
    shown = [show(value) if quote else str(value) for value in values[:_MOST_ALLOWED_SHOWN]]
    rest = len(values) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant: the same in another case or with other separators, else the nearest."""
    folded = {_folded(one): one for one in names}
    near = close_names(_folded(name), folded)
    return folded[near[0]] if near else None


def _folded(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def hint_of(found: Json, allowed: Sequence[Json]) -> str | None:
    """Which of the allowed values was probably meant."""
    same = [one for one in allowed if json_type(one) != json_type(found) and _text(one) == _text(found)]
    if same:
        return f"did you mean {show(same[0])}?"
    meant = nearest(found, (one for one in allowed if isinstance(one, str))) if isinstance(found, str) else None
    return f"did you mean {meant!r}?" if meant is not None else None


def _text(value: Json) -> str:
    return value if isinstance(value, str) else show(value)


def retyped(found: Json, types: Sequence[str]) -> str | None:
    """The same value in a type that is allowed, where there is a plain one."""
    if isinstance(found, str) and {"integer", "number", "boolean"} & set(types):
        try:
            meant = json.loads(found.strip().lower())
        except (ValueError, RecursionError):
            return None
        kind = json_type(meant)
        fits = kind in types or (kind == "integer" and "number" in types)
        return f"did you mean {json.dumps(meant)}?" if fits else None
    if "string" in types and isinstance(found, int | float) and not isinstance(found, bool):
        return f'did you mean "{json.dumps(found)}"?'
    if "array" in types and found is not None and not isinstance(found, list):
        return "did you mean a list of one?"
    return None


#: How a schema that nothing fits is described.
NOTHING = "nothing"


def described(schema: Json) -> str:
    """What a schema asks, in a few words where it is plain, else as it stands."""
    if schema is False or schema is None:
        return NOTHING
    words = schema if isinstance(schema, Mapping) else {}
    word = next((word for word in _DESCRIPTIONS if word in words), None)
    plain = word is not None and all(other in _SILENT for other in words if other != word)
    return _DESCRIPTIONS[word](words[word]) if plain and word is not None else f"of the schema {show(schema)}"


def condition(schema: Json) -> str:
    """What an `if` asks of an object, in a few words; none where it takes many."""
    stated = schema if isinstance(schema, Mapping) else {}
    properties, names = stated.get("properties"), stated.get("required")
    asked = (
        [f"{name} is {described(one)}" for name, one in properties.items()] if isinstance(properties, Mapping) else []
    )
    if not asked and isinstance(names, list):
        asked = [f"{name} is there" for name in names]
    told = " and ".join(asked)
    return told if len(told) <= _LONGEST_SHOWN else ""


def miscounted(found: Sequence[Json], word: str, schema: Mapping[str, Json], what: str) -> str:
    """That too few or too many of the items are what `contains` asks for; `word` is the one that says so."""
    count = _count(len(found), "items")
    if word == "maxContains":
        return f"too many of its {count}: at most {schema.get(word)} may be {what}"
    return f"too few of its {count}: at least {schema.get('minContains', 1)} must be {what}"


def forbidden(found: Json, word: str, owner: str, schema: Mapping[str, Json]) -> str:
    """That nothing may stand where a value was found, for the word of the schema that says so."""
    listed_items = schema.get("prefixItems", schema.get("items"))
    if word in ("items", "additionalItems") and isinstance(listed_items, list):
        return f"{show(found)} is more than may stand in it: {_count(len(listed_items), 'items')}"
    if word == "propertyNames":
        return "it must have no properties"
    if owner.endswith(("/dependentSchemas", "/dependencies")):
        return f"{word!r} must not be given here"
    return f"{show(found)} must not be here"


def broken(keyword: str, found: Json, facts: Mapping[str, Any]) -> str:
    """That a value breaks the rule of a keyword; `facts` are the validator's own."""
    message = _MESSAGES.get(keyword)
    return message(found, facts) if message else f"{show(found)} breaks the rule {keyword!r}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number != 1 else f"1 {_SINGULAR[what]}"


_SINGULAR = {"characters": "character", "items": "item", "properties": "property"}

#: What a text of a format looks like.
_FORMATS = {
    "": "of the format {format!r}",
    "byte": "text in base64",
    "date": "a date such as 2026-01-31",
    "date-time": "a date and time such as 2026-01-31T12:00:00Z",
    "email": "an e-mail address",
    "hostname": "a host name such as api.example.com",
    "ipv4": "an IPv4 address such as 192.0.2.1",
    "ipv6": "an IPv6 address such as 2001:db8::1",
    "time": "a time such as 12:00:00Z",
    "duration": "a duration such as PT15M",
    "uri": "an absolute URL such as https://example.com/file",
    "uuid": "a UUID such as 123e4567-e89b-12d3-a456-426614174000",
}

#: What a text of a well-known pattern is; other patterns are shown as they stand.
_PATTERNS = {"^https?://[^/]": "a URL that begins with http:// or https:// and a host"}

#: Words of a schema that ask nothing.
_SILENT = frozenset({"title", "description", "default", "example", "examples", "deprecated", "$comment"})
#: What the value of a keyword asks, of a schema that has no other.
_DESCRIPTIONS: dict[str, Callable[[Any], str]] = {
    "const": show,
    "enum": lambda values: f"one of {listed(values)}" if isinstance(values, list) else show(values),
    "type": lambda types: " or ".join(map(_typed, types if isinstance(types, list) else [types])),
    "pattern": lambda pattern: f"a text that matches {pattern}",
    "required": lambda names: f"an object with {' and '.join(map(repr, names))}",
}

_Message = Callable[[Json, Mapping[str, Any]], str]


def _against_pattern(found: Json, pattern: str) -> str:
    if pattern in _PATTERNS:
        return f"{show(found)} is not {_PATTERNS[pattern]}"
    return f"{show(found)} does not match the pattern {pattern}"


_MESSAGES: dict[str, _Message] = {
    "type": lambda found, facts: mistyped(found, facts["types"]),
    "enum": lambda found, facts: f"{show(found)} is not one of {listed(facts['options'])}",
    "const": lambda found, facts: f"{show(found)} is not {show(facts['expected_value'])}, the only value allowed",
    "pattern": lambda found, facts: _against_pattern(found, facts["pattern"]),
    "format": lambda found, facts:
        f"{show(found)} is not {_FORMATS.get(facts['format'], _FORMATS['']).format(**facts)}",
    "minimum": lambda found, facts: f"{show(found)} is less than the minimum, {facts['limit']}",
    "maximum": lambda found, facts: f"{show(found)} is more than the maximum, {facts['limit']}",
    "exclusiveMinimum": lambda found, facts: f"{show(found)} is not more than {facts['limit']}",
    "exclusiveMaximum": lambda found, facts: f"{show(found)} is not less than {facts['limit']}",
    "multipleOf": lambda found, facts: f"{show(found)} is not a multiple of {facts['multiple_of']}",
    "minLength": lambda found, facts: "is empty" if not found else
        f"{_count(len(found), 'characters')} long, shorter than the minimum, {facts['limit']}",
    "maxLength": lambda found, facts:
        f"{_count(len(found), 'characters')} long, longer than the maximum, {facts['limit']}",
    "minItems": lambda found, facts: f"{_count(len(found), 'items')}, fewer than the minimum, {facts['limit']}",
    "maxItems": lambda found, facts: f"{_count(len(found), 'items')}, more than the maximum, {facts['limit']}",
    "minProperties": lambda found, facts:
        f"{_count(len(found), 'properties')}, fewer than the minimum, {facts['limit']}",
    "maxProperties": lambda found, facts:
        f"{_count(len(found), 'properties')}, more than the maximum, {facts['limit']}",
    "uniqueItems": lambda *_: "the same item stands in it more than once",
}  # fmt: skip
