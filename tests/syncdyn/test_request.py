"""Arguments become requests: what other documents ask than the bundled one does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from syncdyn import Client, RequestValidationError
from syncdyn.arguments import sendable
from syncdyn.openapi.messages import Json
from tests.syncdyn.fakes import Answer, Clock, Connect, Service, answer

TEXT = {"type": "string"}
DONE: dict[str, Any] = {"204": {"description": "Done."}}


def body(schema: Json, media_type: str = "application/json", *, required: bool = True) -> Json:
    return {"required": required, "content": {media_type: {"schema": schema}}}


def says(schema: Json, headers: Json = None, media_type: str = "application/json") -> Json:
    return {"200": {"description": "It.", "headers": headers or {}, "content": {media_type: {"schema": schema}}}}


OPERATIONS: dict[str, Any] = {
    "/awkward/{self}": {
        "parameters": [{"name": "self", "in": "path", "required": True, "schema": TEXT}],
        "get": {
            "operationId": "awkward",
            "parameters": [
                {"name": "request_options", "in": "query", "schema": TEXT},
                {"name": "id", "in": "query", "schema": TEXT},
                {"name": "id", "in": "header", "schema": TEXT},
                {"name": "sid", "in": "cookie", "schema": TEXT},
                {"name": "X-Trace", "in": "header", "schema": TEXT},
            ],
            "responses": DONE,
        },
    },
    "/lines": {
        "post": {"operationId": "lines", "requestBody": body({"type": "array", "items": TEXT}), "responses": DONE}
    },
    "/note": {
        "post": {
            "operationId": "note",
            "requestBody": body({"type": "object", "properties": {"a": TEXT}}, required=False),
            "responses": DONE,
        }
    },
    "/form": {
        "post": {
            "operationId": "form",
            "requestBody": body(
                {"type": "object", "properties": {"a": TEXT, "file": {"type": "string", "format": "binary"}}},
                "multipart/form-data",
                required=False,
            ),
            "responses": DONE,
        }
    },
    "/needed-form": {
        "post": {
            "operationId": "neededForm",
            "requestBody": body({"type": "object", "properties": {"a": TEXT}}, "multipart/form-data"),
            "responses": DONE,
        }
    },
    "/empty": {
        "put": {
            "operationId": "empty",
            "requestBody": body({"type": "object", "required": ["a"], "properties": {"a": TEXT}}),
            "responses": DONE,
        }
    },
    "/clear": {
        "post": {
            "operationId": "clear",
            "requestBody": body({"type": "object", "properties": {"a": {"type": ["string", "null"]}}}),
            "responses": DONE,
        }
    },
    "/word": {"get": {"operationId": "word", "responses": says(TEXT, {"X-Left": {"schema": {"type": "integer"}}})}},
    "/marked": {
        "get": {
            "operationId": "marked",
            "responses": says(TEXT, {"X-Mark": {"required": True, "schema": {"type": "integer"}}}),
        }
    },
    "/csv": {"get": {"operationId": "csv", "responses": says(TEXT, None, "text/csv")}},
    "/moved": {"get": {"operationId": "moved", "responses": {"302": {"description": "There."}}}},
    "/listed": {
        "get": {
            "operationId": "listed",
            "parameters": [
                {"name": "size", "in": "query", "allowEmptyValue": True, "schema": {"type": "integer"}},
                {"name": "count", "in": "query", "schema": {"type": "integer"}},
            ],
            "responses": DONE,
        }
    },
    "/searched": {
        "get": {
            "operationId": "searched",
            "parameters": [{"name": "selector", "in": "querystring", "content": {"application/json": {}}}],
            "responses": DONE,
        }
    },
    "/unsaid": {"get": {"operationId": "unsaid", "responses": {"default": {"description": "Anything."}}}},
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Odd", "version": "1"},
    "servers": [{"url": "https://odd.example.com/base"}],
    "paths": {
        path: {
            method: {**operation, "tags": ["odd"]} if isinstance(operation, dict) else operation
            for method, operation in item.items()
        }
        for path, item in OPERATIONS.items()
    },
}

Ask = Callable[..., Any]


@pytest.fixture
def service() -> Service:
    return Service(answer(204))


@pytest.fixture
def odd(service: Service, clock: Clock) -> Any:
    connect = Connect(clock)
    return Client(DOCUMENT, transport=connect.transport(connect.http(service))).odd


def asked(clock: Clock, reply: Answer, name: str, **options: Any) -> Any:
    """What a method without arguments gives for an answer."""
    connect = Connect(clock)
    client = Client(DOCUMENT, transport=connect.transport(connect.http(Service(reply))), **options)
    return getattr(client.odd, name)()


def test_reserved_names_get_an_underscore_and_shared_ones_their_location(odd: Any, service: Service) -> None:
    odd.awkward("a", request_options_="b", id__query="c", id__header="d")
    assert service.last.url.raw_path == b"/base/awkward/a?request_options=b&id=c"
    assert service.last.headers["id"] == "d"


def test_header_and_cookie_parameters_go_to_their_places(odd: Any, service: Service) -> None:
    odd.awkward("a", x_trace="t-1", sid="s-1")
    assert (service.last.headers["x-trace"], service.last.headers["cookie"]) == ("t-1", "sid=s-1")


def test_an_additional_header_stands_in_place_of_the_declared(odd: Any, service: Service) -> None:
    odd.awkward("a", x_trace="t-1", request_options={"additional_headers": {"x-trace": "t-2"}})
    assert service.last.headers.get_list("x-trace") == ["t-2"]


def test_a_header_that_cannot_be_sent_is_a_fault_of_the_arguments(odd: Any, service: Service) -> None:
    with pytest.raises(RequestValidationError, match=r"header\.X-Trace"):
        odd.awkward("a", x_trace="a\r\nb")
    assert service.requests == []


def test_a_parameter_without_a_json_value_is_told_of_once(odd: Any) -> None:
    with pytest.raises(RequestValidationError) as caught:
        odd.awkward("a", x_trace=object())
    assert [violation.where for violation in caught.value.violations] == ["header.X-Trace"]


def test_a_body_that_is_no_object_is_one_argument(odd: Any, service: Service) -> None:
    odd.lines(body=["a", "b"])
    assert service.sent == ["a", "b"]


def test_a_body_that_is_needed_is_told_of(odd: Any) -> None:
    with pytest.raises(RequestValidationError, match=r"body: missing \(required\)"):
        odd.lines()


def test_of_a_body_that_is_needed_the_members_are_told(odd: Any) -> None:
    with pytest.raises(RequestValidationError, match=r"body\.a: missing \(required\)"):
        odd.empty()


def test_a_body_that_nobody_needs_is_not_sent(odd: Any, service: Service) -> None:
    odd.note()
    assert (service.last.content, service.last.headers.get("content-type")) == (b"", None)


def test_an_additional_body_member_makes_a_body(odd: Any, service: Service) -> None:
    odd.note(request_options={"additional_body_parameters": {"b": 1}})
    assert service.sent == {"b": 1}


def test_a_form_that_nobody_needs_is_not_sent(odd: Any, service: Service) -> None:
    odd.form()
    assert (service.last.content, service.last.headers.get("content-type")) == (b"", None)


def test_a_form_that_is_needed_is_sent_without_members(odd: Any, service: Service) -> None:
    odd.needed_form()
    assert service.last.headers["content-type"].startswith("multipart/form-data; boundary=")


def test_null_is_sent_where_the_document_names_it(odd: Any, service: Service) -> None:
    odd.clear(a=None)
    assert service.sent == {"a": None}


@pytest.mark.parametrize("value", [object(), [object()]], ids=["argument", "inside"])
def test_what_has_no_json_value_is_told_of_once(odd: Any, value: Any) -> None:
    with pytest.raises(RequestValidationError) as caught:
        odd.note(a=value)
    assert [violation.message for violation in caught.value.violations][:1] == ["an object has no JSON value"]


def test_without_checks_a_path_still_needs_its_values(odd: Any, service: Service) -> None:
    with pytest.raises(RequestValidationError, match=r"path\.self: missing"):
        odd.awkward(request_options={"validate": "off"})
    assert service.requests == []


def test_without_checks_a_body_may_be_missing(odd: Any, service: Service) -> None:
    odd.empty(request_options={"validate": "off"})
    assert service.last.content == b""


def test_a_text_as_json_is_a_result(clock: Clock) -> None:
    assert asked(clock, answer(200, "hello"), "word") == "hello"
    assert asked(clock, answer(200, "hello", headers={"X-Left": "7"}), "word") == "hello"


@pytest.mark.parametrize("fields", [{}, {"X-Mark": "x"}], ids=["missing", "no-number"])
def test_promised_header_fields_are_checked(clock: Clock, fields: dict[str, str]) -> None:
    with pytest.warns(UserWarning, match=r"header\.X-Mark"):
        assert asked(clock, answer(200, "hello", headers=fields), "marked") == "hello"


def test_a_text_is_a_result(clock: Clock) -> None:
    assert asked(clock, answer(200, text="a,b", headers={"Content-Type": "text/csv"}), "csv") == "a,b"


def test_a_redirect_that_the_document_promises_is_a_result(clock: Clock) -> None:
    assert asked(clock, answer(302, headers={"Location": "/x"}), "moved", follow_redirects=False) is None


def test_where_nothing_is_promised_anything_is_a_result(clock: Clock) -> None:
    assert asked(clock, answer(200, {"x": 1}), "unsaid") == {"x": 1}
    assert asked(clock, answer(200, text="x"), "unsaid") == "x"


def test_a_body_of_another_type_than_promised_is_given_when_it_is_no_json_that_was_promised(clock: Clock) -> None:
    with pytest.warns(UserWarning, match="content-type"):
        assert asked(clock, answer(200, text="a;b"), "csv") == "a;b"


def test_a_file_on_disk_may_be_as_large_as_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"12345")
    assert sendable(path, 5).content.read() == b"12345"
    with pytest.raises(ValueError, match="5 bytes, more than the maximum, 4"):
        sendable(path, 4)


def test_header_values_are_read_as_the_document_describes_them(clock: Clock) -> None:
    connect, reply = Connect(clock), answer(200, "hello", headers={"x-left": "7", "x-other": "8"})
    client = Client(DOCUMENT, transport=connect.transport(connect.http(Service(reply))))
    raw = client.odd.with_raw_response.word()
    assert (raw.header_values, raw.headers["x-left"]) == ({"X-Left": 7}, "7")


def test_a_query_parameter_may_be_empty_where_the_document_allows_it(odd: Any, service: Service) -> None:
    odd.listed(size="")
    assert service.last.url.raw_path == b"/base/listed?size="
    with pytest.raises(RequestValidationError, match=r"query\.count: expected an integer"):
        odd.listed(count="")


def test_one_argument_may_be_the_whole_query(odd: Any, service: Service) -> None:
    odd.searched(selector={"n": 1}, request_options={"additional_query_parameters": {"page": 2}})
    assert service.last.url.raw_path == b"/base/searched?%7B%22n%22%3A1%7D&page=2"
    odd.searched()
    assert service.last.url.raw_path == b"/base/searched"


@pytest.mark.parametrize(
    ("call", "told"), [("list", "cannot be added to a list"), ("none", "the operation takes no body")]
)
def test_members_that_no_body_can_have_are_refused(call: str, told: str) -> None:
    body: Json = {"requestBody": {"content": {"application/json": {}}}} if call == "list" else {}
    operation = {"operationId": "put", **body, "responses": {}}
    document = {"openapi": "3.1.0", "servers": [{"url": "https://x.example"}], "paths": {"/x": {"post": operation}}}
    options = {"request_options": {"additional_body_parameters": {"a": 1}}}
    with pytest.raises(RequestValidationError, match=told):
        Client(document).operations["put"](**({"body": [1]} if body else {}), **options)
