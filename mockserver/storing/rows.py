"""A state <-> rows, one for each thing in it, so that a change writes what changed and nothing else."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, NamedTuple, TypeAlias, get_args, get_origin, get_type_hints

from mockserver.errors import MockError
from mockserver.storing.codecs import Codec, codec_of
from mockserver.tables import Table


class Row(NamedTuple):
    """What is kept of one thing: JSON, and the bytes in it; a text of None says that it is gone.

    `key` is the JSON of what the thing is found by in its field. `has_blob` is false where the bytes are those of
    the row that was there before.
    """

    field: str
    key: str
    text: str | None
    blob: bytes | None = None
    has_blob: bool = True


#: A thing's key, what it was and what it is; None for nothing.
Change: TypeAlias = tuple[tuple[Any, ...], Any, Any]
#: What has changed from one value of a field to another (None: from nothing), and the value with things set in it.
Differ: TypeAlias = Callable[[Any, Any], Iterator[Change]]
Setter: TypeAlias = Callable[[Any, Mapping[tuple[Any, ...], Any]], Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """How one field's value is taken apart and put together; its things' codecs, by the length of their keys."""

    differ: Differ
    setter: Setter
    codecs: Mapping[int, Codec]


def changed_rows(before: Any, after: Any) -> Iterator[Row]:
    """The rows that make the state `before` (None: nothing) into `after`.

    Raises MockError for a value that has no written form.
    """
    kind: Any = type(after)
    for name, shape in shapes_of(kind).items():
        old, new = getattr(before, name, None), getattr(after, name)
        if old is not new:
            for key, was, now in shape.differ(old, new):
                yield _row(name, key, shape.codecs[len(key)], was, now)


def with_rows(state: Any, rows: Iterable[Row]) -> Any:
    """The state with rows set in it; those of fields that it does not have are passed over."""
    kind: Any = type(state)
    shapes = shapes_of(kind)
    found: dict[str, dict[tuple[Any, ...], Any]] = defaultdict(dict)
    for row in rows:
        shape = shapes.get(row.field)
        if shape is not None:
            key = _key_of(row.key)
            codec = shape.codecs[len(key)]
            found[row.field][key] = None if row.text is None else codec.decode(json.loads(row.text), row.blob or b"")
    changes = {name: shapes[name].setter(getattr(state, name), things) for name, things in found.items()}
    return replace(state, **changes) if changes else state


@cache
def shapes_of(kind: Hashable) -> Mapping[str, Shape]:
    """The shape of each field of a kind of state. Raises MockError for a field that cannot be kept."""
    state_type: Any = kind
    hints = get_type_hints(state_type)
    return {field.name: _shape_of(hints[field.name]) for field in fields(state_type)}


def _shape_of(hint: Any) -> Shape:
    origin: Any = get_origin(hint)
    inner: tuple[Any, ...] = get_args(hint)
    if origin is Table:
        return Shape(_table_changes, _table_set, {1: codec_of(inner[0])})
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if get_origin(inner[1]) is Table:
            return Shape(_tables_changes, _tables_set, {1: codec_of(bool), 2: codec_of(get_args(inner[1])[0])})
        return Shape(_mapping_changes, _mapping_set, {1: codec_of(inner[1])})
    if origin is tuple and inner[1:] == (...,) and _has_id(inner[0]):
        return Shape(_records_changes, _records_set, {0: codec_of(tuple[str, ...]), 1: codec_of(inner[0])})
    return Shape(_value_changes, _value_set, {0: codec_of(hint)})


def _has_id(kind: Any) -> bool:
    """Whether things of a kind are told apart by their own `id`; what else a thing names has another name."""
    return is_dataclass(kind) and any(field.name == "id" for field in fields(kind))


def _row(name: str, key: tuple[Any, ...], codec: Codec, was: Any, now: Any) -> Row:
    if now is None and key:
        return Row(name, _written(key), None)
    blobs: list[bytes] = []
    text = _written(codec.encode(now, blobs))
    if not blobs:
        return Row(name, _written(key), text)
    known: list[bytes] = []
    if was is not None:
        codec.encode(was, known)
    is_same = len(known) == len(blobs) and all(map(_is, known, blobs))
    return Row(name, _written(key), text, None if is_same else b"".join(blobs), not is_same)


def _is(one: object, other: object) -> bool:
    return one is other


def _stand_in(value: object) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise MockError(f"the state cannot be kept: a {type(value).__name__} in it has no written form")


# Only ASCII, since a text may hold half of a pair of surrogates, which no encoding carries.
_written = json.JSONEncoder(separators=(",", ":"), default=_stand_in).encode


def _key_of(text: str) -> tuple[Any, ...]:
    return _tuple_of(json.loads(text))


def _tuple_of(parts: list[Any]) -> tuple[Any, ...]:
    return tuple(_tuple_of(part) if isinstance(part, list) else part for part in parts)


def _value_changes(_before: Any, after: Any) -> Iterator[Change]:
    yield (), None, after


def _value_set(_value: Any, things: Mapping[tuple[Any, ...], Any]) -> Any:
    return things[()]


def _table_changes(before: Table[Any] | None, after: Table[Any]) -> Iterator[Change]:
    known: Table[Any] = Table() if before is None else before
    for key, now in after.changes_since(known):
        yield (key,), known.get(key), now


def _table_set(table: Table[Any], things: Mapping[tuple[Any, ...], Any]) -> Table[Any]:
    return _table_with(table, {key[-1]: thing for key, thing in things.items()})


def _table_with(table: Table[Any], things: Mapping[str, Any]) -> Table[Any]:
    if not table:
        return Table({key: thing for key, thing in things.items() if thing is not None})
    for key, thing in things.items():
        table = table.without(key) if thing is None else table.set(key, thing)
    return table


def _tables_changes(before: Mapping[str, Table[Any]] | None, after: Mapping[str, Table[Any]]) -> Iterator[Change]:
    """A table is a thing itself: one that is empty is another than none."""
    known = before or {}
    for name, table in after.items():
        if name not in known:
            yield (name,), None, True
        for key, was, now in _table_changes(known.get(name), table):
            yield (name, *key), was, now
    for name in known.keys() - after.keys():
        yield (name,), True, None
        for id_, was in known[name].items():
            yield (name, id_), was, None


def _tables_set(tables: Mapping[str, Table[Any]], things: Mapping[tuple[Any, ...], Any]) -> Mapping[str, Table[Any]]:
    by_name: dict[str, dict[str, Any]] = defaultdict(dict)
    for key, thing in things.items():
        if len(key) == 2:
            by_name[key[0]][key[1]] = thing
    gone = {key[0] for key, thing in things.items() if len(key) == 1 and thing is None}
    names = [*tables, *(key[0] for key in things)]
    empty: Table[Any] = Table()
    return {
        name: _table_with(tables.get(name, empty), by_name[name]) for name in dict.fromkeys(names) if name not in gone
    }


def _mapping_changes(before: Mapping[Any, Any] | None, after: Mapping[Any, Any]) -> Iterator[Change]:
    known = before or {}
    for key, now in after.items():
        if known.get(key) is not now:
            yield (key,), known.get(key), now
    for key in known.keys() - after.keys():
        yield (key,), known[key], None


def _mapping_set(mapping: Mapping[Any, Any], things: Mapping[tuple[Any, ...], Any]) -> Mapping[Any, Any]:
    changed = {**mapping, **{key[0]: thing for key, thing in things.items()}}
    return {key: thing for key, thing in changed.items() if thing is not None}


def _records_changes(before: tuple[Any, ...] | None, after: tuple[Any, ...]) -> Iterator[Change]:
    """Records with ids, each of them a thing, and the order of the ids."""
    known, present = {each.id: each for each in before or ()}, {each.id: each for each in after}
    if before is None or list(known) != list(present):
        yield (), None, tuple(present)
    yield from _mapping_changes(known, present)


def _records_set(records: tuple[Any, ...], things: Mapping[tuple[Any, ...], Any]) -> tuple[Any, ...]:
    by_id = {each.id: each for each in records}
    by_id.update({key[0]: thing for key, thing in things.items() if key})
    return tuple(by_id[id_] for id_ in things.get((), tuple(each.id for each in records)))
