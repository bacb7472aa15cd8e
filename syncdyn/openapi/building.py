"""The raw JSON of a document -> the operation model. Here raw JSON ends.

What is written wrong is left out, not refused: one bad parameter must not cost an operation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from syncdyn.openapi.document import Document, child
from syncdyn.openapi.errors import UnresolvedReference
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import (
    Encoding,
    Header,
    MediaType,
    Operation,
    Parameter,
    RequestBody,
    ResponsePromise,
    SecurityScheme,
)

#: Header parameters that the specification says to ignore (Parameter Object, `name`).
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})

_DEFAULT_STYLE = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_EMPTY: Mapping[str, Any] = MappingProxyType({})


def build_operation(
    document: Document, path: str, item_pointer: str, item: Mapping[str, Json], method: str
) -> Operation:
    """The operation at `method` of a path item."""
    raw = item[method]
    pointer = child(item_pointer, method)
    security = raw.get("security", document.root.get("security"))
    return Operation(
        key=f"{method.upper()} {path}",
        id=_text(raw.get("operationId")) or None,
        method=method.upper(),
        path=path,
        parameters=_parameters(document, item, item_pointer, raw, pointer),
        request_body=_request_body(document, raw, pointer),
        responses=_responses(document, raw, pointer),
        security=tuple(tuple(alternative) for alternative in _list(security) if isinstance(alternative, Mapping)),
        servers=_servers(raw, item, document.root),
        tags=tuple(tag for tag in _list(raw.get("tags")) if isinstance(tag, str)),
        summary=_text(raw.get("summary")),
        description=_text(raw.get("description")),
        is_deprecated=raw.get("deprecated") is True,
        extensions={name: value for name, value in raw.items() if name.startswith("x-")},
        pointer=pointer,
    )


def security_schemes(document: Document) -> dict[str, SecurityScheme]:
    """The security schemes of a document, by name."""
    found: dict[str, SecurityScheme] = {}
    for name, raw in _object(_object(document.root.get("components")).get("securitySchemes")).items():
        scheme, _ = _entry(document, raw, child("#/components/securitySchemes", name))
        found[name] = SecurityScheme(
            name=name,
            type=_text(scheme.get("type")),
            location=_text(scheme.get("in")),
            parameter=_text(scheme.get("name")),
            scheme=_text(scheme.get("scheme")).lower(),
            flows=_object(scheme.get("flows")),
            description=_text(scheme.get("description")),
        )
    return found


def server_urls(raw: Sequence[Json]) -> tuple[str, ...]:
    """Server URLs with their variables filled by the defaults.

    Source: OpenAPI 3.1, Server Object.
    """
    return tuple(_fill_server(server) for server in raw if isinstance(server, Mapping) and "url" in server)


def _fill_server(server: Mapping[str, Json]) -> str:
    variables = _object(server.get("variables"))

    def default_of(match: re.Match[str]) -> str:
        return str(_object(variables.get(match.group(1))).get("default", match.group(0)))

    return re.sub(r"\{([^{}]+)\}", default_of, str(server["url"]))


def _servers(*levels: Mapping[str, Json]) -> tuple[str, ...]:
    return next((urls for level in levels if (urls := server_urls(_list(level.get("servers"))))), ("/",))


def _parameters(
    document: Document, item: Mapping[str, Json], item_pointer: str, raw: Mapping[str, Json], pointer: str
) -> tuple[Parameter, ...]:
    found: dict[tuple[str, str], Parameter] = {}
    for owner, place in ((item, item_pointer), (raw, pointer)):
        for index, entry in enumerate(_list(owner.get("parameters"))):
            parameter = _parameter(*_entry(document, entry, child(place, "parameters", index)))
            if not parameter.name or (parameter.location == "header" and parameter.name.lower() in _IGNORED_HEADERS):
                continue
            found[parameter.location, parameter.name] = parameter
    return tuple(found.values())


def _parameter(raw: Mapping[str, Json], pointer: str) -> Parameter:
    location = _text(raw.get("in"))
    style = _text(raw.get("style")) or _DEFAULT_STYLE.get(location, "form")
    content = _object(raw.get("content"))
    media_type = next(iter(content), None)
    schema = child(pointer, "schema") if "schema" in raw else None
    if media_type is not None and "schema" in _object(content[media_type]):
        schema = child(pointer, "content", media_type, "schema")
    return Parameter(
        name=_text(raw.get("name")),
        location=location,
        is_required=raw.get("required") is True or location == "path",
        style=style,
        # deepObject is defined for explode=true alone, whatever the document leaves out.
        explode=bool(raw.get("explode", style in ("form", "deepObject"))),
        allow_reserved=raw.get("allowReserved") is True,
        schema=schema,
        media_type=media_type,
        description=_text(raw.get("description")),
        is_deprecated=raw.get("deprecated") is True,
        pointer=pointer,
    )


def _request_body(document: Document, raw: Mapping[str, Json], pointer: str) -> RequestBody | None:
    if "requestBody" not in raw:
        return None
    body, body_pointer = _entry(document, raw["requestBody"], child(pointer, "requestBody"))
    return RequestBody(
        content=_content(document, body, body_pointer),
        is_required=body.get("required") is True,
        description=_text(body.get("description")),
    )


def _content(document: Document, owner: Mapping[str, Json], pointer: str) -> tuple[MediaType, ...]:
    return tuple(
        _media_type(document, name, *_entry(document, raw, child(pointer, "content", name)))
        for name, raw in _object(owner.get("content")).items()
    )


def _media_type(document: Document, name: str, raw: Mapping[str, Json], pointer: str) -> MediaType:
    return MediaType(
        name=name,
        schema=child(pointer, "schema") if "schema" in raw else None,
        encoding={key: _encoding(_object(value)) for key, value in _object(raw.get("encoding")).items()},
        examples=_examples(document, raw, pointer),
        pointer=pointer,
    )


def _examples(document: Document, raw: Mapping[str, Json], pointer: str) -> Mapping[str, Json]:
    found = {"example": raw["example"]} if "example" in raw else {}
    for name, entry in _object(raw.get("examples")).items():
        try:
            example, _ = _entry(document, entry, child(pointer, "examples", name))
        except UnresolvedReference:
            continue
        if "value" in example:
            found[name] = example["value"]
    return found


def _encoding(raw: Mapping[str, Json]) -> Encoding:
    return Encoding(
        content_type=raw.get("contentType"),
        headers=tuple(_object(raw.get("headers"))),
        style=raw.get("style"),
        explode=raw.get("explode"),
        allow_reserved=raw.get("allowReserved") is True,
    )


def _responses(document: Document, raw: Mapping[str, Json], pointer: str) -> Mapping[str, ResponsePromise]:
    found = {}
    for status, entry in _object(raw.get("responses")).items():
        if status.startswith("x-"):
            continue
        response, place = _entry(document, entry, child(pointer, "responses", status))
        key = status.upper() if status != "default" else status
        found[key] = ResponsePromise(
            status=key,
            description=_text(response.get("description")),
            content=_content(document, response, place),
            headers=_headers(document, response, place),
            links=_object(response.get("links")),
        )
    return found


def _headers(document: Document, response: Mapping[str, Json], pointer: str) -> tuple[Header, ...]:
    found = []
    for name, entry in _object(response.get("headers")).items():
        if name.lower() == "content-type":
            # The media types of the content say it (Response Object, `headers`).
            continue
        header, place = _entry(document, entry, child(pointer, "headers", name))
        found.append(
            Header(
                name=name,
                is_required=header.get("required") is True,
                schema=child(place, "schema") if "schema" in header else None,
                explode=header.get("explode") is True,
                description=_text(header.get("description")),
                example=header.get("example"),
            )
        )
    return tuple(found)


def _entry(document: Document, raw: Json, pointer: str) -> tuple[Mapping[str, Json], str]:
    """The object that an entry is or refers to, and its pointer; an empty one for what is no object."""
    value, pointer = document.follow(raw, pointer)
    return _object(value), pointer


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else _EMPTY


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list | tuple) else ()


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
