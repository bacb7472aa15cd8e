"""How openapi-core's verdict is asked for, and told in our words."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Headers, Part, Request, Response
from syncdyn.openapi.opinion.second_opinion import SecondOpinion

_SHAPE = {
    "oneOf": [
        {"type": "object", "required": ["kind", "radius"], "properties": {"kind": {"const": "circle"}}},
        {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"const": "square"}, "side": {"type": "number"}},
            "additionalProperties": False,
        },
    ]
}
_BODY = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "size": {"enum": ["s", "m"]},
        "shapes": {"type": "array", "items": _SHAPE},
    },
    "additionalProperties": False,
}
_FORM = {
    "type": "object",
    "required": ["title"],
    "properties": {
        "title": {"type": "string"},
        "public": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
    },
}


def contract(body: Any = _BODY, **operation: Any) -> Contract:
    put = {
        "operationId": "put",
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
            {"name": "page", "in": "query", "required": True, "schema": {"type": "integer", "maximum": 9}},
            {"name": "X-Tag", "in": "header", "schema": {"type": "string", "pattern": "^[a-z]+$"}},
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": body}, "multipart/form-data": {"schema": _FORM}},
        },
        "responses": {
            "200": {
                "description": "",
                "headers": {"X-Left": {"required": True, "schema": {"type": "integer"}}},
                "content": {"application/json": {"schema": body}},
            }
        },
        **operation,
    }
    root = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": ""},
        "servers": [{"url": "https://things.example/v1"}],
        "paths": {"/things/{id}": {"put": put}},
        "webhooks": {"changed": {"post": {**put, "parameters": []}}},
        "components": {
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "query", "name": "key"},
                "login": {"type": "oauth2", "flows": {}},
            }
        },
    }
    return Contract(Document(root))


def asked(
    value: Any, path: str = "/things/1?page=1", base: str = "http://127.0.0.1:8000/any", **headers: str
) -> Request:
    fields = Headers({"Content-Type": "application/json"}).replace(**headers)
    return Request("PUT", base + path, fields, json.dumps(value).encode())


def found_in(request: Request, promised: Contract | None = None) -> list[str]:
    promised = promised or contract()
    return [str(one) for one in SecondOpinion(promised).check_request(promised.operations["put"], request)]


def answered(body: bytes, status: int = 200, **headers: str) -> tuple[Violation, ...]:
    promised = contract()
    response = Response(status, Headers({"Content-Type": "application/json", "X-Left": "1"}).replace(**headers), body)
    return SecondOpinion(promised).check_response(promised.operations["put"], asked({}), response)


@pytest.mark.parametrize("base", ["https://things.example/v1", "http://127.0.0.1:8000", "https://proxy.example/a/b"])
def test_any_base_url_will_do(base: str) -> None:
    assert found_in(asked({"name": "a"}, base=base)) == []


def test_all_faults_are_told_with_their_places() -> None:
    shapes = [{"kind": "square", "side": "long", "edge": 1}, {"kind": "circle"}, {"kind": "oval"}]
    assert found_in(asked({"size": "xl", "shapes": shapes}, "/things/one?page=10", x_tag="A")) == [
        'path.id: "one" cannot be read as integer',
        "query.page: 10 is greater than the maximum of 9",
        "header.X-Tag: \"A\" does not match '^[a-z]+$'",
        "body.name: missing (required)",
        "body.size: \"xl\" is not one of ['s', 'm']",
        "body.shapes[0].side: \"long\" is not of type 'number'",
        "body.shapes[0]: Additional properties are not allowed ('edge' was unexpected)",
        "body.shapes[1].radius: missing (required)",
        "body.shapes[2]: fits none of the schemas: radius missing (required), or kind 'square' was expected",
    ]


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        pytest.param(asked({"name": "a"}, "/things/1"), "query.page: missing (required)", id="parameter missing"),
        pytest.param(asked({"name": "a"}, "/things/1?page="), 'query.page: "" cannot be read as integer', id="empty"),
        pytest.param(
            Request("PUT", "/things/1?page=1", Headers({"Content-Type": "application/json"}), b'{"secret": '),
            "body: cannot be read as application/json",
            id="malformed",
        ),
        pytest.param(Request("PUT", "/things/1?page=1"), "body: missing (required)", id="no body"),
        pytest.param(
            asked({"name": "a"}, content_type="text/csv"),
            "header.content-type: text/csv is not one of application/json, multipart/form-data",
            id="media type",
        ),
        pytest.param(
            Request("PUT", "/things/1?page=1", Headers({"Content-Type": "multipart/form-data"}), b"x"),
            "body: the Content-Type names no boundary",
            id="malformed form",
        ),
    ],
)
def test_fault_that_is_not_of_a_schema(request_: Request, told: str) -> None:
    assert found_in(request_) == [told]


def test_form_is_judged_by_its_values() -> None:
    parts = (Part("title", b"a"), Part("public", b"true"), Part("tags", b"x"), Part("tags", b"y"))
    assert found_in(Request("PUT", "/things/1?page=1", body=parts)) == []
    assert found_in(Request("PUT", "/things/1?page=1", body=(Part("public", b"perhaps"),))) == [
        "body.title: missing (required)",
        "body.public: \"perhaps\" is not of type 'boolean'",
    ]


def test_content_of_a_file_is_never_read() -> None:
    unreadable = Part("file", object(), "a.mp4", "video/mp4")
    assert found_in(Request("PUT", "/things/1?page=1", body=(Part("title", b"a"), unreadable))) == []


def test_missing_credentials_are_told_by_their_schemes() -> None:
    promised = contract(security=[{"key": []}])
    assert found_in(asked({"name": "a"}), promised) == ["security: no credentials; needed: key"]
    assert found_in(asked({"name": "a"}, "/things/1?page=1&key=k"), promised) == []


def test_scheme_that_cannot_be_checked_passes_without_a_warning() -> None:
    assert found_in(asked({"name": "a"}), contract(security=[{"login": []}])) == []


def test_style_that_openapi_core_cannot_read_is_no_fault_where_nothing_is_given() -> None:
    schema = {"type": "array", "items": {"type": "string"}}
    expand = {"name": "expand", "in": "query", "style": "deepObject", "explode": True, "schema": schema}
    promised = contract(parameters=[expand])
    assert found_in(asked({"name": "a"}, "/things/1"), promised) == []
    assert found_in(asked({"name": "a"}, "/things/1?expand%5B%5D=x"), promised) == [
        "query.expand: cannot be read in the style that the document states"
    ]


def test_webhook_is_checked_by_its_name() -> None:
    promised = contract()
    sent = Request("POST", "/my/hook", Headers({"Content-Type": "application/json"}), b'{"size": "s"}')
    found = SecondOpinion(promised).check_webhook(promised.webhooks["changed"], sent)
    assert [one.where for one in found] == ["body.name"]


def test_faults_of_a_response() -> None:
    assert [str(one) for one in answered(b'{"name": 1}', x_left="few")] == [
        "body.name: 1 is not of type 'string'",
        'header.X-Left: "few" cannot be read as integer',
    ]
    assert [str(one) for one in answered(b"{}", 418)] == ["status: 418 is not documented; documented: 200"]


def test_growth_of_a_response_is_told_but_tolerated() -> None:
    found = answered(b'{"name": "a", "size": "xl", "new": 1}')
    assert {one.keyword for one in found} == {"enum", "additionalProperties"}
    assert all(one.is_tolerated for one in found)


def test_message_quotes_no_whole_body() -> None:
    body = {"name": {"password": "hunter2"}, "shapes": [{"kind": "oval", "password": "hunter2"}] * 100}
    told = found_in(asked(body))
    assert len(told) > 100
    assert "hunter2" not in "".join(told)


def test_reference_out_of_the_document_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "schema.json"
    elsewhere.write_text("{}")
    found = found_in(asked({"name": "a"}), contract({"$ref": elsewhere.as_uri()}))
    assert len(found) == 1
    assert "openapi-core could not judge it" in found[0]


def test_openapi_core_is_imported_on_first_use() -> None:
    code = "import sys, syncdyn.openapi.opinion.second_opinion; sys.exit('openapi_core' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_value_that_fits_two_schemas_that_exclude_each_other_is_told() -> None:
    both = contract({"oneOf": [{"required": ["name"]}, {"type": "object"}]})
    assert found_in(asked({"name": "a"}), both) == ["body: fits more than one of the schemas that exclude each other"]


def test_a_warning_that_is_an_error_stays_one() -> None:
    """It is no fault of the message."""
    old = {"name": "old", "in": "query", "deprecated": True, "schema": {"type": "integer"}}
    path = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DeprecationWarning):
            found_in(asked({"name": "a"}, "/things/1?old=1"), contract(parameters=[path, old]))


def test_a_query_in_the_path_is_no_part_of_its_last_segment() -> None:
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    paths = {"/pets/{id}?beta=true": {"get": {"parameters": [number], "responses": {}}}}
    promised = Contract(Document({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}))
    operation = promised.operations["GET /pets/{id}?beta=true"]
    opinion = SecondOpinion(promised)
    assert opinion.check_request(operation, Request("GET", "http://a/pets/5?beta=true")) == ()
    (found,) = opinion.check_request(operation, Request("GET", "http://a/pets/five?beta=true"))
    assert (found.location, found.path) == ("path", ("id",))


XML = "application/xml"
_LAID_OUT = {
    "type": "object",
    "required": ["id", "tags"],
    "properties": {
        "id": {"type": "integer", "xml": {"attribute": True}},
        "tags": {"type": "array", "items": {"type": "string", "xml": {"name": "tag"}}, "minItems": 1},
    },
}
_SAID_IN_XML = [
    pytest.param(b'<a id="1"><tag>x</tag></a>', [], id="as it should be"),
    pytest.param(b'<a id="x"><tag>x</tag></a>', ["body.id: \"x\" is not of type 'integer'"], id="another type"),
    pytest.param(b'<a id="1"/>', ["body.tags: missing (required)"], id="an array without items"),
    pytest.param(b"<a>", ["body: the body is no XML: no element found: line 1, column 3"], id="no XML"),
]


@pytest.mark.parametrize(("body", "told"), _SAID_IN_XML)
def test_xml_is_judged_by_its_schema(body: bytes, told: list[str]) -> None:
    promised = contract(requestBody={"content": {XML: {"schema": _LAID_OUT}}})
    assert found_in(replace(asked({}, content_type=XML), body=body), promised) == told


@pytest.mark.parametrize(("body", "told"), _SAID_IN_XML)
def test_an_answer_in_xml_is_judged_by_its_schema(body: bytes, told: list[str]) -> None:
    promised = contract(responses={"200": {"description": "", "content": {XML: {"schema": _LAID_OUT}}}})
    response = Response(200, Headers({"Content-Type": XML}), body)
    found = SecondOpinion(promised).check_response(promised.operations["put"], asked({}), response)
    assert [str(one) for one in found] == told
