"""An immutable mapping that is cheap to change, however large: a change copies one leaf and the way to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any, Generic, TypeAlias, TypeVar, overload

Value = TypeVar("Value")
Other = TypeVar("Other")

_BITS = 5
_WIDTH = 1 << _BITS
_MASK = _WIDTH - 1
#: So many new values are sorted into the others; past that, all are sorted anew.
_MOST_ADDED = 64
#: A leaf of more keys is split, but not below the bits that a hash has.
_MOST_IN_LEAF, _MOST_DEPTH = 32, 60 // _BITS

#: A tree by the bits of the keys' hashes: leaves are dicts, what is above them tuples.
_Node: TypeAlias = Any


class Table(Mapping[str, Value], Generic[Value]):
    """A mapping from text that never changes; `set` gives a new one. The order of its keys means nothing."""

    __slots__ = ("_added", "_root", "_size", "_sorted")

    def __init__(self, items: Mapping[str, Value] | None = None) -> None:
        self._root: _Node = {} if items is None else _node_of(dict(items), 0)
        self._size = 0 if items is None else len(items)
        self._sorted: tuple[Value, ...] | None = None
        #: What stood sorted in a table before, and what was added to it since, if nothing else was changed.
        self._added: tuple[tuple[Value, ...], tuple[Value, ...]] | None = None

    def set(self, key: str, value: Value, is_kept: Callable[[Value], bool] | None = None) -> Table[Value]:
        """A table that has `value` at `key` and is otherwise the same.

        Of the leaf that is copied, the values that are not `is_kept` are left out: old ones go by and by.
        """
        leaf, way = self._way_to(key)
        new = leaf.copy() if is_kept is None else {name: found for name, found in leaf.items() if is_kept(found)}
        new[key] = value
        changed = self._with(leaf, way, new)
        if changed._size == self._size + 1:
            changed._added = self._with_added(value)
        return changed

    def _with_added(self, value: Value) -> tuple[tuple[Value, ...], tuple[Value, ...]] | None:
        if self._sorted is not None:
            return self._sorted, (value,)
        if self._added is None or len(self._added[1]) >= _MOST_ADDED:
            return None
        return self._added[0], (*self._added[1], value)

    def without(self, key: str) -> Table[Value]:
        """A table that has nothing at `key`; this one where there is nothing."""
        if not self._size:
            return self
        leaf, way = self._way_to(key)
        if key not in leaf:
            return self
        return self._with(leaf, way, {name: value for name, value in leaf.items() if name != key})

    def changes_since(self, before: Table[Value]) -> Iterator[tuple[str, Value | None]]:
        """What was set, and with None what was taken out, since this table was `before`; quick where little was."""
        return iter(()) if before._root is self._root else _changes(before._root, self._root)

    def sorted_by(self, rank: Callable[[Value], Any]) -> tuple[Value, ...]:
        """The values in order; worked out once, so `rank` is to be the same each time."""
        if self._sorted is None:
            before, added = self._added or ((), tuple(self.values()))
            new = sorted(added, key=rank)
            # What is new mostly comes last.
            is_last = not before or not new or rank(before[-1]) <= rank(new[0])
            self._sorted = (*before, *new) if is_last else tuple(sorted(chain(before, new), key=rank))
            self._added = None
        return self._sorted

    def _way_to(self, key: str) -> tuple[dict[str, Value], list[tuple[_Node, int]]]:
        """The leaf for a key, and the nodes above it with the place taken in each."""
        node, bits = self._root, hash(key)
        way = []
        while isinstance(node, tuple):
            place = bits & _MASK
            way.append((node, place))
            node = node[place]
            bits >>= _BITS
        return node, way

    def _with(self, old: dict[str, Value], way: list[tuple[_Node, int]], new: dict[str, Value]) -> Table[Value]:
        node = _node_of(new, len(way))
        for parent, place in reversed(way):
            parts = list(parent)
            parts[place] = node
            node = tuple(parts)
        changed: Table[Value] = Table.__new__(Table)
        changed._root = node
        changed._size = self._size - len(old) + len(new)
        changed._sorted = changed._added = None
        return changed

    def _leaf_of(self, key: str) -> dict[str, Value]:
        node, bits = self._root, hash(key)
        while node.__class__ is tuple:
            node = node[bits & _MASK]
            bits >>= _BITS
        leaf: dict[str, Value] = node
        return leaf

    def __getitem__(self, key: str) -> Value:
        return self._leaf_of(key)[key]

    @overload
    def get(self, key: str, /) -> Value | None: ...
    @overload
    def get(self, key: str, /, default: Value | Other) -> Value | Other: ...
    def get(self, key: str, /, default: Any = None) -> Any:
        return self._leaf_of(key).get(key, default)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key in self._leaf_of(key)

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(_leaves(self._root))

    def __len__(self) -> int:
        return self._size

    def __repr__(self) -> str:
        return f"Table({dict(self)!r})"


def _node_of(items: dict[str, Any], depth: int) -> _Node:
    if len(items) <= _MOST_IN_LEAF or depth >= _MOST_DEPTH:
        return items
    parts: list[dict[str, Any]] = [{} for _ in range(_WIDTH)]
    for key, value in items.items():
        parts[(hash(key) >> (depth * _BITS)) & _MASK][key] = value
    return tuple(_node_of(part, depth + 1) for part in parts)


def _leaves(node: _Node) -> Iterator[dict[str, Any]]:
    if isinstance(node, tuple):
        for each in node:
            yield from _leaves(each)
    else:
        yield node


def _changes(before: _Node, after: _Node) -> Iterator[tuple[str, Any]]:
    if isinstance(before, tuple) and isinstance(after, tuple):
        for old, new in zip(before, after, strict=True):
            if old is not new:
                yield from _changes(old, new)
        return
    known, present = _items(before), _items(after)
    for key, value in present.items():
        if known.get(key) is not value:
            yield key, value
    for key in known.keys() - present.keys():
        yield key, None


def _items(node: _Node) -> dict[str, Any]:
    return {key: value for leaf in _leaves(node) for key, value in leaf.items()}
