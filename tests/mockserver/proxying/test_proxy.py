"""The proxy over sockets, before a server of a few lines that does what each test says."""

from __future__ import annotations

import gzip
import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest

from mockserver.errors import MockError
from mockserver.proxy import Proxy
from mockserver.serving.forwarding import MOST_JUDGED_BYTES
from tests.mockserver.proxying.documents import NOTES

#: What was asked: the first line, the fields, and what reads the rest; then what writes.
Serve = Callable[["Asked", Callable[[bytes], Any]], None]


class Asked:
    """A request as the upstream saw it."""

    def __init__(self, stream: Any) -> None:
        self.line = stream.readline().decode().strip()
        self.fields: dict[str, str] = {}
        while line := stream.readline().decode().strip():
            name, _, value = line.partition(":")
            self.fields[name.lower()] = value.strip()
        self.body = stream.read(int(self.fields.get("content-length", 0)))


class Upstream:
    """A server whose answers are written by a function; `asked` are the requests it got."""

    def __init__(self, serve: Serve) -> None:
        self.asked: list[Asked] = []
        upstream = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                asked = Asked(self.rfile)
                upstream.asked.append(asked)
                serve(asked, self.wfile.write)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def proxied(serve: Serve, **options: Any) -> Iterator[tuple[httpx.Client, Upstream, Proxy]]:
    upstream = Upstream(serve)
    threading.Thread(target=upstream.server.serve_forever, args=(0.02,), daemon=True).start()
    with ExitStack() as stack:
        stack.callback(upstream.server.server_close)
        stack.callback(upstream.server.shutdown)
        proxy = Proxy(NOTES, upstream.url, **options)
        url = stack.enter_context(proxy.serve())
        yield stack.enter_context(httpx.Client(base_url=url, timeout=10)), upstream, proxy


def answering(body: bytes = b"[]", *fields: str, status: str = "200 OK", media: str = "application/json") -> Serve:
    """A server that gives one answer to everything."""
    head = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {media}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *fields,
    ]

    def serve(_asked: Asked, write: Callable[[bytes], Any]) -> None:
        write("\r\n".join([*head, "", ""]).encode() + body)

    return serve


def told(answer: httpx.Response) -> list[list[str]]:
    return [entry["location"] for entry in json.loads(answer.headers["sl-violations"])]


def test_a_good_exchange_passes_as_it_is() -> None:
    with proxied(answering(b'[{"text": "x"}]', "X-Mine: 1")) as (client, upstream, _):
        answer = client.get("/notes?limit=3", headers={"x-yours": "2"})
    assert (answer.status_code, answer.content, answer.headers["x-mine"]) == (200, b'[{"text": "x"}]', "1")
    assert "sl-violations" not in answer.headers
    assert (upstream.asked[0].line, upstream.asked[0].fields["x-yours"]) == ("GET /notes?limit=3 HTTP/1.1", "2")


def test_violations_of_both_sides_are_told_and_passed() -> None:
    with proxied(answering(b'[{"text": 1}]')) as (client, upstream, proxy):
        answer = client.get("/notes?limit=11")
    assert told(answer) == [["request", "query", "limit"], ["response", "body", "0", "text"]]
    assert len(upstream.asked) == 1
    assert [one.where for one in proxy.journal[0].violations] == ["query.limit", "response body[0].text"]


def test_with_errors_a_wrong_request_never_arrives() -> None:
    with proxied(answering(), refuses=True) as (client, upstream, _):
        answer = client.get("/notes?limit=11")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert upstream.asked == []


def test_with_errors_a_wrong_response_is_not_passed_back() -> None:
    with proxied(answering(b'[{"text": 1}]'), refuses=True) as (client, _, _):
        answer = client.get("/notes")
    assert answer.status_code == 502
    assert "body[0].text" in answer.json()["detail"]


def test_what_the_document_does_not_know_is_passed_and_told() -> None:
    with proxied(answering(b"anything", media="text/plain")) as (client, _, _):
        answer = client.get("/nowhere")
    assert (answer.text, told(answer)) == ("anything", [["request", "path"]])


def test_what_is_not_implemented_is_mocked() -> None:
    with proxied(answering(b"", status="501 Not Implemented")) as (client, _, _):
        answer = client.post("/notes", json={"text": "x"})
    assert answer.status_code == 201
    assert isinstance(answer.json()["text"], str)


def test_fields_of_a_hop_stay_there_and_the_host_is_the_upstreams() -> None:
    with proxied(answering(b"[]", "Keep-Alive: timeout=5", "Connection: X-Hop", "X-Hop: 1")) as (client, upstream, _):
        answer = client.get("/notes", headers={"te": "trailers", "proxy-authorization": "Basic eA=="})
    fields = upstream.asked[0].fields
    assert {"te", "proxy-authorization"}.isdisjoint(fields)
    assert (fields["host"], fields["via"]) == (upstream.url.partition("//")[2], "1.1 syncdyn")
    assert {"keep-alive", "x-hop"}.isdisjoint(answer.headers)


def test_a_redirect_is_passed_back_and_not_followed() -> None:
    with proxied(answering(b"", "Location: http://elsewhere.example/", status="302 Found")) as (client, upstream, _):
        answer = client.get("/notes", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "http://elsewhere.example/")
    assert len(upstream.asked) == 1


