"""The one place where the mock's state changes: requests in, responses out, from any thread.

The core is pure, so an answer is worked out on the state as it was found and kept if the state is still
that one; else it is worked out again. A slow answer in one thread so keeps no other waiting.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias
from urllib.parse import urlsplit

from mockserver.journal import MOST_EXCHANGES, Entry, Exchange, Journal, Recorder
from mockserver.manners import AT_ONCE, Manner
from mockserver.storing.memory import MemoryStore, Store
from mockserver.timing import Pace, is_amount, starting
from mockserver.undescribed import plain_problem, without_body
from syncdyn.openapi.errors import SyncdynError
from syncdyn.openapi.messages import Request, Response

if TYPE_CHECKING:
    from mockserver.app import Answer, Delivered, Delivery
    from mockserver.posted import Posted
    from syncdyn.openapi.errors import Violation

_LOG = logging.getLogger("mockserver")
_ATTEMPTS_WITHOUT_LOCK = 4
_METHOD_NOT_ALLOWED = 405
_FAULT = "the mock failed on this request; its log says where"
#: Below it the mock answers for itself, but for the files of its documents' resources.
_CONTROL, _FILES = "/_mock/", "/_mock/files/"


class Core(Protocol):
    """What a host drives: `mockserver.app.Mock`, or a stand-in. Of `state` the host knows its `pace` alone."""

    def initial_state(self, now: float) -> Any: ...
    def answer(self, state: Any, now: float, request: Request) -> Answer: ...
    def due(self, state: Any, now: float) -> tuple[Any, tuple[Delivery, ...]]: ...
    def next_due(self, state: Any) -> float | None: ...
    def delivered(self, state: Any, now: float, delivered: Delivered) -> Any: ...
    def problem(self, status: int, detail: str) -> Response: ...


class Reply(NamedTuple):
    """A response, and how it is to be sent."""

    response: Response
    manner: Manner = AT_ONCE


#: Answers a request to the mock itself, of which `peer` is the client's address; None in process.
Control: TypeAlias = "Callable[[Host, Request, str | None], Response]"


class Host:
    """A mock at work: its present state, its journal, and what became of its webhooks.

    `clock` gives the host's time in seconds since 1970; the mock's begins `at` a moment (None: the host's) and passes
    `speed` times as fast. `store` makes the place of the state from the initial one. `control` answers what is asked
    below `/_mock/`. `journal` keeps the latest exchanges, in memory `journal_size` of them;
    `on_exchange` hears of each.
    """

    def __init__(
        self,
        mock: Core,
        *,
        clock: Callable[[], float] = time.time,
        at: float | None = None,
        speed: float = 1.0,
        store: Callable[[Any], Store] = MemoryStore,
        control: Control | None = None,
        journal_size: int = MOST_EXCHANGES,
        journal: Recorder | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        self.clock = clock
        self._mock = mock
        self._at, self._speed = at, speed
        self._lock = threading.RLock()
        self._store = store(self.initial_state())
        self._control = control
        self._journal: Recorder = journal if journal is not None else Journal(journal_size)
        self._on_exchange = on_exchange
        self._wakers: tuple[Callable[[], None], ...] = ()

    def handle(self, request: Request, peer: str | None = None) -> Response:
        """The response to a request, without the manner of its sending."""
        return self.reply(request, peer).response

    def reply(self, request: Request, peer: str | None = None) -> Reply:
        """The response to a request, and how to send it; `peer` is the client's address, None in process.

        Never raises: a fault of the mock is a 500 that is logged in full.
        """
        if "/_mock" in request.url and self._control is not None and _is_for_control(request.url):
            return Reply(self._controlled(self._control, request, peer))
        real, started = self.clock(), time.perf_counter()
        at, fault, manner = real, None, AT_ONCE
        try:
            state = self._store.read()
            at = state.pace.at(real)
            answer = self._ask(state, at, request)
            if answer.state is not state and not self._keep(state, answer.state):
                answer = self._settle(real, request)
            response, operation, violations = answer.response, answer.operation, answer.violations
            manner, fault = answer.manner, answer.fault
        except SyncdynError as error:  # of overlay data, which says what is wrong
            response, operation, violations = self.problem(500, str(error)), None, ()
        except Exception:
            _LOG.exception("the mock failed on %s %s", request.method, request.url.partition("?")[0])
            response, operation, violations = self.problem(500, _FAULT), None, ()
        self._note((request, response, operation, violations, at, time.perf_counter() - started, fault))
        return Reply(response, manner)

    def problem(self, status: int, detail: str) -> Response:
        """The response for a fault outside the mock's core, in the document's words where it has some."""
        try:
            return self._mock.problem(status, detail)
        except Exception:
            _LOG.exception("the mock failed on the words for status %s", status)
            return plain_problem(status, detail)

    def record(
        self,
        request: Request,
        response: Response,
        operation: str | None = None,
        violations: tuple[Violation, ...] = (),
        seconds: float = 0.0,
    ) -> None:
        """Put what an edge answered by itself into the journal."""
        self._note((request, response, operation, violations, self.now(), seconds, None))

    def take_due(self) -> tuple[Delivery, ...]:
        """The webhooks whose time has come, each given once."""
        while True:
            found = self._store.read()
            state, deliveries = self._mock.due(found, found.pace.at(self.clock()))
            if state is found or self._store.keep(found, state):
                return deliveries

    def now(self) -> float:
        """The mock's time, in seconds since 1970."""
        return float(self._store.read().pace.at(self.clock()))

    def next_due(self) -> float | None:
        """When the next webhook is due, in the mock's seconds since 1970; None when none is queued."""
        return self._mock.next_due(self._store.read())

    def seconds_to_next(self) -> float | None:
        """How many of the host's seconds pass before a webhook is due: infinite where the mock's time stands still."""
        state = self._store.read()
        due = self._mock.next_due(state)
        return None if due is None else state.pace.seconds_until(self.clock(), due)

    def on_wake(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Have `wake` called, in any thread, when a webhook may be due earlier than was thought; a call ends that."""
        self._wakers = (*self._wakers, wake)

        def end() -> None:
            self._wakers = tuple(each for each in self._wakers if each is not wake)

        return end

    def record_delivery(self, delivered: Delivered) -> None:
        """Keep what became of a webhook; where it failed, it may be queued again."""
        self.change(lambda state, real: self._mock.delivered(state, state.pace.at(real), delivered))

    @property
    def deliveries(self) -> tuple[Posted, ...]:
        """The webhooks that were sent or tried to be, oldest first."""
        posted: tuple[Posted, ...] = self.state.posted
        return posted

    @property
    def journal(self) -> tuple[Exchange, ...]:
        """The latest exchanges, oldest first."""
        return self._journal.exchanges

    @property
    def state(self) -> Any:
        """The present state, a value that never changes."""
        return self._store.read()

    @property
    def core(self) -> Core:
        """What answers."""
        return self._mock

    def use(self, mock: Core) -> None:
        """Go on with another core that understands the same state (other settings of the same document)."""
        self._mock = mock

    def initial_state(self) -> Any:
        """The state of a mock that begins now."""
        pace = self.first_pace()
        state = self._mock.initial_state(pace.at(self.clock()))
        return state if pace == state.pace else replace(state, pace=pace)

    def first_pace(self) -> Pace:
        """The pace of a mock that begins now."""
        return starting(self.clock(), self._at, self._speed)

    def change(self, step: Callable[[Any, float], Any]) -> Any:
        """The state that `step` made of the present one and the host's time; it may be called more than once."""
        while True:
            found = self._store.read()
            state = step(found, self.clock())
            if self._keep(found, state):
                return state

    def advance(self, seconds: float) -> float:
        """The mock's new time, `seconds` later. Raises ValueError for a step back."""
        if not is_amount(seconds):
            raise ValueError(f"time goes forward only, by a number of seconds, not by {seconds!r}")
        self.change(lambda state, real: replace(state, pace=state.pace.advanced(real, seconds)))
        return self.now()

    def rename(self, document: str) -> None:
        """Have the state be that of a document under another name."""
        self._store.rename(document)

    def reset(self) -> None:
        """Begin anew: the initial state, an empty journal."""
        self.change(lambda _state, _real: self.initial_state())
        self.forget()

    def forget(self) -> None:
        """Empty the journal."""
        self._journal.clear()

    def close(self) -> None:
        """Let go of what the state and the journal are kept in."""
        for each in (self._store, self._journal):
            close = getattr(each, "close", None)
            if close is not None:
                close()

    def _note(self, entry: Entry) -> None:
        self._journal.add(entry)
        if self._on_exchange is None:
            return
        try:
            self._on_exchange(Exchange(*entry))
        except Exception:
            _LOG.exception("the observer of exchanges failed")

    def _controlled(self, control: Control, request: Request, peer: str | None) -> Response:
        try:
            return control(self, request, peer)
        except Exception:
            _LOG.exception("the mock failed on %s %s", request.method, request.url.partition("?")[0])
            return plain_problem(500, _FAULT)

    def _settle(self, real: float, request: Request) -> Answer:
        """The answer on a state that is still the newest when the answer is there."""
        for attempt in count(1):
            # Who holds the lock keeps all others of this process from changing the state.
            with self._lock if attempt >= _ATTEMPTS_WITHOUT_LOCK else nullcontext():
                state = self._store.read()
                answer = self._ask(state, state.pace.at(real), request)
                if self._keep(state, answer.state):
                    return answer
        raise AssertionError("unreachable")

    def _keep(self, before: Any, after: Any) -> bool:
        if after is before:
            return True
        with self._lock:
            is_kept = self._store.keep(before, after)
        if is_kept and self._wakers and (after.queued is not before.queued or after.pace is not before.pace):
            for wake in self._wakers:
                wake()
        return is_kept

    def _ask(self, state: Any, now: float, request: Request) -> Answer:
        answer = self._mock.answer(state, now, request)
        if request.method != "HEAD":
            return answer
        if answer.response.status == _METHOD_NOT_ALLOWED and "HEAD" in answer.response.headers.get("allow", ""):
            # A resource that can be read can be asked about: RFC 9110, section 9.3.2.
            answer = self._mock.answer(state, now, replace(request, method="GET"))
        return replace(answer, response=without_body(answer.response))


def _is_for_control(url: str) -> bool:
    try:
        path = urlsplit(url).path
    except ValueError:
        return False
    return f"{path}/".startswith(_CONTROL) and not path.startswith(_FILES)
