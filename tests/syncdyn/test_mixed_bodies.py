"""Bodies of parts without names (OpenAPI 3.2), through a client and its mock."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mockserver.app import Mock
from syncdyn import Client, RequestValidationError
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.messages import Headers, Request
from tests.syncdyn.fakes import Service

ITEM = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.2.0",
    "info": {"title": "Mixed", "version": "1"},
    "servers": [{"url": "https://mixed.test"}],
    "paths": {
        "/all": {
            "post": {
                "operationId": "all.send",
                "requestBody": {"required": True, "content": {"multipart/mixed": {"itemSchema": ITEM}}},
                "responses": {
                    "200": {
                        "description": "",
                        "content": {"multipart/mixed": {"schema": {"type": "array", "minItems": 2, "items": ITEM}}},
                    }
                },
            }
        },
        "/search": {
            "get": {
                "operationId": "all.search",
                "parameters": [
                    {
                        "name": "q",
                        "in": "querystring",
                        "content": {
                            "application/x-www-form-urlencoded": {
                                "schema": {"type": "object", "properties": {"ids": {"type": "array"}}},
                                "encoding": {"ids": {"style": "pipeDelimited", "explode": False}},
                            }
                        },
                    }
                ],
                "responses": {"204": {"description": ""}},
            }
        },
    },
}


def mirrored(request: httpx.Request) -> httpx.Response:
    if request.method == "GET":
        return httpx.Response(204)
    return httpx.Response(200, content=request.read(), headers={"content-type": request.headers["content-type"]})


def client(service: Service) -> Any:
    return Client(DOCUMENT, httpx_client=httpx.Client(transport=httpx.MockTransport(service)))


def test_what_is_sent_in_parts_is_read_from_parts() -> None:
    items = client(Service(mirrored)).all.send(body=[{"n": 1}, {"n": 2}])
    assert [item.n for item in items] == [1, 2]


def test_each_part_is_checked_by_the_schema_of_items() -> None:
    with pytest.raises(RequestValidationError, match=r"body\[1\]\.n: expected an integer"):
        client(Service(mirrored)).all.send(body=[{"n": 1}, {"n": "two"}])


def test_the_mock_answers_in_parts() -> None:
    mock = Mock(Contract(Document(DOCUMENT)))
    service = Service(mirrored)
    client(service).all.send(body=[{"n": 1}, {"n": 2}])
    asked = Request("POST", "http://m.test/all", Headers(service.last.headers.items()), service.last.content)
    response = mock.answer(mock.initial_state(0.0), 0.0, asked).response
    assert response.status == 200, response.body
    assert response.body.count(b"Content-Type: application/json") == 2


def test_a_whole_query_is_written_by_its_encoding() -> None:
    service = Service(mirrored)
    client(service).operations["all.search"](q={"ids": [1, 2]})
    assert str(service.last.url) == "https://mixed.test/search?ids=1%7C2"
