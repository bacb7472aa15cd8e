"""The state in memory, lost with the process."""

from __future__ import annotations

import threading
from typing import Any, Protocol


class Store(Protocol):
    """Keeps the newest state. A state never changes, so two are compared by identity."""

    def read(self) -> Any:
        """The newest state, with what other processes made of it."""

    def keep(self, before: Any, after: Any) -> bool:
        """Put `after` in the place of `before`; False when that is no longer the newest."""

    def rename(self, document: str) -> None:
        """Have the state be that of a document under another name."""

    def close(self) -> None:
        """Let go of where it is kept."""


class MemoryStore:
    """A state that threads share."""

    __slots__ = ("_lock", "_state")

    def __init__(self, state: Any) -> None:
        self._state = state
        self._lock = threading.Lock()

    def read(self) -> Any:
        """The newest state."""
        return self._state

    def keep(self, before: Any, after: Any) -> bool:
        """Whether `before` was still the newest state; `after` is it now."""
        with self._lock:
            if self._state is not before:
                return False
            self._state = after
            return True

    def rename(self, document: str) -> None:
        """Nothing: only a state that is kept has to be known again."""

    def close(self) -> None:
        """Nothing to let go of."""
