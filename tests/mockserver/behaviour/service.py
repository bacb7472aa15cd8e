"""A small document of things, and someone who calls its mock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.app import Mock
from mockserver.settings import Settings
from mockserver.state import State
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.messages import Headers, Request, Response

PET: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "name": {"type": "string"},
        "kind": {"type": "string", "enum": ["dog", "cat"], "default": "dog"},
        "age": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "created_at": {"type": "string", "format": "date-time", "readOnly": True},
        "updatedAt": {"type": "string", "format": "date-time", "readOnly": True},
        "secret": {"type": "string", "writeOnly": True},
    },
}
PET_REF = {"$ref": "#/components/schemas/Pet"}


def content(schema: Any = PET_REF, **more: Any) -> dict[str, Any]:
    """A response with a JSON body."""
    return {"description": "d", "content": {"application/json": {"schema": schema, **more}}}


def body(schema: Any = PET_REF, *media_types: str) -> dict[str, Any]:
    """A request body."""
    return {"content": {name: {"schema": schema} for name in media_types or ("application/json",)}}


def parameter(name: str, schema: Any = None, location: str = "query", **more: Any) -> dict[str, Any]:
    """A parameter; one of a path is required."""
    return {
        "name": name,
        "in": location,
        "required": location == "path",
        "schema": schema or {"type": "string"},
        **more,
    }


ID = parameter("petId", {"type": "integer"}, "path")
GONE = {"204": {"description": "gone"}}


def pets(**changes: Any) -> dict[str, Any]:
    """A document with `/pets` and `/pets/{petId}`; `changes` are further paths, or replace one of these."""
    paths: dict[str, Any] = {
        "/pets": {
            "get": {"responses": {"200": content({"type": "array", "items": PET_REF})}},
            "post": {"requestBody": body(), "responses": {"201": content()}},
        },
        "/pets/{petId}": {
            "parameters": [ID],
            "get": {"responses": {"200": content()}},
            "put": {"requestBody": body(), "responses": {"200": content()}},
            "patch": {
                "requestBody": body({"type": "object"}, "application/json", "application/merge-patch+json"),
                "responses": {"200": content()},
            },
            "delete": {"responses": GONE},
        },
    }
    return document({**paths, **changes})


def document(paths: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A document with these paths."""
    schemas = {"Pet": PET, **more.pop("schemas", {})}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": dict(paths),
        "components": {"schemas": schemas},
        **more,
    }


@dataclass
class Service:
    """A mock of a document, its state, and the time, which a test may set."""

    mock: Mock
    state: State
    now: float = 1_000_000_000.0

    def ask(self, method: str, target: str, value: Any = None, **headers: str) -> Response:
        """The response to a request with a JSON body."""
        fields = {name.replace("_", "-"): text for name, text in headers.items()}
        raw = b"" if value is None else json.dumps(value).encode()
        if raw:
            fields.setdefault("content-type", "application/json")
        return self._sent(Request(method, f"http://mock.test{target}", Headers(fields), raw))

    def send(self, method: str, target: str, raw: bytes, content_type: str) -> Response:
        """The response to a request with a body of any media type."""
        return self._sent(Request(method, f"http://mock.test{target}", Headers({"content-type": content_type}), raw))

    def _sent(self, request: Request) -> Response:
        answer = self.mock.answer(self.state, self.now, request)
        self.state = answer.state
        return answer.response

    def json(self, method: str, target: str, value: Any = None, **headers: str) -> Any:
        """The body of the response, which must be one of success."""
        response = self.ask(method, target, value, **headers)
        assert 200 <= response.status < 300, response.body
        return json.loads(response.body) if response.body else None


def service(root: dict[str, Any], **settings: Any) -> Service:
    """A mock of a document."""
    mock = Mock(Contract(Document(root)), Settings(**settings))
    return Service(mock, mock.initial_state(0.0))
