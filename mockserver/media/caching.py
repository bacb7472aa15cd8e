"""What was made is kept for the next who asks, up to so many bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class ByteCache(Generic[Key, Value]):
    """The values asked for last, of `most_bytes` at most by `weigh`; a larger one is made each time anew."""

    __slots__ = ("_kept", "_lock", "_make", "_most_bytes", "_size", "_weigh")

    def __init__(
        self, make: Callable[[Key], Value], weigh: Callable[[Value], int], most_bytes: int = 64 * 2**20
    ) -> None:
        self._make = make
        self._weigh = weigh
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def __call__(self, key: Key) -> Value:
        """The value of a key, made now or before."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        value = self._make(key)
        self._keep(key, value)
        return value

    def _keep(self, key: Key, value: Value) -> None:
        weight = self._weigh(value)
        with self._lock:
            if key in self._kept or weight > self._most_bytes:
                return
            self._kept[key] = value
            self._size += weight
            while self._size > self._most_bytes:
                _, dropped = self._kept.popitem(last=False)
                self._size -= self._weigh(dropped)
