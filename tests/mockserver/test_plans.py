"""Operations compiled, and answers given again."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.settings import Settings
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.messages import Headers, Request, Response

PET = {"type": "object", "required": ["name"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
JSON = {"application/json": {"schema": PET}}
OK = {"200": {"description": "", "content": JSON}}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
PATHS: dict[str, Any] = {
    "/pets": {"post": {"requestBody": {"content": JSON}, "responses": {"201": {"description": "", "content": JSON}}}},
    "/pets/{id}": {
        "get": {"parameters": [ID, LIMIT], "responses": OK},
        "delete": {"parameters": [ID], "responses": OK},
    },
    "/secret": {"get": {"security": [{"key": []}], "responses": OK}},
}
KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
CONTRACT = Contract(Document({"openapi": "3.1.0", "paths": PATHS, "components": {"securitySchemes": {"key": KEY}}}))


def mock(**settings: Any) -> Mock:
    return Mock(CONTRACT, Settings(**settings))


def answered(core: Mock, request: Request) -> Response:
    return core.answer(core.initial_state(0.0), 0.0, request).response


def get(path: str, **headers: str) -> Request:
    return Request("GET", f"http://mock{path}", Headers(headers))


def test_without_state_the_same_request_is_worked_out_once() -> None:
    core = mock(stateless=True)
    first = answered(core, get("/pets/1?__dynamic=true"))
    assert answered(core, get("/pets/1?__dynamic=true")) is first
    assert answered(core, get("/pets/2?__dynamic=true")) is not first


def test_a_state_that_is_another_is_asked_anew() -> None:
    core = mock()
    before = core.initial_state(0.0)
    assert core.answer(before, 0.0, get("/pets/1")).response.status == 200
    after = core.answer(before, 0.0, Request("DELETE", "http://mock/pets/1")).state
    assert core.answer(after, 0.0, get("/pets/1")).response.status == 404
    assert core.answer(before, 0.0, get("/pets/1")).response.status == 200


def test_what_changes_the_state_changes_it_each_time() -> None:
    core, state = mock(), mock().initial_state(0.0)
    post = Request("POST", "http://mock/pets", Headers({"content-type": "application/json"}), b'{"name":"Rex"}')
    for _ in range(3):
        state = core.answer(state, 0.0, post).state
    assert state.count == 3


def test_a_refusal_is_given_again_with_its_violations() -> None:
    core = mock(stateless=True)
    state = core.initial_state(0.0)
    first, second = (core.answer(state, 0.0, get("/pets/1?limit=x")) for _ in range(2))
    assert second == first
    assert [violation.path for violation in second.violations] == [("limit",)]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        pytest.param("http://mock/pets/1?limit=3#end", 200, id="fragment"),
        pytest.param("/pets/1", 200, id="path alone"),
        pytest.param("http://mock", 404, id="no path"),
        pytest.param("http://[::1]:80/pets/1", 200, id="IPv6"),
        pytest.param("http://[::1/pets/1", 400, id="malformed"),
        pytest.param("http://user@mock/pets/1", 200, id="user"),
    ],
)
def test_every_kind_of_url_is_understood(url: str, status: int) -> None:
    assert answered(mock(), Request("GET", url)).status == status


def test_who_shows_another_key_is_another_caller() -> None:
    core = mock(api_keys=("right",))
    statuses = [answered(core, get("/secret", **{"x-key": key})).status for key in ("right", "wrong", "right")]
    assert statuses == [200, 401, 200]


@pytest.mark.parametrize("path", ["/pets/7", "/pets/7?__code=404"], ids=["in the header", "in the query"])
def test_a_wish_is_granted_however_often_it_is_made(path: str) -> None:
    """Also on a state that moves on, on which nothing is known by the request alone."""
    core = mock()
    fields = {} if "?" in path else {"prefer": "code=404"}
    state = core.initial_state(0.0)
    statuses = []
    for _ in range(3):
        statuses.append(core.answer(state, 0.0, get(path, **fields)).response.status)
        state = core.answer(state, 0.0, Request("DELETE", "http://mock.test/pets/9")).state
    assert statuses == [404, 404, 404]
