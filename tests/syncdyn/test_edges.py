"""Edges of a call: real deadlines, event loops, odd environments, odd arguments, and what errors carry."""

from __future__ import annotations

import asyncio
import gc
import gzip
import json
import pickle
import socket
import threading
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

import syncdyn
from syncdyn import (
    ApiError,
    ApiTimeoutError,
    AsyncClient,
    AsyncSync,
    Client,
    ConfigurationError,
    ContractWarning,
    RequestValidationError,
    ResponseValidationError,
    ServiceUnavailableError,
    Sync,
    UnexpectedResponseError,
)
from syncdyn.flow import Emit, Flow, Policy, Tell, exchange
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.messages import Headers, Request, Response
from syncdyn.retry import Failure, asked_delay
from syncdyn.transport import AwaitingTransport, BlockingTransport, fetch
from tests.syncdyn.fakes import GENERATION, GENERATION_ID, HOME, KEY, Clock, Connect, Service, answer, failure
from tests.syncdyn.hands import Hands
from tests.syncdyn.test_credentials import DOCUMENT

PACKAGE = Path(syncdyn.__file__).parent
READY = answer(200, GENERATION)


@contextmanager
def dripping(seconds: float) -> Iterator[str]:
    """The address of a service whose header fields come byte by byte, one each so many seconds."""
    listener = socket.create_server(("127.0.0.1", 0))
    is_over = threading.Event()

    def serve() -> None:
        line, _ = listener.accept()
        with line:
            line.recv(65536)
            line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not is_over.wait(seconds):
                try:
                    line.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        is_over.set()
        thread.join()
        listener.close()


def test_an_awaited_call_keeps_its_deadline_while_header_fields_drip_in() -> None:
    async def call(url: str) -> None:
        async with AsyncSync(api_key=KEY, base_url=url, deadline=0.3, max_retries=0) as client:
            await client.models.list()

    with dripping(0.05) as url:
        began = time.monotonic()
        with pytest.raises(ApiTimeoutError, match="the deadline passed"):
            asyncio.run(call(url))
        assert time.monotonic() - began < 2


def test_a_blocking_call_gives_each_phase_what_is_left_of_its_deadline(clock: Clock) -> None:
    seen: list[float] = []

    def service(request: httpx.Request) -> httpx.Response:
        timeouts = request.extensions["timeout"]
        for _ in range(2):
            seen.append(timeouts.get("read"))
            clock.sleep(4)
        return READY(request)

    Connect(clock)(service, deadline=10, timeout=9).generations.get(GENERATION_ID)
    assert seen == [9, 6]


POST = Request("POST", f"{HOME}/x", Headers(), b"{}")
TURNED = Response(303, Headers({"Location": "/y"}))
AFTER = {"never-left": Failure(OSError("dead"), was_sent=False), "limit": Response(429), "late": Response(408)}


@pytest.mark.parametrize("then", AFTER.values(), ids=AFTER.keys())
def test_a_post_that_was_carried_out_is_not_repeated_for_what_its_redirect_leads_to(then: Any) -> None:
    hands = Hands([TURNED, then, Response(200)])
    try:
        outcome = hands.run(exchange("x", POST, Policy(), is_repeatable=False))
    except ApiError:
        outcome = then
    assert outcome is then
    assert [step.request.method for step in hands.sent] == ["POST", "GET"]


def test_what_may_be_repeated_is_repeated_after_such_a_redirect_too() -> None:
    hands = Hands([TURNED, AFTER["never-left"], TURNED, Response(200)])
    assert hands.run(exchange("x", POST, Policy(), is_repeatable=True)).status == 200


