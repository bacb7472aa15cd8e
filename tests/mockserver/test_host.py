from __future__ import annotations

import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mockserver.app import Answer
from mockserver.clock import VirtualClock
from mockserver.errors import MockError
from mockserver.host import Host
from mockserver.journal import Exchange, Journal
from mockserver.storing.memory import MemoryStore
from syncdyn.openapi.messages import Request, Response
from tests.mockserver.fake_core import HOOK, FakeCore, FakeState

GET = Request("GET", "http://mock/a")


def test_a_request_is_answered_from_the_state_the_one_before_left() -> None:
    host = Host(FakeCore())
    assert [host.handle(GET).body[:1] for _ in range(3)] == [b"0", b"1", b"2"]


def test_no_request_is_lost_among_threads() -> None:
    host = Host(FakeCore())
    with ThreadPoolExecutor(8) as pool:
        bodies = set(pool.map(lambda _: host.handle(GET).body, range(400)))
    assert host.state.count == len(bodies) == 400


def test_a_slow_answer_keeps_no_other_waiting() -> None:
    release = threading.Event()

    class Slow(FakeCore):
        def answer(self, state: FakeState, now: float, request: Request) -> Answer:
            if request.url.endswith("/slow"):
                release.wait(5)
            return super().answer(state, now, request)

    host = Host(Slow())
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(host.handle, Request("GET", "http://mock/slow"))
        assert host.handle(GET).body.startswith(b"0 ")
        release.set()
        assert slow.result(5).body.startswith(b"1 ")


def test_a_fault_of_the_core_is_a_500_without_its_inside(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "mockserver"):
        response = Host(FakeCore()).handle(Request("GET", "http://mock/boom?key=s3cret"))
    assert response.status == 500
    assert response.body == b"500: the mock failed on this request; its log says where"
    assert b"secret" not in response.body
    assert "ZeroDivisionError" in caplog.text
    assert "s3cret" not in caplog.text


def test_what_the_mock_cannot_do_is_told_in_the_500() -> None:
    class Bare(FakeCore):
        def answer(self, state: FakeState, now: float, request: Request) -> Answer:
            raise MockError("clips need PyAV")

    assert Host(Bare()).handle(GET).body == b"500: clips need PyAV"


def test_a_core_that_has_no_words_left_is_a_plain_problem() -> None:
    class Speechless(FakeCore):
        def problem(self, status: int, detail: str) -> Response:
            raise ZeroDivisionError

    response = Host(Speechless()).handle(Request("GET", "http://mock/boom"))
    assert (response.status, json.loads(response.body)["status"]) == (500, 500)


def test_head_is_answered_as_get_without_the_body() -> None:
    host = Host(FakeCore())
    response = host.handle(Request("HEAD", "http://mock/get-only"))
    assert (response.status, response.body) == (200, b"")
    assert int(response.headers["content-length"]) > 0


def test_the_journal_tells_request_response_operation_and_time() -> None:
    clock = VirtualClock(100.0)
    host = Host(FakeCore(), clock=clock)
    clock.advance(5)
    response = host.handle(GET)
    (exchange,) = host.journal
    assert (exchange.request, exchange.response) == (GET, response)
    assert (exchange.operation, exchange.at) == ("GET /", 105.0)


def test_the_journal_keeps_the_latest() -> None:
    host = Host(FakeCore(), journal_size=2)
    bodies = [host.handle(GET).body for _ in range(3)]
    assert [exchange.response.body for exchange in host.journal] == bodies[1:]


def test_the_journal_is_bounded_in_bytes_but_keeps_the_last() -> None:
    journal = Journal(size=10, most_bytes=100)
    for size in (60, 60, 500):
        journal.add((GET, Response(200, body=b"x" * size), None, (), 0.0, 0.0, None))
    assert [len(exchange.response.body) for exchange in journal.exchanges] == [500]


def test_reset_begins_anew() -> None:
    host = Host(FakeCore())
    host.handle(GET)
    host.reset()
    assert host.journal == ()
    assert host.handle(GET).body.startswith(b"0 ")


def test_a_webhook_is_due_once_and_not_before_its_time() -> None:
    clock = VirtualClock(0.0)
    host = Host(FakeCore(delay_seconds=3), clock=clock)
    host.handle(Request("POST", "http://mock/hook"))
    assert (host.next_due(), host.take_due()) == (3.0, ())
    clock.advance(3)
    assert [each.url for each in host.take_due()] == [HOOK.url]
    assert (host.next_due(), host.take_due()) == (None, ())


def test_an_observer_is_told_and_its_failure_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[Any] = []

    def observe(exchange: Exchange) -> None:
        seen.append(exchange.response.status)
        raise ValueError("the observer's own fault")

    assert Host(FakeCore(), on_exchange=observe).handle(GET).status == 200
    assert seen == [200]
    assert "observer" in caplog.text


def test_a_virtual_clock_goes_forward_only() -> None:
    clock = VirtualClock(10.0)
    assert (clock(), clock.advance(2.5), clock()) == (10.0, 12.5, 12.5)
    with pytest.raises(ValueError, match="forward only"):
        clock.advance(-1)
    with pytest.raises(ValueError, match="forward only"):
        clock.advance(float("nan"))


def test_a_virtual_clock_counts_every_advance_of_every_thread() -> None:
    clock = VirtualClock(0.0)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(clock.advance, [1.0] * 200))
    assert clock() == 200.0


def test_who_waits_for_webhooks_is_woken_by_a_new_one_and_by_time() -> None:
    woken: list[int] = []
    host = Host(FakeCore(delay_seconds=60), clock=VirtualClock(0.0), speed=0)
    end = host.on_wake(lambda: woken.append(1))
    host.handle(GET)
    assert (len(woken), host.seconds_to_next()) == (0, None)
    host.handle(Request("POST", "http://mock/hook"))
    assert (len(woken), host.seconds_to_next()) == (1, float("inf"))
    host.advance(60)
    assert (len(woken), host.seconds_to_next()) == (2, 0.0)
    end()
    host.advance(1)
    assert len(woken) == 2


def test_a_request_whose_state_another_took_is_answered_again() -> None:
    class Contended(MemoryStore):
        refusals = 6

        def keep(self, before: Any, after: Any) -> bool:
            self.refusals -= 1
            return self.refusals < 0 and super().keep(before, after)

    host = Host(FakeCore(), store=Contended)
    assert host.handle(GET).status == 200
    assert (host.state.count, len(host.journal)) == (1, 1)


def test_closing_lets_go_of_what_the_state_is_kept_in() -> None:
    class Closing(MemoryStore):
        closed = False

        def close(self) -> None:
            Closing.closed = True

    Host(FakeCore(), store=Closing).close()
    assert Closing.closed
