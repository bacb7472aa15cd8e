"""An immutable mapping that is cheap to extend: a change copies one bucket of many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

Value = TypeVar("Value")

_BUCKETS = 64


class Table(Mapping[str, Value], Generic[Value]):
    """A mapping from text that never changes; `set` gives a new one. The order of its keys means nothing."""

    __slots__ = ("_buckets", "_size")

    def __init__(self) -> None:
        self._buckets: tuple[dict[str, Value], ...] = ({},) * _BUCKETS
        self._size = 0

    def set(self, key: str, value: Value, is_kept: Callable[[Value], bool] | None = None) -> Table[Value]:
        """A table that has `value` at `key` and is otherwise the same.

        Of the bucket that is copied, the values that are not `is_kept` are left out: old ones go by and by.
        """
        place = hash(key) % _BUCKETS
        old = self._buckets[place]
        if is_kept is not None:
            old = {name: found for name, found in old.items() if is_kept(found)}
        return self._with(place, {**old, key: value})

    def _with(self, place: int, bucket: dict[str, Value]) -> Table[Value]:
        changed: Table[Value] = Table()
        changed._buckets = (*self._buckets[:place], bucket, *self._buckets[place + 1 :])
        changed._size = self._size - len(self._buckets[place]) + len(bucket)
        return changed

    def __getitem__(self, key: str) -> Value:
        return self._buckets[hash(key) % _BUCKETS][key]

    def __iter__(self) -> Iterator[str]:
        for bucket in self._buckets:
            yield from bucket

    def __len__(self) -> int:
        return self._size
