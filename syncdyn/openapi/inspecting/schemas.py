"""What can be wrong with one schema: words of other versions, bounds that exclude each other, bad patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import child
from syncdyn.openapi.errors import DocumentError, UnresolvedReference
from syncdyn.openapi.hints import hint_clause
from syncdyn.openapi.inspecting.finding import Finding
from syncdyn.openapi.inspecting.grammar import Node
from syncdyn.openapi.messages import Json
from syncdyn.openapi.schemas.dialects import is_known
from syncdyn.openapi.schemas.schema import is_pattern

_TYPES = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
_NUMBERS = ("minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum")
_COUNTS = (
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains",
)  # fmt: skip
_BOUNDS = (
    ("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties"),
    ("minContains", "maxContains"),
)  # fmt: skip
#: What each word takes; those that hold schemas are judged by the walk.
_TAKES: Mapping[str, type | tuple[type, ...]] = MappingProxyType(
    {
        **dict.fromkeys(_NUMBERS, (int, float)),
        **dict.fromkeys(_COUNTS, (int, float)),
        "enum": list,
        "required": list,
        "pattern": str,
        "format": str,
        "uniqueItems": bool,
        "nullable": bool,
        "discriminator": Mapping,
    }
)
_ANNOTATIONS = frozenset(
    {"title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "xml",
     "externalDocs", "contentMediaType", "contentEncoding", "$comment", "$id", "$schema", "$anchor", "$vocabulary"}
)  # fmt: skip
_WORDS = frozenset(
    {"type", "const", "$ref", "$dynamicRef", "$dynamicAnchor", "dependentRequired", "items", "additionalProperties",
     "not", "if", "then", "else", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties",
     "contentSchema", "allOf", "anyOf", "oneOf", "prefixItems", "properties", "patternProperties",
     "dependentSchemas", "$defs"}
)  # fmt: skip
_KNOWN_WORDS = _TAKES.keys() | _ANNOTATIONS | _WORDS
_COMPOSING_WORDS = frozenset({"allOf", "anyOf", "oneOf"})
#: Words of JSON Schema drafts before 2020-12, and whether they are honoured all the same.
_OLD_WORDS = MappingProxyType(
    {"$recursiveRef": True, "$recursiveAnchor": True, "definitions": True, "id": False, "dependencies": True,
     "additionalItems": True, "divisibleBy": False, "disallow": False, "extends": False}
)  # fmt: skip
#: Source: the OpenAPI Format Registry; JSON Schema 2020-12, Validation, section 7.3.
_FORMATS = frozenset(
    {"base64url", "binary", "byte", "char", "commonmark", "date", "date-time", "date-time-local", "decimal",
     "decimal128", "double", "double-int", "duration", "email", "float", "hostname", "html", "http-date",
     "idn-email", "idn-hostname", "int16", "int32", "int64", "int8", "ipv4", "ipv6", "iri", "iri-reference",
     "json-pointer", "media-range", "password", "regex", "relative-json-pointer", "sf-binary", "sf-boolean",
     "sf-decimal", "sf-integer", "sf-string", "sf-token", "time", "time-local", "uint16", "uint32", "uint64",
     "uint8", "unixtime", "uri", "uri-reference", "uri-template", "url", "uuid"}
)  # fmt: skip

_Findings = Iterator[Finding]


def _words(_: Contract, node: Node) -> _Findings:
    for word, value in node.value.items():
        if word not in _KNOWN_WORDS and not word.startswith("x-"):
            yield _unknown(node, word)
        elif word in _TAKES and not _fits(word, value):
            yield Finding("schema-word", child(node.pointer, word), f"{word} is {_short(value)}")


def _unknown(node: Node, word: str) -> Finding:
    place = child(node.pointer, word)
    if word in _OLD_WORDS:
        kind = "other-version" if _OLD_WORDS[word] else "old-word"
        return Finding(kind, place, f"{word!r} is of an older draft of JSON Schema")
    return Finding("unknown-word", place, f"{word!r} is no word of a schema{hint_clause(word, _KNOWN_WORDS)}")


def _fits(word: str, value: Json) -> bool:
    if isinstance(value, bool):
        # The exclusive bounds of 3.0.
        return _TAKES[word] is bool or word in ("exclusiveMinimum", "exclusiveMaximum")
    return isinstance(value, _TAKES[word])


def _versions(contract: Contract, node: Node) -> _Findings:
    is_3_0 = contract.document.version == (3, 0)
    for word, is_of_3_0 in _VERSIONED.items():
        value = node.value.get(word)
        if value is None or (word != "nullable" and not isinstance(value, bool | int | float)):
            continue
        if is_3_0 != (word == "nullable" or isinstance(value, bool)):
            told = f"{word}: {_short(value)} is of OpenAPI {'3.1' if is_3_0 else is_of_3_0}"
            yield Finding("other-version", child(node.pointer, word), told)
    if isinstance(node.value.get("items"), list):
        yield Finding("other-version", child(node.pointer, "items"), "a list of items is of an older draft")
    if is_3_0 and isinstance(node.value.get("type"), list):
        yield Finding("other-version", child(node.pointer, "type"), "a list of types is of OpenAPI 3.1")


_VERSIONED = MappingProxyType(dict.fromkeys(("nullable", "exclusiveMinimum", "exclusiveMaximum"), "3.0"))


def _type(_: Contract, node: Node) -> _Findings:
    stated = node.value.get("type")
    if stated is None and "type" not in node.value:
        return
    for name in stated if isinstance(stated, list) else [stated]:
        if not isinstance(name, str) or name not in _TYPES:
            hint = "; say type: string, format: binary" if name == "file" else ""
            yield Finding("type", child(node.pointer, "type"), f"{_short(name)} is no type{hint}")


def _limits(_: Contract, node: Node) -> _Findings:
    for least, most in _BOUNDS:
        low, high = _number(node.value.get(least)), _number(node.value.get(most))
        if low is not None and high is not None and low > high:
            yield Finding("bounds", node.pointer, f"{least} is {low}, {most} is {high}")
    if node.value.get("enum") == []:
        yield Finding("schema-word", child(node.pointer, "enum"), "enum is empty")


def _required(_: Contract, node: Node) -> _Findings:
    names = node.value.get("required")
    if isinstance(names, list):
        repeated = sorted({name for name in names if isinstance(name, str) and names.count(name) > 1})
        if repeated:
            yield Finding("required", child(node.pointer, "required"), f"repeated: {', '.join(repeated)}")


def _pattern(_: Contract, node: Node) -> _Findings:
    named = node.value.get("patternProperties")
    for pattern in (node.value.get("pattern"), *(named if isinstance(named, Mapping) else ())):
        if isinstance(pattern, str) and not _is_pattern(pattern):
            yield Finding("pattern", node.pointer, f"{_short(pattern)} is no pattern of ECMA-262 that can be compiled")


_is_pattern = cache(is_pattern)


def _format(_: Contract, node: Node) -> _Findings:
    name = node.value.get("format")
    if isinstance(name, str) and name not in _FORMATS:
        yield Finding("format", child(node.pointer, "format"), f"format {_short(name)}")


def _discriminator(contract: Contract, node: Node) -> _Findings:
    stated = node.value.get("discriminator")
    if not isinstance(stated, Mapping):
        return
    place = child(node.pointer, "discriminator")
    if not isinstance(stated.get("propertyName"), str):
        yield Finding("discriminator", place, "no propertyName")
    mapping = stated.get("mapping")
    for value, target in mapping.items() if isinstance(mapping, Mapping) else ():
        if not isinstance(target, str) or not _leads_somewhere(contract, target):
            message = f"{value!r} leads to {_short(target)}, where nothing stands"
            yield Finding("discriminator", child(place, "mapping", value), message)
    over = _branches_over_arrays(contract, node.pointer)
    if over:
        yield Finding("discriminator", place, f"over arrays: {', '.join(over)}")


def _branches_over_arrays(contract: Contract, pointer: str) -> list[str]:
    try:
        return [branch.name for branch in contract.shapes.at(pointer).branches if branch.types == {"array"}]
    except DocumentError:
        return []  # told by `_composition`


def _composition(contract: Contract, node: Node) -> _Findings:
    if _COMPOSING_WORDS.isdisjoint(node.value):
        return
    try:
        contract.shapes.at(node.pointer).types  # noqa: B018  # worked out here
    except DocumentError as error:
        yield Finding("composition", node.pointer, str(error))


def _leads_somewhere(contract: Contract, target: str) -> bool:
    for pointer in (child("#/components/schemas", target), target):
        try:
            contract.document.at(pointer)
        except UnresolvedReference:
            continue
        return True
    return False


def _siblings(contract: Contract, node: Node) -> _Findings:
    if node.reference is None or contract.document.version > (3, 0):
        return
    words = sorted(word for word in node.value.keys() - _ANNOTATIONS - {"$ref"} if not word.startswith("x-"))
    if words:
        yield Finding("ref-siblings", node.pointer, f"{', '.join(words)} beside the $ref")


def _dialect(_: Contract, node: Node) -> _Findings:
    stated = node.value.get("$schema")
    if isinstance(stated, str) and not is_known(stated):
        yield Finding("dialect", child(node.pointer, "$schema"), f"{_short(stated)} is not known")


CHECKS: Sequence[Callable[[Contract, Node], _Findings]] = (
    _words, _versions, _type, _limits, _required, _pattern, _format, _discriminator, _siblings,
    _dialect, _composition,
)  # fmt: skip


def _number(value: Json) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _short(value: Json, most: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= most else f"{text[: most - 3]}..."