@contextmanager
def serving(*, reply: bytes = b"[]", status: int = 200, headers: dict[str, str] | None = None) -> Iterator[str]:
    """The address of a service on a real socket that keeps its connections open."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that hangs up is no news."""

    server = Quiet(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def call_in_loops(client: AsyncSync, times: int) -> list[Any]:
    """What a call gives in one event loop after another, none of which closes anything."""

    async def call() -> Any:
        return await client.models.list()

    return [asyncio.run(call()) for _ in range(times)]


@pytest.fixture
def _collected() -> Iterator[None]:
    """Connections that a loop left open are told of when they are collected: that is to be here."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.usefixtures("_collected")
def test_an_awaited_client_may_be_used_from_one_event_loop_after_another() -> None:
    with serving() as url:
        client = AsyncSync(api_key=KEY, base_url=url, max_retries=0)
        assert call_in_loops(client, 3) == [[], [], []]
        assert len(client._transport._own) == 1


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.usefixtures("_collected")
def test_a_callers_client_of_another_event_loop_is_told_of() -> None:
    with serving() as url:
        client = AsyncSync(api_key=KEY, base_url=url, max_retries=0, httpx_client=httpx.AsyncClient())
        with pytest.raises(ConfigurationError, match="another event loop: give each loop a client of its own"):
            call_in_loops(client, 2)


PROXIES = {"socks": ("socks5://127.0.0.1:1", r"httpx\[socks\]"), "scheme": ("foo://u:p4ssw0rd@h", "give http://")}


@pytest.mark.parametrize(("proxy", "cure"), PROXIES.values(), ids=PROXIES.keys())
def test_a_proxy_that_cannot_be_used_is_told_of_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, proxy: str, cure: str
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(ConfigurationError, match=f"ALL_PROXY.*{cure}") as caught:
        Sync(api_key=KEY).models.list()
    assert "p4ssw0rd" not in str(caught.value)


NO_WAIT = [
    "9" * 400,
    "Thu, 99999999999999999999 Jun 2024 00:00:00 GMT",
    "Mon, 01 Jan 2024 00:00:00 +99999999999999999999",
    "soon",
    "-1",
]


@pytest.mark.parametrize("stated", NO_WAIT, ids=range(len(NO_WAIT)))
def test_an_odd_wait_is_as_if_none_was_asked_for(stated: str) -> None:
    assert asked_delay(Headers({"Retry-After": stated}), 0.0) in (None, 0.0)
    assert asked_delay(Headers({"retry-after-ms": "9" * 400}), 0.0) is None


class Phases:
    """Like a timeout of the library, with one impossible phase."""

    connect, read, write, pool = 1, "5", None, None


TIMEOUTS = {"list": [5], "object": object(), "nan": float("nan"), "endless": float("inf"), "bool": True, "zero": 0}


@pytest.mark.parametrize("value", [*TIMEOUTS.values(), Phases()], ids=[*TIMEOUTS, "phases"])
def test_an_impossible_timeout_is_refused_for_the_client_and_for_a_call(connect: Connect, value: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"timeout: .*expected seconds, more than 0"):
        connect(Service(), timeout=value)
    with pytest.raises(RequestValidationError, match=r"timeout_in_seconds: .*expected seconds, more than 0"):
        connect(Service()).models.list(request_options={"timeout_in_seconds": value})


def test_a_deadline_is_a_number(connect: Connect) -> None:
    with pytest.raises(ConfigurationError, match="deadline: expected seconds, more than 0"):
        connect(Service(), deadline=httpx.Timeout(5))


class AnyTimeout:
    """States the phases as the library's does."""

    connect, read, write, pool = 1, 2, 3, None


def test_whatever_states_the_phases_is_a_timeout(connect: Connect) -> None:
    service = Service(READY)
    connect(service, timeout=AnyTimeout()).generations.get(GENERATION_ID)
    assert service.last.extensions["timeout"] == {"connect": 1, "read": 2, "write": 3, "pool": None}


KEYS = {"bytes": b"sk-s3cret-key", "list": ["sk-s3cret-key"]}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
def test_a_key_of_another_type_is_refused(key: Any) -> None:
    with pytest.raises(ConfigurationError, match="api_key: expected a str, found a") as caught:
        Sync(api_key=key)
    assert "s3cret" not in str(caught.value)
    with pytest.raises(ConfigurationError, match=r"auth: expected a str, a .user, password. pair"):
        Client(DOCUMENT, auth=key)
    with pytest.raises(ConfigurationError, match="auth: inQuery: expected a str, a"):
        Client(DOCUMENT, auth={"inQuery": key})


def test_a_base_url_may_be_a_url_of_the_library(connect: Connect) -> None:
    service = Service(READY)
    connect(service, base_url=httpx.URL("http://here.test/api/")).generations.get(GENERATION_ID)
    assert str(service.last.url) == f"http://here.test/api/v2/generate/{GENERATION_ID}"


BASES = ["https://u:p4ssw0rd@h.test/?a=1", "https://h.test/#a", "https://h.test/a b", "https://h.test\n", 7]


@pytest.mark.parametrize("base_url", BASES, ids=["query", "fragment", "space", "line-break", "number"])
def test_an_impossible_base_url_is_refused(base_url: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"base_url") as caught:
        Sync(api_key=KEY, base_url=base_url)
    assert "p4ssw0rd" not in str(caught.value)


def test_a_warning_made_an_error_carries_the_data(connect: Connect) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", ContractWarning)
        with pytest.raises(ContractWarning) as caught:
            connect(Service(answer(200, {**GENERATION, "status": 7}))).generations.get(GENERATION_ID)
    assert caught.value.data.id == GENERATION_ID
    assert [violation.where for violation in caught.value.violations] == ["body.status"]
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_password_of_the_base_url_shows_nowhere(clock: Clock) -> None:
    for reply in (answer(401, {}), failure(httpx.ConnectError, "dead"), answer(200, text="<html>")):
        client = Connect(clock)(Service(reply), base_url="https://u:p4ssw0rd@h.test")
        with pytest.raises(ApiError) as caught:
            client.models.list()
        request = caught.value.request
        assert request is not None
        assert request.url.startswith("https://h.test/")
        assert "p4ssw0rd" not in f"{client!r} {caught.value} {request}"


def test_what_the_service_tells_back_is_covered_in_every_text(connect: Connect) -> None:
    leak = {**GENERATION, "status": KEY}
    with pytest.raises(ResponseValidationError) as broken:
        connect(Service(answer(200, {**GENERATION, "id": 7, "model": [KEY]})), validate="strict").generations.get("a")
    with pytest.raises(UnexpectedResponseError) as unreadable:
        connect(Service(answer(200, text=f"<{KEY}>"))).generations.get(GENERATION_ID)
    with pytest.warns(ContractWarning) as warned:
        connect(Service(answer(200, leak))).generations.get(GENERATION_ID)
    texts = [str(broken.value), str(unreadable.value), str(warned[0].message)]
    assert all(KEY not in text for text in texts)
    assert "***" in texts[1]
    assert "***" in texts[2]


BEARER = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": HOME}],
    "paths": {"/things": {"get": {"operationId": "things.list", "responses": {"200": {"description": ""}}}}},
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    "security": [{"bearer": []}],
}


