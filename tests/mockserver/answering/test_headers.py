"""The header fields of answers, and where those that lead somewhere lead."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.answering.asking import FINE, PET, REX, answers, ask, content, document, one

TEXT = {"schema": {"type": "string"}}
URI = {"schema": {"type": "string", "format": "uri"}}


def field(name: str, stated: dict[str, Any], **response: Any) -> dict[str, Any]:
    return {"description": "d", "headers": {name: stated}, **response}


WRITTEN: dict[str, tuple[dict[str, Any], str]] = {
    "an example": ({"schema": {"type": "integer"}, "example": 7}, "7"),
    "one of several": ({"schema": {"type": "integer"}, "examples": {"a": {"value": 8}}}, "8"),
    "the schema's own": ({"schema": {"type": "string", "default": "soon"}}, "soon"),
    "a list": ({"schema": {"type": "array", "items": {"type": "string"}, "example": ["a", "b"]}}, "a,b"),
    "an object": ({"schema": {"type": "object", "example": {"a": 1}}}, "a,1"),
    "an exploded one": ({"explode": True, "schema": {"type": "object", "example": {"a": 1}}}, "a=1"),
    "a flag": ({"schema": {"type": "boolean", "const": True}}, "true"),
}


@pytest.mark.parametrize(("stated", "text"), WRITTEN.values(), ids=WRITTEN)
def test_declared_fields_are_filled(stated: dict[str, Any], text: str) -> None:
    assert ask(one(get=answers(s200=field("X-Left", stated)))).headers["x-left"] == text


def test_a_deprecated_operation_says_so() -> None:
    assert ask(one(get={"deprecated": True, **FINE})).headers["deprecation"] == "true"
    assert "deprecation" not in ask(one(get=FINE)).headers


COOKIES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "as it stands": ({"type": "string", "const": "id=7; Path=/"}, ("id=7; Path=/",)),
    "by name": ({"type": "object", "example": {"a": "1", "b": "2"}}, ("a=1", "b=2")),
    "several": (
        {"type": "array", "items": {"type": "string"}, "example": ["a=1", "b=2; Secure"]},
        ("a=1", "b=2; Secure"),
    ),
    "without a name": ({"type": "string", "const": "7"}, ("mock=7",)),
}


@pytest.mark.parametrize(("schema", "cookies"), COOKIES.values(), ids=COOKIES)
def test_cookies_are_set_by_the_schema(schema: Any, cookies: tuple[str, ...]) -> None:
    answer = ask(one(get=answers(s200=field("Set-Cookie", {"schema": schema}))), strict_responses=False)
    assert answer.headers.all("set-cookie") == cookies


def things(status: str, header: dict[str, Any]) -> dict[str, Any]:
    """Things below a server's base path: they are created, read, and were elsewhere once."""
    shown = field("Location", header, content=content(PET, example=REX)["content"])
    paths = {
        "/things": {"post": answers(**{f"s{status}": shown})},
        "/things/{id}": {"get": FINE},
        "/home": {"get": FINE},
    }
    return document(paths, servers=[{"url": "https://api.test/v1"}])


def test_what_was_created_is_found_where_its_location_says() -> None:
    root = things("201", TEXT)
    assert ask(root, "POST", "/things").headers["location"] == "/things/1"
    assert ask(root, "POST", "/v1/things").headers["location"] == "/v1/things/1"


def test_a_whole_url_is_given_where_one_is_asked_for() -> None:
    assert ask(things("201", URI), "POST", "/things").headers["location"] == "http://mock.test/things/1"


def test_what_moved_leads_to_another_path_of_the_document() -> None:
    root = things("302", TEXT)
    target = ask(root, "POST", "/v1/things").headers["location"]
    assert target == "/v1/home"
    assert ask(root, target=target).status == 200


def test_an_example_that_leads_to_the_service_is_led_back_to_the_mock() -> None:
    own = things("201", {"schema": {"type": "string"}, "example": "https://api.test/v1/things/9?full=1"})
    assert ask(own, "POST", "/things").headers["location"] == "/v1/things/9?full=1"
    other = things("201", {"schema": {"type": "string"}, "example": "https://cdn.test/9"})
    assert ask(other, "POST", "/things").headers["location"] == "https://cdn.test/9"


def test_a_link_that_is_made_up_leads_to_what_was_asked_and_nowhere_further() -> None:
    answer = ask(one(get=answers(s200=field("Link", TEXT))), target="/pets?page=2")
    assert answer.headers["link"] == '</pets>; rel="self"'
