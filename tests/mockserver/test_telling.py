"""Lines about requests: never in the way, never broken."""

from __future__ import annotations

import threading

import pytest

from mockserver.journal import Exchange
from mockserver.serving.telling import Teller, lines_of
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Headers, Request, Response

PROBLEM = "application/problem+json"
EXCHANGE = Exchange(Request("GET", "http://mock/pets?key=secret"), Response(200))


def test_a_line_tells_the_request_without_its_query_and_its_violations() -> None:
    violation = Violation("query", ("limit",), "not a number")
    exchange = Exchange(EXCHANGE.request, Response(400), violations=(violation,), seconds=0.0015)
    assert lines_of(exchange) == "GET /pets 400 1.5 ms\n    query.limit: not a number\n"


@pytest.mark.parametrize(
    ("status", "content_type", "body", "lines"),
    [
        pytest.param(404, PROBLEM, b'{"detail": "no such path"}', ["    no such path"], id="problem"),
        pytest.param(404, PROBLEM, b'{"detail": "a\\nb"}', [r"    a\nb"], id="line break"),
        pytest.param(404, PROBLEM, b'["detail"]', [], id="no object"),
        pytest.param(404, PROBLEM, b"{", [], id="no JSON"),
        pytest.param(200, PROBLEM, b'{"detail": "all is well"}', [], id="success"),
        pytest.param(404, "text/plain", b'{"detail": "no such path"}', [], id="text"),
    ],
)
def test_the_reason_that_a_problem_gives_is_told(status: int, content_type: str, body: bytes, lines: list[str]) -> None:
    response = Response(status, Headers({"content-type": content_type}), body)
    assert lines_of(Exchange(EXCHANGE.request, response)).splitlines()[1:] == lines


def test_control_characters_are_escaped() -> None:
    violation = Violation("body", (), "a\n\x1b[2Jb\u2028\x9b")
    exchange = Exchange(EXCHANGE.request, Response(400), violations=(violation,))
    assert lines_of(exchange).splitlines()[1:] == ["    body: a\\n\\x1b[2Jb\\u2028\\x9b"]


def test_what_was_told_is_written_before_the_end() -> None:
    written: list[str] = []
    teller = Teller(written.append)
    teller(EXCHANGE)
    teller.close()
    assert written == ["GET /pets 200 0.0 ms\n"]


def test_nobody_waits_for_a_reader_and_the_lines_dropped_are_counted() -> None:
    written: list[str] = []
    begun, is_read = threading.Event(), threading.Event()

    def write(text: str) -> None:
        begun.set()
        is_read.wait(5)
        written.append(text)

    teller = Teller(write, size=2)
    teller.say("first\n")
    begun.wait(5)
    for _ in range(5):
        teller.say("more\n")
    is_read.set()
    teller.close()
    told = "(3 requests are not shown, since nobody read the lines)\n"
    assert sorted(written) == sorted(["first\n", "more\n", "more\n", told])


def test_a_reader_that_is_gone_ends_the_printing() -> None:
    calls: list[str] = []

    def write(text: str) -> None:
        calls.append(text)
        raise BrokenPipeError

    teller = Teller(write)
    for _ in range(3):
        teller(EXCHANGE)
    teller.close()
    teller(EXCHANGE)
    assert len(calls) == 1
