"""What is given in place of an OpenAPI document, told from its first words: a sentence for each kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from syncdyn.openapi.messages import Json

CONVERT_HINT = "convert it to OpenAPI 3 first, with `npx swagger2openapi FILE` or editor.swagger.io"

#: Root members that give a format away, each with what it is and what to do.
_BY_MEMBER: Mapping[str, str] = MappingProxyType(
    {
        "swaggerVersion": f"Swagger 1 is not read here; {CONVERT_HINT}",
        "asyncapi": "this is an AsyncAPI document, which describes messages, not an HTTP API; give an OpenAPI one",
        "arazzo": "this is an Arazzo document; give one of the OpenAPI documents that its sourceDescriptions name",
        "overlay": "this is an OpenAPI Overlay; give it as an overlay, beside the document that it changes",
        "discoveryVersion": "this is a Google API discovery document; convert it to OpenAPI 3 first",
        "__schema": "this is a GraphQL schema, not an OpenAPI document",
        "$schema": "this is a JSON Schema, not an OpenAPI document; its place is below components/schemas of one",
        "log": "this looks like a HAR file, a recording of HTTP traffic; an OpenAPI document is needed",
    }
)
_POSTMAN = "this is a Postman collection; export it as OpenAPI, or convert it with `npx postman-to-openapi`"
_TEXTS = (
    (
        re.compile(r"\s*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE),
        "this is an HTML page; give the address of the JSON or YAML file behind it, which often ends in /openapi.json",
    ),
    (re.compile(r"\s*<[?!a-z]", re.IGNORECASE), "this is XML; an OpenAPI document is JSON or YAML"),
    (re.compile(r"#%RAML"), "this is RAML; convert it to OpenAPI 3 first"),
    (re.compile(r"FORMAT:\s*1A"), "this is API Blueprint; convert it to OpenAPI 3 first"),
)


def foreign_text(text: str) -> str | None:
    """What a text is that is neither JSON nor YAML, in a sentence, or None."""
    return next((sentence for pattern, sentence in _TEXTS if pattern.match(text)), None)


def foreign_value(root: Mapping[str, Json]) -> str:
    """What a parsed value is that has no `openapi` member, in a sentence."""
    info = root.get("info")
    if isinstance(info, Mapping) and ("_postman_id" in info or "getpostman" in str(info.get("schema"))):
        return _POSTMAN
    known = next((sentence for member, sentence in _BY_MEMBER.items() if member in root), None)
    return known or "no `openapi` member at the top, so this is not an OpenAPI document"
