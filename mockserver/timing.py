"""How the mock's time follows the host's: at its pace, faster, slower, or not at all."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Pace:
    """The mock's time was `mock` when the host's was `real`, and passes `speed` times as fast; 0 stands still.

    Moments are in seconds since 1970.
    """

    real: float = 0.0
    mock: float = 0.0
    speed: float = 1.0

    def at(self, real: float) -> float:
        """The mock's time at a moment of the host's."""
        return self.mock + (real - self.real) * self.speed

    def advanced(self, real: float, seconds: float) -> Pace:
        """The pace at which the mock is `seconds` further on, as fast as before."""
        return Pace(real, self.at(real) + seconds, self.speed)

    def moved(self, real: float, moment: float) -> Pace:
        """The pace at which it is `moment` for the mock now, as fast as before; also back."""
        return Pace(real, moment, self.speed)

    def with_speed(self, real: float, speed: float) -> Pace:
        """The pace that goes on from the mock's present time, `speed` times as fast as the host's."""
        return replace(self.moved(real, self.at(real)), speed=speed)

    def seconds_until(self, real: float, moment: float) -> float:
        """How many of the host's seconds it takes until it is `moment` for the mock; infinite where it stands still."""
        left = moment - self.at(real)
        if left <= 0:
            return 0.0
        return left / self.speed if self.speed > 0 else math.inf


#: The host's own time.
REAL_TIME = Pace()


def starting(real: float, at: float | None, speed: float) -> Pace:
    """The pace of a mock that begins now: at a moment, None for the host's own."""
    if at is None and speed == 1.0:
        return REAL_TIME
    return Pace(real, real if at is None else at, speed)


def is_amount(number: object) -> bool:
    """Whether it is a number from 0 on, as of seconds; infinite is one, too."""
    return isinstance(number, int | float) and number >= 0
