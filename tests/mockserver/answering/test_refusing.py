"""What a request is told that breaks the document, and what becomes of it where it is let through."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import pytest

from mockserver.app import Mock
from mockserver.settings import Settings
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.messages import Headers, Request
from tests.mockserver.answering.asking import PET, REX, answers, ask, content, document, one, read

LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 10}}
NONE = {"description": "d"}
KEYS = {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}, "basic": {"type": "http", "scheme": "basic"}}


def taking(**responses: Any) -> dict[str, Any]:
    """An operation that takes a pet and a limit."""
    stated = {name.removeprefix("s"): one for name, one in responses.items()}
    body = {"parameters": [LIMIT], "requestBody": content(PET)}
    return one(post={**body, "responses": {"201": content(PET, example=REX), **stated}})


def locked(**responses: Any) -> dict[str, Any]:
    get = {"security": [{"key": []}, {"basic": []}], **answers(s200=NONE, **responses)}
    return document({"/pets": {"get": get}}, components={"securitySchemes": KEYS})


def test_every_fault_is_told_with_where_and_what_was_found_and_what_may_be() -> None:
    told = read(ask(taking(), "POST", "/pets?limit=11", body={"id": "x"}))
    assert (told["status"], told["title"]) == (422, HTTPStatus(422).phrase)
    assert [(one["location"], one["path"], one["keyword"]) for one in told["violations"]] == [
        ("query", ["limit"], "maximum"),
        ("body", ["id"], "type"),
        ("body", ["name"], "required"),
    ]
    first, second, _ = told["violations"]
    assert (first["where"], first["found"], first["allowed"]) == ("query.limit", 11, 10)
    assert (second["found"], second["allowed"]) == ("x", ["integer"])


def test_what_is_too_long_is_not_told_again() -> None:
    told = read(ask(taking(), "POST", body={"id": "x" * 9999, "name": "Rex"}))
    assert "found" not in told["violations"][0]


DECLARED: dict[str, tuple[dict[str, Any], int]] = {
    "422 before 400": ({"s400": NONE, "s422": NONE}, 422),
    "400 where it is the only one": ({"s400": NONE}, 400),
    "a range": ({"s4XX": NONE}, 422),
    "default": ({"sdefault": NONE}, 422),
    "nothing": ({}, 422),
}


@pytest.mark.parametrize(("responses", "status"), DECLARED.values(), ids=DECLARED)
def test_the_status_is_one_that_the_document_declares(responses: dict[str, Any], status: int) -> None:
    assert ask(taking(**responses), "POST", body={}).status == status


def test_a_wrong_media_type_is_415_whether_that_is_declared_or_not() -> None:
    csv = {"content-type": "text/csv"}
    assert ask(taking(), "POST", headers=csv, body=b"a,b").status == 415
    assert ask(taking(s415=NONE, s400=NONE), "POST", headers=csv, body=b"a,b").status == 415
    assert ask(taking(s400=NONE), "POST", headers=csv, body=b"a,b").status == 400


def test_the_documents_own_error_is_told_in_its_body() -> None:
    shown = content({"type": "object"}, example={"oops": True})
    assert read(ask(taking(s400=shown), "POST", body={})) == {"oops": True}


def test_who_shows_nothing_gets_a_challenge_for_each_scheme() -> None:
    refused = ask(locked())
    assert refused.status == 401
    challenges = 'ApiKey realm="mock", in="header", name="X-Key", Basic realm="mock"'
    assert refused.headers["www-authenticate"] == challenges
    assert ask(locked(), headers={"x-key": "any"}).status == 200


def test_keys_that_were_given_are_the_only_ones() -> None:
    assert ask(locked(), headers={"x-key": "any"}, api_keys=("mine",)).status == 401
    assert ask(locked(), headers={"x-key": "mine"}, api_keys=("mine",)).status == 200


def test_what_is_let_through_is_answered_and_told_in_a_field() -> None:
    answer = ask(taking(), "POST", "/pets?limit=11", body={"id": "x", "name": "Rex"}, errors=False)
    assert (answer.status, read(answer)) == (201, REX)
    first, second = json.loads(answer.headers["sl-violations"])
    assert first["location"] == ["request", "query", "limit"]
    assert (second["location"], second["severity"], second["code"]) == (["request", "body", "id"], "Error", "type")


def test_what_is_right_has_nothing_told() -> None:
    assert "sl-violations" not in ask(taking(), "POST", body=REX, errors=False).headers


def test_who_shows_nothing_is_let_through_as_well_but_for_keys_that_were_given() -> None:
    answer = ask(locked(), errors=False)
    assert (answer.status, json.loads(answer.headers["sl-violations"])[0]["code"]) == (200, "security")
    assert ask(locked(), errors=False, api_keys=("mine",)).status == 401


def test_so_many_violations_that_no_field_holds_them_are_cut() -> None:
    root = one(
        post={"requestBody": content({"type": "array", "items": {"type": "integer"}}), "responses": {"200": NONE}}
    )
    answer = ask(root, "POST", body=["x"] * 500, errors=False)
    assert answer.headers["sl-violations"].startswith("Too many violations! ")
    assert len(answer.headers["sl-violations"]) < 8192


ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["message", "statusCode"],
    "properties": {
        "message": {"type": "string"},
        "statusCode": {"type": "integer"},
        "kind": {"type": "string", "example": "mistake"},
        "error": {
            "type": "object",
            "required": ["errors"],
            "properties": {"errors": {"$ref": "#/components/schemas/L"}},
        },
    },
}
LIST = {"L": {"type": "array", "minItems": 1, "items": {"type": "string"}}}


def test_what_happened_is_put_into_an_error_body_that_has_room_for_it() -> None:
    root = taking(s400=content(ERROR))
    told = read(ask({**root, "components": {"schemas": LIST}}, "POST", "/pets?limit=11", body=REX))
    sentence = "query.limit: 11 is more than the maximum, 10"
    assert told == {"message": sentence, "statusCode": 400, "kind": "mistake", "error": {"errors": [sentence]}}


def test_what_the_schema_does_not_take_stays_out_of_it() -> None:
    short = {**ERROR["properties"], "message": {"type": "string", "maxLength": 5}}
    root = taking(s400=content({**ERROR, "properties": short}))
    told = read(ask({**root, "components": {"schemas": LIST}}, "POST", body={}))
    assert (len(told["message"]) <= 5, told["statusCode"]) == (True, 400)


def test_a_documented_problem_without_a_schema_is_one() -> None:
    told = read(ask(taking(s400=content(name="application/problem+json")), "POST", body={}))
    assert (told["title"], len(told["violations"])) == ("Bad Request", 2)


def test_what_is_let_through_changes_nothing() -> None:
    """A body that breaks the document is answered by an example, and creates no pet."""
    shown = {"get": answers(s200=content({"type": "array", "items": PET}))}
    root = one(**shown, **taking()["paths"]["/pets"])
    mock = Mock(Contract(Document(root)), Settings(errors=False))
    state = mock.initial_state(0.0)
    headers = Headers({"content-type": "application/json"})
    answer = mock.answer(state, 0.0, Request("POST", "http://mock.test/pets", headers, b'{"id": "x"}'))
    assert (answer.response.status, answer.state) == (201, state)
