"""The operation model: what a document promises, as plain frozen values.

Above this module nobody reads raw JSON of the document: they read `parameter.location`.
Every schema is named by its pointer; `schema` and `shapes` compile it on first use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from syncdyn.openapi.document import Document, child
from syncdyn.openapi.errors import UnknownOperation, UnresolvedReference
from syncdyn.openapi.messages import Json

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

#: Header parameters that the specification says to ignore (Parameter Object, `name`).
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})

_DEFAULT_STYLE = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation. `location` is its `in`.

    `media_type` is set where the parameter is described by `content`, not by style.
    """

    name: str
    location: str
    is_required: bool = False
    style: str = "form"
    explode: bool = True
    allow_reserved: bool = False
    schema: str | None = None
    media_type: str | None = None
    description: str = ""
    is_deprecated: bool = False
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one property of a form or multipart body is written."""

    content_type: str | None = None
    headers: tuple[str, ...] = ()
    style: str | None = None
    explode: bool | None = None
    allow_reserved: bool = False


@dataclass(frozen=True, slots=True)
class MediaType:
    """A body of one media type: its schema, the encoding of its parts, its examples by name."""

    name: str
    schema: str | None = None
    encoding: Mapping[str, Encoding] = field(default_factory=lambda: _EMPTY)
    examples: Mapping[str, Json] = field(default_factory=lambda: _EMPTY)
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class RequestBody:
    content: tuple[MediaType, ...]
    is_required: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """A response header that the document declares."""

    name: str
    is_required: bool = False
    schema: str | None = None
    explode: bool = False
    description: str = ""
    example: Json = None


@dataclass(frozen=True, slots=True)
class ResponsePromise:
    """What the document says of one status (`200`), range (`4XX`) or `default`."""

    status: str
    description: str = ""
    content: tuple[MediaType, ...] = ()
    headers: tuple[Header, ...] = ()
    links: Mapping[str, Json] = field(default_factory=lambda: _EMPTY)


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """A security scheme. `location` and `parameter` say where an apiKey goes, `scheme` which http scheme."""

    name: str
    type: str
    location: str = ""
    parameter: str = ""
    scheme: str = ""
    flows: Mapping[str, Json] = field(default_factory=lambda: _EMPTY)
    description: str = ""


#: Alternatives (OR), each naming the schemes that it needs together (AND).
SecurityRequirements = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `key` is `METHOD /path`, unique in the document; `id` is its operationId, if any."""

    key: str
    id: str | None
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    request_body: RequestBody | None
    responses: Mapping[str, ResponsePromise]
    security: SecurityRequirements
    servers: tuple[str, ...]
    tags: tuple[str, ...] = ()
    summary: str = ""
    description: str = ""
    is_deprecated: bool = False
    extensions: Mapping[str, Json] = field(default_factory=lambda: _EMPTY)
    pointer: str = ""

    @property
    def name(self) -> str:
        """What people call it: the operationId, else the key."""
        return self.id or self.key

    def promise_for(self, status: int) -> ResponsePromise | None:
        """What the document says of a status: exact, else its range, else `default`, else nothing.

        Source: OpenAPI 3.1, Responses Object.
        """
        return (
            self.responses.get(str(status)) or self.responses.get(f"{status // 100}XX") or self.responses.get("default")
        )


class Operations(Mapping[str, Operation]):
    """Every operation of a document by key, in document order; each is built when first asked for.

    An operationId, or a key in any case (`get /pets`), finds it as well.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self._places = dict(_places(document, "paths"))
        self._keys_by_id: dict[str, str] | None = None
        self._built: dict[str, Operation] = {}

    def __getitem__(self, name: str) -> Operation:
        if name in self._built:
            return self._built[name]
        key = self._key_of(name)
        operation = self._built.get(key)
        if operation is None:
            operation = self._built[key] = build_operation(self.document, *self._places[key])
        return operation

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in self._places or name in self.ids)

    @property
    def ids(self) -> Mapping[str, str]:
        """The keys by operationId; of a repeated operationId the first operation counts."""
        if self._keys_by_id is None:
            found: dict[str, str] = {}
            for key, (_, _, item, method) in self._places.items():
                operation_id = item[method].get("operationId")
                if isinstance(operation_id, str):
                    found.setdefault(operation_id, key)
            self._keys_by_id = found
        return self._keys_by_id

    def _key_of(self, name: str) -> str:
        if name in self._places:
            return name
        if name in self.ids:
            return self.ids[name]
        method, _, path = name.partition(" ")
        key = f"{method.upper()} {path}"
        if key in self._places:
            return key
        close = get_close_matches(name, [*self.ids, *self._places], n=3)
        hint = f"; did you mean {' or '.join(map(repr, close))}?" if close else ""
        raise UnknownOperation(f"{self.document.origin} has no operation {name!r}{hint}")


_Place = tuple[str, str, Mapping[str, Json], str]


def webhooks(document: Document) -> dict[str, Operation]:
    """The operations of the document's webhooks, by the webhook's name."""
    found: dict[str, Operation] = {}
    for _, place in _places(document, "webhooks"):
        name = place[0]
        found.setdefault(name, build_operation(document, *place))
    return found


def _places(document: Document, member: str) -> Iterator[tuple[str, _Place]]:
    items = document.root.get(member)
    if not isinstance(items, Mapping):
        return
    for path, raw in items.items():
        if not isinstance(raw, Mapping):
            continue
        try:
            item, pointer = document.follow(raw, child("#", member, path))
        except UnresolvedReference:
            # One path that cannot be read must not cost the others.
            continue
        for method in item if isinstance(item, Mapping) and not path.startswith("x-") else ():
            if method in METHODS and isinstance(item[method], Mapping):
                yield f"{method.upper()} {path}", (path, pointer, item, method)


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
