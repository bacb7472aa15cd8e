"""Every exchange of a client, noted as it happens and checked against the document on both sides."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mockserver.journal import Exchange
from syncdyn.flow import Flow, Send
from syncdyn.model import Model
from syncdyn.openapi.checking import read_response
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Request, Response
from syncdyn.openapi.routing import Router
from syncdyn.openapi.schemas.normalise import Direction


@dataclass(frozen=True, slots=True)
class Noted:
    """One exchange: the operation (None where the document has none), the status (None for no answer).

    The violations are those that the server found in the request, and those found here in the response;
    None where it was not checked.
    """

    operation: str | None
    status: int | None
    seconds: float
    request_violations: tuple[Violation, ...] | None = None
    response_violations: tuple[Violation, ...] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Exchanges with one operation and one status, together.

    `seconds` is the mean, None where it was not measured. A verdict is None where no one looked.
    """

    operation: str | None
    status: int | None
    count: int
    seconds: float | None
    is_request_good: bool | None
    is_response_good: bool | None


class Recorder:
    """The transport of a strict client, which sends only what passed its own check; with a note of all exchanges.

    `served` gives what the server has in its journal, where the server is one of our own: it has checked as well.
    """

    def __init__(
        self, transport: Any, contract: Contract, base_url: str, served: Callable[[], Sequence[Exchange]] | None = None
    ) -> None:
        self._transport = transport
        self._contract = contract
        self._router = Router(contract.operations, [base_url])
        self._served = served
        self.noted: list[Noted] = []

    def run(self, flow: Flow[Any]) -> Any:
        """What the flow comes to."""
        return self._transport.run(self._watched(flow))

    def iterate(self, flow: Flow[Any]) -> Iterator[Any]:
        """What the flow emits."""
        found: Iterator[Any] = self._transport.iterate(self._watched(flow))
        return found

    def now(self) -> float:
        """The transport's time, in seconds since 1970."""
        seconds: float = self._transport.now()
        return seconds

    def close(self) -> None:
        """Closes the transport's connections."""
        self._transport.close()

    def _watched(self, flow: Flow[Any]) -> Flow[Any]:
        answer: Any = None
        try:
            while True:
                step = flow.send(answer)
                started = time.perf_counter()
                answer = yield step
                if isinstance(step, Send):
                    self.noted.append(self._note(step.request, answer, time.perf_counter() - started))
        except StopIteration as stop:
            return stop.value
        finally:
            flow.close()

    def _note(self, request: Request, answer: Any, seconds: float) -> Noted:
        status = getattr(answer, "status", None)
        url = urlsplit(request.url)
        route = self._router.find(url.path)
        target = route.target(request.method, url.query) if route else None
        if target is None:
            return Noted(None, status, seconds)
        operation = self._contract.operations[target[0]]
        found = None
        if isinstance(answer, Response):
            found = _firm(read_response(self._contract, operation, answer).violations)
        return Noted(operation.name, status, seconds, self._seen_by_server(request), found)

    def _seen_by_server(self, request: Request) -> tuple[Violation, ...] | None:
        """What the server found wrong with the request just sent; its journal has it last."""
        if self._served is None:
            return ()
        served = self._served()
        last = served[-1].request if served else None
        is_same = last is not None and (last.method, urlsplit(last.url).path) == (
            request.method,
            urlsplit(request.url).path,
        )
        return served[-1].violations if is_same else None


def rows(noted: Sequence[Noted]) -> tuple[Row, ...]:
    """The exchanges by operation and status, in the order of their first."""
    groups: dict[tuple[str | None, int | None], list[Noted]] = {}
    for one in noted:
        groups.setdefault((one.operation, one.status), []).append(one)
    return tuple(
        Row(
            operation,
            status,
            len(group),
            sum(one.seconds for one in group) / len(group),
            _all_good([one.request_violations for one in group]),
            _all_good([one.response_violations for one in group]),
        )
        for (operation, status), group in groups.items()
    )


def broken(contract: Contract, value: Model) -> tuple[Violation, ...]:
    """What a value that was received outside of an operation breaks of its schema."""
    pointer = type(value).__shape__.pointer
    return _firm(contract.schemas.violations(pointer, value.__wire__(), Direction.RESPONSE, "body"))


def _firm(violations: Sequence[Violation]) -> tuple[Violation, ...]:
    return tuple(violation for violation in violations if not violation.is_tolerated)


def _all_good(found: Sequence[tuple[Violation, ...] | None]) -> bool | None:
    """Whether nothing was found; None where no one looked."""
    looked = [violations for violations in found if violations is not None]
    return not any(looked) if looked else None
