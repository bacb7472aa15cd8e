"""A mock of a small document, and what it says when it is asked about itself."""

from __future__ import annotations

import json
from typing import Any

from mockserver import Mock
from syncdyn.openapi.messages import Headers, Json, Request, Response

_NAME = {"type": "string", "minLength": 1}
_PET = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer"}, "name": _NAME, "age": {"type": "integer"}, "password": _NAME},
}
_NEW = {"type": "object", "required": ["name"], "properties": {"name": _NAME, "age": {"type": "integer"}}}
_LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}}


def _answer(status: int, schema: Json) -> Json:
    return {str(status): {"description": "", "content": {"application/json": {"schema": schema}}}}


PETS: Json = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "components": {"securitySchemes": {"sig": {"type": "apiKey", "in": "query", "name": "sig"}}},
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets",
                "parameters": [_LIMIT],
                "responses": _answer(200, {"type": "array", "items": _PET}),
            },
            "post": {
                "operationId": "createPet",
                "requestBody": {"required": True, "content": {"application/json": {"schema": _NEW}}},
                "responses": _answer(201, _PET),
            },
        },
        "/pets/{petId}": {
            "parameters": [{"name": "petId", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {"operationId": "getPet", "responses": _answer(200, _PET)},
            "delete": {"operationId": "deletePet", "responses": {"204": {"description": ""}}},
        },
    },
}

START = "2030-01-01T00:00:00Z"


def pets(**options: Any) -> Mock:
    """A mock whose time stands still."""
    return Mock(PETS, **{"clock": START, "speed": 0, **options})


def ask(mock: Mock, method: str, path: str, body: Json = None, *, peer: str | None = None, **headers: str) -> Response:
    """What the control API says; `_` in a header's name stands for `-`."""
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    content = b"" if body is None else json.dumps(body).encode()
    sent |= {} if body is None else {"content-type": "application/json"}
    return mock.host.handle(Request(method, f"http://localhost/_mock{path}", Headers(sent), content), peer)


def told(mock: Mock, method: str, path: str, body: Json = None) -> Json:
    """The JSON of an answer that is no problem."""
    response = ask(mock, method, path, body)
    assert response.status < 300, response.body
    return json.loads(response.body)


def problem(mock: Mock, method: str, path: str, body: Json = None) -> tuple[int, str]:
    """The status and the detail of a problem."""
    response = ask(mock, method, path, body)
    assert response.content_type == "application/problem+json", response
    return response.status, json.loads(response.body)["detail"]
