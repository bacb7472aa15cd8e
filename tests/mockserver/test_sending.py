"""Responses on their way through a server: headers, and manners."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from mockserver.manners import Ending, Manner
from mockserver.serving.incoming import has_no_body
from mockserver.serving.outgoing import Cut, raw_headers, write_in_manner
from syncdyn.openapi.messages import Headers, Request, Response

pytestmark = pytest.mark.anyio

GET, HEAD = Request("GET", "http://mock/"), Request("HEAD", "http://mock/")
ANSWER = Response(200, Headers([("Content-Type", "text/plain"), ("Content-Length", "99")]), b"0123456789")


class Transport:
    """A server's hold of a connection."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.is_closed = asyncio.Event()

    def get_extra_info(self, name: str) -> Transport:
        return self

    def setsockopt(self, *_: object) -> None:
        self.calls.append("no linger")

    def abort(self) -> None:
        self.calls.append("abort")
        self.is_closed.set()

    def close(self) -> None:
        self.calls.append("close")
        self.is_closed.set()


class Cycle:
    """One exchange of a server such as uvicorn: `send` is its method."""

    def __init__(self) -> None:
        self.transport = Transport()
        self.sent: list[dict[str, Any]] = []

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    async def receive(self) -> dict[str, Any]:
        await self.transport.is_closed.wait()
        return {"type": "http.disconnect"}

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


async def send(manner: Manner, request: Request = GET) -> Cycle:
    cycle = Cycle()
    await write_in_manner(cycle.send, cycle.receive, request, ANSWER, manner)
    return cycle


async def test_a_late_answer_is_whole() -> None:
    began = time.monotonic()
    cycle = await send(Manner(delay_seconds=0.05))
    assert time.monotonic() - began >= 0.05
    assert (cycle.body, cycle.sent[-1].get("more_body", False)) == (ANSWER.body, False)


async def test_a_slow_body_comes_in_pieces_at_its_pace() -> None:
    began = time.monotonic()
    cycle = await send(Manner(bytes_per_second=60))
    assert time.monotonic() - began >= 10 / 60
    assert (cycle.body, len(cycle.sent)) == (ANSWER.body, 1 + 4 + 1)


async def test_a_truncated_body_stops_below_its_length() -> None:
    cycle = await send(Manner(ending=Ending.TRUNCATED))
    assert (cycle.body, cycle.transport.calls) == (b"01234", ["close"])
    assert (b"content-length", b"10") in cycle.sent[0]["headers"]
    assert cycle.sent[-1]["more_body"]


async def test_a_reset_connection_is_answered_nothing() -> None:
    cycle = await send(Manner(ending=Ending.RESET))
    assert (cycle.sent, cycle.transport.calls) == ([], ["no linger", "abort"])


async def test_a_client_that_leaves_meanwhile_is_answered_nothing() -> None:
    cycle = Cycle()
    cycle.transport.close()
    await write_in_manner(cycle.send, cycle.receive, GET, ANSWER, Manner(delay_seconds=60))
    assert cycle.sent == []


async def test_a_server_that_shows_no_connection_has_to_end_it_itself() -> None:
    async def emit(_message: dict[str, Any]) -> None:
        await asyncio.sleep(0)

    with pytest.raises(Cut):
        await write_in_manner(emit, Cycle().receive, GET, ANSWER, Manner(ending=Ending.RESET))


def test_the_length_is_that_of_the_body_whatever_was_stated() -> None:
    assert raw_headers(ANSWER, GET) == [(b"content-type", b"text/plain"), (b"content-length", b"10")]
    empty = Response(200, ANSWER.headers)
    assert dict(raw_headers(empty, HEAD))[b"content-length"] == b"99"
    assert dict(raw_headers(empty, GET))[b"content-length"] == b"0"


@pytest.mark.parametrize(
    ("version", "fields", "is_empty"),
    [
        pytest.param("1.1", {}, True, id="nothing stated"),
        pytest.param("1.1", {"content-length": "0"}, False, id="length"),
        pytest.param("1.1", {"transfer-encoding": "chunked"}, False, id="chunked"),
        pytest.param("2", {}, False, id="HTTP/2, which frames bodies itself"),
    ],
)
def test_a_body_that_cannot_come_is_not_awaited(version: str, fields: dict[str, str], *, is_empty: bool) -> None:
    assert has_no_body({"http_version": version}, Headers(fields)) is is_empty
