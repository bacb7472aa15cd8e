"""Requests and responses as sent, read and checked against an operation."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.openapi.checking import (
    CheckedRequest,
    CheckedResponse,
    check_body,
    check_head,
    check_parameter,
    read_request,
    read_response,
)
from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.events import Event
from syncdyn.openapi.coding.files import File, Once
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import Headers, Request, Response
from syncdyn.openapi.operations import MediaType, Parameter

INTEGER = {"type": "integer", "minimum": 1}
PET = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "kind": {"enum": ["cat", "dog"]}},
    "additionalProperties": False,
}
FORM = {
    "type": "object",
    "properties": {"note": {"maxLength": 3}, "file": {"format": "binary", "x-syncdyn-max-bytes": 2}},
}
BODIES = {
    "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}},
    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    "multipart/form-data": {"schema": FORM},
}
POST: dict[str, Any] = {
    "parameters": [
        {"name": "id", "in": "path", "schema": INTEGER},
        {"name": "limit", "in": "query", "schema": INTEGER},
        {"name": "tags", "in": "query", "required": True, "schema": {"type": "array", "items": {"type": "string"}}},
        {"name": "X-Count", "in": "header", "schema": INTEGER},
        {"name": "session", "in": "cookie", "required": True},
        {"name": "odd", "in": "body", "schema": INTEGER},
    ],
    "requestBody": {"required": True, "content": BODIES},
    "responses": {
        "200": {"content": BODIES},
        "202": {},
        "204": {"content": BODIES},
        "4XX": {
            "headers": {
                "Retry-After": {"required": True, "schema": INTEGER},
                "X-Ids": {"schema": {"type": "array", "items": INTEGER}},
                "X-Any": {},
            }
        },
    },
}
OPTIONAL = {"requestBody": {"content": BODIES}, "responses": {}}
HEAD = {"responses": {"200": {"content": BODIES}}}
SINGLE = {"requestBody": {"content": {"application/json": BODIES["application/json"]}}, "responses": {}}
PATHS = {
    "/pets/{id}": {"post": POST},
    "/pets": {"put": OPTIONAL, "patch": SINGLE, "head": HEAD, "get": {}},
}
CONTRACT = Contract(Document({"openapi": "3.1.0", "paths": PATHS, "components": {"schemas": {"Pet": PET}}}))


def sent(
    key: str = "PUT /pets", body: bytes = b"", content_type: str | None = None, limits: media.Limits | None = None
) -> CheckedRequest:
    headers = Headers({"content-type": content_type} if content_type else {})
    request = Request("PUT", "https://example.org/pets", headers, body)
    return read_request(CONTRACT, CONTRACT.operations[key], request, {}, limits)


def received(status: int = 200, body: bytes = b"", key: str = "POST /pets/{id}", **headers: str) -> CheckedResponse:
    return read_response(CONTRACT, CONTRACT.operations[key], Response(status, Headers().replace(**headers), body))


def told(checked: CheckedRequest | CheckedResponse) -> list[str]:
    return [str(violation) for violation in checked.violations]


def test_a_request_that_keeps_the_promise_is_read() -> None:
    headers = Headers({"x-count": "5", "cookie": "session=abc", "content-type": "application/json"})
    url = "https://example.org/pets/7?limit=3&tags=a&tags=b%26&other"
    request = Request("POST", url, headers, b'{"name": "Tom"}')
    checked = read_request(CONTRACT, CONTRACT.operations["POST /pets/{id}"], request, {"id": "7"})
    assert told(checked) == []
    assert checked.parameters == {
        ("path", "id"): 7,
        ("query", "limit"): 3,
        ("query", "tags"): ["a", "b&"],
        ("header", "X-Count"): 5,
        ("cookie", "session"): "abc",
    }
    assert checked.body == {"name": "Tom"}
    assert checked.media_type is not None
    assert checked.media_type.name == "application/json"


def test_all_faults_of_a_request_are_told() -> None:
    headers = Headers({"x-count": "many", "content-type": "application/json"})
    request = Request("POST", "https://example.org/pets/0?limit=0", headers, b'{"nam": 1}')
    checked = read_request(CONTRACT, CONTRACT.operations["POST /pets/{id}"], request, {"id": "0"})
    assert told(checked) == [
        "path.id: 0 is less than the minimum, 1",
        "query.limit: 0 is less than the minimum, 1",
        "query.tags: missing (required)",
        'header.X-Count: expected an integer, found a string "many"',
        "cookie.session: missing (required)",
        "body.nam: unknown property (did you mean 'name'?)",
        "body.name: missing (required) ('nam' is there: was it meant?)",
    ]


def test_parameters_that_may_be_left_out_and_are_have_no_value() -> None:
    checked = read_request(
        CONTRACT, CONTRACT.operations["POST /pets/{id}"], Request("POST", "/pets/7?tags=a", Headers(cookie())), {}
    )
    assert set(checked.parameters) == {("query", "tags"), ("cookie", "session")}
    assert told(checked) == ["path.id: missing (required)", "body: missing (required)"]


def cookie() -> dict[str, str]:
    return {"cookie": "session=abc"}


@pytest.mark.parametrize("content_type", [None, "application/json"])
def test_a_body_that_may_be_left_out_may_be_empty(content_type: str | None) -> None:
    checked = sent(content_type=content_type)
    assert (checked.body, told(checked)) == (MISSING, [])


def test_a_body_nobody_asked_for_is_not_read() -> None:
    checked = sent("GET /pets", b"{", "application/json")
    assert (checked.body, checked.media_type, told(checked)) == (MISSING, None, [])


def test_a_body_without_a_media_type_is_taken_as_the_one_that_is_promised() -> None:
    assert sent("PATCH /pets", b'{"name": "Tom"}').body == {"name": "Tom"}


def test_a_body_without_a_media_type_is_refused_where_there_is_a_choice() -> None:
    checked = sent(body=b'{"name": "Tom"}')
    told_of_it = "no media type is not one of application/json, application/octet-stream, multipart/form-data"
    assert told(checked) == [f"header.content-type: {told_of_it}"]


@pytest.mark.parametrize(
    ("charset", "is_read"),
    [("utf-8", True), ("UTF8", True), ('"us-ascii"', True), ("latin-1", False), ("utf-16", False)],
)
def test_json_is_utf_8_whatever_is_said_of_it(charset: str, is_read: bool) -> None:
    checked = sent(body=b'{"name": "Tom"}', content_type=f"application/json; charset={charset}")
    assert (checked.body is not MISSING) is is_read
    assert bool(told(checked)) is not is_read


def test_bytes_stay_bytes() -> None:
    checked = sent(body=b"\x00", content_type="application/octet-stream")
    assert (checked.body, told(checked)) == (b"\x00", [])


def test_a_body_of_a_media_type_that_is_not_promised_is_told() -> None:
    checked = sent(body=b"a", content_type="text/plain")
    assert told(checked) == [
        "header.content-type: text/plain is not one of application/json, application/octet-stream, multipart/form-data"
    ]
    assert checked.body is MISSING


def test_a_malformed_body_is_told() -> None:
    checked = sent(body=b"{", content_type="application/json")
    assert [violation.keyword for violation in checked.violations] == ["malformed"]
    assert checked.body is MISSING


def multipart(**parts: str) -> bytes:
    lines = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"'
        f"{'; filename=f' if name == 'file' else ''}\r\n\r\n{text}\r\n"
        for name, text in parts.items()
    )
    return f"{lines}--x--\r\n".encode()


def test_the_rules_for_files_hold_in_forms() -> None:
    checked = sent(body=multipart(note="long", file="abc"), content_type="multipart/form-data; boundary=x")
    assert told(checked) == [
        "body.note: 4 characters long, longer than the maximum, 3",
        "body.file: 3 bytes, more than the maximum, 2",
    ]


def test_a_body_over_the_limits_is_refused() -> None:
    with pytest.raises(media.BodyTooLarge):
        sent(
            body=multipart(file="abc"),
            content_type="multipart/form-data; boundary=x",
            limits=media.Limits(max_file_bytes=2),
        )


def test_a_value_is_checked_before_it_is_written() -> None:
    parameter = Parameter("limit", "query", schema="#/paths/~1pets~1{id}/post/parameters/1/schema")
    (violation,) = check_parameter(CONTRACT, parameter, 0)
    assert str(violation) == "query.limit: 0 is less than the minimum, 1"
    assert check_parameter(CONTRACT, parameter, MISSING) == ()
    assert check_parameter(CONTRACT, Parameter("any", "query"), object()) == ()


def test_a_form_with_a_file_is_checked_before_it_is_written() -> None:
    content = CONTRACT.operations["PUT /pets"].request_body
    assert content is not None
    (violation,) = check_body(CONTRACT, content.content[2], {"note": "a", "file": File("f", b"abc")})
    assert violation.where == "body.file"
    assert check_body(CONTRACT, MediaType("text/plain"), 5) == ()


def test_a_response_that_keeps_the_promise_is_read() -> None:
    checked = received(body=b'{"name": "Tom", "new": 1}', content_type="application/json; charset=utf-8")
    assert told(checked) == []
    assert checked.body == {"name": "Tom", "new": 1}
    assert checked.promise is not None
    assert (checked.promise.status, checked.media_type) == ("200", checked.promise.content[0])


def test_faults_of_a_response_are_told_and_its_body_kept() -> None:
    checked = received(body=b'{"kind": "fox"}', content_type="application/json")
    assert checked.body == {"kind": "fox"}
    assert [(one.where, one.is_tolerated) for one in checked.violations] == [("body.kind", True), ("body.name", False)]


def test_a_status_that_is_not_documented_is_told_and_the_body_read() -> None:
    checked = received(500, b'{"a": 1}', content_type="application/json")
    assert told(checked) == ["status: 500 is not documented; documented: 200, 202, 204, 4XX"]
    assert (checked.promise, checked.body) == (None, {"a": 1})


def test_of_no_documented_status_that_is_told() -> None:
    assert told(received(200, key="PUT /pets")) == ["status: 200 is not documented; documented: none"]


def test_a_promised_body_that_is_missing_is_told() -> None:
    assert told(received()) == ["body: empty, but a body is promised"]
    assert told(received(202)) == []


@pytest.mark.parametrize(("key", "status"), [("HEAD /pets", 200), ("POST /pets/{id}", 204)])
def test_where_a_body_cannot_be_none_is_missed(key: str, status: int) -> None:
    checked = received(status, key=key)
    assert told(checked) == []
    assert checked.promise is not None


def test_a_body_of_another_media_type_is_told_and_read_by_its_own() -> None:
    checked = received(body=b"oops", content_type="text/plain")
    assert [violation.keyword for violation in checked.violations] == ["mediaType"]
    assert (checked.body, checked.media_type) == ("oops", None)
    assert told(received(body=b"oops"))[0].startswith("header.content-type: no media type is not one of")


def test_a_malformed_body_is_told_and_kept_as_text() -> None:
    checked = received(body=b"{\xff", content_type="application/json")
    assert [violation.keyword for violation in checked.violations] == ["malformed"]
    assert checked.body == "{\ufffd"


def test_response_headers_are_checked() -> None:
    assert told(received(404)) == ["header.Retry-After: missing (required)"]
    checked = received(429, retry_after="0", x_ids="1,a", x_any="b")
    assert told(checked) == [
        "header.Retry-After: 0 is less than the minimum, 1",
        'header.X-Ids[1]: expected an integer, found a string "a"',
    ]
    assert told(received(404, retry_after="5")) == []


def answered(content: Any, body: bytes, content_type: str) -> CheckedResponse:
    operation = {"responses": {"200": {"description": "", "content": content}}}
    contract = Contract(Document({"openapi": "3.1.0", "paths": {"/it": {"get": operation}}}))
    response = Response(200, Headers({"content-type": content_type}), body)
    return read_response(contract, contract.operations["GET /it"], response)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("text/plain", ""), ("application/octet-stream", b""), ("application/jsonl", []), ("text/event-stream", [])],
)
def test_a_body_without_bytes_is_a_body_where_the_type_allows_it(content_type: str, body: Any) -> None:
    checked = answered({content_type: {}}, b"", content_type)
    assert (checked.body, told(checked)) == (body, [])


@pytest.mark.parametrize("content_type", ["application/json", "application/problem+json", "application/xml"])
def test_a_body_that_cannot_be_without_bytes_is_missed(content_type: str) -> None:
    assert told(answered({content_type: {}}, b"", content_type)) == ["body: empty, but a body is promised"]


@pytest.mark.parametrize("content_type", ["text/xml", "application/xml"])
def test_xml_is_given_as_it_came_and_not_judged(content_type: str) -> None:
    checked = answered({content_type: {"schema": {"type": "object", "required": ["a"]}}}, b"<a/>", content_type)
    assert told(checked) == []


@pytest.mark.parametrize(
    ("content_type", "body", "values"),
    [
        ("application/jsonl", b'1\n"a"\n', [1, "a"]),
        ("application/json-seq", b'\x1e1\n\x1e"a"\n', [1, "a"]),
        ("text/event-stream", b"data: 1\n\ndata: a\n\n", [Event(1), Event("a")]),
    ],
)
def test_a_stream_that_came_whole_is_judged_item_by_item(content_type: str, body: bytes, values: Any) -> None:
    checked = answered({content_type: {"schema": {"type": "integer"}}}, body, content_type)
    assert checked.body == values
    assert checked.violations[0].where.startswith("body[1]")


def test_a_file_read_while_it_is_sent_is_not_judged() -> None:
    assert check_body(CONTRACT, MediaType("application/json", "#/components/schemas/Pet"), Once(iter([b"{}"]))) == ()


@pytest.mark.parametrize("content_type", [None, "application/json", "application/xml", "multipart/form-data"])
def test_no_bytes_are_no_body_where_the_type_cannot_be_empty(content_type: str | None) -> None:
    content = {content_type or "application/json": {"schema": {"type": "object"}}}
    operation = {"requestBody": {"required": True, "content": content}, "responses": {}}
    contract = Contract(Document({"openapi": "3.1.0", "paths": {"/it": {"post": operation}}}))
    request = Request("POST", "/it", Headers({"content-type": content_type} if content_type else {}), b"")
    checked = read_request(contract, contract.operations["POST /it"], request, {})
    assert (checked.body, told(checked)) == (MISSING, ["body: missing (required)"])


def test_no_bytes_are_a_body_where_the_type_can_be_empty() -> None:
    assert sent("PUT /pets", b"", "application/octet-stream").body == b""


@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_status_without_a_body_is_not_asked_for_one(status: int) -> None:
    operation = {"responses": {"default": {"content": BODIES}}}
    contract = Contract(Document({"openapi": "3.1.0", "paths": {"/it": {"get": operation}}}))
    assert told(read_response(contract, contract.operations["GET /it"], Response(status))) == []


@pytest.mark.parametrize("text", [" 7", "7 ", "7/", "%207", "+7"])
def test_a_value_of_the_path_is_taken_as_it_stands(text: str) -> None:
    request = Request("POST", "/pets/7?tags=a", Headers({**cookie(), "content-type": "application/octet-stream"}), b"")
    checked = read_request(CONTRACT, CONTRACT.operations["POST /pets/{id}"], request, {"id": text})
    assert [fault.where for fault in checked.violations] == ["path.id"]


@pytest.mark.parametrize("value", ["", None], ids=repr)
def test_a_query_parameter_may_be_empty_where_the_document_says_so(value: Any) -> None:
    schema = "#/paths/~1pets~1{id}/post/parameters/1/schema"
    may = Parameter("limit", "query", schema=schema, allow_empty_value=True)
    assert check_parameter(CONTRACT, may, value) == ()
    assert check_parameter(CONTRACT, Parameter("limit", "query", schema=schema), value) != ()


def test_the_head_of_a_response_is_judged_before_its_body_has_come() -> None:
    operation = CONTRACT.operations["POST /pets/{id}"]
    media_type, found = check_head(CONTRACT, operation, Response(200, Headers({"content-type": "text/plain"})))
    assert (media_type, [fault.keyword for fault in found]) == (None, ["mediaType"])
    media_type, found = check_head(CONTRACT, operation, Response(404, Headers({"content-type": "text/plain"})))
    assert (media_type, [fault.where for fault in found]) == (None, ["header.Retry-After"])
    media_type, found = check_head(CONTRACT, operation, Response(200, Headers({"content-type": "application/json"})))
    assert (media_type and media_type.name, found) == ("application/json", ())


def test_a_stream_where_none_was_promised_is_told_and_its_items_read() -> None:
    checked = answered({"application/json": {"schema": {"type": "integer"}}}, b'1\n"a"\n', "application/jsonl")
    assert [fault.keyword for fault in checked.violations] == ["mediaType"]
    assert checked.body == [1, "a"]


NUMBERS = {"type": "array", "items": {"type": "integer"}}


@pytest.mark.parametrize(
    ("described", "values", "where"),
    [
        ({"itemSchema": {"type": "integer"}}, [1, "a"], ["body[1]"]),
        ({"schema": {"type": "integer"}}, [1, "a"], ["body[1]"]),
        ({"schema": {**NUMBERS, "maxItems": 1}}, [1, 2], ["body"]),
        ({"schema": NUMBERS, "itemSchema": NUMBERS}, [[1], ["a"]], ["body[1][0]"]),
        ({}, [1, "a"], []),
    ],
    ids=["an item", "an item before 3.2", "all of them", "items are arrays", "nothing said"],
)
def test_a_list_to_be_sent_as_records_is_judged_as_its_schema_is_meant(
    described: Any, values: Any, where: list[str]
) -> None:
    operation = {"requestBody": {"content": {"application/jsonl": described}}, "responses": {}}
    contract = Contract(Document({"openapi": "3.2.0", "paths": {"/it": {"post": operation}}}))
    body = contract.operations["POST /it"].request_body
    assert body is not None
    assert [fault.where for fault in check_body(contract, body.content[0], values)] == where


def test_a_part_that_lacks_a_header_field_of_its_own_is_told() -> None:
    headers = {"headers": {"X-Id": {"required": True, "schema": {"type": "string"}}}}
    form = {"schema": FORM, "encoding": {"file": headers}}
    operation = {"requestBody": {"content": {"multipart/form-data": form}}, "responses": {}}
    contract = Contract(Document({"openapi": "3.1.0", "paths": {"/it": {"post": operation}}}))
    body = contract.operations["POST /it"].request_body
    assert body is not None
    (fault,) = check_body(contract, body.content[0], {"file": File("f", b"a")})
    assert (fault.where, fault.keyword) == ("body.file", "required")
    assert check_body(contract, body.content[0], {"file": File("f", b"a", headers=(("x-id", "1"),))}) == ()


def test_the_query_as_a_whole_is_one_value() -> None:
    content = {"application/x-www-form-urlencoded": {"schema": {"properties": {"n": {"type": "integer"}}}}}
    operation = {"parameters": [{"name": "it", "in": "querystring", "content": content}], "responses": {}}
    contract = Contract(Document({"openapi": "3.2.0", "paths": {"/it": {"get": operation}}}))
    checked = read_request(contract, contract.operations["GET /it"], Request("GET", "/it?n=1&m=a"), {})
    assert checked.parameters == {("querystring", "it"): {"n": 1, "m": "a"}}
    checked = read_request(contract, contract.operations["GET /it"], Request("GET", "/it?n=b"), {})
    assert [fault.where for fault in checked.violations] == ["querystring.it.n"]
