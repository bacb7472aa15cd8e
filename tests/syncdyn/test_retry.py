"""Again, and after how long: tables of plain values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn.openapi.messages import Headers, Response
from syncdyn.retry import Failure, RetryPolicy, asked_delay

NOW = 1_717_200_000.0
BROKEN = Failure(OSError("broken"))
NEVER_LEFT = Failure(OSError("refused"), was_sent=False)
HOPELESS = Failure(OSError("no such scheme"), was_sent=False, is_final=True)


def delay(outcome: Response | Failure, so_far: int = 0, *, is_repeatable: bool = True) -> float | None:
    return RetryPolicy().delay_after(so_far, outcome, is_repeatable=is_repeatable, random=lambda: 0.0, now=NOW)


WORTH = {
    "timeout-status": (Response(408), 0.5, 0.5),
    "rate": (Response(429), 0.5, 0.5),
    "server-error": (Response(500), 0.5, None),
    "away": (Response(503), 0.5, None),
    "conflict": (Response(409), None, None),
    "too-early": (Response(425), None, None),
    "bad-request": (Response(400), None, None),
    "redirect": (Response(302), None, None),
    "beyond-five-hundreds": (Response(600), None, None),
    "broken-line": (BROKEN, 0.5, None),
    "never-left": (NEVER_LEFT, 0.5, 0.5),
    "hopeless": (HOPELESS, None, None),
}


@pytest.mark.parametrize(("outcome", "repeatable", "once_only"), WORTH.values(), ids=WORTH.keys())
def test_what_is_tried_again(outcome: Response | Failure, repeatable: float | None, once_only: float | None) -> None:
    assert delay(outcome) == repeatable
    assert delay(outcome, is_repeatable=False) == once_only


@pytest.mark.parametrize(("so_far", "seconds"), [(0, 0.5), (1, 1.0), (2, None), (3, None)])
def test_waits_double_and_end_with_the_tries(so_far: int, seconds: float | None) -> None:
    assert delay(Response(503), so_far) == seconds


@given(so_far=st.integers(0, 60), luck=st.floats(0, 1))
def test_a_wait_stays_between_three_quarters_of_the_step_and_the_cap(so_far: int, luck: float) -> None:
    policy = RetryPolicy(max_retries=100)
    seconds = policy.delay_after(so_far, BROKEN, is_repeatable=True, random=lambda: luck, now=NOW)
    step = min(8.0, 0.5 * 2**so_far)
    assert seconds is not None
    assert 0.75 * step <= seconds <= step


WISHES = {
    "seconds": ({"Retry-After": "7"}, 7.0),
    "fraction": ({"Retry-After": " 1.25 "}, 1.25),
    "now": ({"Retry-After": "0"}, 0.0),
    "milliseconds-first": ({"Retry-After": "7", "retry-after-ms": "250"}, 0.25),
    "odd-milliseconds": ({"Retry-After": "7", "retry-after-ms": "soon"}, 7.0),
    "date": ({"Retry-After": "Sat, 01 Jun 2024 00:01:00 GMT"}, 60.0),
    "zone": ({"Retry-After": "Sat, 01 Jun 2024 02:01:00 +0200"}, 60.0),
    "no-zone-is-utc": ({"Retry-After": "Sat, 01 Jun 2024 00:01:00 -0000"}, 60.0),
    "past": ({"Retry-After": "Fri, 31 May 2024 00:00:00 GMT"}, 0.0),
    "negative": ({"Retry-After": "-3"}, None),
    "no-number": ({"Retry-After": "1e3"}, None),
    "word": ({"Retry-After": "soon"}, None),
    "impossible-date": ({"Retry-After": "Sat, 99 Jun 2024 00:01:00 GMT"}, None),
    "empty": ({"Retry-After": ""}, None),
    "nothing": ({}, None),
}


@pytest.mark.parametrize(("headers", "seconds"), WISHES.values(), ids=WISHES.keys())
def test_what_an_answer_asks_for(headers: dict[str, str], seconds: float | None) -> None:
    assert asked_delay(Headers(headers), NOW) == seconds


@given(st.text())
def test_no_field_value_is_too_odd(text: str) -> None:
    seconds = asked_delay(Headers({"Retry-After": text, "retry-after-ms": text}), NOW)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(("asked", "seconds"), [("120", 120.0), ("121", None)], ids=["two-minutes", "longer"])
def test_patience_has_an_end(asked: str, seconds: float | None) -> None:
    assert delay(Response(429, Headers({"Retry-After": asked}))) == seconds
