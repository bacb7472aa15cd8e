"""The raw JSON of a document -> the operation model. Here raw JSON ends.

What is written wrong is left out, not refused: one bad parameter must not cost an operation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

from syncdyn.openapi.document import Document, child
from syncdyn.openapi.messages import OBJECT, Json
from syncdyn.openapi.operations import (
    Encoding,
    Header,
    MediaType,
    OAuthFlow,
    Operation,
    Parameter,
    RequestBody,
    ResponsePromise,
    SecurityRequirements,
    SecurityScheme,
    Server,
    ServerVariable,
)

#: Header parameters that the specification says to ignore (Parameter Object, `name`).
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})

#: The locations of parameters, each with the style that it has where none is stated.
_DEFAULT_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple", "querystring": "form"}
#: deepObject is defined for explode=true alone, whatever the document leaves out.
_EXPLODED_STYLES = frozenset({"form", "cookie", "deepObject"})
_TEMPLATE_NAME = re.compile(r"\{([^{}]+)\}")
#: Source: OpenAPI 3.1, Responses Object, "HTTP Status Code".
_STATUS = re.compile(r"[1-5]([0-9]{2}|XX)|default", re.IGNORECASE)
_EMPTY: Mapping[str, Any] = MappingProxyType({})


def build_operation(
    document: Document, path: str, item_pointer: str, item: Mapping[str, Json], steps: Sequence[str]
) -> Operation:
    """The operation of a path item that stands at `steps` in it: its method, or `additionalOperations` and that."""
    raw = operation_at(item, steps)
    pointer = child(item_pointer, *steps)
    method = method_of(steps)
    return Operation(
        key=f"{method} {path}",
        id=_text(raw.get("operationId")) or None,
        method=method,
        path=path,
        parameters=_fitted(_parameters(document, item, item_pointer, raw, pointer), path, pointer),
        request_body=_request_body(document, raw, pointer),
        responses=_responses(document, raw, pointer),
        security=security_requirements(raw.get("security", document.root.get("security"))),
        servers=servers_of(raw, item, document.root),
        tags=tuple(tag for tag in _list(raw.get("tags")) if isinstance(tag, str)),
        summary=_text(raw.get("summary")),
        description=_text(raw.get("description")),
        is_deprecated=raw.get("deprecated") is True,
        extensions={name: value for name, value in raw.items() if name.startswith("x-")},
        pointer=pointer,
    )


def operation_at(item: Mapping[str, Json], steps: Sequence[str]) -> Mapping[str, Json]:
    """The raw operation at `steps` in a path item; empty where there is none."""
    for step in steps:
        item = _object(item.get(step))
    return item


def method_of(steps: Sequence[str]) -> str:
    """The method as it is sent: `additionalOperations` name it so, the others in lower case.

    Source: OpenAPI 3.2, Path Item Object.
    """
    return steps[0].upper() if len(steps) == 1 else steps[-1]


def security_schemes(document: Document) -> dict[str, SecurityScheme]:
    """The security schemes of a document, by name."""
    found: dict[str, SecurityScheme] = {}
    for name, raw in _object(_object(document.root.get("components")).get("securitySchemes")).items():
        scheme, _ = document.follow_object(raw, child("#/components/securitySchemes", name))
        found[name] = SecurityScheme(
            name=name,
            type=_text(scheme.get("type")),
            location=_text(scheme.get("in")),
            parameter=_text(scheme.get("name")),
            scheme=_text(scheme.get("scheme")).lower(),
            flows={kind: _flow(_object(flow)) for kind, flow in _object(scheme.get("flows")).items()},
            description=_text(scheme.get("description")),
            written_scheme=_text(scheme.get("scheme")),
        )
    return found


def type_names(document: Document) -> dict[str, tuple[str, ...]]:
    """The names that the document gives the class of each component schema, by the component's own; seldom any."""
    schemas = _object(_object(document.root.get("components")).get("schemas"))
    stated = {name: _list(_object(raw).get("x-syncdyn-type-names")) for name, raw in schemas.items()}
    return {name: tuple(one for one in names if isinstance(one, str)) for name, names in stated.items()}


def _flow(raw: Mapping[str, Json]) -> OAuthFlow:
    return OAuthFlow(
        token_url=_text(raw.get("tokenUrl")),
        authorization_url=_text(raw.get("authorizationUrl")),
        refresh_url=_text(raw.get("refreshUrl")),
        scopes={scope: _text(told) for scope, told in _object(raw.get("scopes")).items()},
    )


