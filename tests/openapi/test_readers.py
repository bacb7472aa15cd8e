"""Readers that are made once for an operation and used for many messages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from syncdyn.openapi.checking import RequestReader, ResponseChecker, read_response
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.messages import Headers, Json, Request, Response

INTEGER = {"type": "integer"}
PET = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
FIELDS = {"X-Count": {"required": True, "schema": INTEGER}}
CONTENT = {"application/json": {"schema": PET}, "application/x-ndjson": {"schema": PET}, "text/plain": {}}
PARAMETERS = [
    {"name": "one", "in": "query", "schema": INTEGER},
    {"name": "many", "in": "query", "schema": {"type": "array", "items": INTEGER}},
    {"name": "joined", "in": "query", "explode": False, "schema": {"type": "array", "items": INTEGER}},
    {"name": "object", "in": "query", "schema": {"type": "object", "properties": {"a": INTEGER}}},
    {"name": "deep", "in": "query", "style": "deepObject", "schema": {"type": "object", "properties": {"a": INTEGER}}},
    {"name": "json", "in": "query", "content": {"application/json": {"schema": PET}}},
    {"name": "a b", "in": "query", "schema": {"type": "string"}},
    {"name": "c", "in": "cookie", "schema": INTEGER},
    {"name": "d", "in": "cookie", "schema": INTEGER},
    {"name": "dotted", "in": "path", "required": True, "style": "label", "schema": INTEGER},
    {"name": "plain", "in": "path", "required": True, "schema": {"type": "string"}},
]
OPERATION = {
    "parameters": PARAMETERS,
    "requestBody": {"content": CONTENT},
    "responses": {"200": {"description": "", "headers": FIELDS, "content": CONTENT}, "204": {"description": ""}},
}
CONTRACT = Contract(Document({"openapi": "3.1.0", "paths": {"/{dotted}/{plain}": {"post": OPERATION}}}))
POST = CONTRACT.operations["POST /{dotted}/{plain}"]
READER = RequestReader(CONTRACT, POST)
PATH = {"dotted": ".7", "plain": "a%2Fb"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("", {}, id="no query"),
        pytest.param("one=1&many=2&many=3", {"one": 1, "many": [2, 3]}, id="plain names"),
        pytest.param("joined=1,2", {"joined": [1, 2]}, id="joined"),
        pytest.param("a=1", {"object": {"a": 1}}, id="members of an object"),
        pytest.param("deep[a]=1", {"deep": {"a": 1}}, id="deep object"),
        pytest.param("json=%7B%22name%22:%22x%22%7D", {"json": {"name": "x"}}, id="content"),
        pytest.param("a+b=x%20y", {"a b": "x y"}, id="encoded name"),
        pytest.param("%6Fne=4#one=5", {"one": 4}, id="fragment"),
    ],
)
def test_a_query_is_split_once_for_parameters_of_every_style(query: str, expected: Json) -> None:
    checked = READER.read(Request("POST", f"http://x/.7/a?{query}"), PATH)
    assert {name: value for (place, name), value in checked.parameters.items() if place == "query"} == expected
    assert checked.violations == ()


def test_paths_and_cookies_are_read_beside_it() -> None:
    checked = READER.read(Request("POST", "http://x/", Headers({"cookie": "c=1; d=x"})), PATH)
    assert {name: value for (place, name), value in checked.parameters.items() if place != "query"} == {
        "c": 1, "d": "x", "dotted": 7, "plain": "a/b",
    }  # fmt: skip
    assert [str(violation.where) for violation in checked.violations] == ["cookie.d"]


def test_requests_do_not_leak_into_each_other() -> None:
    json_body = Request("POST", "http://x/?one=1", Headers({"content-type": "application/json"}), b'{"name":"a"}')
    text_body = Request("POST", "http://x/", Headers({"content-type": "text/plain"}), b"words")
    bodies = [READER.read(each, PATH).body for each in (json_body, text_body, json_body)]
    assert bodies == [{"name": "a"}, "words", {"name": "a"}]
    assert ("query", "one") not in READER.read(text_body, PATH).parameters


@pytest.mark.parametrize("times", [1, 200], ids=["once", "with many parameters"])
def test_content_types_without_number_are_no_burden(times: int) -> None:
    reader = RequestReader(CONTRACT, POST)
    for number in range(times):
        headers = Headers({"content-type": f"application/json; boundary={number}"})
        assert reader.read(Request("POST", "http://x/", headers, b'{"name":1}'), PATH).violations[0].path == ("name",)


CASES: dict[str, Any] = {
    "good": (200, "application/json", {"x-count": "1"}, {"name": "a"}),
    "breaks the schema": (200, "application/json", {"x-count": "1"}, {"name": 1}),
    "breaks a field": (200, "application/json", {"x-count": "x"}, {"name": "a"}),
    "lacks a field": (200, "application/json", {}, {"name": "a"}),
    "another media type": (200, "image/png", {"x-count": "1"}, {"name": "a"}),
    "lines": (200, "application/x-ndjson", {"x-count": "1"}, {"name": 1}),
    "unknown status": (500, "application/json", {}, {"name": "a"}),
    "without body": (204, None, {}, None),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_checker_says_what_reading_says_each_time(case: tuple[int, str | None, dict[str, str], Json]) -> None:
    status, content_type, fields, value = case
    headers = Headers({**({"content-type": content_type} if content_type else {}), **fields})
    response = Response(status, headers, json.dumps(value).encode() if value is not None else b"")
    checker = ResponseChecker(CONTRACT, POST)
    expected = read_response(CONTRACT, POST, response).violations
    assert [checker.violations(response), checker.violations(response)] == [expected, expected]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff"], ids=["empty", "malformed", "no text"])
def test_a_checker_tells_of_bodies_that_are_none(body: bytes) -> None:
    response = Response(200, Headers({"content-type": "application/json", "x-count": "1"}), body)
    found = ResponseChecker(CONTRACT, POST).violations(response)
    assert found == read_response(CONTRACT, POST, response).violations
    assert found
