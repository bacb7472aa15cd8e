"""Moments as texts, and as seconds since 1970."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn.openapi.moments import moment_seconds, moment_text


@given(st.integers(0, 4_000_000_000_000))
def test_a_moment_is_read_back_to_the_millisecond(milliseconds: int) -> None:
    assert moment_seconds(moment_text(milliseconds / 1000)) == pytest.approx(milliseconds / 1000, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2024-06-01T00:00:00Z", 1_717_200_000),
        ("2024-06-01T02:00:00+02:00", 1_717_200_000),
        ("2024-06-01T00:00:00", 1_717_200_000),
        ("2024-06-01T00:00:00.5Z", 1_717_200_000.5),
        ("2024-06-01T00:00:00.123456789Z", 1_717_200_000.123456),
        ("2024-06-01", 1_717_200_000),
        ("2016-12-31T23:59:60Z", 1_483_228_799),
        ("2016-12-31t23:59:60.5z", 1_483_228_799.5),
        ("yesterday", None),
        ("", None),
        ("2024-13-01T00:00:00Z", None),
    ],
)
def test_moments_in_the_spellings_that_are_met(text: str, seconds: float | None) -> None:
    assert moment_seconds(text) == (None if seconds is None else pytest.approx(seconds, abs=1e-6))
