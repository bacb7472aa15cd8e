"""What time it is for the mock, and how it passes."""

from __future__ import annotations

from dataclasses import replace

from mockserver.control.seeing import Asked, Refusal, Seen, Told
from mockserver.timing import Pace
from syncdyn.openapi.messages import Json
from syncdyn.openapi.moments import moment_seconds, moment_text


def read_clock(seen: Seen, _asked: Asked) -> Told:
    """The mock's time."""
    return Told(_clock(seen.state.pace, seen.real))


def set_clock(seen: Seen, asked: Asked) -> Told:
    """The mock's time after a change of it."""
    pace, change = seen.state.pace, asked.body
    if "speed" in change and "freeze" in change:
        raise Refusal(422, "body: `speed` and `freeze` say the same thing; give one of them (speed 0 stands still)")
    if "at" in change:
        pace = pace.moved(seen.real, _moment(change["at"]))
    if "speed" in change:
        pace = pace.with_speed(seen.real, float(change["speed"]))
    if "freeze" in change:
        pace = pace.with_speed(seen.real, 0.0 if change["freeze"] else 1.0)
    if "advance" in change:
        pace = pace.advanced(seen.real, float(change["advance"]))
    return Told(_clock(pace, seen.real), state=replace(seen.state, pace=pace))


def _moment(text: str) -> float:
    seconds = moment_seconds(text)
    if seconds is None:
        raise Refusal(422, f"body.at: {text!r} is no moment such as 2030-01-01T00:00:00Z")
    return seconds


def _clock(pace: Pace, real: float) -> dict[str, Json]:
    now = pace.at(real)
    try:
        text = moment_text(now)
    except (ValueError, OverflowError, OSError):
        raise Refusal(422, "body.advance: the time would be past the year 9999") from None
    return {"now": text, "seconds": now, "speed": pace.speed, "frozen": pace.speed == 0}
