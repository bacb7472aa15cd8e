"""What was worked out before, by what it was worked out from; bounded in bytes."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memo(Generic[Value]):
    """Values by key: those put or got last, some `most_bytes` of them; what is larger than a 64th is not kept.

    There are two halves: when the young one is full it takes the place of the old one, which is forgotten.
    """

    __slots__ = ("_half", "_most_each", "_old", "_weight", "_young")

    def __init__(self, most_bytes: int) -> None:
        self._half = most_bytes // 2
        self._most_each = most_bytes // 64
        self._weight = 0
        self._young: dict[Hashable, tuple[Value, int]] = {}
        self._old: dict[Hashable, tuple[Value, int]] = {}

    def get(self, key: Hashable) -> Value | None:
        """The value of a key, or None."""
        found = self._young.get(key)
        if found is not None:
            return found[0]
        found = self._old.get(key)
        if found is None:
            return None
        self.put(key, *found)
        return found[0]

    def put(self, key: Hashable, value: Value, weight: int) -> None:
        """Keep a value of `weight` bytes, its key included."""
        if weight > self._most_each:
            return
        self._weight += weight
        if self._weight > self._half:
            self._old, self._young, self._weight = self._young, {}, weight
        self._young[key] = (value, weight)
