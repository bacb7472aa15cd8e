"""The harness itself: files are read as Prism's are, commands as curl reads them, and what differs is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mockserver.harness.curling import request_of
from tests.mockserver.harness.messages import differences, read_message
from tests.mockserver.harness.reading import read_scenario

_PRISM_FILE = """====test====
A title
====spec====
openapi: 3.0.2
====server====
mock -p 4010 ${document}
====command====
curl -i http://localhost:4010/it
====expect-keysOnly====
HTTP/1.1 200 OK
content-type: application/json

{"a": 1}
"""
_FOUND = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX: 1\r\nX: 2\r\n\r\n{"a":1,"b":[{"c":"d"}]}'


def told(kind: str, expected: str, found: str = _FOUND, kept: dict[str, str] | None = None) -> list[str]:
    return list(differences(kind, expected, read_message(found), {} if kept is None else kept))


def test_a_file_of_prisms_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(_PRISM_FILE)
    scenario = read_scenario(path)
    assert (scenario.title, scenario.document, scenario.server) == (
        "A title",
        "openapi: 3.0.2\n",
        "mock -p 4010 ${document}",
    )
    assert [(step.command, step.kind) for step in scenario.steps] == [
        ("curl -i http://localhost:4010/it", "expect-keysonly")
    ]


def test_half_a_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("====test====\nA title\n")
    with pytest.raises(ValueError, match="no server, spec"):
        read_scenario(path)


OK = "HTTP/1.1 200 OK\n\n"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("expect", f'{OK}{{"a":1,"b":[{{"c":"d"}}]}}'),
        ("expect", f'{OK}{{"a":<anyNumber>,"b":[{{"c":"{{{{c}}}}"}}]}}'),
        ("expect", f'{OK}<stringContaining:"c">'),
        ("expect-loose", "HTTP/1.1 200 OK\ncontent-type: application/json\nx: 1, 2\ndate: then\nw: <absent>\n\nelse"),
        ("expect-keysonly", f'{OK}{{"a":0,"b":0}}'),
        ("expect-part", f'{OK}{{"b":[{{}}]}}'),
        ("expect-part", f'{OK}{{"b":[{{"c":"<stringMatching:^d$>"}}]}}'),
    ],
)
def test_what_is_as_expected_is_not_told(kind: str, expected: str) -> None:
    assert told(kind, expected) == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("expect", "HTTP/1.1 201 Created"),
        ("expect", f'{OK}{{"a":2,"b":[{{"c":"d"}}]}}'),
        ("expect", OK),
        ("expect-loose", "HTTP/1.1 200 OK\ncontent-type: text/plain\n\n"),
        ("expect-loose", "HTTP/1.1 200 OK\nx: <absent>\n\n"),
        ("expect-keysonly", f'{OK}{{"b":0,"a":0}}'),
        ("expect-part", f'{OK}{{"c":1}}'),
        ("expect-part", f'{OK}{{"b":[]}}'),
        ("expect-part", f'{OK}{{"a":true}}'),
        ("expect-part", f'{OK}{{"b":[{{"c":"<stringMatching:^e>"}}]}}'),
    ],
)
def test_what_differs_is_told(kind: str, expected: str) -> None:
    assert told(kind, expected)


def test_a_name_stands_for_what_it_was_first() -> None:
    kept: dict[str, str] = {}
    assert told("expect-part", f'{OK}{{"b":[{{"c":"{{{{c}}}}"}}]}}', kept=kept) == []
    assert kept == {"c": "d"}
    assert told("expect-part", f'{OK}{{"c":"{{{{c}}}}"}}', f'{OK}{{"c":"other"}}', kept)


@pytest.mark.parametrize(
    ("command", "method", "target", "body", "content_type"),
    [
        ("curl -i http://a:1", "GET", "/", b"", None),
        ("curl -i a:1/b -d x=1 -d y=2", "POST", "/b", b"x=1&y=2", "application/x-www-form-urlencoded"),
        ("curl -i -X PUT a:1/b --json '{}'", "PUT", "/b", b"{}", "application/json"),
        ("curl -i a:1/b \\\n  -H 'Content-Type: text/plain' -d '1\n2'", "POST", "/b", b"1\n2", "text/plain"),
        ("curl -sG a:1/b --data-urlencode 'q=a b'", "GET", "/b?q=a%20b", b"", None),
        ("curl -I a:1/b", "HEAD", "/b", b"", None),
    ],
    ids=["get", "data", "json", "lines", "query", "head"],
)
def test_a_command_is_read_as_curl_reads_it(
    command: str, method: str, target: str, body: bytes, content_type: str | None, tmp_path: Path
) -> None:
    request = request_of(command, tmp_path)
    assert (request.method, request.url, request.body) == (method, f"http://a:1{target}", body)
    assert request.headers.get("content-type") == content_type


def test_a_field_without_a_value_is_not_sent(tmp_path: Path) -> None:
    assert "accept" in request_of("curl a:1", tmp_path).headers
    assert "accept" not in request_of("curl a:1 -H 'Accept:'", tmp_path).headers


@pytest.mark.parametrize("line", ["connection: keep-alive", "access-control-allow-origin: *", "content-length: 26"])
def test_every_field_that_is_expected_is_compared(line: str) -> None:
    assert told("expect-loose", f"HTTP/1.1 200 OK\n{line}\n\n")


def test_a_form_holds_fields_and_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("file")
    request = request_of("curl a:1 -F n=1 -F 'f=@a.txt;type=text/plain'", tmp_path)
    assert b'name="n"\r\n\r\n1\r\n' in request.body
    assert b'name="f"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nfile\r\n' in request.body
