"""Documents without behaviour data: examples first, else data made from the schema; errors as documented."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockserver.app import Answer, Mock
from mockserver.settings import Settings
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.messages import Headers, Request

PET = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
}
REX, TOM = {"id": 1, "name": "Rex"}, {"id": 2, "name": "Tom"}
BEARER = {"type": "http", "scheme": "bearer"}
BASIC = {"type": "http", "scheme": "basic"}
IN_QUERY = {"type": "apiKey", "in": "query", "name": "key"}
IN_COOKIE = {"type": "apiKey", "in": "cookie", "name": "session"}


def document(**operations: Any) -> dict[str, Any]:
    """A document with one path `/pets/{id}`, whose operations are given by method."""
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "servers": [{"url": "https://pets.test/v1"}],
        "paths": {"/pets/{id}": {"parameters": [parameter], **operations}},
        "components": {
            "schemas": {"Pet": PET},
            "securitySchemes": {"token": BEARER, "login": BASIC, "query": IN_QUERY, "cookie": IN_COOKIE},
        },
    }


def content(schema: Any, **more: Any) -> dict[str, Any]:
    return {"description": "d", "content": {"application/json": {"schema": schema, **more}}}


def ask(
    root: dict[str, Any],
    method: str = "GET",
    target: str = "/pets/1",
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    **settings: Any,
) -> Answer:
    mock = Mock(Contract(Document(root)), Settings(**settings))
    request = Request(method, f"http://mock.test{target}", Headers(headers or {}), body)
    return mock.answer(mock.initial_state(0.0), 0.0, request)


def read(answer: Answer) -> Any:
    return json.loads(answer.response.body)


EXAMPLES = {"rex": {"value": REX}, "tom": {"value": TOM}}


def test_the_first_example_is_the_answer() -> None:
    answer = ask(document(get={"responses": {"200": content(PET, examples=EXAMPLES)}}))
    assert (answer.response.status, read(answer), answer.operation) == (200, REX, "GET /pets/{id}")


def test_an_example_is_chosen_by_name() -> None:
    root = document(get={"responses": {"200": content(PET, examples=EXAMPLES)}})
    assert read(ask(root, headers={"prefer": "example=tom"})) == TOM
    assert read(ask(root, target="/pets/1?__example=tom")) == TOM
    assert ask(root, headers={"prefer": "example=max"}).response.status == 404


def test_an_example_that_breaks_its_schema_gives_way_to_made_data() -> None:
    answer = ask(document(get={"responses": {"200": content(PET, example={"id": "one"})}}))
    assert answer.response.status == 200
    assert isinstance(read(answer)["id"], int)


def test_made_data_depends_on_the_request_and_the_seed_alone() -> None:
    root = document(get={"responses": {"200": content({"$ref": "#/components/schemas/Pet"})}})
    first, again, other, seeded = (
        read(ask(root)),
        read(ask(root)),
        read(ask(root, target="/pets/2")),
        read(ask(root, seed=9)),
    )
    assert first == again
    assert first != other
    assert first != seeded


def test_dynamic_data_passes_examples_by() -> None:
    root = document(get={"responses": {"200": content(PET, example=REX)}})
    assert read(ask(root, headers={"prefer": "dynamic=true"})) != REX


@pytest.mark.parametrize(
    ("responses", "status"),
    [
        (["201", "200", "404"], 200),
        (["204"], 204),
        (["2XX"], 200),
        (["default"], 200),
        (["404", "301"], 301),
        (["500", "default"], 200),
    ],
)
def test_the_lowest_success_is_the_usual_status(responses: list[str], status: int) -> None:
    root = document(get={"responses": {one: {"description": "d"} for one in responses}})
    assert ask(root).response.status == status


def test_a_code_is_chosen_by_the_caller() -> None:
    root = document(get={"responses": {"200": content(PET), "4XX": content({"const": "no"})}})
    answer = ask(root, headers={"prefer": "code=418"})
    assert (answer.response.status, read(answer)) == (418, "no")
    assert ask(root, headers={"prefer": "code=500"}).response.status == 404


def test_accept_chooses_the_media_type() -> None:
    both = {"text/plain": {"example": "Rex"}, "application/json": {"example": REX}}
    root = document(get={"responses": {"200": {"description": "d", "content": both}}})
    chosen = {
        accept: ask(root, headers={"accept": accept}).response.content_type
        for accept in ("*/*", "text/*", "text/plain;q=0.2, application/json;q=0.1", "application/*")
    }
    assert [*chosen.values()] == ["text/plain", "text/plain", "text/plain", "application/json"]
    assert ask(root, headers={"accept": "image/png"}).response.status == 406


def test_declared_headers_are_filled() -> None:
    headers = {"X-Left": {"required": True, "schema": {"type": "integer", "minimum": 5, "maximum": 5}}}
    root = document(get={"responses": {"200": {**content(PET), "headers": headers}}})
    assert ask(root).response.headers["x-left"] == "5"


def test_paths_are_served_at_the_root_and_below_the_server() -> None:
    root = document(get={"responses": {"200": content(PET)}})
    assert [ask(root, target=target).response.status for target in ("/pets/1", "/v1/pets/1", "/v2/pets/1")] == [
        200,
        200,
        404,
    ]


POST = {"requestBody": content(PET), "responses": {"201": content(PET)}}


def test_a_bad_request_is_a_problem_that_lists_its_faults() -> None:
    answer = ask(document(post=POST), "POST", body=b'{"id":"x"}', headers={"content-type": "application/json"})
    assert (answer.response.status, answer.response.content_type) == (422, "application/problem+json")
    assert {one["where"] for one in read(answer)["violations"]} == {"body.id", "body.name"}
    assert len(answer.violations) == 2


def test_a_documented_error_is_told_in_its_own_body() -> None:
    post = {**POST, "responses": {**POST["responses"], "400": content({"type": "object"}, example={"oops": 1})}}
    answer = ask(document(post=post), "POST", body=b"{", headers={"content-type": "application/json"})
    assert (answer.response.status, read(answer)) == (400, {"oops": 1})


def test_a_wrong_media_type_is_415_where_that_is_documented() -> None:
    post = {**POST, "responses": {**POST["responses"], "415": content({"const": "wrong"})}}
    answer = ask(document(post=post), "POST", body=b"x", headers={"content-type": "text/csv"})
    assert (answer.response.status, read(answer)) == (415, "wrong")


CREDENTIALS: dict[str, tuple[str, dict[str, str], str]] = {
    "token": ("/pets/1", {"authorization": "Bearer abc"}, 'Bearer realm="mock"'),
    "login": ("/pets/1", {"authorization": "basic YTpi"}, 'Basic realm="mock"'),
    "query": ("/pets/1?key=abc", {}, 'ApiKey realm="mock", in="query", name="key"'),
    "cookie": ("/pets/1", {"cookie": "a=b; session=abc"}, 'ApiKey realm="mock", in="cookie", name="session"'),
}


@pytest.mark.parametrize("scheme", CREDENTIALS)
def test_each_scheme_is_asked_for_in_its_place(scheme: str) -> None:
    target, headers, challenge = CREDENTIALS[scheme]
    root = document(get={"security": [{scheme: []}], "responses": {"200": content(PET)}})
    refused = ask(root).response
    assert refused.status == 401
    assert refused.headers.get("www-authenticate", "") == challenge
    assert ask(root, target=target, headers=headers).response.status == 200
    assert ask(root, target=target, headers=headers, api_keys=("other",)).response.status == 401


def test_alternatives_are_or_and_schemes_together_are_and() -> None:
    security: list[dict[str, Any]] = [{"token": [], "query": []}, {"login": []}]
    root = document(get={"security": security, "responses": {"200": content(PET)}})
    token = {"authorization": "Bearer abc"}
    assert ask(root, headers=token).response.status == 401
    assert ask(root, headers=token, target="/pets/1?key=k").response.status == 200
    assert ask(root, headers={"authorization": "Basic YTpi"}).response.status == 200


def test_an_empty_alternative_lets_everybody_in() -> None:
    root = document(get={"security": [{"token": []}, {}], "responses": {"200": content(PET)}})
    assert ask(root).response.status == 200


def test_an_answer_that_breaks_the_document_is_a_fault_that_names_itself() -> None:
    root = document(get={"responses": {"200": content(PET)}, "x-mock": {"compute": '`{"id": 1}`', "facts-of": "pets"}})
    root["x-mock-collections"] = {"pets": {}}
    answer = ask(root)
    assert answer.response.status == 500
    assert "body.name: missing" in read(answer)["detail"]
    assert ask(root, strict_responses=False).response.status == 200


def test_any_document_can_have_behaviour() -> None:
    schema = {"type": "array", "items": PET}
    root = document(
        get={"responses": {"200": content(PET), "404": {"description": "d"}}, "x-mock": {"read": "pets", "by": "id"}}
    )
    root["paths"]["/pets"] = {"get": {"responses": {"200": content(schema)}, "x-mock": {"list": "pets"}}}
    root["x-mock-collections"] = {
        "pets": {
            "unknown": {"status": 404, "message": "no such pet"},
            "members": {"id": "number", "name": "name"},
            "seeded": [{"id": "1", "name": "Rex"}, {"id": "2", "name": "Tom"}],
        }
    }
    assert read(ask(root)) == REX
    assert read(ask(root, target="/pets")) == [REX, TOM]
    assert read(ask(root, target="/pets/3"))["detail"] == "no such pet"


BODIES: dict[str, tuple[str, dict[str, Any], bytes]] = {
    "text": ("text/plain", {"schema": {"type": "string", "const": "Rex"}}, b"Rex"),
    "JSON lines": ("application/jsonl", {"example": [REX, TOM]}, b'{"id":1,"name":"Rex"}\n{"id":2,"name":"Tom"}\n'),
    "one JSON line": ("application/jsonl", {"example": REX}, b'{"id":1,"name":"Rex"}\n'),
    "a form": ("application/x-www-form-urlencoded", {"example": {"a": "b c"}}, b"a=b%20c"),
    "bytes": ("image/png", {"example": "not really"}, b"not really"),
    "nothing said": ("application/json", {}, b"{}"),
    "a JSON suffix": ("application/hal+json", {"example": REX}, b'{"id":1,"name":"Rex"}'),
}


@pytest.mark.parametrize(("name", "stated", "body"), BODIES.values(), ids=BODIES)
def test_bodies_of_other_media_types(name: str, stated: dict[str, Any], body: bytes) -> None:
    response = ask(document(get={"responses": {"200": {"description": "d", "content": {name: stated}}}})).response
    assert (response.status, response.body) == (200, body)
    assert response.content_type == name


@pytest.mark.parametrize("accept", ["", " ", "nonsense", "application/json;q=x", "*/*;q=0.1", "application/json, */*"])
def test_strange_accepts_do_no_harm(accept: str) -> None:
    root = document(get={"responses": {"200": content(PET, example=REX)}})
    assert ask(root, headers={"accept": accept}).response.status in (200, 406)


def test_credentials_that_are_none_are_refused() -> None:
    root = document(get={"security": [{"login": []}], "responses": {"200": content(PET)}})
    texts = ["Basic", "Basic !!!", "Basic YWI=", "Bearer abc", ""]
    assert {ask(root, headers={"authorization": text}).response.status for text in texts} == {401}


def test_a_scheme_that_is_not_defined_asks_for_nothing() -> None:
    """What nobody could show is not asked for; `lint` tells of the mistake."""
    root = document(get={"security": [{"forgotten": []}], "responses": {"200": content(PET)}})
    assert ask(root).response.status == 200


def test_behaviour_that_cannot_be_read_is_named_when_the_mock_is_asked() -> None:
    root = document(get={"responses": {"200": content(PET)}, "x-mock": {"create": "pets"}})
    with pytest.raises(DocumentError, match="pets"):
        ask(root)


def test_a_future_that_cannot_be_written_is_refused_at_its_birth() -> None:
    root = document(
        post={"responses": {"201": {"description": "d"}}, "x-mock": {"create": "pets"}},
        get={"responses": {"200": {"description": "d"}}, "x-mock": {"list": "pets"}},
    )
    stage = {"after": 1, "set": {"weight": float("inf")}}
    pets = {"members": {"id": "id"}, "default-outcome": "GROWN", "outcomes": {"GROWN": [stage]}}
    mock = Mock(Contract(Document({**root, "x-mock-collections": {"pets": pets}})))
    state = mock.initial_state(0.0)
    refused = mock.answer(state, 0.0, Request("POST", "http://mock.test/pets/1"))
    assert refused.response.status == 400
    assert "has no form" in refused.response.body.decode()
    assert refused.state is state


@pytest.mark.parametrize(
    ("query", "expected"), [("", b'"plain"'), ("?beta=true&x=1", b'"beta"'), ("?beta=no", b'"plain"')]
)
def test_a_query_in_a_path_of_the_document_chooses_the_operation(query: str, expected: bytes) -> None:
    root = document()
    root["paths"] = {
        "/pets": {"get": {"responses": {"200": content({"const": "plain"})}}},
        "/pets?beta=true": {"get": {"responses": {"200": content({"const": "beta"})}}},
    }
    assert ask(root, target=f"/pets{query}").response.body == expected
