from __future__ import annotations

import json

import pytest
import yaml

from mockserver.control.documents import control_contract
from mockserver.control.entries import OPERATIONS
from mockserver.host import Host
from syncdyn.openapi.messages import Request
from tests.mockserver.control.pets import PETS, ask, pets, problem, told
from tests.mockserver.fake_core import FakeCore

_HEALTH = "Whether the mock answers. Other machines are told that much, and no more, without the token."


def test_every_described_operation_has_its_function() -> None:
    assert set(OPERATIONS) == {each.id for each in control_contract().operations.values()}


def test_the_index_lists_what_there_is() -> None:
    index = told(pets(), "GET", "/")
    assert index["title"] == "Pets"
    assert {"method": "GET", "path": "/_mock/health", "summary": _HEALTH} in index["operations"]


@pytest.mark.parametrize("path", ["", "/"])
def test_the_index_is_at_the_root_with_and_without_slash(path: str) -> None:
    assert ask(pets(), "GET", path).status == 200


def test_health_tells_the_document_and_the_time() -> None:
    health = told(pets(), "GET", "/health")
    assert (health["status"], health["operations"], health["now"]) == ("ok", 4, "2030-01-01T00:00:00.000Z")


def test_the_document_is_given_as_it_is_served() -> None:
    mock = pets()
    assert told(mock, "GET", "/openapi.json") == PETS
    assert yaml.safe_load(ask(mock, "GET", "/openapi.yaml").body) == PETS


def test_the_api_describes_itself() -> None:
    assert told(pets(), "GET", "/control.openapi.json")["paths"].keys() >= {"/health", "/requests"}


def test_an_unknown_path_says_what_was_meant() -> None:
    status, detail = problem(pets(), "GET", "/helth")
    assert status == 404
    assert "did you mean '/_mock/health'?" in detail
    assert "GET /_mock/ lists what there is" in detail


def test_another_method_says_which_there_are() -> None:
    response = ask(pets(), "PATCH", "/clock")
    assert (response.status, response.headers["allow"]) == (405, "GET, POST, HEAD")


def test_a_misspelt_filter_is_refused_and_does_not_find_everything() -> None:
    status, detail = problem(pets(), "GET", "/requests?operaton=getPet")
    assert status == 422
    assert "query.operaton: no such parameter" in detail
    assert "did you mean 'operation'?" in detail


def test_a_body_that_is_not_as_described_is_refused_with_its_place() -> None:
    response = ask(pets(), "POST", "/clock", {"advance": -1})
    assert response.status == 422
    assert json.loads(response.body)["violations"][0]["where"] == "body.advance"


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", ""])
def test_a_body_is_json_whatever_it_is_called(content_type: str) -> None:
    body, headers = b'{"advance": 60}', {"content-type": content_type}
    assert pets().handle("POST", "/_mock/clock", body=body, headers=headers).status == 200


def test_head_has_the_length_of_a_body_it_does_not_have() -> None:
    response = ask(pets(), "HEAD", "/health")
    assert (response.status, response.body) == (200, b"")
    assert int(response.headers["content-length"]) > 50


def test_requests_to_the_control_api_are_not_in_the_journal() -> None:
    mock = pets()
    ask(mock, "GET", "/health")
    assert mock.journal == ()


@pytest.mark.parametrize("url", ["http://m/_mocked", "http://m/_mock/files/a", "http://m/pets?a=/_mock/"])
def test_what_only_looks_like_the_control_api_goes_to_the_mock(url: str) -> None:
    mock = pets()
    mock.handle(Request("GET", url))
    assert len(mock.journal) == 1


def test_a_fault_of_a_control_operation_is_a_500_without_its_inside(caplog: pytest.LogCaptureFixture) -> None:
    def broken(host: Host, request: Request, peer: str | None) -> None:
        raise ZeroDivisionError("inside")

    response = Host(FakeCore(), control=broken).handle(Request("GET", "http://m/_mock/"))  # type: ignore[arg-type]
    assert (response.status, b"inside" in response.body) == (500, False)
    assert "inside" in caplog.text


def test_a_body_that_nothing_reads_is_refused_and_nothing_is_done() -> None:
    mock = pets()
    mock.handle("GET", "/pets")
    assert problem(mock, "POST", "/reset", {"only": ["clock"]}) == (
        422,
        "the request is not as the control API's description says; body: it takes none; the query takes only",
    )
    assert len(mock.journal) == 1
    assert ask(mock, "POST", "/reset", {}).status == 204
