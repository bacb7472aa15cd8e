"""Bytes at the socket that no client should send: each is answered or hung up on, and the mock goes on.

A table of known troubles, then a fuzzer with a seed: some seconds of it always, two minutes with `-m slow`.
"""

from __future__ import annotations

import gc
import random
import re
import resource
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from mockserver import Mock
from mockserver.serving import guarding
from mockserver.serving.server import Running

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Raw", "version": "1"},
    "paths": {
        "/it": {
            "get": {"responses": {"200": {"description": "It", "content": {"application/json": {"example": 1}}}}},
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"type": "object", "properties": {"a": {"type": "integer"}}}},
                        "multipart/form-data": {"schema": {"type": "object"}},
                        "application/x-www-form-urlencoded": {"schema": {"type": "object"}},
                    }
                },
                "responses": {"201": {"description": "Made", "content": {"application/json": {"example": 2}}}},
            },
        },
    },
}
GET = b"GET /it HTTP/1.1\r\nHost: mock\r\n\r\n"
POST = b"POST /it HTTP/1.1\r\nHost: mock\r\nContent-Type: application/json\r\n"
CLOSE = b"GET /it HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n"
_PATIENCE_SECONDS = 5.0
#: More than this may still be on its way when the server hangs up, and an answer is then lost with the connection.
_AT_ONCE_BYTES = 2**14


class Place(NamedTuple):
    host: str
    port: int


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with Mock(DOCUMENT, journal_size=50).running() as running:
        yield running


@pytest.fixture
def place(running: Running) -> Iterator[Place]:
    """Where the mock listens; after the test it must answer as ever."""
    url = httpx.URL(running.url)
    place = Place(url.host, url.port or 80)
    yield place
    assert statuses(speak(place, CLOSE)) == [200]


def speak(place: Place, *pieces: bytes, pause_seconds: float = 0.0, is_half_closed: bool = True) -> bytes:
    """All that the server says to bytes before it hangs up; a hang is an error."""
    with socket.create_connection(place, timeout=_PATIENCE_SECONDS) as connection:
        with suppress(ConnectionError):
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause_seconds)
        if is_half_closed:
            with suppress(OSError):  # the server may have hung up
                connection.shutdown(socket.SHUT_WR)
        said = b""
        with suppress(ConnectionError):
            while chunk := connection.recv(65536):
                said += chunk
        return said


def statuses(said: bytes) -> list[int]:
    """The statuses of the responses in what a server said."""
    return [int(found) for found in re.findall(rb"HTTP/1\.1 ([0-9]{3}) [A-Z]", said)]


