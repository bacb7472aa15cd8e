from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from mockserver.timing import REAL_TIME, Pace, starting

SECONDS = st.floats(0, 4e9)
SPEEDS = st.floats(0, 1e4)


@given(SECONDS)
def test_real_time_is_exactly_that_of_the_host(real: float) -> None:
    assert REAL_TIME.at(real) == real


@given(SECONDS, SECONDS, SPEEDS)
def test_a_change_of_speed_moves_nothing(real: float, mock: float, speed: float) -> None:
    assert Pace(0.0, mock).with_speed(real, speed).at(real) == Pace(0.0, mock).at(real)


@given(SECONDS, SPEEDS, st.floats(0, 1e6))
def test_advancing_moves_by_so_much(real: float, speed: float, seconds: float) -> None:
    assert math.isclose(Pace(0.0, 0.0, speed).advanced(real, seconds).at(real), real * speed + seconds)


def test_what_is_to_come_is_waited_for_by_the_speed() -> None:
    assert Pace(10.0, 100.0, 60.0).seconds_until(10.0, 160.0) == 1.0
    assert Pace(10.0, 100.0, 0.0).seconds_until(50.0, 160.0) == math.inf
    assert Pace(10.0, 100.0, 0.0).seconds_until(50.0, 90.0) == 0.0


def test_a_mock_begins_at_a_moment_or_with_the_host() -> None:
    assert starting(50.0, None, 1.0) is REAL_TIME
    assert starting(50.0, 7.0, 2.0).at(51.0) == 9.0
    assert starting(50.0, None, 0.0).at(99.0) == 50.0
