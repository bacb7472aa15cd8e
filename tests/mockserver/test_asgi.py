from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from mockserver.app import Answer, Delivery
from mockserver.clock import VirtualClock
from mockserver.host import Host
from mockserver.serving.asgi import Asgi
from mockserver.serving.delivering import Deliverer, is_allowed
from syncdyn.openapi.messages import Headers, Request, Response
from tests.mockserver.fake_core import HOOK, FakeCore, FakeState

pytestmark = pytest.mark.anyio


class Wire:
    """A server's side of one connection: what the client sends, what came back."""

    def __init__(self, *chunks: bytes, then: str = "http.request") -> None:
        last = len(chunks) - 1
        self.incoming: list[dict[str, Any]] = [
            {"type": "http.request", "body": chunk, "more_body": index < last or then != "http.request"}
            for index, chunk in enumerate(chunks)
        ]
        self.sent: list[Mapping[str, Any]] = []
        self.chunks_read = 0

    async def receive(self) -> Mapping[str, Any]:
        if not self.incoming:
            return {"type": "http.disconnect"}
        self.chunks_read += 1
        return self.incoming.pop(0)

    async def send(self, message: Mapping[str, Any]) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode("latin-1") for name, value in self.sent[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])


def scope(
    method: str = "GET",
    raw_path: bytes = b"/a",
    query: bytes = b"",
    headers: Sequence[tuple[bytes, bytes]] = ((b"host", b"mock:1"),),
) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": "/decoded",
        "raw_path": raw_path,
        "query_string": query,
        "headers": headers,
        "server": ("127.0.0.1", 8000),
    }


async def exchange(host: Host, given: dict[str, Any], *chunks: bytes, **options: Any) -> Wire:
    wire = Wire(*(chunks or (b"",)))
    await Asgi(host, **options)(given, wire.receive, wire.send)
    return wire


@pytest.mark.parametrize(
    ("raw_path", "query", "host", "url"),
    [
        pytest.param(b"/a%2Fb%20c", b"q=%C3%A9", b"mock:1", "http://mock:1/a%2Fb%20c?q=%C3%A9", id="percent-encoded"),
        pytest.param(b"http://other/a", b"", b"mock", "http://mock/a", id="absolute form"),
        pytest.param(b"*", b"", b"mock", "http://mock/*", id="asterisk form"),
        pytest.param(b"/\xc3\xa9", b"\xff", b"mock", "http://mock/%C3%A9?%FF", id="raw bytes"),
        pytest.param(b"/a", b"", b"[::1", "http://127.0.0.1:8000/a", id="broken host"),
        pytest.param(b"/a", b"", b"evil/path?", "http://127.0.0.1:8000/a", id="host with a path"),
        pytest.param(b"/a", b"", b"", "http://127.0.0.1:8000/a", id="no host"),
        pytest.param(b"//b", b"", b"mock", "http://mock//b", id="two slashes"),
    ],
)
async def test_the_url_is_whole_and_stays_encoded(raw_path: bytes, query: bytes, host: bytes, url: str) -> None:
    mock = Host(FakeCore())
    await exchange(mock, scope(raw_path=raw_path, query=query, headers=[(b"host", host)]))
    assert mock.journal[0].request.url == url


async def test_header_fields_are_read_as_latin_1() -> None:
    mock = Host(FakeCore())
    await exchange(mock, scope(headers=[(b"x-name", b"caf\xe9"), (b"x-name", b"b")]))
    assert mock.journal[0].request.headers.all("X-Name") == ("café", "b")


async def test_the_body_is_put_together_and_the_length_is_told() -> None:
    wire = await exchange(Host(FakeCore()), scope("POST"), b"ab", b"", b"cde")
    assert wire.body.endswith(b" 5")
    assert wire.headers["content-length"] == str(len(wire.body))


async def test_head_has_the_length_of_get_and_no_body() -> None:
    get = await exchange(Host(FakeCore()), scope("GET", b"/get-only"))
    head = await exchange(Host(FakeCore()), scope("HEAD", b"/get-only"))
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


STAYS: dict[str, tuple[str, tuple[tuple[bytes, bytes], ...], bool]] = {
    "as HTTP/1.1 has it": ("1.1", (), True),
    "it is to end": ("1.1", ((b"connection", b"close"),), False),
    "HTTP/2 has no such field": ("2", (), False),
}


