"""Waiting for a job: polls until its state is one that the waiter calls an end.

A waiter is data: the extension `x-syncdyn-waiters` on the operation that is polled.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from syncdyn.errors import (
    ApiConnectionError,
    ApiError,
    JobFailedError,
    ServerError,
    TooManyRequestsError,
    WaitTimeoutError,
)
from syncdyn.flow import NOW, Flow, Tell, Wait
from syncdyn.openapi.document import read_pointer
from syncdyn.openapi.messages import Headers, Json
from syncdyn.plain import plain
from syncdyn.response import RawResponse
from syncdyn.retry import RetryPolicy, asked_delay

#: Asks once for the present state, within so many seconds; None for no bound.
Poll = Callable[["float | None"], Flow[RawResponse[Any]]]
#: Called after each poll.
ProgressCallback = Callable[["Progress"], Any]

_MOST_FAILED_POLLS = 5
_FIRST_PART = 0.1
_GROWTH = 1.6
_LONGEST_ASKED = RetryPolicy().longest_asked_seconds
#: So long before the end is the last look, but at most this part of the whole time.
_LAST_LOOK_SECONDS = 1.0
_LAST_LOOK_PART = 0.1
_PASSING = (ApiConnectionError, ServerError, TooManyRequestsError)


@dataclass(frozen=True, slots=True)
class Waiter:
    """Which states end the wait, and where in the answer things stand (JSON Pointers)."""

    name: str
    state: str
    success: tuple[str, ...]
    failure: tuple[str, ...]
    interval_seconds: float = 10.0
    identifier: str = "/id"
    error: tuple[str, ...] = ()
    error_code: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    total: str | None = None

    @classmethod
    def read(cls, stated: Mapping[str, Json]) -> Waiter:
        """The waiter that an extension's entry states."""
        progress = stated.get("progress", {})
        return cls(
            name=stated["name"],
            state=stated["state"],
            success=tuple(stated["success"]),
            failure=tuple(stated["failure"]),
            interval_seconds=float(stated.get("interval-seconds", 10)),
            identifier=stated.get("identifier", "/id"),
            error=tuple(stated.get("error", ())),
            error_code=tuple(stated.get("error-code", ())),
            done=tuple(progress.get("done", ())),
            total=progress.get("total"),
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How a wait goes: the last answer, its state, seconds since the wait began, and, where told, how much is done."""

    result: Any
    state: str | None
    elapsed_seconds: float
    done: int | None = None
    total: int | None = None


def wait(
    waiter: Waiter,
    identifier: str,
    poll: Poll,
    *,
    interval: float | None = None,
    deadline: float | None = None,
    progress: ProgressCallback | None = None,
    began: float | None = None,
    last: RawResponse[Any] | None = None,
) -> Flow[RawResponse[Any]]:
    """The answer in which the job has succeeded.

    `interval` is the seconds between polls; left out, they begin at a tenth of the waiter's and grow to it. A
    `Retry-After` in an answer, or in the refusal of a poll, is kept to. `deadline` is seconds for the whole wait,
    polls included, counted from `began` (now, if left out); `last` is the answer known so far.
    Raises JobFailedError and WaitTimeoutError with the last result. A poll that fails for a passing reason
    is made again, up to five times in a row.
    """
    if began is None:
        began = yield NOW
    ends = math.inf if deadline is None else began + deadline
    polls, failed, trouble = 0, 0, None
    while True:
        now = yield NOW
        if now >= ends:
            raise _too_late(waiter, identifier, last, now - began) from trouble
        try:
            last, trouble, failed = (yield from poll(None if ends == math.inf else ends - now)), None, 0
        except _PASSING as error:
            trouble, failed = error, failed + 1
        now = yield NOW
        if trouble is None and last is not None:
            if (yield from _is_done(waiter, identifier, last, now - began, progress)):
                return last
        elif trouble is not None and failed > _MOST_FAILED_POLLS and now < ends:
            raise trouble
        heard = trouble.headers if trouble is not None else last.headers if last is not None else ()
        pause = _pause(waiter, interval, polls, asked_delay(Headers(heard), now), ends - now)
        yield Wait(_within(pause, ends - now, deadline))
        polls += 1


def _is_done(
    waiter: Waiter,
    identifier: str,
    answer: RawResponse[Any],
    elapsed_seconds: float,
    progress: ProgressCallback | None,
) -> Flow[bool]:
    """Whether the job has succeeded; progress is told. Raises JobFailedError when it has failed."""
    seen = _seen(waiter, answer, elapsed_seconds)
    if progress is not None:
        yield Tell(progress, (seen,))
    if seen.state in waiter.failure:
        raise _failed(waiter, identifier, answer, seen)
    return seen.state in waiter.success


def _pause(waiter: Waiter, interval: float | None, polls: int, asked: float | None, left: float) -> float:
    if asked is not None:
        return min(asked, _LONGEST_ASKED if left == math.inf else left)
    if interval is not None:
        return interval
    longest = waiter.interval_seconds
    return min(longest, longest * _FIRST_PART * _GROWTH ** min(polls, 32))


def _within(pause: float, left: float, deadline: float | None) -> float:
    """The pause, cut so that one more look, with time for its answer, comes before the end."""
    for_last_look = min(_LAST_LOOK_SECONDS, (deadline or math.inf) * _LAST_LOOK_PART)
    room = left - for_last_look
    return max(0.0, min(pause, room if room > for_last_look / 10 else left))


def _seen(waiter: Waiter, answer: RawResponse[Any], elapsed_seconds: float) -> Progress:
    data = plain(answer.data)
    state = read_pointer(data, waiter.state)
    done = [count for pointer in waiter.done if isinstance(count := read_pointer(data, pointer), int)]
    total = read_pointer(data, waiter.total) if waiter.total else None
    return Progress(
        result=answer.data,
        state=state if isinstance(state, str) else None,
        elapsed_seconds=elapsed_seconds,
        done=sum(done) if done else None,
        total=total if isinstance(total, int) else None,
    )


def _failed(waiter: Waiter, identifier: str, answer: RawResponse[Any], seen: Progress) -> ApiError:
    data = plain(answer.data)
    reason = _first(data, waiter.error)
    code = _first(data, waiter.error_code)
    told = ": ".join(text for text in (code, reason) if text)
    return JobFailedError(
        f"{identifier} ended as {seen.state}" + (f": {told}" if told else ""),
        result=answer.data,
        state=seen.state,
        error_code=code,
        status_code=answer.status_code,
        body=data,
        headers=answer.headers,
        request=answer.request,
    )


def _too_late(waiter: Waiter, identifier: str, answer: RawResponse[Any] | None, elapsed_seconds: float) -> ApiError:
    state = read_pointer(plain(answer.data), waiter.state) if answer else None
    return WaitTimeoutError(
        f"{identifier} was still {state or 'unknown'} after {elapsed_seconds:.0f} s; it goes on: wait for it again "
        f"with {waiter.name}({identifier!r})",
        result=answer.data if answer else None,
        state=state,
    )


def _first(data: Json, pointers: tuple[str, ...]) -> str | None:
    values = (read_pointer(data, pointer) for pointer in pointers)
    return next((value for value in values if isinstance(value, str) and value), None)