def security_requirements(stated: Json) -> SecurityRequirements:
    """The alternatives of a `security` member; none where it is absent."""
    return tuple(
        {name: tuple(scope for scope in _list(scopes) if isinstance(scope, str)) for name, scopes in one.items()}
        for one in _list(stated)
        if isinstance(one, OBJECT)
    )


def servers_of(*levels: Mapping[str, Json]) -> tuple[Server, ...]:
    """The servers of the nearest level that names any; else `/`. Source: OpenAPI 3.1, OpenAPI Object, `servers`."""
    return next((found for level in levels if (found := _servers(level))), (Server("/"),))


def _servers(level: Mapping[str, Json]) -> tuple[Server, ...]:
    return tuple(
        Server(
            url=_text(raw.get("url")),
            variables={name: _variable(_object(one)) for name, one in _object(raw.get("variables")).items()},
            description=_text(raw.get("description")),
            name=_text(raw.get("name")),
        )
        for raw in map(_object, _list(level.get("servers")))
        if _text(raw.get("url"))
    )


def _variable(raw: Mapping[str, Json]) -> ServerVariable:
    # YAML makes numbers of ports and versions.
    stated = raw.get("default")
    default = None if stated is None else str(stated)
    return ServerVariable(default, tuple(str(value) for value in _list(raw.get("enum"))), _text(raw.get("description")))


def _parameters(
    document: Document, item: Mapping[str, Json], item_pointer: str, raw: Mapping[str, Json], pointer: str
) -> tuple[Parameter, ...]:
    found: dict[tuple[str, str], Parameter] = {}
    for owner, place in ((item, item_pointer), (raw, pointer)):
        for index, entry in enumerate(_list(owner.get("parameters"))):
            parameter = _parameter(document, *document.follow_object(entry, child(place, "parameters", index)))
            if _is_sent(parameter):
                found[parameter.location, parameter.name] = parameter
    return tuple(found.values())


def _is_sent(parameter: Parameter) -> bool:
    is_ignored = parameter.location == "header" and parameter.name.lower() in _IGNORED_HEADERS
    return bool(parameter.name) and parameter.location in _DEFAULT_STYLES and not is_ignored


def _fitted(parameters: tuple[Parameter, ...], path: str, pointer: str) -> tuple[Parameter, ...]:
    """The parameters with those of the path that its template names, declared or not, and no others."""
    names = dict.fromkeys(_TEMPLATE_NAME.findall(path))
    kept = tuple(one for one in parameters if one.location != "path" or one.name in names)
    declared = {one.name for one in kept if one.location == "path"}
    undeclared = (name for name in names if name not in declared)
    return (*kept, *(Parameter(name, "path", True, "simple", explode=False, pointer=pointer) for name in undeclared))


def _parameter(document: Document, raw: Mapping[str, Json], pointer: str) -> Parameter:
    location = _text(raw.get("in"))
    style = _text(raw.get("style")) or _DEFAULT_STYLES.get(location, "form")
    content = _object(raw.get("content"))
    media_type = next(iter(content), None)
    schema = child(pointer, "schema") if "schema" in raw else None
    examples = _examples(document, raw, pointer)
    encoding: Mapping[str, Encoding] = {}
    if media_type is not None:
        described, place = _object(content[media_type]), child(pointer, "content", media_type)
        examples = {**examples, **_examples(document, described, place)}
        schema = child(place, "schema") if "schema" in described else schema
        encoding = _encodings(document, described, place)
    return Parameter(
        name=_text(raw.get("name")),
        location=location,
        is_required=raw.get("required") is True or location == "path",
        style=style,
        explode=_flag(raw.get("explode"), style in _EXPLODED_STYLES),
        allow_reserved=raw.get("allowReserved") is True,
        schema=schema,
        media_type=media_type,
        description=_text(raw.get("description")),
        is_deprecated=raw.get("deprecated") is True,
        pointer=pointer,
        allow_empty_value=raw.get("allowEmptyValue") is True,
        array_keys=_text(raw.get("x-syncdyn-array-keys")),
        examples=examples,
        encoding=encoding,
    )


def _request_body(document: Document, raw: Mapping[str, Json], pointer: str) -> RequestBody | None:
    if "requestBody" not in raw:
        return None
    body, body_pointer = document.follow_object(raw["requestBody"], child(pointer, "requestBody"))
    return RequestBody(
        content=_content(document, body, body_pointer),
        is_required=body.get("required") is True,
        description=_text(body.get("description")),
    )