@pytest.mark.parametrize(("version", "headers", "is_said"), STAYS.values(), ids=STAYS)
async def test_that_the_connection_stays_is_said(
    version: str, headers: tuple[tuple[bytes, bytes], ...], is_said: bool
) -> None:
    asked = {**scope(headers=((b"host", b"mock:1"), *headers)), "http_version": version}
    wire = await exchange(Host(FakeCore()), asked)
    assert ("connection" in wire.headers) is is_said


async def test_a_line_break_in_a_field_begins_no_other_field() -> None:
    wire = await exchange(Host(FakeCore()), scope())
    assert wire.headers["x-line"] == "a  b: c"


async def test_a_response_that_has_no_body_tells_no_length() -> None:
    class Deleting(FakeCore):
        def answer(self, state: FakeState, now: float, request: Request) -> Answer:
            return Answer(Response(204, Headers({"content-length": "0"})), state)  # type: ignore[arg-type]

    wire = await exchange(Host(Deleting()), scope("DELETE"))
    assert (wire.status, "content-length" in wire.headers) == (204, False)


async def test_a_body_said_to_be_too_large_is_refused_unread() -> None:
    host = Host(FakeCore())
    headers = [(b"content-length", b"11"), (b"expect", b"100-continue")]
    wire = await exchange(host, scope("POST", headers=headers), b"x" * 11, max_body_bytes=10)
    assert (wire.status, wire.chunks_read, wire.headers["connection"]) == (413, 0, "close")
    assert wire.body.startswith(b"413: the body is larger")
    assert [each.response.status for each in host.journal] == [413]


async def test_a_body_that_grows_too_large_never_reaches_the_core() -> None:
    host = Host(FakeCore())
    wire = await exchange(host, scope("POST"), *[b"x" * 6] * 5, max_body_bytes=10)
    assert wire.status == 413
    assert host.state.count == 0
    assert host.journal[0].request.body == b""


async def test_a_body_of_just_the_maximum_is_taken() -> None:
    assert (await exchange(Host(FakeCore()), scope("POST"), b"x" * 10, max_body_bytes=10)).status == 200


@pytest.mark.parametrize("stated", [b"-1", b"abc", "²".encode("latin-1"), b"9" * 5000], ids=["-1", "abc", "²", "9..."])
async def test_a_senseless_length_harms_nobody(stated: bytes) -> None:
    wire = await exchange(Host(FakeCore()), scope("POST", headers=[(b"content-length", stated)]))
    assert wire.status in (200, 413)


async def test_a_client_that_leaves_early_is_not_answered() -> None:
    host, wire = Host(FakeCore()), Wire(b"ab", then="disconnect")
    await Asgi(host)(scope("POST"), wire.receive, wire.send)
    assert (wire.sent, host.journal) == ([], ())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param(b"/clip.MP4", b"", id="media file"),
        pytest.param(b"/a", b"x" * 100_000, id="large body"),
        pytest.param(b"/_mock/requests", b"", id="journal"),
        pytest.param(b"/api/_mock/%72equests.har", b"", id="journal as HAR"),
        pytest.param(b"/_mock/requests/1", b"", id="exchange"),
        pytest.param(b"/_mock/reset", b"", id="reset"),
    ],
)
async def test_long_work_leaves_the_loop_free(path: bytes, body: bytes) -> None:
    loop_went_on = asyncio.Event()
    loop = asyncio.get_running_loop()

    class Slow(FakeCore):
        def answer(self, state: FakeState, now: float, request: Request) -> Answer:
            asyncio.run_coroutine_threadsafe(_set(loop_went_on), loop).result(5)
            return super().answer(state, now, request)

    assert (await exchange(Host(Slow()), scope("POST", path), body)).status == 200
    assert Asgi(Host(Slow())).at_once(scope("POST", path), body) is None


async def _set(event: asyncio.Event) -> None:
    event.set()


class Lifespan:
    """A server that starts the app, and stops it when told."""

    def __init__(self, app: Asgi) -> None:
        self.app = app
        self.messages: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self.sent: list[str] = []
        self.has_started = asyncio.Event()

    async def __aenter__(self) -> Lifespan:
        self.messages.put_nowait({"type": "lifespan.startup"})
        self.task = asyncio.create_task(self._run())
        await asyncio.wait_for(self.has_started.wait(), 2)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.messages.put_nowait({"type": "lifespan.shutdown"})
        await asyncio.wait_for(self.task, 2)

    async def _run(self) -> None:
        async def send(message: Mapping[str, Any]) -> None:
            self.sent.append(message["type"])
            self.has_started.set()

        await self.app({"type": "lifespan"}, self.messages.get, send)