TROUBLES: dict[str, tuple[bytes, list[int]]] = {
    "nothing": (b"", []),
    "NUL bytes": (b"\0" * 100, [400]),
    "a TLS hello": (bytes.fromhex("16030100a5010000a10303") + bytes(range(160)), [400]),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400]),
    "HTTP/0.9": (b"GET /it\r\n", [400]),
    "HTTP/1.0": (b"GET /it HTTP/1.0\r\n\r\n", [200]),
    "HTTP/3.7": (b"GET /it HTTP/3.7\r\nHost: mock\r\n\r\n", [400]),
    "no method": (b" /it HTTP/1.1\r\nHost: mock\r\n\r\n", [400]),
    "an unknown method": (b"FROB /it HTTP/1.1\r\nHost: mock\r\n\r\n", [400]),
    "absolute-form": (b"GET http://mock/it HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n", [200]),
    "asterisk-form": (b"OPTIONS * HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n", [404]),
    "authority-form": (b"CONNECT mock:80 HTTP/1.1\r\nHost: mock\r\n\r\n", [400]),
    "a space in the target": (b"GET /it me HTTP/1.1\r\nHost: mock\r\n\r\n", [400]),
    "raw bytes in the target": (b"GET /\xff\xfe HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n", [400]),
    "a header without a name": (b"GET /it HTTP/1.1\r\n: mock\r\n\r\n", [400]),
    "a header without a colon": (b"GET /it HTTP/1.1\r\nHost mock\r\n\r\n", [400]),
    "a space before the colon": (b"GET /it HTTP/1.1\r\nHost : mock\r\n\r\n", [400]),
    "a NUL in a header": (b"GET /it HTTP/1.1\r\nHost: mo\0ck\r\n\r\n", [400]),
    "a header folded": (b"GET /it HTTP/1.1\r\nHost: mock\r\nX: a\r\n b\r\n\r\n", [400]),
    "a head too long": (b"GET /it HTTP/1.1\r\nX: " + b"a" * 2**20, [431]),
    "too many headers": (b"GET /it HTTP/1.1\r\n" + b"X: a\r\n" * 200_000, [431]),
    "a target too long": (b"GET /" + b"a" * 2**20, [431]),
    "a length that is none": (POST + b"Content-Length: ten\r\n\r\n{}", [400]),
    "a negative length": (POST + b"Content-Length: -2\r\n\r\n{}", [400]),
    "two lengths": (POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", [400]),
    "a list of lengths": (POST + b"Content-Length: 2, 2\r\n\r\n{}", [400]),
    "a length beyond all": (POST + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n{}", [400]),
    "a length and chunks": (POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400]),
    "chunks, then another coding": (POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", [400]),
    "a chunk size that is none": (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n", [400]),
    "a chunk too short": (POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n", [400]),
    "a chunk size beyond all": (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 20 + b"\r\n", [400]),
    "a body cut off": (POST + b"Content-Length: 100\r\n\r\n{", []),
    "chunks cut off": (POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{", []),
    "a head cut off": (GET[:20], []),
    "a second request of rubbish": (GET + b"\0\0\0", [200, 400]),
}  # fmt: skip


#: What is answered in the end, and what was before it, may be lost.
MAY_LOSE = {"HTTP/0.9", "a second request of rubbish"}


@pytest.mark.parametrize("case", TROUBLES)
def test_a_trouble_is_answered_or_hung_up_on(place: Place, case: str) -> None:
    data, wanted = TROUBLES[case]
    found = statuses(speak(place, data))
    if case in MAY_LOSE or len(data) > _AT_ONCE_BYTES:
        assert found in (wanted, wanted[1:], wanted[:1])
    else:
        assert found == wanted


def test_requests_in_one_piece_are_answered_in_their_order(place: Place) -> None:
    said = speak(place, GET * 20 + POST + b"Content-Length: 2\r\n\r\n{}" + CLOSE, is_half_closed=False)
    assert statuses(said) == [200] * 20 + [201, 200]


def test_a_request_byte_by_byte_is_a_request(place: Place) -> None:
    assert statuses(speak(place, *(bytes([byte]) for byte in CLOSE), is_half_closed=False)) == [200]


@pytest.mark.parametrize("case", ["get", "post", "chunked"])
def test_a_request_may_be_cut_off_anywhere(place: Place, case: str) -> None:
    whole = {
        "get": GET,
        "post": POST + b'Content-Length: 8\r\n\r\n{"a": 1}',
        "chunked": POST + b'Transfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n4\r\n: 1}\r\n0\r\n\r\n',
    }[case]
    for end in range(len(whole)):
        assert set(statuses(speak(place, whole[:end]))) <= {200, 201, 400}, whole[:end]


def test_who_resets_the_connection_is_forgotten(place: Place, running: Running) -> None:
    for piece in (b"", GET[:10], GET, POST + b"Content-Length: 100\r\n\r\n"):
        connection = socket.create_connection(place)
        connection.sendall(piece)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()


@pytest.fixture
def hurried(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A mock that waits for a fifth of a second where it would for many."""
    monkeypatch.setattr(guarding, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(guarding, "SILENCE_SECONDS", 0.2)
    return place


def test_a_slow_head_is_ended(hurried: Place) -> None:
    with socket.create_connection(hurried, timeout=_PATIENCE_SECONDS) as connection:
        connection.sendall(b"GET /it HTTP/1.1\r\nHost: mock\r\n")
        ends, said = time.monotonic() + _PATIENCE_SECONDS, b""
        connection.settimeout(0.1)
        while not said and time.monotonic() < ends:
            with suppress(TimeoutError):
                connection.sendall(b"X: a\r\n")
                said = connection.recv(1000)
    assert statuses(said) == [408]


@pytest.mark.parametrize(
    ("piece", "wanted"),
    [(b"", []), (POST + b"Content-Length: 9\r\n\r\n{", [408])],
    ids=["before a request", "in a body"],
)
def test_who_stays_silent_is_hung_up_on(hurried: Place, piece: bytes, wanted: list[int]) -> None:
    assert statuses(speak(hurried, piece, is_half_closed=False)) == wanted


def test_a_trailer_has_an_end(place: Place) -> None:
    endless = POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX: "
    with socket.create_connection(place, timeout=_PATIENCE_SECONDS) as connection:
        connection.sendall(endless)
        with pytest.raises(ConnectionError):
            connection.sendall(b"a" * 2**27)


def test_a_thousand_idle_connections_keep_nobody_out(place: Place) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
    try:
        with ExitStack() as stack:
            for _ in range(1000):
                stack.enter_context(socket.create_connection(place, timeout=_PATIENCE_SECONDS))
            assert statuses(speak(place, CLOSE)) == [200]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_of_too_many_connections_the_one_silent_longest_is_ended(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "MOST_CONNECTIONS", 5)
    with ExitStack() as stack:
        connections = [stack.enter_context(socket.create_connection(place, timeout=1)) for _ in range(10)]
        assert statuses(speak(place, CLOSE)) == [200]
        with suppress(ConnectionError):
            assert connections[0].recv(1) == b""
        connections[-1].sendall(CLOSE)
        assert statuses(connections[-1].recv(1000)) == [200]


class Fuzzer:
    """Requests spoilt in ways that a seed decides."""

    _SEEDS = (
        GET,
        CLOSE,
        POST + b'Content-Length: 8\r\n\r\n{"a": 1}',
        POST + b'Transfer-Encoding: chunked\r\n\r\n8\r\n{"a": 1}\r\n0\r\nX-T: 1\r\n\r\n',
        b"POST /it HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 75\r\n\r\n"
        b'--b\r\nContent-Disposition: form-data; name="a"; filename="x"\r\n\r\n1\r\n--b--\r\n',
        b"POST /it HTTP/1.1\r\nHost: mock\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
        b"GET http://mock/it?a=%ff&b[]=1 HTTP/1.1\r\nHost: mock\r\nCookie: a=b; c\r\nPrefer: code=404\r\n\r\n",
        b"GET /it HTTP/1.1\r\nHost: mock\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    )
    _PIECES = (
        b"\0", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\xff", b" ", b"\t", b":", b",", b"%", b"%zz", b"{", b"[" * 500,
        b"9" * 400, b"a" * 5000, b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Length: 0\r\n",
        b"Transfer-Encoding: identity\r\n", b"Connection: close\r\n", b"Host: b\r\n", b"Expect: 100-continue\r\n",
        b"Content-Encoding: gzip\r\n", b"Content-Type: multipart/form-data; boundary=\r\n", b"Prefer: code=999\r\n",
        b"Content-Type: application/json; charset=utf-99\r\n", b"Accept: ;;;q=x, */*;q=9\r\n", b"Range: bytes=9-1\r\n",
        b"-1", b"ffffffffffffffff", b"GET ", b" HTTP/1.1", b"/_mock/", b"?__code=1", b"\xe2\x80\xae",
    )  # fmt: skip

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def pieces(self) -> list[bytes]:
        """What is sent, in pieces."""
        data = bytearray(b"".join(self._random.choices(self._SEEDS, k=self._random.randint(1, 3))))
        for _ in range(self._random.choice((0, 1, 1, 2, 3, 8))):
            self._spoil(data)
        if self._random.random() < 0.2:
            cut = self._random.randint(0, len(data))
            return [bytes(data[:cut]), bytes(data[cut:])]
        return [bytes(data)]

    def _spoil(self, data: bytearray) -> None:
        at = self._random.randint(0, len(data))
        deed = self._random.randrange(5)
        if deed == 0:
            data[at:at] = self._random.choice(self._PIECES)
        elif deed == 1:
            del data[at : at + self._random.randint(1, 20)]
        elif deed == 2 and at < len(data):
            data[at] = self._random.randrange(256)
        elif deed == 3:
            data[at : at + 8] = self._random.choice(self._PIECES)
        else:
            del data[at:]


def _fuzz(place: Place, seed: int, seconds: float) -> int:
    fuzzer, ends, count = Fuzzer(seed), time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        pieces = fuzzer.pieces()
        found = statuses(speak(place, *pieces))
        assert not [status for status in found if status == 500 or status > 501], pieces
        count += 1
    return count


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _check(place: Place, running: Running, seconds: float) -> None:
    _fuzz(place, 1, min(seconds / 4, 5))
    gc.collect()
    threads, memory = threading.active_count(), _resident_bytes()
    assert _fuzz(place, 2, seconds) > 10 * seconds
    gc.collect()
    assert threading.active_count() <= threads + 1
    # What is kept of requests has bounds, which fill up.
    assert _resident_bytes() < memory + 60 * 2**20


def test_some_seconds_of_spoilt_requests(place: Place, running: Running) -> None:
    _check(place, running, 2)


@pytest.mark.slow
def test_two_minutes_of_spoilt_requests(place: Place, running: Running) -> None:
    _check(place, running, 120)
