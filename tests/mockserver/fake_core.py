"""A core of few lines: it counts requests, echoes them, and queues a webhook when asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mockserver.app import Answer, Delivered, Delivery
from mockserver.timing import REAL_TIME, Pace
from syncdyn.openapi.messages import Headers, Request, Response

HOOK = Delivery("http://127.0.0.1:9/hook", Headers({"content-type": "application/json"}), b"{}", "done", 0.0)


@dataclass(frozen=True)
class FakeState:
    count: int = 0
    queued: tuple[Delivery, ...] = ()
    pace: Pace = REAL_TIME
    posted: tuple[Delivered, ...] = ()


class FakeCore:
    """`/boom` fails; `/hook` queues a webhook that is due `delay_seconds` later; the rest is echoed."""

    def __init__(self, delay_seconds: float = 0.0) -> None:
        self.delay_seconds = delay_seconds

    def initial_state(self, now: float) -> FakeState:
        return FakeState()

    def answer(self, state: FakeState, now: float, request: Request) -> Answer:
        if "/boom" in request.url:
            raise ZeroDivisionError("a secret of the inside")
        if request.method == "HEAD" and "/get-only" in request.url:
            return Answer(Response(405, Headers({"allow": "GET, HEAD"})), state, None, ())  # type: ignore[arg-type]
        queued = state.queued
        if "/hook" in request.url:
            queued = (*queued, replace(HOOK, at=now + self.delay_seconds))
        body = f"{state.count} {request.method} {request.url} {len(request.body)}".encode()
        response = Response(200, Headers({"content-type": "text/plain", "x-line": "a\r\nb: c"}), body)
        return Answer(response, replace(state, count=state.count + 1, queued=queued), "GET /", ())  # type: ignore[arg-type]

    def due(self, state: FakeState, now: float) -> tuple[FakeState, tuple[Delivery, ...]]:
        ready = tuple(each for each in state.queued if each.at <= now)
        return replace(state, queued=tuple(each for each in state.queued if each.at > now)), ready

    def next_due(self, state: FakeState) -> float | None:
        return min((each.at for each in state.queued), default=None)

    def delivered(self, state: FakeState, now: float, delivered: Delivered) -> FakeState:
        return replace(state, posted=(*state.posted, delivered))

    def problem(self, status: int, detail: str) -> Response:
        return Response(status, Headers({"content-type": "text/plain"}), f"{status}: {detail}".encode())