def _content(document: Document, owner: Mapping[str, Json], pointer: str) -> tuple[MediaType, ...]:
    """The media types; what is no object among them is a stray word, such as a `description` one level too deep."""
    return tuple(
        _media_type(document, name, *document.follow_object(raw, child(pointer, "content", name)))
        for name, raw in _object(owner.get("content")).items()
        if isinstance(raw, OBJECT) or raw is None
    )


def _media_type(document: Document, name: str, raw: Mapping[str, Json], pointer: str) -> MediaType:
    return MediaType(
        name=name,
        schema=child(pointer, "schema") if "schema" in raw else None,
        encoding=_encodings(document, raw, pointer),
        examples=_examples(document, raw, pointer),
        pointer=pointer,
        item_schema=child(pointer, "itemSchema") if "itemSchema" in raw else None,
        item_encoding=_item_encoding(document, raw, pointer),
        prefix_encoding=tuple(
            _encoding(document, entry, child(pointer, "prefixEncoding", index))
            for index, entry in enumerate(_list(raw.get("prefixEncoding")))
        ),
    )


def _examples(document: Document, raw: Mapping[str, Json], pointer: str) -> Mapping[str, Json]:
    found = {"example": raw["example"]} if "example" in raw else {}
    for name, entry in _object(raw.get("examples")).items():
        example, _ = document.follow_object(entry, child(pointer, "examples", name))
        # `dataValue` is what 3.2 calls the value itself, before it is written.
        stated = next((word for word in ("dataValue", "value") if word in example), None)
        if stated is not None:
            found[name] = example[stated]
    return found


def _encodings(document: Document, raw: Mapping[str, Json], pointer: str) -> dict[str, Encoding]:
    stated = _object(raw.get("encoding")).items()
    return {key: _encoding(document, value, child(pointer, "encoding", key)) for key, value in stated}


def _item_encoding(document: Document, raw: Mapping[str, Json], pointer: str) -> Encoding | None:
    stated = raw.get("itemEncoding")
    return None if stated is None else _encoding(document, stated, child(pointer, "itemEncoding"))


def _encoding(document: Document, stated: Json, pointer: str) -> Encoding:
    raw = _object(stated)
    return Encoding(
        content_type=_text(raw.get("contentType")) or None,
        headers=_headers(document, raw, pointer),
        style=_text(raw.get("style")) or None,
        explode=_flag(raw.get("explode"), None),
        allow_reserved=raw.get("allowReserved") is True,
        array_keys=_text(raw.get("x-syncdyn-array-keys")),
    )


def _responses(document: Document, raw: Mapping[str, Json], pointer: str) -> Mapping[str, ResponsePromise]:
    found = {}
    for status, entry in _object(raw.get("responses")).items():
        if not is_status(status):
            continue
        response, place = document.follow_object(entry, child(pointer, "responses", status))
        key = status.upper() if status.lower() != "default" else "default"
        found[key] = ResponsePromise(
            status=key,
            description=_text(response.get("description")),
            content=_content(document, response, place),
            headers=_headers(document, response, place),
            links=_object(response.get("links")),
            summary=_text(response.get("summary")),
        )
    return found


def is_status(key: str) -> bool:
    """Whether a key of `responses` is one: a status, a range of them, or `default`."""
    return _STATUS.fullmatch(key) is not None


def _headers(document: Document, owner: Mapping[str, Json], pointer: str) -> tuple[Header, ...]:
    found = []
    for name, entry in _object(owner.get("headers")).items():
        if name.lower() == "content-type":
            # The media types of the content say it (Response Object, `headers`).
            continue
        header, place = document.follow_object(entry, child(pointer, "headers", name))
        described = _parameter(document, header, place)
        found.append(
            Header(
                name=name,
                is_required=header.get("required") is True,
                schema=described.schema,
                explode=header.get("explode") is True,
                description=described.description,
                example=header.get("example", next(iter(described.examples.values()), None)),
                media_type=described.media_type,
            )
        )
    return tuple(found)


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, OBJECT) else _EMPTY


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list | tuple) else ()


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


_Default = TypeVar("_Default")


def _flag(value: Json, default: _Default) -> bool | _Default:
    return value if isinstance(value, bool) else default
