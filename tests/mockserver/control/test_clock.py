from __future__ import annotations

import pytest

from mockserver.clock import VirtualClock
from syncdyn.openapi.messages import Json
from tests.mockserver.control.pets import pets, problem, told


def test_time_is_told_with_its_pace() -> None:
    clock = told(pets(speed=60, clock="2030-01-01T00:00:00Z"), "GET", "/clock")
    assert (clock["speed"], clock["frozen"]) == (60, False)
    assert clock["now"].startswith("2030-01-01T00:0")


def test_advancing_moves_the_time_of_answers() -> None:
    mock = pets()
    assert told(mock, "POST", "/clock", {"advance": 60})["now"] == "2030-01-01T00:01:00.000Z"
    mock.handle("GET", "/pets")
    assert mock.journal[0].at - 60 == told(mock, "POST", "/clock", {"at": "2030-01-01T00:00:00Z"})["seconds"]


def test_a_frozen_clock_stands_still_and_goes_on_where_it_stood() -> None:
    host_clock = VirtualClock(1000.0)
    mock = pets(clock=host_clock, speed=1)
    told(mock, "POST", "/clock", {"freeze": True})
    host_clock.advance(50)
    assert mock.now() == 1000
    told(mock, "POST", "/clock", {"freeze": False})
    host_clock.advance(5)
    assert mock.now() == 1005


def test_speed_counts_from_the_present() -> None:
    host_clock = VirtualClock(1000.0)
    mock = pets(clock=host_clock, speed=1)
    host_clock.advance(10)
    told(mock, "POST", "/clock", {"speed": 60})
    host_clock.advance(2)
    assert mock.now() == 1010 + 120


def test_at_may_lead_back_and_then_the_rest_is_done() -> None:
    mock = pets()
    clock = told(mock, "POST", "/clock", {"at": "2000-01-01T00:00:00+01:00", "advance": 1.5, "freeze": True})
    assert clock == {"now": "1999-12-31T23:00:01.500Z", "seconds": 946681201.5, "speed": 0, "frozen": True}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, "body"),
        ({"advance": -1}, "body.advance"),
        ({"speed": -1}, "body.speed"),
        ({"advance": "60"}, "body.advance"),
        ({"at": "tomorrow"}, "body.at: 'tomorrow' is no moment"),
        ({"speed": 1, "freeze": True}, "give one of them"),
        ({"at": "9999-01-01T00:00:00Z", "advance": 1e10}, "past the year 9999"),
        ({"advanc": 60}, "body.advanc"),
        ([60], "body"),
    ],
    ids=repr,
)
def test_a_change_that_cannot_be_is_refused_and_changes_nothing(change: Json, why: str) -> None:
    mock = pets()
    status, detail = problem(mock, "POST", "/clock", change)
    assert status == 422
    assert why in detail
    assert told(mock, "GET", "/clock")["now"] == "2030-01-01T00:00:00.000Z"


def test_reset_takes_time_back_to_its_start() -> None:
    mock = pets()
    mock.advance(3600)
    mock.reset()
    assert told(mock, "GET", "/clock")["now"] == "2030-01-01T00:00:00.000Z"
