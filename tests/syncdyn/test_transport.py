"""The two drivers: what they do with time, streams and the connections that are theirs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import httpx
import pytest

from syncdyn import ApiTimeoutError, AsyncClient, AsyncSync, Client, ConfigurationError, NotFoundError, Sync
from syncdyn.flow import NOW, Emit, Flow, Send, Wait
from syncdyn.openapi.messages import Request
from syncdyn.transport import AwaitingTransport, BlockingTransport, clock, library
from tests.syncdyn.fakes import GENERATION, GENERATION_ID, KEY, START, Clock, Connect, Service, answer, failure


def test_the_clock_tells_the_time_of_day_and_never_runs_backwards() -> None:
    now = clock()
    first, second = now(), now()
    assert first <= second
    assert abs(second - time.time()) < 5


class Trickle(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that takes a second for each byte; whether it was closed is noted."""

    def __init__(self, clock: Clock, count: int) -> None:
        self.clock = clock
        self.count = count
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self.count):
            self.clock.sleep(1)
            yield b" "

    async def __aiter__(self) -> Any:
        for piece in self:
            yield piece

    def close(self) -> None:
        self.is_closed = True

    async def aclose(self) -> None:
        self.is_closed = True


def test_the_deadline_holds_while_a_body_trickles_in(connect: Connect, clock: Clock) -> None:
    body = Trickle(clock, 60)
    client = connect(lambda request: httpx.Response(200, stream=body), deadline=10)
    with pytest.raises(ApiTimeoutError, match="the deadline passed while the answer was being read"):
        client.generations.get(GENERATION_ID)
    assert clock.time - START <= 11
    assert body.is_closed


def test_a_deadline_that_is_kept_changes_nothing(connect: Connect) -> None:
    assert connect(Service(answer(200, GENERATION)), deadline=10).generations.get(GENERATION_ID).status == "COMPLETED"


def test_an_iteration_that_is_left_closes_its_stream(connect: Connect, clock: Clock) -> None:
    class Lines(Trickle):
        def __iter__(self) -> Iterator[bytes]:
            yield from [b'{"request_id":"r1"}\n'] * 9

    body = Lines(clock, 0)
    records = iter(connect(lambda request: httpx.Response(200, stream=body)).batch.results("https://f.example.com/r"))
    assert next(records).request_id == "r1"
    records.close()
    assert body.is_closed


def test_real_sleeps_pass_real_time() -> None:
    def nap() -> Flow[float]:
        began = yield NOW
        yield Wait(0.02)
        ended = yield NOW
        return float(ended - began)

    assert BlockingTransport().run(nap()) >= 0.02
    assert asyncio.run(AwaitingTransport().run(nap())) >= 0.02


def test_closing_a_client_that_never_called_opens_nothing() -> None:
    client = Sync(api_key=KEY)
    client.close()
    assert not client._transport.is_open
    other = AsyncSync(api_key=KEY)
    asyncio.run(other.close())
    assert not other._transport.is_open


def test_a_deadline_bounds_timeouts_that_are_longer_or_missing(connect: Connect) -> None:
    transport = connect.transport(connect.http(Service(), timeout=httpx.Timeout(5, read=None)))
    built = transport.build(Send(Request("GET", "https://x.example.com"), most_seconds=9))
    assert built.extensions["timeout"] == {"connect": 5, "read": 9, "write": 5, "pool": 5}


def test_what_a_flow_emits_is_passed_over_where_only_its_end_is_wanted(connect: Connect) -> None:
    def flow() -> Flow[str]:
        yield Emit(1)
        return "end"

    transport = connect.transport(connect.http(Service()))
    run = transport.run(flow())
    assert (connect.loop.run_until_complete(run) if connect.loop else run) == "end"


def test_a_refusal_that_a_hook_raised_unread_is_told_by_its_status(connect: Connect) -> None:
    def refuse(response: httpx.Response) -> None:
        response.raise_for_status()

    async def refuse_awaited(response: httpx.Response) -> None:
        refuse(response)

    def missing(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404, stream=Trickle(Clock(), 1))

    http = connect.http(missing, event_hooks={"response": [refuse_awaited if connect.is_async else refuse]})
    with pytest.raises(NotFoundError) as caught:
        connect(missing, http=http).generations.get(GENERATION_ID)
    assert not caught.value.body


def test_a_fault_of_the_callers_own_code_goes_through(connect: Connect) -> None:
    with pytest.raises(RuntimeError, match=r"^mine$"):
        connect(failure(RuntimeError, "mine")).generations.get(GENERATION_ID)


def test_an_awaited_client_that_sent_nothing_is_closed_outside_any_loop() -> None:
    transport = AwaitingTransport()
    with pytest.raises(StopIteration):  # the end of a coroutine that awaits nothing
        transport.close().send(None)
    assert transport.is_closed


def test_certificates_that_cannot_be_read_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a module of its own, as in a new process: the certificates are read once for all clients."""
    spec = spec_from_file_location("anew", library.__file__)
    assert spec is not None
    assert spec.loader is not None
    anew = module_from_spec(spec)
    spec.loader.exec_module(anew)
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/certificates.pem")
    with pytest.raises(ConfigurationError, match="SSL_CERT_FILE or SSL_CERT_DIR cannot be read"):
        anew.made("Client")


NOTHING = {"openapi": "3.1.0", "servers": [{"url": "https://a.example"}], "paths": {}}


def _queries(connect: Connect, *answers: Any) -> list[str]:
    """The URLs asked for by a client of the caller's that adds to each query."""
    service = Service(*answers)
    transport = connect.transport(connect.http(service, params={"team": "s3cret", "q": "theirs"}))
    client = (AsyncClient if connect.is_async else Client)(NOTHING, transport=transport)
    connect._as_blocking(client).request("GET", "/pets", params={"q": "a b,c"})
    return [str(request.url) for request in service.requests]


def test_what_the_callers_client_adds_to_a_query_stands_beside_the_arguments(connect: Connect) -> None:
    assert _queries(connect, answer(200, [])) == ["https://a.example/pets?q=a%20b%2Cc&team=s3cret"]


def test_what_the_callers_client_adds_to_a_query_goes_to_no_other_origin(connect: Connect) -> None:
    moved = answer(302, headers={"Location": "https://b.example/pets?q=1"})
    assert _queries(connect, moved, answer(200, []))[1] == "https://b.example/pets?q=1"


@pytest.mark.parametrize(
    ("stated", "sent"), [("t0ken", "Bearer t0ken"), (None, "Basic dTpw")], ids=["a token", "nothing"]
)
def test_what_is_given_as_auth_goes_before_that_of_the_callers_client(
    connect: Connect, stated: str | None, sent: str
) -> None:
    service = Service(answer(200, []))
    transport = connect.transport(connect.http(service, auth=("u", "p")))
    client = (AsyncClient if connect.is_async else Client)(NOTHING, transport=transport, auth=stated)
    connect._as_blocking(client).request("GET", "/pets")
    assert service.last.headers["authorization"] == sent
