"""Faults of the connection, over a real socket: what a client sees is what a failing network does."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from mockserver import Mock
from syncdyn.openapi.messages import Json
from tests.mockserver.faults.conftest import DOCUMENT


@pytest.fixture
def mock() -> Mock:
    return Mock(DOCUMENT, seed=1)


@pytest.fixture
def url(mock: Mock) -> Iterator[str]:
    with mock.serve() as url:
        yield url


def _raw(url: str, method: str = "GET", path: str = "/orders") -> socket.socket:
    host, _, port = url.removeprefix("http://").partition(":")
    connection = socket.create_connection((host, int(port)), 5)
    connection.sendall(f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return connection


def _read(connection: socket.socket) -> bytes:
    received = b""
    while piece := connection.recv(65536):
        received += piece
    return received


def test_a_reset_connection_is_reset_before_a_byte_came(mock: Mock, url: str) -> None:
    mock.faults.add(operation="listOrders", do="reset")
    with closing(_raw(url)) as connection, pytest.raises(ConnectionResetError) as caught:
        _read(connection)
    assert caught.value.errno == errno.ECONNRESET


def test_a_lost_answer_is_a_reset_after_the_work_was_done(mock: Mock, url: str) -> None:
    with mock.faults.add(do="lost"), pytest.raises(httpx.ReadError):
        httpx.post(f"{url}/orders", json={"amount": 3})
    assert len(mock.host.state.all("orders")) == 1


def test_a_truncated_body_tells_its_whole_length_and_ends_before(mock: Mock, url: str) -> None:
    whole = b"x" * 100
    mock.faults.add(do="truncated", body=whole.decode())
    with closing(_raw(url)) as connection:
        head, _, body = _read(connection).partition(b"\r\n\r\n")
    assert f"content-length: {len(whole)}".encode() in head.lower()
    assert 0 < len(body) < len(whole)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        httpx.get(f"{url}/orders")


def test_a_slow_body_comes_in_pieces_over_its_time(mock: Mock, url: str) -> None:
    mock.faults.add(body="x" * 100, bytes_per_second=400)
    started = time.monotonic()
    with httpx.stream("GET", f"{url}/orders") as answer:
        pieces = list(answer.iter_raw())
    assert 0.15 <= time.monotonic() - started < 2
    assert (b"".join(pieces), len(pieces) > 2) == (b"x" * 100, True)


def test_latency_passes_before_the_answer(mock: Mock, url: str) -> None:
    mock.faults.add(latency=0.2)
    started = time.monotonic()
    assert httpx.get(f"{url}/orders").status_code == 200
    assert 0.2 <= time.monotonic() - started < 2


@pytest.mark.parametrize("words", [{"latency": 5}, {"bytes_per_second": 1}], ids=["late", "slow"])
def test_a_client_that_does_not_wait_is_not_waited_for(mock: Mock, url: str, words: dict[str, Json]) -> None:
    mock.faults.add(**words, first=1)
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{url}/orders", timeout=0.2)
    assert httpx.get(f"{url}/orders", timeout=2).status_code == 200


def test_other_connections_live_on(mock: Mock, url: str) -> None:
    with httpx.Client() as steady, httpx.Client() as struck:
        assert steady.get(f"{url}/orders").status_code == 200
        with mock.faults.add(do="reset", times=1), pytest.raises(httpx.ReadError):
            struck.get(f"{url}/orders")
        assert [client.get(f"{url}/orders").status_code for client in (steady, struck)] == [200, 200]


def test_rules_are_added_listed_and_taken_away_over_http(url: str) -> None:
    added = httpx.post(f"{url}/_mock/faults", json={"operation": "createOrder", "nth": 2, "status": 503})
    assert (added.status_code, added.json()["faults"][0]["id"]) == (201, "fault-1")
    assert [httpx.post(f"{url}/orders", json={"amount": 1}).status_code for _ in range(3)] == [201, 503, 201]
    (rule,) = httpx.get(f"{url}/_mock/faults").json()["faults"]
    assert (rule["seen"], rule["struck"]) == (3, 1)
    assert httpx.delete(f"{url}/_mock/faults/fault-1").status_code == 204
    assert httpx.get(f"{url}/_mock/faults").json() == {"faults": []}


def test_a_rule_with_mistakes_is_refused_with_them_over_http(url: str) -> None:
    answer = httpx.post(f"{url}/_mock/faults", json={"stauts": 503})
    assert (answer.status_code, "did you mean 'status'" in answer.json()["detail"]) == (422, True)
    assert httpx.delete(f"{url}/_mock/faults/none").status_code == 404


def test_all_rules_are_taken_away_over_http(mock: Mock, url: str) -> None:
    httpx.post(f"{url}/_mock/faults", json={"faults": [{"status": 503}, {"do": "reset"}]})
    assert httpx.delete(f"{url}/_mock/faults").status_code == 204
    assert mock.faults.rules == ()


def test_the_journal_tells_which_rule_struck(mock: Mock, url: str) -> None:
    mock.faults.add(id="busy", status=503, first=1)
    for _ in range(2):
        httpx.get(f"{url}/orders")
    assert [one["fault"] for one in httpx.get(f"{url}/_mock/requests").json()["requests"]] == ["busy", None]
