"""What was asked and answered, newest last, bounded in number and in bytes."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Request, Response

if TYPE_CHECKING:
    from mockserver.app import Delivery


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response.

    `operation` is None where the request met no operation; `violations` are the request's; `at` is the
    mock's time in seconds since 1970; `seconds` is how long the answer took.
    """

    request: Request
    response: Response
    operation: str | None = None
    violations: tuple[Violation, ...] = ()
    at: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one webhook: the status of the receiver's answer, or why there is none."""

    delivery: Delivery
    status: int | None = None
    error: str | None = None

    @property
    def is_success(self) -> bool:
        """Whether the receiver said 2xx."""
        return self.status is not None and 200 <= self.status < 300


class Journal:
    """The latest exchanges: at most `size`, and at most `most_bytes` of bodies, but always the last one."""

    __slots__ = ("_bytes", "_entries", "_lock", "_most_bytes", "_size")

    def __init__(self, size: int = 1000, most_bytes: int = 64 * 2**20) -> None:
        self._size = size
        self._most_bytes = most_bytes
        self._entries: deque[Exchange] = deque()
        self._bytes = 0
        self._lock = threading.Lock()

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange, and drop the oldest that no longer fit."""
        if self._size <= 0:
            return
        with self._lock:
            self._entries.append(exchange)
            self._bytes += _weight(exchange)
            while len(self._entries) > self._size or (self._bytes > self._most_bytes and len(self._entries) > 1):
                self._bytes -= _weight(self._entries.popleft())

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self._bytes = 0

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges kept, oldest first."""
        with self._lock:
            return tuple(self._entries)


def _weight(exchange: Exchange) -> int:
    sent = exchange.request.body
    return len(exchange.response.body) + (len(sent) if isinstance(sent, bytes) else 0)
