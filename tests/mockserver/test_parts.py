"""The small parts: tables, expressions, cursors, rules without names of an API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mockserver
from mockserver.behaviour.expressions import Scope
from mockserver.behaviour.listing import read_cursor, write_cursor
from mockserver.media.caching import ByteCache
from mockserver.tables import Table
from syncdyn.openapi.bundled import load_bundled
from syncdyn.openapi.errors import DocumentError


@given(st.lists(st.tuples(st.text(), st.integers())))
def test_a_table_is_a_mapping_of_what_was_set(pairs: list[tuple[str, int]]) -> None:
    table: Table[int] = Table()
    for name, value in pairs:
        table = table.set(name, value)
    assert dict(table) == dict(pairs)
    assert len(table) == len(dict(pairs))


def test_a_table_never_changes() -> None:
    table: Table[int] = Table()
    more = table.set("a", 1)
    assert ("a" in table, "a" in more) == (False, True)
    assert (len(table), len(more)) == (0, 1)


@given(st.text(min_size=1).filter(str.isascii), st.integers())
def test_a_cursor_is_read_back_and_another_seed_reads_nothing(last_id: str, seed: int) -> None:
    cursor = write_cursor(last_id, seed)
    assert read_cursor(cursor, seed) == last_id
    assert read_cursor(cursor, seed + 1) is None


@given(st.text())
def test_a_text_that_is_no_cursor_reads_nothing(text: str) -> None:
    assert read_cursor(text, 0) is None


ROOT = {"a": {"b": 2}, "items": [{"n": 1, "k": "x"}, {"n": 5, "k": "y"}], "text": "take-12.mp4"}
EXPRESSIONS: dict[str, Any] = {
    "a.b": 2,
    "a.c.d": None,
    "text.x": None,
    "'text'": "text",
    "add(a.b, `3`)": 5,
    "add(a.c, `3`)": None,
    "subtract(a.b, `3`)": -1,
    "multiply(a.b, `1.5`)": 3.0,
    "divide(a.b, `4`)": 0.5,
    "divide(a.b, `0`)": None,
    "rounded(divide(`2`, `3`), `2`)": 0.67,
    "rounded(`2.7`, `0`)": 3,
    "capture(text, '-([0-9]+)')": "12",
    "capture(a.c, 'x')": None,
    "matches(text, 'mp4$')": True,
    "matches(a.c, 'x')": False,
    "pick({x: `1`, y: `2`}, items[1].k)": 2,
    "pick(a.c, 'x')": None,
    "items[].add(n, root('a').b)": [3, 7],
    "table('prices', 'x')": 9,
    "table('prices', 'z')": None,
    "paired(items, '/k', items, '/k')[].left.n": [1, 5],
    "find('things', a.c)": None,
    "guess(a.c, `1`, `2`)": None,
}


@pytest.mark.parametrize(("expression", "value"), EXPRESSIONS.items(), ids=EXPRESSIONS)
def test_expressions_reckon_and_let_null_pass(expression: str, value: Any) -> None:
    assert Scope(ROOT, tables={"prices": {"x": 9}}).evaluate(expression) == value


def test_names_are_worked_out_from_others_when_they_are_asked_for() -> None:
    scope = Scope(ROOT).with_values({"d": "add(c, c)", "c": "a.b", "unused": "nothing(a)"})
    assert scope.evaluate("[c, d, root('d'), a.b]") == [2, 4, 4, 2]
    assert {*scope.root} == {*ROOT, "c", "d", "unused"}


def test_a_name_that_needs_itself_is_null() -> None:
    assert Scope({}).with_values({"a": "b", "b": "a"}).evaluate("a") is None


def test_a_guess_stays_in_its_range_and_depends_on_the_seed() -> None:
    one, same, other = (Scope({}, seed=seed).evaluate("guess('u', `3`, `12`)") for seed in (1, 1, 2))
    assert one == same != other
    assert 3 <= one <= 12


@pytest.mark.parametrize("expression", ["a.", "nothing(a)", "length(`1`)"])
def test_an_expression_that_cannot_be_read_is_named(expression: str) -> None:
    with pytest.raises(DocumentError, match="x-mock data"):
        Scope(ROOT).evaluate(expression)


def test_the_code_names_no_path_operation_or_member_of_the_bundled_api() -> None:
    root = load_bundled(with_mock=True, cache_folder=None).root
    operations = [operation["operationId"] for item in root["paths"].values() for operation in item.values()]
    members = {name for schema in root["components"]["schemas"].values() for name in schema.get("properties", ())}
    told = {name for name in members if "_" in name or any(letter.isupper() for letter in name)}
    named = {*operations, *(path.rstrip("/") for path in root["paths"]), *told}
    # Words of other trades that the API happens to use as well.
    named -= {"file_name"}
    sources = {path: path.read_text("utf-8") for path in Path(mockserver.__file__).parent.glob("*.py")}
    found = {(path.name, name) for path, text in sources.items() for name in named if f'"{name}"' in text}
    assert not found


BIG = 10**400
REACHING = {
    "add(`1.7e308`, `1.7e308`)": None,
    "subtract(`-1.7e308`, `1.7e308`)": None,
    "multiply(big, `0.5`)": None,
    "multiply(`1e200`, `1e200`)": None,
    "divide(big, `3`)": None,
    "divide(`1`, `0`)": None,
    "sum([`1.7e308`, `1.7e308`])": None,
    "sum([big, `0.5`])": None,
    "rounded(multiply(`1e200`, `1e200`), `2`)": None,
    "sum([`1`, `2`])": 3,
    "rounded(`2.345`, `1`)": 2.3,
}


@pytest.mark.parametrize(("expression", "value"), REACHING.items())
def test_what_is_beyond_all_bounds_is_null(expression: str, value: float | None) -> None:
    assert Scope({"big": BIG}).evaluate(expression) == value


def test_a_table_sheds_what_is_not_kept_from_the_bucket_it_copies() -> None:
    table = Table[int]().set("a", 1).set("a", 2, lambda _: False)
    assert dict(table) == {"a": 2}
    for number in range(200):
        table = table.set(str(number), number)
    for number in range(1000, 1400):
        table = table.set(str(number), number, lambda value: value >= 1000)
    assert sum(value < 1000 for value in table.values()) < 20


def test_a_cache_makes_once_and_is_bounded_by_what_its_values_weigh() -> None:
    made: list[int] = []

    def make(size: int) -> bytes:
        made.append(size)
        return b"x" * size

    cache = ByteCache(make, len, most_bytes=10)
    for size in (4, 5, 4, 3, 4, 5, 11, 11):
        assert cache(size) == b"x" * size
    assert made == [4, 5, 3, 5, 11, 11]
