"""Tables: never changed, and in order whatever was done to those before them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mockserver.tables import Table

_STEPS = st.lists(st.tuples(st.sampled_from(["set", "without", "sorted"]), st.integers(0, 99)), max_size=120)


@given(_STEPS)
def test_the_order_is_right_after_whatever_changes(steps: list[tuple[str, int]]) -> None:
    table: Table[int] = Table()
    known: dict[str, int] = {}
    for word, number in steps:
        key = str(number % 40)
        if word == "set":
            table, known = table.set(key, number), {**known, key: number}
        elif word == "without":
            table, known = table.without(key), {name: value for name, value in known.items() if name != key}
        else:
            assert list(table.sorted_by(lambda value: value)) == sorted(known.values())
    assert list(table.sorted_by(lambda value: value)) == sorted(known.values())
    assert dict(table) == known
