"""Answers with `prism`: as Prism 5.14.2 gave them to the same requests."""

from __future__ import annotations

import json
from typing import Any

import pytest

from syncdyn.openapi.messages import Response
from tests.mockserver.answering import asking
from tests.mockserver.answering.asking import PET, REX, TOM, answers, content, document, one, read

NONE = {"description": "d"}


def ask(root: dict[str, Any], *words: Any, **more: Any) -> Response:
    return asking.ask(root, *words, prism=True, **more)


def kind(response: Response) -> tuple[int, str, str]:
    """Status, name and detail of a problem."""
    told = read(response)
    assert response.content_type == "application/problem+json"
    return told["status"], told["type"].removeprefix("https://stoplight.io/prism/errors#"), told["detail"]


def test_without_an_example_the_value_is_static() -> None:
    assert ask(one(get=answers(s200=content(PET)))).body == b'{"id":0,"name":"string"}'
    assert (
        ask(one(get=answers(s200=content(PET))), headers={"prefer": "dynamic=true"}).body != b'{"id":0,"name":"string"}'
    )


def test_an_example_is_given_even_if_it_breaks_its_schema_and_that_is_told() -> None:
    root = one(get=answers(s200=content(PET, example={"id": "x", "name": "Rex"})))
    answer = ask(root)
    assert read(answer) == {"id": "x", "name": "Rex"}
    assert json.loads(answer.headers["sl-violations"]) == [
        {"location": ["response", "body", "id"], "severity": "Error", "code": "type",
         "message": "Response body property id must be integer"}
    ]  # fmt: skip


def test_with_errors_an_own_answer_that_breaks_the_document_is_refused() -> None:
    root = one(get=answers(s200=content(PET, example={"name": "Rex"})))
    refused = ask(root, errors=True)
    assert kind(refused)[:2] == (500, "VIOLATIONS")
    assert read(refused)["validation"][0]["message"] == "Response body must have required property 'id'"


def test_an_example_of_the_schema_counts_as_one_without_a_name() -> None:
    shown = content({**PET, "example": REX}, examples={"tom": {"value": TOM}})
    root = one(get=answers(s200=shown))
    assert read(ask(root)) == REX
    assert read(ask(root, headers={"prefer": "example=default"})) == REX
    assert read(ask(root, headers={"prefer": "example=tom"})) == TOM


def test_an_example_that_is_not_there_is_not_found() -> None:
    told = "Response for contentType: application/json and exampleKey: max does not exist."
    answer = ask(one(get=answers(s200=content(PET))), headers={"prefer": "example=max"})
    assert kind(answer) == (404, "NOT_FOUND", told)


def test_where_the_code_has_not_the_example_the_usual_response_may_have_it() -> None:
    shown = content(PET, examples={"tom": {"value": TOM}})
    answer = ask(one(get=answers(s200=shown, s404=content())), headers={"prefer": "code=404, example=tom"})
    assert (answer.status, read(answer)) == (200, TOM)


def test_a_code_that_is_not_there_is_not_found() -> None:
    answer = ask(one(get=answers(s200=NONE)), headers={"prefer": "code=500"})
    assert kind(answer) == (404, "NOT_FOUND", "Requested status code 500 is not defined in the document.")


def test_unknown_paths_and_methods_are_told_in_prisms_words() -> None:
    root = one(get=answers(s200=NONE))
    told = "The route /none hasn't been found in the specification file"
    assert kind(ask(root, "GET", "/none")) == (404, "NO_PATH_MATCHED_ERROR", told)
    told = 'The route /pets has been matched, but it does not have "put" method defined'
    assert kind(ask(root, "PUT")) == (405, "NO_METHOD_MATCHED_ERROR", told)
    told = "No server configuration has been provided, although http://a.b is set as server url"
    assert kind(ask(root, "GET", "/pets?__server=http://a.b")) == (404, "NO_SERVER_CONFIGURATION_PROVIDED_ERROR", told)


def test_head_is_no_get() -> None:
    response = ask(one(get=answers(s200=NONE)), "HEAD")
    assert (response.status, response.headers.get("allow")) == (405, "GET")


def test_what_is_not_acceptable_is_told() -> None:
    answer = ask(one(get=answers(s200=content(PET))), headers={"accept": "text/csv"})
    assert kind(answer) == (406, "NOT_ACCEPTABLE", "Unable to find content for text/csv")