@pytest.mark.parametrize("reply", [failure(httpx.ConnectError, "dead"), answer(500)], ids=["line", "status"])
def test_a_traceback_with_local_variables_shows_no_token(clock: Clock, reply: Any) -> None:
    connect, service = Connect(clock), Service(reply)
    client = Client(BEARER, auth={"bearer": KEY}, transport=connect.transport(connect.http(service)), max_retries=0)
    method = next(iter(client.operations.values()))
    with pytest.raises(ApiError) as caught:
        method()
    assert service.last.headers["authorization"] == f"Bearer {KEY}"
    found = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in found.stack if Path(frame.filename).is_relative_to(PACKAGE)]
    assert ours
    assert all(KEY not in str(frame.locals) for frame in ours)
    assert KEY not in repr(client._settings)


def told() -> Flow[str]:
    yield Tell(next, (iter(()),))
    yield Emit(1)
    return "done"


def test_a_callback_that_raises_stop_iteration_does_not_end_the_call() -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        BlockingTransport().run(told())
    with pytest.raises(RuntimeError, match="StopIteration"):
        asyncio.run(AwaitingTransport().run(told()))


def test_errors_of_answers_carry_request_and_response(connect: Connect) -> None:
    with pytest.raises(UnexpectedResponseError) as unreadable:
        connect(Service(answer(200, text="<html>"))).generations.get(GENERATION_ID)
    with pytest.raises(ResponseValidationError) as broken:
        connect(Service(answer(200, {"id": 7})), validate="strict").generations.get(GENERATION_ID)
    assert unreadable.value.request is not None
    assert unreadable.value.request.method == "GET"
    assert broken.value.response is not None
    assert (broken.value.response.status, broken.value.response.body) == (200, b'{"id":7}')
    assert pickle.loads(pickle.dumps(broken.value)).response == broken.value.response


@pytest.mark.parametrize("reply", [failure(httpx.ConnectError, "dead"), answer(400)], ids=["line", "status"])
def test_an_error_of_a_call_with_files_can_be_pickled(connect: Connect, tmp_path: Path, reply: Any) -> None:
    path = tmp_path / "talk.wav"
    path.write_bytes(b"sound")
    with path.open("rb") as file, pytest.raises(ApiError) as caught:
        connect(Service(reply), max_retries=0).generations.create_with_files(model="lipsync-2", audio=file)
    again = pickle.loads(pickle.dumps(caught.value))
    assert {part.name for part in again.request.body} == {"model", "audio"}


def test_a_client_can_be_made_of_the_url_of_a_document() -> None:
    document = {**BEARER, "info": {"title": "served", "version": "1"}}
    with serving(reply=json.dumps(document).encode()) as url:
        assert repr(Client(f"{url}/openapi.json?a=1")) == f"<Client of {url}/openapi.json at {HOME}>"
        assert isinstance(AsyncClient(f"{url}/openapi.json"), AsyncClient)


