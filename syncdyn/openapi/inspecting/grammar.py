"""Which objects stand where in a document, as a table, and the walk over all of them.

Source: OpenAPI 3.2.0, "Schema" (its objects and their fixed fields); 3.0 and 3.1 are parts of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from syncdyn.openapi.document import child
from syncdyn.openapi.hints import json_kind
from syncdyn.openapi.messages import Json

#: What stands below a member: nothing to walk (""), one object, `[list]` or `{map}` of objects.
_OPERATIONS = dict.fromkeys(("get", "put", "post", "delete", "options", "head", "patch", "trace", "query"), "operation")
_PARAMETER = {
    "description": "", "required": "", "deprecated": "", "allowEmptyValue": "", "style": "", "explode": "",
    "allowReserved": "", "schema": "schema", "example": "", "examples": "{example}", "content": "{media type}",
}  # fmt: skip
_ENCODING = {
    "contentType": "", "headers": "{header}", "style": "", "explode": "", "allowReserved": "",
    "encoding": "{encoding}", "prefixEncoding": "[encoding]", "itemEncoding": "encoding",
}  # fmt: skip
_GRAMMAR: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "document": {
            "openapi": "", "$self": "", "info": "info", "jsonSchemaDialect": "", "servers": "[server]",
            "paths": "{path item}", "webhooks": "{path item}", "components": "components",
            "security": "[security requirement]", "tags": "[tag]", "externalDocs": "",
        },
        "info": dict.fromkeys(
            ("title", "summary", "description", "termsOfService", "contact", "license", "version"), ""
        ),
        "tag": dict.fromkeys(("name", "summary", "description", "externalDocs", "parent", "kind"), ""),
        "server": {"url": "", "description": "", "name": "", "variables": "{server variable}"},
        "server variable": dict.fromkeys(("enum", "default", "description"), ""),
        "components": {
            "schemas": "{schema}", "responses": "{response}", "parameters": "{parameter}", "examples": "{example}",
            "requestBodies": "{request body}", "headers": "{header}", "securitySchemes": "{security scheme}",
            "links": "{link}", "callbacks": "{callback}", "pathItems": "{path item}", "mediaTypes": "{media type}",
        },
        "path item": {
            "summary": "", "description": "", "servers": "[server]", "parameters": "[parameter]",
            "additionalOperations": "{operation}", **_OPERATIONS,
        },
        "operation": {
            "tags": "", "summary": "", "description": "", "externalDocs": "", "operationId": "",
            "parameters": "[parameter]", "requestBody": "request body", "responses": "{response}",
            "callbacks": "{callback}", "deprecated": "", "security": "[security requirement]", "servers": "[server]",
        },
        "parameter": {"name": "", "in": "", **_PARAMETER},
        "header": _PARAMETER,
        "request body": {"description": "", "content": "{media type}", "required": ""},
        "response": {
            "summary": "", "description": "", "headers": "{header}", "content": "{media type}", "links": "{link}",
        },
        "media type": {
            "schema": "schema", "itemSchema": "schema", "example": "", "examples": "{example}",
            "encoding": "{encoding}", "prefixEncoding": "[encoding]", "itemEncoding": "encoding",
        },
        "encoding": _ENCODING,
        "example": dict.fromkeys(
            ("summary", "description", "value", "dataValue", "serializedValue", "externalValue"), ""
        ),
        "link": dict.fromkeys(
            ("operationRef", "operationId", "parameters", "requestBody", "description", "server"), ""
        ),
        "security scheme": dict.fromkeys(
            ("type", "description", "name", "in", "scheme", "bearerFormat", "flows", "openIdConnectUrl",
             "oauth2MetadataUrl", "deprecated"), "",
        ),
        "schema": {
            **dict.fromkeys(
                ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
                 "unevaluatedItems", "unevaluatedProperties", "contentSchema"), "schema",
            ),
            **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), "[schema]"),
            **dict.fromkeys(("properties", "patternProperties", "dependentSchemas", "$defs"), "{schema}"),
        },
    }
)  # fmt: skip
#: Objects whose members have names of the document's own; each is one of the kind.
_OPEN = MappingProxyType({"callback": "path item"})
#: Objects that stand for themselves: no reference may take their place.
_WITHOUT_REFERENCES = frozenset(
    {"document", "info", "tag", "server", "server variable", "components", "operation", "encoding",
     "security requirement"}
)  # fmt: skip
#: What may be given as true or false in place of an object.
_MAY_BE_BOOLEAN = frozenset({"schema"})


@dataclass(frozen=True, slots=True)
class Node:
    """An object of a document: its kind, what stands there, and where. `fault` says why it is none."""

    kind: str
    value: Mapping[str, Json]
    pointer: str
    fault: str = ""

    @property
    def reference(self) -> str | None:
        """Where it refers to, if it is a Reference Object or a schema with a `$ref`."""
        reference = self.value.get("$ref")
        return reference if isinstance(reference, str) and self.kind not in _WITHOUT_REFERENCES else None


def walk(root: Json, kind: str = "document", pointer: str = "#") -> Iterator[Node]:
    """Every object of a document in its order, references not followed; what is no object is told by `fault`.

    What stands beside a `$ref` is walked in schemas alone.
    """
    waiting: list[tuple[str, Json, str]] = [(kind, root, pointer)]
    while waiting:
        kind, value, pointer = waiting.pop()
        if not isinstance(value, Mapping):
            if not (kind in _MAY_BE_BOOLEAN and isinstance(value, bool)):
                yield Node(kind, {}, pointer, f"{_article(kind)} is an object, found {json_kind(value)}")
            continue
        node = Node(kind, value, pointer)
        yield node
        if node.reference is None or kind == "schema":
            found = list(_below(kind, value, pointer))
            yield from (entry for entry in found if isinstance(entry, Node))
            waiting.extend(entry for entry in reversed(found) if not isinstance(entry, Node))


def known_members(kind: str) -> Mapping[str, str] | None:
    """The members that an object of a kind may have; None where their names are free, or are told elsewhere."""
    return None if kind == "schema" else _GRAMMAR.get(kind)


def _below(kind: str, value: Mapping[str, Json], pointer: str) -> Iterator[tuple[str, Json, str] | Node]:
    if kind in _OPEN:
        yield from _each(_OPEN[kind], value, pointer)
        return
    grammar = _GRAMMAR.get(kind, {})
    for name, entry in value.items():
        below = grammar.get(name)
        if not below:
            continue
        place = child(pointer, name)
        if (kind, name) == ("schema", "items") and isinstance(entry, list):
            below = "[schema]"  # what `prefixItems` was called before 2020-12
        if below[0] == "{":
            yield from _entries(below[1:-1], entry, place, Mapping, "an object")
        elif below[0] == "[":
            yield from _entries(below[1:-1], entry, place, list, "a list")
        else:
            yield below, entry, place


def _entries(kind: str, value: Json, pointer: str, wanted: type, told: str) -> Iterator[tuple[str, Json, str] | Node]:
    if not isinstance(value, wanted):
        yield Node(kind, {}, pointer, f"{told} is needed here, found {json_kind(value)}")
    elif isinstance(value, Mapping):
        yield from _each(kind, value, pointer)
    elif isinstance(value, list):
        yield from ((kind, entry, child(pointer, index)) for index, entry in enumerate(value))


def _each(kind: str, value: Mapping[str, Json], pointer: str) -> Iterator[tuple[str, Json, str]]:
    for name, entry in value.items():
        # Names of schemas and the like may begin so, those of paths, statuses and expressions may not.
        if not (name.startswith("x-") and kind in ("path item", "response", "callback")):
            yield kind, entry, child(pointer, name)


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeio' else 'a'} {kind}"
