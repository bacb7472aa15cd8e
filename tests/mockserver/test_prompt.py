"""What comes whole is answered in the same breath: with the same bytes, and in the same order, as anything else."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from mockserver import Mock
from mockserver.journal import Entry, Journal
from mockserver.serving.asgi import Asgi
from mockserver.serving.incoming import Receive, Scope
from mockserver.serving.outgoing import Emit
from mockserver.serving.server import open_socket, run_app, serve_app

_THING = {"type": "object", "properties": {"id": {"type": "integer"}, "text": {"type": "string"}}}
_ANSWER = {"description": "ok", "content": {"application/json": {"schema": _THING}}}
_PAGE = {"example": "é" * 20_000}
_BAD_FIELD = {"bad name": {"schema": {"type": "string"}, "example": "x"}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Things", "version": "1"},
    "paths": {
        "/things": {
            "post": {
                "requestBody": {"content": {"application/json": {"schema": _THING}}},
                "responses": {"201": _ANSWER},
            },
        },
        "/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {"responses": {"200": _ANSWER}},
            "delete": {"responses": {"204": {"description": "gone"}}},
        },
        "/page": {
            "get": {"responses": {"200": {"description": "ok", "content": {"text/html": {"example": "é" * 20_000}}}}}
        },
        "/closing": {
            "get": {
                "responses": {
                    "200": {
                        "description": "ok",
                        "headers": {"Connection": {"schema": {"type": "string"}, "example": "close"}},
                    }
                }
            }
        },
        "/spoilt": {"get": {"responses": {"200": {"description": "ok", "headers": _BAD_FIELD}}}},
        "/long.mp4": {"get": {"responses": {"200": {"description": "ok"}}}},
    },
}
FAULTS: list[dict[str, object]] = [
    {"when": {"query": {"fault": "late"}}, "latency": 0.05},
    {"when": {"query": {"fault": "cut"}}, "do": "truncated"},
]


def asked(method: str, path: str, body: str = "", *fields: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "host: localhost", *fields]
    if body:
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join([*lines, "", body]).encode()


class Unready:
    """An application that has nothing at once."""

    def __init__(self, app: Asgi) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Emit) -> None:
        await self._app(scope, receive, send)


@contextmanager
def served(*, is_prompt: bool, max_body_bytes: int = 200_000) -> Iterator[tuple[str, int]]:
    """Where a mock listens, that answers at once or never does."""
    with Mock(DOCUMENT, seed=1, clock=1_700_000_000, speed=0, faults=FAULTS) as mock:
        app = Asgi(mock.host, max_body_bytes=max_body_bytes)
        running = run_app(open_socket("127.0.0.1", 0), app if is_prompt else Unready(app), mock.host)
        try:
            url = httpx.URL(running.url)
            yield url.host, url.port or 80
        finally:
            running.stop()


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[str, int]]:
    with served(is_prompt=True) as place:
        yield place


def said(place: tuple[str, int], data: bytes) -> bytes:
    """All that is said to bytes, and to a last request after them; but for the date."""
    with socket.create_connection(place, timeout=5) as connection:
        connection.sendall(data + asked("GET", "/the-last", "", "connection: close"))
        found = b"".join(iter(lambda: connection.recv(65536), b""))
    return re.sub(rb"date: [^\r]*\r\n", b"date\r\n", found)


REQUESTS = {
    "one that is found": asked("GET", "/things/1"),
    "its head": asked("HEAD", "/things/1"),
    "one with a query": asked("GET", "/things/1?a=%20b&c"),
    "one made": asked("POST", "/things", '{"text": "hello"}'),
    "one refused": asked("POST", "/things", '{"text": 7}'),
    "one in chunks": asked("POST", "/things", "", "transfer-encoding: chunked", "content-type: application/json")
    + b'd\r\n{"text": "a"}\r\n0\r\n\r\n',
    "no content": asked("DELETE", "/things/1"),
    "no such path": asked("GET", "/nothing"),
    "no such method": asked("PUT", "/things", "{}"),
    "text of another kind": asked("GET", "/page"),
    "no host": b"GET /things/1 HTTP/1.1\r\n\r\n",
    "HTTP/1.0": b"GET /things/1 HTTP/1.0\r\n\r\n",
    "HTTP/1.0, to be kept": b"GET /things/1 HTTP/1.0\r\nconnection: keep-alive\r\n\r\n",
    "a target with a fragment": asked("GET", "/things/1#part"),
    "the last of a connection": asked("GET", "/things/1", "", "connection: close"),
    "an absolute target": asked("GET", "http://other/things/1"),
    "an answer that closes": asked("GET", "/closing"),
    "an answer with a field that is none": asked("GET", "/spoilt"),
    "a promise asked for": asked("POST", "/things", '{"text": "a"}', "expect: 100-continue"),
    "a late answer": asked("GET", "/things/7?fault=late"),
    "an answer cut off": asked("GET", "/things/8?fault=cut"),
    "what takes long": asked("GET", "/long.mp4"),
    "the mock itself": asked("GET", "/_mock/health"),
    "a large body": asked("POST", "/things", '{"text": "' + "a" * 100_000 + '"}'),
    "a body too large": asked("POST", "/things", '{"text": "' + "a" * 300_000 + '"}'),
}


@pytest.fixture(scope="module")
def unready() -> Iterator[tuple[str, int]]:
    with served(is_prompt=False) as place:
        yield place


@pytest.mark.parametrize("case", REQUESTS)
def test_the_bytes_are_those_of_the_long_way(case: str, place: tuple[str, int], unready: tuple[str, int]) -> None:
    for each in (place, unready):
        assert b" 204 " in said(each, asked("POST", "/_mock/reset"))
    prompt, other = (said(each, REQUESTS[case]) for each in (place, unready))
    assert prompt == other
    assert prompt.startswith(b"HTTP/1.1 ")


def test_who_wishes_for_another_protocol_is_answered_in_this_one(place: tuple[str, int]) -> None:
    with socket.create_connection(place, timeout=5) as connection:
        connection.sendall(asked("GET", "/things/1", "", "upgrade: other/2", "connection: upgrade"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK")


def test_a_late_answer_keeps_those_behind_it_waiting(place: tuple[str, int]) -> None:
    """As HTTP/1.1 has it: answers come in the order of the requests."""
    found = said(place, asked("GET", "/page") + asked("GET", "/things/7?fault=late") + asked("GET", "/things/1") * 2)
    assert re.findall(rb'text/html|"id":\d', found) == [b"text/html", b'"id":7', b'"id":1', b'"id":1']


def test_a_request_in_pieces_is_answered_in_its_turn(place: tuple[str, int]) -> None:
    posted = asked("POST", "/things", '{"text": "in pieces"}')
    whole = asked("GET", "/things/987654") + posted + asked("GET", "/page")
    for end in range(len(whole) - 1):
        with socket.create_connection(place, timeout=5) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(whole[:end])
            if not end % 16:
                # What comes first is read first, at least now and then.
                threading.Event().wait(0.002)
            connection.sendall(whole[end:])
            connection.sendall(asked("GET", "/the-last", "", "connection: close"))
            found = b"".join(iter(lambda: connection.recv(65536), b""))
        assert re.findall(rb"987654|in pieces|text/html", found) == [b"987654", b"in pieces", b"text/html"], end


def test_who_asks_much_and_reads_late_gets_it_all(place: tuple[str, int]) -> None:
    """More answers wait than a connection may hold: then requests wait as well, and none is lost."""
    count = 4000
    request = asked("GET", "/page", "", f"x: {'a' * 4000}")
    with socket.create_connection(place, timeout=20) as connection:
        sender = threading.Thread(target=lambda: connection.sendall(request * count))
        sender.start()
        sender.join(0.5)
        assert sender.is_alive()
        connection.settimeout(20)
        found, size = 0, 0
        rest = b""
        while found < count:
            chunk = connection.recv(2**20)
            size += len(chunk)
            found += (rest + chunk).count(b"HTTP/1.1 200 OK") - rest.count(b"HTTP/1.1 200 OK")
            rest = chunk[-14:]
        sender.join()
    assert found == count


def test_who_asks_without_end_keeps_out_nobody_else() -> None:
    count = 20_000
    with ExitStack() as stack:
        running = stack.enter_context(stack.enter_context(Mock(DOCUMENT)).running())
        url = httpx.URL(running.url)
        place = url.host, url.port or 80
        flood, other = (stack.enter_context(socket.create_connection(place, timeout=20)) for _ in range(2))
        size = len(said(place, asked("GET", "/things/1"))) - len(said(place, b""))
        answered = 0

        def read() -> None:
            nonlocal answered
            while answered < count * size:
                answered += len(flood.recv(2**20))

        threads = [
            threading.Thread(target=flood.sendall, args=(asked("GET", "/things/1") * count,)),
            threading.Thread(target=read),
        ]
        for thread in threads:
            thread.start()
        while not answered:
            threading.Event().wait(0.001)
        other.sendall(asked("GET", "/things/2"))
        assert other.recv(65536).startswith(b"HTTP/1.1 200 OK")
        assert answered < count * size / 4
        for thread in threads:
            thread.join()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("POST", "/things", b"201", id="at once"),
        pytest.param("POST", "/things#part", b"201", id="the long way"),
        pytest.param("GET", "/long.mp4", b"200", id="what takes long"),
    ],
)
def test_what_comes_behind_a_body_is_no_header_field(
    place: tuple[str, int], method: str, path: str, status: bytes
) -> None:
    head = asked(method, path, "", "transfer-encoding: chunked", "content-type: application/json")
    found = said(place, head + b'd\r\n{"text": "a"}\r\n0\r\nprefer: code=404\r\n\r\n')
    assert found.split()[1] == status


class Broken(Journal):
    """A journal that cannot be written."""

    def add(self, entry: Entry) -> None:
        raise OSError("the disk is full")


def test_what_fails_here_is_done_once_and_told_as_that(caplog: pytest.LogCaptureFixture) -> None:
    with Mock(DOCUMENT, journal=Broken()) as mock, mock.running() as running:
        url = httpx.URL(running.url)
        found = said((url.host, url.port or 80), REQUESTS["one made"])
        assert found.startswith(b"HTTP/1.1 500 ")
        assert len(mock.host.state.all("/things")) == 1
    assert "the disk is full" in caplog.text


def test_who_leaves_ends_the_answer_under_way_and_not_the_one_behind_it_alone() -> None:
    has_begun, has_ended = threading.Event(), threading.Event()

    async def wait(scope: Scope, receive: Receive, send: Emit) -> None:
        if scope["type"] == "lifespan":
            await send({"type": "lifespan.startup.complete"})
            return
        has_begun.set()
        while (await receive())["type"] != "http.disconnect":
            pass
        has_ended.set()

    serving = serve_app(open_socket("127.0.0.1", 0), wait)
    url = httpx.URL(serving.url)
    with socket.create_connection((url.host, url.port or 80), timeout=5) as connection:
        connection.sendall(asked("GET", "/a") + asked("GET", "/b"))
        assert has_begun.wait(5)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert has_ended.wait(5)
    serving.stop()
