"""The operation model: what a document promises, as plain frozen values.

Above this module nobody reads raw JSON of the document: they read `parameter.location`.
Every schema is named by its pointer; `schema` and `shapes` compile it on first use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from syncdyn.openapi.messages import Json

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
