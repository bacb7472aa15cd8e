"""The proxy as a function of plain values."""

from __future__ import annotations

import json

import pytest

from mockserver.making import contract_from
from mockserver.proxying.judging import Asked, Judge, told
from mockserver.settings import Settings
from syncdyn.openapi.messages import Headers, Json, Request, Response
from tests.mockserver.proxying.documents import NOTES

JSON = Headers({"content-type": "application/json"})


def judge(**options: bool) -> Judge:
    return Judge(contract_from(NOTES), Settings(), **options)


def get(target: str, *fields: tuple[str, str], method: str = "GET") -> Request:
    return Request(method, f"http://proxy{target}", Headers(fields))


def post(body: Json) -> Request:
    return Request("POST", "http://proxy/notes", JSON, json.dumps(body).encode())


def notes(body: Json, status: int = 200) -> Response:
    return Response(status, JSON, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("request_", "where"),
    [
        pytest.param(get("/notes?limit=11"), "query.limit", id="parameter"),
        pytest.param(post({"text": 1}), "body.text", id="body"),
        pytest.param(get("/secrets"), "security", id="credentials"),
        pytest.param(get("/nowhere"), "path", id="path"),
        pytest.param(get("/notes", method="PUT"), "method", id="method"),
    ],
)
def test_what_is_wrong_with_a_request_is_found(request_: Request, where: str) -> None:
    asked = judge().asked(request_)
    assert [one.where for one in asked.violations] == [where]
    assert asked.refusal is None


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param(get("/notes?limit=11"), 422, id="parameter"),
        pytest.param(post({"text": 1}), 422, id="body"),
        pytest.param(get("/secrets"), 401, id="credentials"),
        pytest.param(get("/nowhere"), 404, id="path"),
        pytest.param(get("/notes", method="PUT"), 405, id="method"),
    ],
)
def test_with_errors_it_is_refused(request_: Request, status: int) -> None:
    refusal = judge(refuses=True).asked(request_).refusal
    assert refusal is not None
    assert refusal.status == status
    assert "sl-violations" in refusal.headers


def test_what_is_right_passes() -> None:
    strict = judge(refuses=True)
    assert strict.asked(post({"text": "x"})).refusal is None
    assert strict.asked(get("/notes", method="HEAD")).violations == ()


def test_requests_may_go_unchecked_but_for_their_credentials() -> None:
    lax = judge(checks_requests=False)
    assert lax.asked(post({"text": 1})).violations == ()
    assert lax.asked(get("/secrets")).violations != ()


def test_of_a_request_that_is_not_at_hand_whole_the_body_is_not_judged() -> None:
    asked = judge().asked(
        Request("POST", "http://proxy/notes", Headers({"content-type": "text/plain"})), is_whole=False
    )
    assert [one.location for one in asked.violations] == ["header"]


@pytest.mark.parametrize(
    ("response", "where"),
    [
        pytest.param(notes([{"text": 1}]), "body[0].text", id="body"),
        pytest.param(notes([], 202), "status", id="status"),
        pytest.param(Response(200, Headers({"content-type": "text/plain"}), b"x"), "header.content-type", id="type"),
    ],
)
def test_what_is_wrong_with_a_response_is_found(response: Response, where: str) -> None:
    asked = judge().asked(get("/notes"))
    assert where in [one.where for one in judge().answered(asked, response).violations]
    assert judge().answered(asked, response).refusal is None


def test_with_errors_a_wrong_response_is_a_bad_gateway() -> None:
    strict = judge(refuses=True)
    refusal = strict.answered(strict.asked(get("/notes")), notes([{"text": 1}])).refusal
    assert refusal is not None
    assert refusal.status == 502
    assert "body[0].text" in json.loads(refusal.body)["detail"]


def test_of_a_response_that_is_not_at_hand_whole_the_head_is_judged() -> None:
    found = judge().answered(judge().asked(get("/notes")), notes([], 202), is_whole=False).violations
    assert [one.location for one in found] == ["status"]


def test_a_response_to_nothing_known_is_not_judged() -> None:
    assert judge().answered(Asked(), notes("anything")).violations == ()


def test_the_field_tells_both_sides_as_prism_writes_them() -> None:
    asked = judge().asked(get("/notes?limit=11"))
    found = judge().answered(asked, notes([{"text": 1}])).violations
    entries = json.loads(told(notes([]), asked.violations, found).headers["sl-violations"])
    assert [entry["location"] for entry in entries] == [
        ["request", "query", "limit"],
        ["response", "body", "0", "text"],
    ]
    assert [(entry["severity"], entry["code"]) for entry in entries] == [("Error", "maximum"), ("Error", "type")]