FETCHES: dict[str, tuple[dict[str, Any], str]] = {
    "status": ({"status": 404}, "answered 404 Not Found"),
    "elsewhere": ({"status": 302, "headers": {"Location": "http://other.test/x"}}, "redirects to http://other.test/x"),
    "circle": ({"status": 302, "headers": {"Location": "/x"}}, "redirects more than 5 times"),
    "coding": ({"headers": {"Content-Encoding": "gzip"}}, "could not be fetched"),
    "size": (
        {"reply": gzip.compress(bytes(65 * 2**20), 1), "headers": {"Content-Encoding": "gzip"}},
        "is larger than 64 MiB",
    ),
}


@pytest.mark.parametrize(("service", "message"), FETCHES.values(), ids=FETCHES.keys())
def test_a_document_that_cannot_be_fetched_is_told_of_without_credentials(
    service: dict[str, Any], message: str
) -> None:
    with serving(**service) as url:
        address = f"{url.replace('//', '//u:p4ssw0rd@')}/openapi.json"
        with pytest.raises(DocumentError, match=message) as caught:
            fetch(address)
    assert str(caught.value).startswith(f"{url}/openapi.json: ")
    assert "p4ssw0rd" not in str(caught.value)


def test_a_redirect_within_its_origin_leads_to_the_document() -> None:
    seen: list[str] = []

    class Moved(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(302 if self.path == "/a" else 200)
            self.send_header("Location", "/b")
            self.end_headers()
            self.wfile.write(b"found")

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Moved) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        assert fetch(f"http://127.0.0.1:{server.server_port}/a") == b"found"
        server.shutdown()
    assert seen == ["/a", "/b"]


def test_a_client_closed_before_its_first_call_is_closed() -> None:
    client = Sync(api_key=KEY)
    client.close()
    with pytest.raises(ConfigurationError, match="the client is closed"):
        client.models.list()

    async def call() -> None:
        other = AsyncSync(api_key=KEY)
        await other.aclose()
        await other.models.list()

    with pytest.raises(ConfigurationError, match="the client is closed"):
        asyncio.run(call())


def undecodable(status: int) -> Any:
    class Broken(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield b"no gzip"

        async def __aiter__(self) -> Any:
            yield b"no gzip"

    return lambda request: httpx.Response(status, headers={"Content-Encoding": "gzip"}, stream=Broken())


def test_a_body_that_cannot_be_decoded_is_an_unexpected_response(connect: Connect) -> None:
    service = Service(undecodable(200))
    with pytest.raises(UnexpectedResponseError, match=r"answered 200, but the body could not be decoded .*gzip") as got:
        connect(service).generations.get(GENERATION_ID)
    assert (got.value.status_code, len(service.requests)) == (200, 1)
    assert got.value.request is not None


def test_an_error_status_stays_one_whatever_its_body(connect: Connect) -> None:
    service = Service(undecodable(503), READY)
    assert connect(service).generations.get(GENERATION_ID).id == GENERATION_ID
    with pytest.raises(ServiceUnavailableError):
        connect(Service(undecodable(503)), max_retries=0).generations.get(GENERATION_ID)


def raising(connect: Connect, *, reads: bool) -> Any:
    def blocking(response: httpx.Response) -> None:
        if reads:
            response.read()
        response.raise_for_status()

    async def awaited(response: httpx.Response) -> None:
        if reads:
            await response.aread()
        response.raise_for_status()

    return {"response": [awaited if connect.is_async else blocking]}


def test_an_answer_that_a_hook_raises_is_handled_as_that_answer(connect: Connect) -> None:
    service = Service(answer(503), answer(302, headers={"Location": "/b"}), READY)
    http = connect.http(service, event_hooks=raising(connect, reads=False))
    assert connect(service, http=http).generations.get(GENERATION_ID).id == GENERATION_ID
    refused = Service(answer(401, {"message": "who are you?"}))
    http = connect.http(refused, event_hooks=raising(connect, reads=True))
    with pytest.raises(ApiError, match=r"401.*who are you\?"):
        connect(refused, http=http).models.list()
    with pytest.raises(ApiError, match=r"401.*who are you\?"):
        connect(refused, http=http).download(f"{HOME}/x.mp4")


def test_a_document_that_does_not_come_in_time_is_told() -> None:
    moments = iter([0.0, 31.0])
    with serving() as url, pytest.raises(DocumentError, match="was not there within 30 seconds"):
        fetch(url, moments.__next__)
