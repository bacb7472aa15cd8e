"""A small document with everything that makes doors stick: shared and reserved names, a base path, many bodies."""

from __future__ import annotations

from typing import Any

import httpx

from syncdyn import Client

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
ITEM = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": NUMBER, "name": TEXT, "secret-code": TEXT},
}


def content(media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {media_type: {"schema": schema}}}


OK = {"200": {"description": "Fine.", **content("application/json", ITEM)}}
FORM = {
    "type": "object",
    "properties": {
        "name": TEXT,
        "tags": {"type": "array", "items": TEXT},
        "size": NUMBER,
        "extra": {"type": "object", "additionalProperties": TEXT},
    },
}
UPLOAD = {"type": "object", "properties": {"note": TEXT, "photo": {"type": "string", "format": "binary"}}}


def parameter(name: str, location: str, schema: dict[str, Any] = TEXT) -> dict[str, Any]:
    return {"name": name, "in": location, "schema": schema, "required": location == "path"}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.example.com/v2"}],
    "security": [{"key": []}],
    "paths": {
        "/items/{id}": {
            "parameters": [parameter("id", "path", NUMBER)],
            "get": {
                "operationId": "items/get",
                "tags": ["items"],
                "summary": "Get one",
                "description": "Of the shelf:\n\n- first\n- second",
                "parameters": [
                    parameter("limit", "query", NUMBER),
                    parameter("tags[]", "query", {"type": "array", "items": TEXT}),
                    {**parameter("filter", "query", {"type": "object"}), "style": "deepObject", "explode": True},
                    {**parameter("X-Trace", "header", NUMBER), "description": "Follows the call."},
                ],
                "responses": OK,
            },
            "put": {
                "operationId": "items/put",
                "tags": ["items"],
                "requestBody": {**content("application/json", ITEM), "required": True},
                "responses": OK,
            },
        },
        "/items/mine": {
            "get": {
                "operationId": "items/mine",
                "tags": ["items"],
                "parameters": [parameter("area", "query", {"type": "object", "properties": {"x": NUMBER}})],
                "responses": OK,
            }
        },
        "/forms": {
            "post": {
                "operationId": "forms.send",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": ITEM},
                        "application/x-www-form-urlencoded": {
                            "schema": FORM,
                            "encoding": {"extra": {"style": "deepObject", "explode": True}},
                        },
                        "multipart/form-data": {"schema": UPLOAD},
                        "text/plain": {"schema": TEXT},
                    }
                },
                "responses": OK,
            }
        },
        "/notes": {
            "post": {
                "operationId": "with_raw_response",
                "tags": ["request"],
                "requestBody": content(
                    "application/json", {"type": "object", "properties": {"body": TEXT, "async": TEXT}}
                ),
                "responses": OK,
            }
        },
    },
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-key"}}},
}
KEY = "shop-key-55c1"


class Shop:
    """The service behind it: answers all with one item and keeps what it was sent."""

    def __init__(self) -> None:
        self.sent: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.sent.append(request)
        return httpx.Response(200, json={"id": 7, "name": "lamp"})

    @property
    def last(self) -> httpx.Request:
        return self.sent[-1]

    @property
    def target(self) -> str:
        return f"{self.last.method} {self.last.url.raw_path.decode()}"

    def client(self, document: Any = DOCUMENT, **options: Any) -> Client:
        http = httpx.Client(transport=httpx.MockTransport(self))
        return Client(document, auth=KEY, httpx_client=http, **options)
