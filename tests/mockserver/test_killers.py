"""What ends, hangs or breaks other mock servers is answered by this one, at once and in plain words."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from mockserver import Mock
from syncdyn.openapi.messages import Headers, Request, Response

_ANY: dict[str, Any] = {"type": "object"}
_NODE = {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Node"}}}
_LIST = {
    "type": "object",
    "required": ["value", "next"],
    "properties": {
        "value": {"type": "integer"},
        "next": {"anyOf": [{"$ref": "#/components/schemas/List"}, {"type": "null"}]},
    },
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Killers", "version": "1"},
    "paths": {
        "/it": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {"schema": {**_ANY, "properties": {"n": {"type": "integer"}}}},
                        "multipart/form-data": {
                            "schema": {
                                **_ANY,
                                "required": ["file"],
                                "properties": {"file": {"type": "string", "format": "binary"}},
                            }
                        },
                        "application/x-www-form-urlencoded": {"schema": _ANY},
                        "application/xml": {"schema": _ANY},
                    },
                },
                "responses": {"201": {"description": "Made"}},
            }
        },
        "/list": {"get": {"responses": {"200": {"$ref": "#/components/responses/List"}}}},
        "/node": {"get": {"responses": {"200": {"$ref": "#/components/responses/Node"}}}},
    },
    "components": {
        "schemas": {"Node": _NODE, "List": _LIST},
        "responses": {
            name: {
                "description": name,
                "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}},
            }
            for name in ("Node", "List")
        },
    },
}

_AT_ONCE_SECONDS = 2.0


@pytest.fixture(scope="module")
def ask() -> Callable[..., Response]:
    mock = Mock(DOCUMENT)

    def ask(method: str, path: str, content: bytes = b"", content_type: str = "application/json") -> Response:
        headers = Headers({"host": "mock", "content-type": content_type} if content else {"host": "mock"})
        began = time.perf_counter()
        response = mock.host.handle(Request(method, f"http://mock{path}", headers, content))
        assert time.perf_counter() - began < _AT_ONCE_SECONDS
        return response

    return ask


def _part(head: str, content: bytes = b"bytes") -> bytes:
    return b"--b\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n--b--\r\n"


def test_a_file_part_without_a_content_type_is_taken(ask: Callable[..., Response]) -> None:
    content = _part('Content-Disposition: form-data; name="file"; filename="a.bin"')
    assert ask("POST", "/it", content, "multipart/form-data; boundary=b").status == 201


#: Bodies that no client should send, each with its media type.
WRONG: dict[str, tuple[bytes, str]] = {
    "JSON cut off": (b'{"n": ', "application/json"),
    "JSON with a comma too many": (b'{"n": 1,}', "application/json"),
    "no JSON at all": (b"n=1", "application/json"),
    "NUL bytes": (b"\0\0\0", "application/json"),
    "bytes that are no text": (b'{"n": "\xff\xfe"}', "application/json"),
    "half a surrogate": (b'{"n": "\\ud800"}', "application/json"),
    "NaN": (b'{"n": NaN}', "application/json"),
    "a number of 100,000 digits": (b'{"n": ' + b"9" * 100_000 + b"}", "application/json"),
    "an exponent beyond all": (b'{"n": 1e999999999}', "application/json"),
    "arrays 100,000 deep": (b"[" * 100_000 + b"]" * 100_000, "application/json"),
    "objects 100,000 deep": (b'{"n":' * 100_000 + b"1" + b"}" * 100_000, "application/json"),
    "a charset that is none": (b'{"n": "x"}', "application/json; charset=utf-99"),
    "a form without a boundary": (_part('Content-Disposition: form-data; name="file"'), "multipart/form-data"),
    "another boundary": (_part('Content-Disposition: form-data; name="file"'), "multipart/form-data; boundary=c"),
    "a part without a name": (_part("Content-Disposition: form-data"), "multipart/form-data; boundary=b"),
    "a part without a head": (_part(""), "multipart/form-data; boundary=b"),
    "a part that does not end": (b"--b\r\nContent-Disposition: form-data", "multipart/form-data; boundary=b"),
    "XML that is none": (b"<a><b></a>", "application/xml"),
    "XML that grows": (
        b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;&c;&c;</a>',
        "application/xml",
    ),
    "a media type that is none": (b"{}", "json"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_body_is_refused_and_told(ask: Callable[..., Response], case: str) -> None:
    response = ask("POST", "/it", *WRONG[case])
    assert response.status in (201, 400, 415, 422)
    if response.status != 201:
        assert json.loads(response.body)["detail"]


def test_a_list_that_may_end_is_made(ask: Callable[..., Response]) -> None:
    response = ask("GET", "/list")
    assert response.status == 200
    assert isinstance(json.loads(response.body)["value"], int)


def test_a_schema_that_no_value_can_keep_is_told(ask: Callable[..., Response]) -> None:
    response = ask("GET", "/node")
    assert response.status == 500
    assert "body" in json.loads(response.body)["detail"]


@pytest.mark.parametrize(
    "path",
    ["/it/%00", "/%ff%fe", "/it?%=%", "/it?a[[[[=1", "/" + "a" * 100_000, "/" + "/" * 10_000, "/it?" + "a=1&" * 20_000],
    ids=["NUL", "bytes", "percent", "brackets", "long", "slashes", "many"],
)
def test_an_odd_path_is_answered(ask: Callable[..., Response], path: str) -> None:
    assert ask("POST", path, b"{}").status in (201, 400, 404, 414, 422)
