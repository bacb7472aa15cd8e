"""Again? And after how long? Pure functions of what happened.

The loop is the flow's and the randomness the caller's, so the libraries for retrying, which own both,
do not fit; what is left is one formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timezone
from math import isfinite

from syncdyn.openapi.messages import Headers, Response

#: Methods that may be sent twice without doing a thing twice (RFC 9110, section 9.2.2), and QUERY.
IDEMPOTENT_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"})

#: Answers by which the service says that it did nothing, so that any method may be sent again.
_NOT_PROCESSED = frozenset({408, 429})


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that got no answer.

    `was_sent` is False when it certainly never left; `is_final` when another try would fail the same way.
    `response` is there when status and header fields came, and a body that could not be decoded.
    """

    error: Exception
    is_timeout: bool = False
    was_sent: bool = True
    is_final: bool = False
    response: Response | None = None


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long: `max_retries` more tries, waiting base * 2**n seconds, up to a cap.

    Up to `jitter` of each wait is taken off at random. A wait that the service asks for is kept as it is,
    but a longer one than `longest_asked_seconds` ends the call: sleeping a wrong time helps nobody.
    """

    max_retries: int = 2
    base_seconds: float = 0.5
    cap_seconds: float = 8.0
    jitter: float = 0.25
    longest_asked_seconds: float = 120.0

    def delay_after(
        self,
        retries_so_far: int,
        outcome: Response | Failure,
        *,
        is_repeatable: bool,
        random: Callable[[], float],
        now: float,
        was_answered: bool = False,
    ) -> float | None:
        """Seconds to wait before the next try, or None when there is to be none.

        `is_repeatable` says that a second arrival does no harm (an idempotent method, or a key);
        `now` is the time as seconds since the epoch. `was_answered` says that the request itself was carried
        out, and only what its redirect led to was not.
        """
        if retries_so_far >= self.max_retries or not is_worth_it(outcome, is_repeatable):
            return None
        if was_answered and not is_repeatable:
            return None
        asked = None if isinstance(outcome, Failure) else asked_delay(outcome.headers, now)
        if asked is not None:
            return asked if asked <= self.longest_asked_seconds else None
        delay: float = min(self.cap_seconds, self.base_seconds * 2.0**retries_so_far)
        return delay * (1 - self.jitter * random())


def is_worth_it(outcome: Response | Failure, is_repeatable: bool) -> bool:
    """Whether another try may end otherwise, and does no harm."""
    if isinstance(outcome, Failure):
        return not outcome.is_final and (is_repeatable or not outcome.was_sent)
    status = outcome.status
    if status in _NOT_PROCESSED:
        return True
    return is_repeatable and 500 <= status <= 599


_NUMBER = re.compile(r"\s*\d+(\.\d+)?\s*$")


def asked_delay(headers: Headers, now: float) -> float | None:
    """The wait in seconds that an answer asks for: `retry-after-ms`, else `Retry-After`.

    Seconds, fractions of them, and dates are read; a date that has passed asks for no wait, and what is no
    time that can be waited is as if it were not there.
    Source: RFC 9110, section 10.2.3.
    """
    milliseconds = headers.get("retry-after-ms", "")
    if _NUMBER.match(milliseconds):
        return _finite(float(milliseconds) / 1000)
    stated = headers.get("retry-after", "")
    if _NUMBER.match(stated):
        return _finite(float(stated))
    if not stated:
        return None
    from email.utils import parsedate_to_datetime

    try:
        date = parsedate_to_datetime(stated)
        moment = (date if date.tzinfo else date.replace(tzinfo=timezone.utc)).timestamp()
    except (TypeError, ValueError, ArithmeticError, LookupError):
        return None
    return max(0.0, moment - now)


def _finite(seconds: float) -> float | None:
    return seconds if isfinite(seconds) else None
