"""The operation model: what a document promises, as plain frozen values.

Above this module nobody reads raw JSON of the document: they read `parameter.location`.
Every schema is named by its pointer; `schema` and `shapes` compile it on first use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from syncdyn.openapi.messages import Json

_EMPTY: Mapping[str, Any] = MappingProxyType({})
_VARIABLE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation. `location` is its `in`: `querystring` is a whole query (OpenAPI 3.2).

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
    allow_empty_value: bool = False
    #: Its own examples by name; its schema's are not among them.
    examples: Mapping[str, Json] = field(default_factory=lambda: _EMPTY, hash=False)
    #: How array names end below `deepObject`: "brackets", "indices" or "none"; left out, by what is in the array.
    array_keys: str = ""
    #: How the properties of a form in `content` are written.
    encoding: Mapping[str, Encoding] = field(default_factory=lambda: _EMPTY, hash=False)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one property of a form or multipart body is written; `headers` are those of its part."""

    content_type: str | None = None
    headers: tuple[Header, ...] = ()
    style: str | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    array_keys: str = ""


@dataclass(frozen=True, slots=True)
class MediaType:
    """A body of one media type: its schema, the encoding of its parts, its examples by name.

    `item_schema` is that of each item of a stream, or of each part of a multipart body whose parts have no
    names; `prefix_encoding` is for the first of those parts, `item_encoding` for the rest (OpenAPI 3.2).
    """

    name: str
    schema: str | None = None
    encoding: Mapping[str, Encoding] = field(default_factory=lambda: _EMPTY)
    examples: Mapping[str, Json] = field(default_factory=lambda: _EMPTY)
    pointer: str = ""
    item_schema: str | None = None
    item_encoding: Encoding | None = None
    prefix_encoding: tuple[Encoding, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestBody:
    content: tuple[MediaType, ...]
    is_required: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """A response header that the document declares; `media_type` is set where `content` describes it."""

    name: str
    is_required: bool = False
    schema: str | None = None
    explode: bool = False
    description: str = ""
    example: Json = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class ResponsePromise:
    """What the document says of one status (`200`), range (`4XX`) or `default`."""

    status: str
    description: str = ""
    content: tuple[MediaType, ...] = ()
    headers: tuple[Header, ...] = ()
    links: Mapping[str, Json] = field(default_factory=lambda: _EMPTY)
    summary: str = ""

    def has_header(self, name: str) -> bool:
        """Whether a header field is declared; its name is in lower case."""
        return any(header.name.lower() == name for header in self.headers)


@dataclass(frozen=True, slots=True)
class OAuthFlow:
    """One way to a token: where it is had, and the scopes there are, each with what it is for."""

    token_url: str = ""
    authorization_url: str = ""
    refresh_url: str = ""
    scopes: Mapping[str, str] = field(default_factory=lambda: _EMPTY)


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """A security scheme. `location` and `parameter` say where an apiKey goes, `scheme` which http scheme.

    `scheme` is in lower case; `written_scheme` is how the document writes it.
    """

    name: str
    type: str
    location: str = ""
    parameter: str = ""
    scheme: str = ""
    flows: Mapping[str, OAuthFlow] = field(default_factory=lambda: _EMPTY)
    description: str = ""
    written_scheme: str = ""


#: Alternatives (OR), each naming the schemes that it needs together (AND), with the scopes asked of each.
SecurityRequirements = tuple[Mapping[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """A part of a server's URL that may be chosen; `default` is None where the document forgot it."""

    default: str | None = None
    enum: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """Where an API is. `url` is as the document writes it: perhaps relative, with its variables in braces."""

    url: str
    variables: Mapping[str, ServerVariable] = field(default_factory=lambda: _EMPTY)
    description: str = ""
    name: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that the URL has, declared or not."""
        return tuple(dict.fromkeys(_VARIABLE.findall(self.url)))

    def fill(self, values: Mapping[str, str] = _EMPTY) -> str:
        """The URL with its variables filled by the values, else by their defaults; what has neither stays.

        Source: OpenAPI 3.1, Server Object.
        """
        defaults = {name: one.default for name, one in self.variables.items() if one.default is not None}
        filling = {**defaults, **values}
        return _VARIABLE.sub(lambda match: filling.get(match[1], match[0]), self.url)


@dataclass(frozen=True, slots=True, repr=False)
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
    servers: tuple[Server, ...]
    tags: tuple[str, ...] = ()
    summary: str = ""
    description: str = ""
    is_deprecated: bool = False
    extensions: Mapping[str, Json] = field(default_factory=lambda: _EMPTY)
    pointer: str = ""

    def __repr__(self) -> str:
        # All that it holds fills many pages.
        return f"<Operation {self.key}>"

    @property
    def name(self) -> str:
        """What people call it: the operationId, else the key."""
        return self.id or self.key

    @property
    def media_types(self) -> tuple[MediaType, ...]:
        """Those that its body may have; none where it takes no body."""
        return self.request_body.content if self.request_body else ()

    @property
    def is_body_required(self) -> bool:
        return self.request_body is not None and self.request_body.is_required

    def promise_for(self, status: int) -> ResponsePromise | None:
        """What the document says of a status: exact, else its range, else `default`, else nothing.

        Source: OpenAPI 3.1, Responses Object.
        """
        return (
            self.responses.get(str(status)) or self.responses.get(f"{status // 100}XX") or self.responses.get("default")
        )
