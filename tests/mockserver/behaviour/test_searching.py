"""Expressions made ready find what the JMESPath library finds by reading them."""

from __future__ import annotations

from typing import Any

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions

from mockserver.behaviour.searching import search_of

_NAMES = st.sampled_from(["a", "b", "c"])
_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-2, 3), st.sampled_from(["", "a", "b", "1.5"]))
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3), max_leaves=12
)
_LITERALS = st.sampled_from(["'a'", "''", "`0`", "`1`", "`true`", "`null`", "`[]`", "`{}`", "@"])
_SUFFIXES = st.sampled_from([".a", ".b", "[0]", "[-1]", "[]", "[*]", ".*", "[1:]", "[::-1]", "[?a]", " | [0]"])
_CALLS = st.sampled_from(["length({})", "to_number({})", "not_null({}, a)", "type({})", "keys({})", "join('', [{}])"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    words = st.sampled_from(["||", "&&", "==", "!=", "<", ">="])
    return st.one_of(
        st.tuples(inner, _SUFFIXES).map(lambda drawn: f"({drawn[0]}){drawn[1]}"),
        st.tuples(inner, words, inner).map(lambda drawn: f"({drawn[0]} {drawn[1]} {drawn[2]})"),
        st.tuples(_NAMES, inner).map(lambda drawn: f"{drawn[0]}[?{drawn[1]}]"),
        st.tuples(inner, inner).map(lambda drawn: f"[{drawn[0]}, {drawn[1]}]"),
        st.tuples(_NAMES, inner).map(lambda drawn: f"{{{drawn[0]}: {drawn[1]}}}"),
        st.tuples(_CALLS, inner).map(lambda drawn: drawn[0].format(drawn[1])),
        inner.map(lambda drawn: f"!({drawn})"),
    )


_EXPRESSIONS = st.recursive(_NAMES | _LITERALS, _larger, max_leaves=6)


def _outcome(search: Any) -> object:
    try:
        found = search()
    except (JMESPathError, TypeError) as error:
        return type(error)
    return repr(found)


@given(_EXPRESSIONS, _VALUES)
def test_what_is_found_is_what_the_library_finds(expression: str, value: Any) -> None:
    parsed = jmespath.compile(expression)
    search = search_of(parsed.parsed, Functions.FUNCTION_TABLE)
    assert search is not None
    assert _outcome(lambda: search(value, Functions())) == _outcome(lambda: parsed.search(value)), expression


@pytest.mark.parametrize("expression", ["sort_by(a, &b)", "a[?length(map(&b, @)) > `1`]"])
def test_what_hands_on_expressions_is_left_to_the_library(expression: str) -> None:
    assert search_of(jmespath.compile(expression).parsed, Functions.FUNCTION_TABLE) is None