def test_cookies_are_nobodys_but_the_clients() -> None:
    with proxied(answering(b"[]", "Set-Cookie: a=1", "Set-Cookie: b=2")) as (client, upstream, _):
        first = client.get("/notes")
        client.cookies.clear()
        client.get("/notes")
    assert first.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert "cookie" not in upstream.asked[1].fields


def test_a_coded_body_is_judged_and_passed_as_it_came() -> None:
    body = gzip.compress(b'[{"text": 1}]')
    with proxied(answering(body, "Content-Encoding: gzip")) as (client, _, _), client.stream("GET", "/notes") as answer:
        assert b"".join(answer.iter_raw()) == body
    assert told(answer) == [["response", "body", "0", "text"]]


def test_an_upstream_that_is_not_there_is_a_bad_gateway() -> None:
    with Proxy(NOTES, "http://127.0.0.1:9").serve() as url:
        answer = httpx.get(f"{url}/notes")
    assert (answer.status_code, answer.headers["content-type"]) == (502, "application/problem+json")
    assert "cannot be asked" in answer.json()["detail"]


@pytest.mark.parametrize("begins", [False, True], ids=["no answer", "no end"])
def test_an_upstream_that_takes_too_long_is_a_gateway_timeout(begins: bool) -> None:
    ended = threading.Event()

    def serve(_asked: Asked, write: Callable[[bytes], Any]) -> None:
        if begins:
            write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n[")
        ended.wait(10)

    with proxied(serve, timeout_seconds=0.2) as (client, _, _):
        answer = client.get("/notes")
        ended.set()
    assert answer.status_code == 504


def test_events_are_passed_on_as_they_come_and_judged_in_the_end() -> None:
    may_go_on = threading.Event()

    def serve(_asked: Asked, write: Callable[[bytes], Any]) -> None:
        write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: on\n\n")
        may_go_on.wait(10)
        write(b"data: out\n\n")

    with proxied(serve) as (client, _, proxy):
        with client.stream("GET", "/events") as answer:
            chunks = answer.iter_raw()
            assert next(chunks) == b"data: on\n\n"
            may_go_on.set()
            assert b"".join(chunks) == b"data: out\n\n"
        wait_for(lambda: bool(proxy.journal))
    assert [one.where for one in proxy.journal[0].violations] == ["response body[1].data"]


def test_a_stream_ends_at_the_upstream_when_the_client_leaves() -> None:
    has_ended = threading.Event()

    def serve(_asked: Asked, write: Callable[[bytes], Any]) -> None:
        write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        try:
            while True:
                write(b"data: on\n\n")
                time.sleep(0.01)
        except OSError:
            has_ended.set()

    with proxied(serve) as (client, _, _):
        with client.stream("GET", "/events") as answer:
            next(answer.iter_raw())
        assert has_ended.wait(5)


def test_an_upstream_that_breaks_off_is_no_whole_answer() -> None:
    def serve(_asked: Asked, write: Callable[[bytes], Any]) -> None:
        write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 100\r\n\r\ndata: on\n\n")

    with proxied(serve) as (client, _, _), pytest.raises(httpx.RemoteProtocolError):
        client.get("/events")


def test_pages_of_other_origins_may_read_it_when_told_so() -> None:
    page = {"origin": "https://page.example", "access-control-request-method": "POST"}
    with proxied(answering(), cors=True) as (client, upstream, _):
        first, then = client.options("/notes", headers=page), client.get("/notes", headers=page)
    assert (first.status_code, first.headers["access-control-allow-methods"]) == (204, "POST")
    assert then.headers["access-control-allow-origin"] == "https://page.example"
    assert [one.line for one in upstream.asked] == ["GET /notes HTTP/1.1"]


LARGE = b"x" * (MOST_JUDGED_BYTES + 1)


def test_a_large_download_passes_unjudged() -> None:
    with proxied(answering(LARGE, media="application/octet-stream")) as (client, _, proxy):
        answer = client.get("/files")
        wait_for(lambda: bool(proxy.journal))
    assert answer.content == LARGE
    assert answer.headers["content-length"] == str(len(LARGE))
    assert proxy.journal[0].violations == ()


def test_a_large_upload_passes_unjudged() -> None:
    with proxied(answering(b"", status="204 No Content")) as (client, upstream, _):
        answer = client.post("/files", content=LARGE, headers={"content-type": "application/octet-stream"})
    assert answer.status_code == 204
    assert upstream.asked[0].body == LARGE


def test_the_journal_can_be_asked_for() -> None:
    with proxied(answering()) as (client, _, _):
        client.get("/notes?limit=11")
        (entry,) = client.get("/_mock/requests").json()["requests"]
    assert (entry["operation_key"], entry["valid"]) == ("GET /notes", False)


@pytest.mark.parametrize("url", ["nowhere", "ftp://example.com", "http://", ""])
def test_an_upstream_that_is_no_url_is_told_at_once(url: str) -> None:
    with pytest.raises(MockError, match="no absolute URL"):
        Proxy(NOTES, url)


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)
