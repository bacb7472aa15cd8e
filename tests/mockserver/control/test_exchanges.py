from __future__ import annotations

import base64
import json

import pytest

from mockserver import Mock
from syncdyn.openapi.messages import Headers, Request
from tests.mockserver.control.pets import pets, problem, told


@pytest.fixture
def mock() -> Mock:
    """After four requests: one in order, one refused, one to nowhere, one that reads."""
    mock = pets()
    mock.handle("POST", "/pets?sig=s3cret", json={"name": "Rex", "password": "s3cret"})
    mock.handle("POST", "/pets", json={})
    mock.handle("GET", "/nowhere")
    mock.advance(60)
    mock.handle("GET", "/pets/7?a=1&a=2")
    return mock


def _numbers(mock: Mock, query: str) -> list[int]:
    return [each["number"] for each in told(mock, "GET", f"/requests{query}")["requests"]]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2, 3, 4]),
        ("?operation=createPet", [1, 2]),
        ("?operation=POST%20/pets", [1, 2]),
        ("?status=422", [2]),
        ("?status=4XX", [2, 3]),
        ("?status=2xx", [1, 4]),
        ("?valid=false", [2, 3]),
        ("?valid=true", [1, 4]),
        ("?method=get", [3, 4]),
        ("?path=/pets/7", [4]),
        ("?since=2", [3, 4]),
        ("?limit=1", [4]),
        ("?operation=createPet&valid=true&since=1", []),
    ],
)
def test_filters_narrow_what_is_listed(mock: Mock, query: str, numbers: list[int]) -> None:
    assert _numbers(mock, query) == numbers


def test_the_count_is_of_all_that_meet_the_filters(mock: Mock) -> None:
    assert told(mock, "GET", "/requests?method=POST&limit=1")["count"] == 2


def test_an_exchange_tells_what_was_meant_and_what_was_wrong(mock: Mock) -> None:
    exchange = told(mock, "GET", "/requests/2")
    assert (exchange["operation"], exchange["operation_key"], exchange["valid"]) == ("createPet", "POST /pets", False)
    assert exchange["violations"] == [{"where": "body.name", "message": "missing (required)", "keyword": "required"}]
    assert (exchange["request"]["json"], exchange["response"]["status"]) == ({}, 422)


def test_an_exchange_tells_its_parameters_and_its_moment(mock: Mock) -> None:
    exchange = told(mock, "GET", "/requests/4")
    assert (exchange["path_parameters"], exchange["request"]["query"]) == ({"petId": "7"}, {"a": ["1", "2"]})
    assert exchange["at"] == "2030-01-01T00:01:00.000Z"


def test_secrets_are_hidden(mock: Mock) -> None:
    exchange = told(mock, "GET", "/requests/1")
    assert exchange["request"]["url"] == "http://mock/pets?sig=***"
    assert exchange["request"]["json"] == {"name": "Rex", "password": "***"}
    assert "s3cret" not in json.dumps(told(mock, "GET", "/requests"))
    assert "s3cret" not in json.dumps(told(mock, "GET", "/requests.har"))


def test_an_exchange_that_is_not_kept_is_not_found(mock: Mock) -> None:
    assert problem(mock, "GET", "/requests/9") == (404, "no request has the number 9; kept are 1 to 4")


def test_an_operation_that_is_none_is_refused(mock: Mock) -> None:
    status, detail = problem(mock, "GET", "/requests?operation=createPt")
    assert status == 422
    assert "did you mean 'createPet'" in detail


def test_after_a_clearing_numbers_begin_anew(mock: Mock) -> None:
    assert mock.handle("DELETE", "/_mock/requests").status == 204
    mock.handle("GET", "/pets")
    assert _numbers(mock, "") == [1]


@pytest.mark.parametrize(
    ("content_type", "body", "shown"),
    [
        ("application/json", b'{"a":1}', {"json": {"a": 1}}),
        ("application/json", b"{", {"text": "{"}),
        ("text/plain", "é".encode(), {"text": "é"}),
        ("application/octet-stream", b"\xff\0", {"base64": base64.b64encode(b"\xff\0").decode()}),
        ("application/x-www-form-urlencoded", b"a=1&password=x", {"text": "a=1&password=***"}),
        ("", b"", {}),
    ],
)
def test_a_body_is_shown_as_what_it_is(content_type: str, body: bytes, shown: dict[str, object]) -> None:
    mock = pets()
    mock.handle(Request("POST", "http://m/pets", Headers({"content-type": content_type}), body))
    request = told(mock, "GET", "/requests/1")["request"]
    assert {name: request[name] for name in ("json", "text", "base64") if name in request} == shown


def test_a_body_that_was_cut_says_so() -> None:
    mock = pets()
    mock.handle("POST", "/pets", body=b"x" * (2**20 + 5), headers={"content-type": "text/plain"})
    request = told(mock, "GET", "/requests/1")["request"]
    assert (request["bytes"], request["kept_bytes"]) == (2**20 + 5, 2**20)


def test_an_exchange_tells_the_fault_that_was_made_on_purpose() -> None:
    mock = pets()
    told(mock, "POST", "/faults", {"id": "busy", "operation": "listPets", "status": 503})
    mock.handle("GET", "/pets")
    mock.handle("POST", "/pets", json={"name": "Rex"})
    assert [each["fault"] for each in told(mock, "GET", "/requests")["requests"]] == ["busy", None]
