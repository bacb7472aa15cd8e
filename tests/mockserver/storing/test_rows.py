from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.errors import MockError
from mockserver.posted import QueuedWebhook
from mockserver.state import Resource, State, StoredFile
from mockserver.storing.codecs import codec_of
from mockserver.storing.rows import changed_rows, shapes_of, with_rows
from mockserver.tables import Table
from syncdyn.openapi.messages import Headers

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=3,
)
_members = st.dictionaries(st.text(max_size=3), _json, max_size=2)
_names = st.sampled_from(["", "a", "b", "\xe9\0", "\ud800"])
_LEAVES: Mapping[Any, st.SearchStrategy[Any]] = {
    Any: _json,
    Mapping[str, Any]: _members,
    str: _names,
    int: st.integers(),
    float: st.floats(allow_nan=False),
    bool: st.booleans(),
    bytes: st.binary(max_size=3),
    type(None): st.none(),
    Headers: st.lists(st.tuples(_names, _names), max_size=2).map(Headers),
}


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a type, so that a new field of the state is tried as well."""
    if hint in _LEAVES:
        return _LEAVES[hint]
    origin: Any = get_origin(hint)
    inner: tuple[Any, ...] = get_args(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint)
        return st.builds(hint, **{field.name: values_of(hints[field.name]) for field in fields(hint)})
    if origin in (Union, types.UnionType):
        return st.one_of(*map(values_of, inner))
    if origin is Table:
        return st.dictionaries(_names, values_of(inner[0]), max_size=3).map(Table)
    if origin is tuple and inner[1:] == (...,):
        has_id = "id" in getattr(inner[0], "__dataclass_fields__", ())
        return st.lists(values_of(inner[0]), max_size=2, unique_by=_id_of if has_id else None).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values_of, inner))
    assert issubclass(origin, Mapping), hint
    return st.dictionaries(*map(values_of, inner), max_size=2)


def _id_of(value: Any) -> str:
    return str(value.id)


_states = st.deferred(lambda: values_of(State))


@settings(max_examples=30, deadline=None)
@given(_states)
def test_what_was_written_is_read_as_the_same_state(state: State) -> None:
    assert told(with_rows(State(), changed_rows(None, state))) == told(state)


@settings(max_examples=30, deadline=None)
@given(_states, _states)
def test_the_rows_of_a_change_make_one_state_into_the_other(before: State, after: State) -> None:
    merged = kept_rows(before)
    for row in changed_rows(before, after):
        blob = row.blob if row.has_blob else merged[row.field, row.key].blob
        merged[row.field, row.key] = row._replace(blob=blob)
    assert told(with_rows(State(), merged.values())) == told(after)


def told(state: State) -> str:
    """All of a state as a text, in which a header's values are seen and the order of a table is not."""
    return repr(sorted((row.field, row.key, row.text, row.blob) for row in changed_rows(None, state)))


def kept_rows(state: State) -> dict[tuple[str, str], Any]:
    return {(row.field, row.key): row for row in changed_rows(None, state)}


def test_webhooks_of_one_thing_are_all_kept() -> None:
    """They have no id of their own."""
    queued = [QueuedWebhook(at, "told", "http://localhost/", "/pets", "p7") for at in (1.0, 2.0)]
    state = State().with_queued(queued)
    assert with_rows(State(), changed_rows(State(), state)).queued == tuple(queued)


def test_a_change_writes_what_changed_and_nothing_else() -> None:
    pets = [Resource(f"p{number}", number, 0.0, {"id": f"p{number}"}) for number in range(500)]
    before = State({"pets": Table({pet.id: pet for pet in pets})}, count=500)
    after = before.with_resource("pets", replace(pets[7], value={"id": "p7", "name": "Rex"}))
    (row,) = changed_rows(before, after)
    assert (row.field, row.key) == ("collections", '["pets","p7"]')
    assert '"Rex"' in (row.text or "")


def test_the_bytes_of_a_file_are_not_written_again_when_something_else_changes() -> None:
    clip = Resource("c", 1, 0.0, {}, file=StoredFile("a.mp4", "video/mp4", b"x" * 1000))
    before = State().with_resource("clips", clip)
    after = before.with_resource("clips", replace(clip, value={"title": "b"}))
    (row,) = changed_rows(before, after)
    assert (row.blob, row.has_blob) == (None, False)


def test_every_field_of_the_state_has_a_written_form() -> None:
    assert set(shapes_of(State)) == set(State.__dataclass_fields__)


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Many:
    colour: Colour
    pair: tuple[int, str]
    names: frozenset[str]
    table: Table[bytes]
    by_number: Mapping[int, Colour]
    maybe: StoredFile | None = None
    later: int = field(default=5)


def test_values_of_many_types_come_back() -> None:
    codec, blobs = codec_of(Many), []  # type: ignore[var-annotated]
    value = Many(Colour.RED, (1, "a"), frozenset("ab"), Table({"k": b"\0\xff", "l": b""}), {3: Colour.RED})
    written = codec.encode(value, blobs)
    assert codec.decode(written, b"".join(blobs)) == value


def test_a_field_of_another_version_has_its_default_or_is_passed_over() -> None:
    written = {"name": "a", "content_type": "text/plain", "content": [0, 1], "of_tomorrow": True}
    assert codec_of(StoredFile).decode(written, b"x") == StoredFile("a", "text/plain", b"x")


def test_a_value_that_cannot_be_written_is_told() -> None:
    state = State().with_resource("pets", Resource("p", 1, 0.0, {"made": object()}))
    with pytest.raises(MockError, match="a object in it has no written form"):
        list(changed_rows(None, state))
    with pytest.raises(MockError, match="no written form"):
        codec_of(type)