@pytest.mark.parametrize(("accept", "shown"), [({}, "text/plain"), ({"accept": "application/json"}, None)])
def test_what_has_no_content_is_text_unless_something_is_accepted(accept: dict[str, str], shown: str | None) -> None:
    answer = ask(one(get=answers(s200=NONE)), headers=accept)
    assert (answer.body, answer.content_type) == (b"", shown)


def test_an_object_is_no_text() -> None:
    refused = ask(one(get=answers(s200=content(PET, name="text/plain"))))
    assert kind(refused) == (500, "NO_COMPLEX_OBJECT_TEXT", "Cannot serialise complex objects as text")


def test_xml_is_elements_alone() -> None:
    root = one(get=answers(s200=content(PET, name="application/xml")))
    assert ask(root).body == b"<xml><id>0</id><name>string</name></xml>"


def test_a_schema_that_is_too_complex_is_told() -> None:
    wide = {"type": "object", "properties": {f"p{number}": {"type": "integer"} for number in range(3000)}}
    told = "Unable to generate body for response. The schema is too complex to generate."
    assert kind(ask(one(get=answers(s200=content(wide))))) == (500, "SCHEMA_TOO_COMPLEX", told)


def test_fields_are_static_too_and_null_where_they_are_no_text() -> None:
    headers = {
        "X-A": {"schema": {"type": "string"}},
        "X-B": {"schema": {"type": "integer"}},
        "X-C": {"schema": {"type": "boolean"}},
        "X-D": {"schema": {"type": "string"}, "example": "ex"},
    }
    answer = ask(one(get=answers(s200={**NONE, "headers": headers})))
    assert [answer.headers[name] for name in headers] == ["string", "0", "null", "ex"]


def test_cors_is_on_as_it_comes() -> None:
    assert ask(one(get=answers(s200=NONE))).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in ask(one(get=answers(s200=NONE)), cors=False).headers


KEYS = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {"type": "http", "scheme": "bearer"},
    "digest": {"type": "http", "scheme": "digest"},
    "oauth": {"type": "oauth2", "flows": {}},
}
SHOWN: dict[str, tuple[list[Any], dict[str, str], str | None]] = {
    "nothing": ([{"bearer": []}, {"basic": []}, {"oauth": []}], {}, 'Bearer,Basic realm="*",OAuth2'),
    "a key has no challenge": ([{"key": []}], {}, None),
    "malformed has none either": ([{"basic": []}], {"authorization": "Basic abc"}, None),
    "another scheme": ([{"digest": []}], {"authorization": "Bearer x"}, 'Digest realm="*", nonce="abc123"'),
    "one of two": ([{"key": [], "basic": []}], {"x-key": "1"}, 'Basic realm="*"'),
    "somebody where nobody may be": ([{}], {"authorization": "Bearer x"}, "None"),
}
GOOD: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"key": []}, {"x-key": "1"}),
    ({"basic": []}, {"authorization": "Basic YTpi"}),
    ({"bearer": []}, {"authorization": "Bearer x"}),
    ({}, {}),
]


def locked(security: list[Any], **responses: Any) -> dict[str, Any]:
    get = {"security": security, **answers(s200=NONE, **responses)}
    return document({"/pets": {"get": get}}, components={"securitySchemes": KEYS})


@pytest.mark.parametrize(("security", "headers", "challenge"), SHOWN.values(), ids=SHOWN)
def test_who_is_not_let_in_gets_prisms_challenge(security: list[Any], headers: Any, challenge: str | None) -> None:
    refused = ask(locked(security), headers=headers)
    assert kind(refused)[:2] == (401, "UNAUTHORIZED")
    assert refused.headers.get("www-authenticate") == challenge
    assert read(refused).get("headers", {}).get("WWW-Authenticate") == challenge


@pytest.mark.parametrize(("security", "headers"), GOOD)
def test_any_credential_of_the_right_form_is_good(security: Any, headers: dict[str, str]) -> None:
    assert ask(locked([security]), headers=headers).status == 200


def test_keys_that_were_given_are_asked_for_here_too() -> None:
    assert ask(locked([{"key": []}]), headers={"x-key": "1"}, api_keys=("mine",)).status == 401


def test_the_documents_own_refusal_comes_with_what_was_wrong() -> None:
    answer = ask(locked([{"key": []}], s401=content({"type": "object"}, example={"no": 1})))
    assert (answer.status, read(answer)) == (401, {"no": 1})
    told = {"location": ["request"], "severity": "Error", "code": 401, "message": "Invalid security scheme used"}
    assert json.loads(answer.headers["sl-violations"]) == [told]
