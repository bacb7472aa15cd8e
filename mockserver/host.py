"""The one place where the mock's state changes: requests in, responses out, from any thread.

The core is pure, so an answer is worked out on the state as it was found and kept if the state is still
that one; else it is worked out again. A slow answer in one thread so keeps no other waiting.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from mockserver.errors import MockError
from mockserver.journal import Delivered, Exchange, Journal
from syncdyn.openapi.messages import Headers, Request, Response

if TYPE_CHECKING:
    from mockserver.app import Answer, Delivery

_LOG = logging.getLogger("mockserver")
_ATTEMPTS_WITHOUT_LOCK = 4
_METHOD_NOT_ALLOWED = 405


class Core(Protocol):
    """What a host drives: `mockserver.app.Mock`, or a stand-in. `state` is its own affair."""

    def initial_state(self, now: float) -> Any: ...
    def answer(self, state: Any, now: float, request: Request) -> Answer: ...
    def due(self, state: Any, now: float) -> tuple[Any, tuple[Delivery, ...]]: ...
    def next_due(self, state: Any) -> float | None: ...
    def problem(self, status: int, detail: str) -> Response: ...


class Host:
    """A mock at work: its present state, its journal, and what became of its webhooks.

    `clock` gives the mock's time in seconds since 1970; `journal_size` is how many exchanges are kept;
    `on_exchange` is told of each one.
    """

    def __init__(
        self,
        mock: Core,
        *,
        clock: Callable[[], float] = time.time,
        journal_size: int = 1000,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        self.clock = clock
        self._mock = mock
        self._lock = threading.RLock()
        self._state = mock.initial_state(clock())
        self._journal = Journal(journal_size)
        self._deliveries: deque[Delivered] = deque(maxlen=max(journal_size, 0))
        self._on_exchange = on_exchange

    def handle(self, request: Request) -> Response:
        """The response to a request. Never raises: a fault of the mock is a 500 that is logged in full."""
        at, started = self.clock(), time.perf_counter()
        try:
            answer = self._settle(request)
            response, operation, violations = answer.response, answer.operation, answer.violations
            if request.method == "HEAD":
                response = _without_body(response)
        except MockError as error:
            response, operation, violations = self.problem(500, str(error)), None, ()
        except Exception:
            _LOG.exception("the mock failed on %s %s", request.method, request.url.partition("?")[0])
            response, operation, violations = self.problem(500, _FAULT), None, ()
        self.record(Exchange(request, response, operation, violations, at, time.perf_counter() - started))
        return response

    def problem(self, status: int, detail: str) -> Response:
        """The response for a fault outside the mock's core, in the document's words where it has some."""
        try:
            return self._mock.problem(status, detail)
        except Exception:
            _LOG.exception("the mock failed on the words for status %s", status)
            return plain_problem(status, detail)

    def record(self, exchange: Exchange) -> None:
        """Put an exchange into the journal, also one that an edge answered by itself."""
        self._journal.add(exchange)
        if self._on_exchange is not None:
            try:
                self._on_exchange(exchange)
            except Exception:
                _LOG.exception("the observer of exchanges failed")

    def take_due(self) -> tuple[Delivery, ...]:
        """The webhooks whose time has come, each given once."""
        with self._lock:
            self._state, deliveries = self._mock.due(self._state, self.clock())
            return deliveries

    def next_due(self) -> float | None:
        """When the next webhook is due, in seconds since 1970; None when none is queued."""
        return self._mock.next_due(self._state)

    def record_delivery(self, delivered: Delivered) -> None:
        """Keep what became of a webhook."""
        self._deliveries.append(delivered)

    @property
    def deliveries(self) -> tuple[Delivered, ...]:
        """What became of the webhooks, oldest first."""
        return tuple(self._deliveries)

    @property
    def journal(self) -> tuple[Exchange, ...]:
        """The latest exchanges, oldest first."""
        return self._journal.exchanges

    @property
    def state(self) -> Any:
        """The present state, a value that never changes."""
        return self._state

    def use(self, mock: Core) -> None:
        """Go on with another core that understands the same state (other settings of the same document)."""
        with self._lock:
            self._mock = mock

    def reset(self) -> None:
        """Begin anew: the initial state, an empty journal."""
        with self._lock:
            self._state = self._mock.initial_state(self.clock())
            self._journal.clear()
            self._deliveries.clear()

    def _settle(self, request: Request) -> Answer:
        for _ in range(_ATTEMPTS_WITHOUT_LOCK):
            found = self._state
            answer = self._ask(found, request)
            with self._lock:
                if self._state is found:
                    self._state = answer.state
                    return answer
        with self._lock:
            answer = self._ask(self._state, request)
            self._state = answer.state
            return answer

    def _ask(self, state: Any, request: Request) -> Answer:
        now = self.clock()
        answer = self._mock.answer(state, now, request)
        if request.method == "HEAD" and answer.response.status == _METHOD_NOT_ALLOWED:
            # A resource that can be read can be asked about: RFC 9110, section 9.3.2.
            return self._mock.answer(state, now, replace(request, method="GET"))
        return answer


def plain_problem(status: int, detail: str) -> Response:
    """A response that no document describes. Source: RFC 9457."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    content = json.dumps(body, separators=(",", ":")).encode()
    return Response(status, Headers({"content-type": "application/problem+json"}), content)


def _without_body(response: Response) -> Response:
    headers = response.headers
    if "content-length" not in headers:
        headers = headers.replace(content_length=str(len(response.body)))
    return Response(response.status, headers)


_FAULT = "the mock failed on this request; its log says where"
