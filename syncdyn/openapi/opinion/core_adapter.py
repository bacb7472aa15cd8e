"""What openapi-core is given: the document, and our messages in the form that it asks for.

This module and `core_errors` alone import openapi-core, which takes a third of a second.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from jsonschema_path import SchemaPath
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.security.factories import SecurityProviderFactory
from openapi_core.templating.datatypes import TemplateResult
from openapi_core.templating.paths.datatypes import PathOperationServer
from openapi_core.templating.paths.finders import BasePathFinder
from werkzeug.datastructures import ImmutableMultiDict

from syncdyn.openapi.coding.media_types import FORM, MULTIPART, essence, is_json, is_text
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import MISSING, UnresolvedReference
from syncdyn.openapi.messages import Headers, Json, Request, Response
from syncdyn.openapi.operations import Operation, Parameter

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_PATH_KEYS = {"label": ".{}", "matrix": ";{}"}


def build(document: Document) -> OpenAPI:
    """openapi-core's view of a document: not checked as a whole, and no reference followed out of it."""
    config = Config(
        spec_validator_cls=None,
        path_finder_cls=_KnownOperation,
        extra_media_type_deserializers=_Readers(),
        security_provider_factory=_KnownSchemes(),
    )
    return OpenAPI(SchemaPath.from_dict(document.plain(), handlers=_NoRetrieval()), config)


@dataclass
class CoreRequest:
    """A request as openapi-core takes it; `name` is that of a webhook."""

    parameters: RequestParameters
    method: str
    path: str
    content_type: str
    body: Any
    host_url: str = ""

    @property
    def name(self) -> str:
        return self.path


@dataclass
class CoreResponse:
    """A response as openapi-core takes it."""

    status_code: int
    headers: Headers
    content_type: str
    data: Any


def adapt_request(operation: Operation, request: Request, value: Json = MISSING) -> CoreRequest:
    """The request, to the operation's own path, whatever base URL it goes to; `value` is its body where it was read."""
    url = urlsplit(request.url)
    parameters = RequestParameters(
        query=ImmutableMultiDict(parse_qsl(url.query, keep_blank_values=True)),
        header=request.headers,
        cookie=ImmutableMultiDict(_cookies(request.headers.get("cookie", ""))),
        path=_path_values(operation, url.path),
    )
    # Parts that are sent have no Content-Type yet.
    content_type = MULTIPART if isinstance(request.body, tuple) else request.content_type or ""
    body = request.body if value is MISSING else _Read(value)
    return CoreRequest(parameters, operation.method.lower(), operation.path, content_type, body)


def adapt_response(response: Response, value: Json = MISSING) -> CoreResponse:
    """The response in its words; `value` is its body where it was read."""
    data = response.body if value is MISSING else _Read(value)
    return CoreResponse(response.status, response.headers, response.content_type or "", data)


def _cookies(text: str) -> list[tuple[str, str]]:
    pairs = (piece.strip().partition("=") for piece in text.split(";") if piece.strip())
    return [(name, value) for name, _, value in pairs]


def _path_values(operation: Operation, path: str) -> dict[str, str]:
    """The values of the path's templates, by the keys that each style is looked up with."""
    pieces = _TEMPLATE.split(operation.path.partition("?")[0])
    pattern = "".join("([^/]*)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
    found = re.search(f"{pattern}$", path)
    if found is None:
        return {}
    declared = {parameter.name: parameter for parameter in operation.parameters if parameter.location == "path"}
    named = zip(pieces[1::2], found.groups(), strict=True)
    return {_path_key(name, declared.get(name)): unquote(text) for name, text in named}


def _path_key(name: str, parameter: Parameter | None) -> str:
    if parameter is None or parameter.style not in _PATH_KEYS:
        return name
    return _PATH_KEYS[parameter.style].format(name) + ("*" if parameter.explode else "")


class _KnownOperation(BasePathFinder):
    """Finds the operation that the request names: there is nothing to search for, and no server to match."""

    def find(self, method: str, name: str) -> PathOperationServer:
        path = self.spec / "paths" / name
        return PathOperationServer(path, path / method, None, TemplateResult(name, {}), {})


class _NoRetrieval(dict[str, Any]):
    """Refuses to fetch, whatever the scheme of the address."""

    def __contains__(self, scheme: object) -> bool:
        return True

    def __getitem__(self, scheme: str) -> Callable[[str], Json]:
        return _refuse


def _refuse(address: str) -> Json:
    raise UnresolvedReference(f"the $ref {address!r} leads out of the document")


class _Readers(dict[str, Any]):
    """How bodies are read, by media type; URL-encoded forms alone are left to openapi-core.

    Its own table knows JSON under two names only, and gives bytes where a schema says `string`.
    """

    def __contains__(self, media_type: object) -> bool:
        return isinstance(media_type, str) and media_type != FORM

    def __getitem__(self, media_type: str) -> Callable[..., Json]:
        name = essence(media_type)
        return _read_json if is_json(name) else _read_text if is_text(name) else _read_other


def _read_json(body: Any, **_: str) -> Json:
    return json.loads(body) if isinstance(body, str | bytes) and not isinstance(body, _Member) else body


def _read_text(body: Any, charset: str = "utf-8", **_: str) -> Json:
    return body.decode(charset) if isinstance(body, bytes) else _held(body)


def _read_other(body: Any, **_: str) -> Json:
    """What was read before as it is; for bytes an empty text, as in our own checks."""
    return "" if isinstance(body, bytes) else _held(body)


class _Member(str):
    """A text in a form that was read before: not to be read as JSON again."""

    __slots__ = ()


@dataclass(frozen=True)
class _Read:
    """The value of a body that was read before: a body that is there, also where the value is empty."""

    value: Json


def _held(body: Any) -> Json:
    value = body.value if isinstance(body, _Read) else body
    if not isinstance(value, Mapping):
        return value
    return {name: _Member(member) if isinstance(member, str) else member for name, member in value.items()}


class _KnownSchemes(SecurityProviderFactory):
    """openapi-core warns at each request of schemes that it cannot check; here they pass without a word."""

    def create(self, scheme: SchemaPath) -> Any:
        return super().create(scheme) if scheme["type"] in ("apiKey", "http") else _accept


def _accept(_: RequestParameters) -> Mapping[str, str]:
    return {}