async def test_a_webhook_is_sent_soon_after_its_request_and_remembered() -> None:
    arrived: asyncio.Queue[Delivery] = asyncio.Queue()

    async def send(delivery: Delivery) -> int:
        arrived.put_nowait(delivery)
        return 204

    host = Host(FakeCore())
    app = Asgi(host, send_webhook=send)
    async with Lifespan(app) as lifespan:
        wire = Wire(b"")
        await app(scope("POST", b"/hook"), wire.receive, wire.send)
        assert (await asyncio.wait_for(arrived.get(), 2)).url == HOOK.url
        await asyncio.sleep(0)
        assert [(each.status, each.is_success) for each in host.deliveries] == [(204, True)]
    assert lifespan.sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_a_queued_webhook_follows_the_mocks_own_clock() -> None:
    clock, arrived = VirtualClock(0.0), asyncio.Event()

    async def send(delivery: Delivery) -> int:
        arrived.set()
        return 200

    host = Host(FakeCore(delay_seconds=3600), clock=clock)
    app = Asgi(host, send_webhook=send)
    async with Lifespan(app):
        wire = Wire(b"")
        await app(scope("POST", b"/hook"), wire.receive, wire.send)
        await asyncio.sleep(0.1)
        assert not arrived.is_set()
        clock.advance(3600)
        await asyncio.wait_for(arrived.wait(), 2)


async def test_shutdown_gives_up_a_webhook_under_way() -> None:
    began, was_cancelled = asyncio.Event(), asyncio.Event()

    async def send(delivery: Delivery) -> int:
        began.set()
        try:
            await asyncio.sleep(60)
        finally:
            was_cancelled.set()
        return 200

    app = Asgi(Host(FakeCore()), send_webhook=send)
    async with Lifespan(app):
        wire = Wire(b"")
        await app(scope("POST", b"/hook"), wire.receive, wire.send)
        await asyncio.wait_for(began.wait(), 2)
    assert was_cancelled.is_set()


async def test_a_webhook_that_fails_is_logged_and_remembered(caplog: pytest.LogCaptureFixture) -> None:
    async def send(delivery: Delivery) -> int:
        raise ConnectionRefusedError("nobody there")

    host = Host(FakeCore())
    delivered = await Deliverer(host, send).deliver(HOOK)
    assert (delivered.status, delivered.error) == (None, "ConnectionRefusedError: nobody there")
    assert host.state.posted == (delivered,)
    assert "nobody there" in caplog.text


@pytest.mark.parametrize(("status", "told"), [(500, "the receiver answered 500"), (302, "answered 302"), (204, "")])
async def test_a_receiver_that_does_not_take_a_webhook_is_told(
    caplog: pytest.LogCaptureFixture, status: int, told: str
) -> None:
    async def send(delivery: Delivery) -> int:
        return status

    await Deliverer(Host(FakeCore()), send).deliver(HOOK)
    assert told in caplog.text
    assert bool(caplog.text) is bool(told)


async def test_a_webhook_to_another_machine_is_not_sent_unless_allowed() -> None:
    sent: list[str] = []

    async def send(delivery: Delivery) -> int:
        sent.append(delivery.url)
        return 200

    far = Delivery("https://hooks.example.com/a", Headers(), b"{}", "done", 0.0)
    refused = await Deliverer(Host(FakeCore()), send).deliver(far)
    assert "hooks.example.com" in str(refused.error)
    await Deliverer(Host(FakeCore()), send, ["hooks.example.com"]).deliver(far)
    assert sent == [far.url]


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://127.0.0.1:8000/a", True),
        ("http://127.8.8.8/", True),
        ("http://localhost/", True),
        ("https://app.localhost/", True),
        ("http://[::1]:1/", True),
        ("http://LOCALHOST./", True),
        ("http://localhost.example.com/", False),
        ("http://127.0.0.1@example.com/", False),
        ("http://169.254.169.254/", False),
        ("http://10.0.0.1/", False),
        ("http://0.0.0.0/", False),
        ("ftp://localhost/", False),
        ("file:///etc/passwd", False),
        ("http://[::1", False),
        ("http:///a", False),
        ("", False),
    ],
)
def test_webhooks_go_to_this_machine_only(url: str, allowed: bool) -> None:
    assert is_allowed(url) is allowed


def test_an_asterisk_allows_every_host_but_no_other_scheme() -> None:
    assert is_allowed("https://example.com/", ["*"])
    assert is_allowed("https://EXAMPLE.com/", ["Example.com"])
    assert not is_allowed("file:///etc/passwd", ["*"])
