"""A clock that stands still until it is told to go on."""

from __future__ import annotations

import threading

#: 2024-06-01T00:00:00Z
_START = 1_717_200_000.0


class VirtualClock:
    """A clock for tests: called, it gives the seconds since 1970; time passes by `advance` alone."""

    __slots__ = ("_lock", "_now")

    def __init__(self, now: float = _START) -> None:
        self._now = now
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return self._now

    def advance(self, seconds: float) -> float:
        """The new time, `seconds` later. Raises ValueError for a step back."""
        if not seconds >= 0:
            raise ValueError(f"a clock goes forward only, not by {seconds} seconds")
        with self._lock:
            self._now += seconds
            return self._now

    def __repr__(self) -> str:
        return f"VirtualClock({self._now})"
