"""Answers whose Content-Type is another one each time."""

from __future__ import annotations

from itertools import count

import httpx

from syncdyn import Client

DOCUMENT = {
    "openapi": "3.1.0",
    "servers": [{"url": "https://x.example.com"}],
    "paths": {"/x": {"get": {"operationId": "get", "responses": {"200": {"description": ""}}}}},
}


def test_what_is_held_ready_for_answers_does_not_grow_for_ever() -> None:
    numbers = count()

    def service(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": f"text/plain; boundary={next(numbers)}"}, content=b"x")

    http = httpx.Client(transport=httpx.MockTransport(service))
    call = Client(DOCUMENT, httpx_client=http, validate="off").operations["get"]
    for _ in range(200):
        call()
    assert len(call._method.reader._quick) < 100
