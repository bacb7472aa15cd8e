from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from mockserver import Mock, MockError, VirtualClock, serve
from mockserver.app import Delivery
from mockserver.host import Host
from mockserver.serving.server import Running, open_socket, run, url_of
from syncdyn.openapi.errors import DocumentError
from tests.mockserver.fake_core import FakeCore

PETS = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets": {
            "get": {
                "responses": {
                    "200": {
                        "description": "ok",
                        "content": {"application/json": {"example": [{"name": "Rex"}]}},
                    }
                }
            }
        }
    },
}


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    server = run(open_socket("127.0.0.1", 0), Host(FakeCore()), max_body_bytes=1000)
    yield server
    server.stop()


def speak(url: str, data: bytes) -> bytes:
    """What a server says to bytes before it hangs up or falls silent."""
    place = httpx.URL(url)
    with socket.create_connection((place.host, place.port or 80), timeout=0.5) as connection:
        connection.sendall(data)
        return connection.recv(65536)


def test_a_document_is_served_in_two_lines() -> None:
    with Mock(PETS).serve() as url:
        assert httpx.get(f"{url}/pets").json() == [{"name": "Rex"}]


def test_the_mock_remembers_what_it_was_asked() -> None:
    mock = Mock(PETS)
    with mock.serve() as url:
        httpx.get(f"{url}/pets")
        httpx.get(f"{url}/cats")
    assert [(each.operation, each.response.status) for each in mock.journal] == [
        ("GET /pets", 200),
        (None, 404),
    ]
    mock.reset()
    assert mock.journal == ()


def test_one_mock_answers_in_process_and_over_a_socket() -> None:
    mock = Mock(PETS)
    with httpx.Client(transport=mock.transport(), base_url="http://mock") as client, mock.serve() as url:
        assert client.get("/pets").content == httpx.get(f"{url}/pets").content
    assert len(mock.journal) == 2


def test_urls_in_answers_follow_the_server_unless_one_was_asked_for() -> None:
    following, fixed = Mock(PETS), Mock(PETS, base_url="https://mock.example.com")
    with following.serve() as url, fixed.serve():
        assert following.settings.base_url == url
        assert fixed.settings.base_url == "https://mock.example.com"


def test_serve_gives_the_url_the_host_and_a_way_to_stop() -> None:
    clock = VirtualClock(50.0)
    with serve(PETS, clock=clock) as running:
        httpx.get(f"{running.url}/pets")
        assert running.host.journal[0].at == 50.0
        running.stop()
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{running.url}/pets")


def test_the_bundled_api_is_served_when_no_document_is_named() -> None:
    mock = Mock()
    assert len(mock.contract.operations) > 5
    assert mock.contract.extension("x-mock-errors")


def test_it_stops_also_with_a_request_half_sent() -> None:
    before = set(threading.enumerate())
    server = run(open_socket("127.0.0.1", 0), Host(FakeCore()))
    place = httpx.URL(server.url)
    with socket.create_connection((place.host, place.port or 80)) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")
        time.sleep(0.05)
        server.stop()
    assert set(threading.enumerate()) <= before


def test_a_port_that_is_taken_is_told_with_a_way_out() -> None:
    with open_socket("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        with pytest.raises(MockError, match=rf"port {port} on 127\.0\.0\.1 .*in use.*--port 0"):
            Mock(PETS).start(port=port)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70_000), ("192.0.2.1", 0)], ids=["port", "address"])
def test_an_address_that_cannot_be_is_told(host: str, port: int) -> None:
    with pytest.raises(MockError, match="cannot be opened"):
        open_socket(host, port)


def test_every_address_is_reached_by_that_of_this_machine() -> None:
    with open_socket("0.0.0.0", 0) as sock:
        assert url_of(sock) == f"http://127.0.0.1:{sock.getsockname()[1]}"


def test_a_document_that_is_none_is_told(tmp_path: object) -> None:
    with pytest.raises(DocumentError, match="nowhere"):
        Mock(f"{tmp_path}/nowhere.yaml")


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"sede": 1}, "no setting named sede"), ({"plan": "gold"}, "no plan named 'gold'")],
    ids=["setting", "plan"],
)
def test_a_setting_that_is_none_is_told(fields: dict[str, object], told: str) -> None:
    with pytest.raises(MockError, match=told):
        Mock(PETS, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\0\xff\xfe\r\n\r\n", id="garbage"),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            id="two lengths",
        ),
        pytest.param(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", id="no number"),
        pytest.param(b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", id="long target"),
    ],
)
def test_bad_http_is_refused_and_the_next_is_served(running: Running, data: bytes) -> None:
    assert speak(running.url, data).startswith(b"HTTP/1.1 400 ")
    assert httpx.get(running.url).status_code == 200


def test_a_body_too_large_is_answered_before_the_connection_ends(running: Running) -> None:
    assert httpx.post(running.url, content=b"x" * 3_000_000).status_code == 413


def test_an_answer_never_waits_for_the_next() -> None:
    """The socket names its protocol: only then is Nagle's algorithm off for what it accepts."""
    with open_socket("127.0.0.1", 0) as sock:
        assert sock.proto == socket.IPPROTO_TCP
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_a_webhook_arrives_over_the_network() -> None:
    arrived = threading.Event()

    class Receiver(FakeCore):
        def due(self, state: object, now: float) -> tuple[object, tuple[Delivery, ...]]:  # type: ignore[override]
            return state, ()

    receiver = run(open_socket("127.0.0.1", 0), Host(Receiver(), on_exchange=lambda exchange: arrived.set()))

    class Calling(FakeCore):
        def due(self, state: object, now: float) -> tuple[object, tuple[Delivery, ...]]:  # type: ignore[override]
            state, deliveries = super().due(state, now)  # type: ignore[arg-type]
            return state, tuple(replace(each, url=receiver.url) for each in deliveries)

    sender = run(open_socket("127.0.0.1", 0), Host(Calling()))
    try:
        httpx.post(f"{sender.url}/hook")
        assert arrived.wait(3)
        assert receiver.host.journal[0].request.body == b"{}"
    finally:
        sender.stop()
        receiver.stop()


def test_a_request_that_is_none_is_not_told_to_the_user(caplog: pytest.LogCaptureFixture) -> None:
    running = run(open_socket("127.0.0.1", 0), Host(FakeCore()))
    try:
        port = int(running.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=3) as sock:
            sock.sendall(b"nonsense\x1b[2J\r\n\r\n")
            assert b" 400 " in sock.recv(1000)
    finally:
        running.stop()
    assert caplog.text == ""


def test_who_closes_the_own_half_is_still_answered() -> None:
    """Also when the answer is worked out in a thread, as that of a large body is."""
    server = run(open_socket("127.0.0.1", 0), Host(FakeCore()))
    try:
        place = httpx.URL(server.url)
        with socket.create_connection((place.host, place.port or 80), timeout=3) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000)
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")
    finally:
        server.stop()
