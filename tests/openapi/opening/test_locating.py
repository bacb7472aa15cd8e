"""Where in a text the values of pointers stand."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from syncdyn.openapi.document import child
from syncdyn.openapi.opening.locating import Place, locate, nearest, with_parents

JSON = """{
  "a": {"b~/%": [1, {"c": "x, \\" }"}],
        "d": null}
}"""
YAML = """\
a:
  "b~/%": [1, {c: x}]
  d: ~
list:
- &one
  e: 1
- *one
"""


@pytest.mark.parametrize(
    ("text", "pointer", "place"),
    [
        (JSON, "#", Place(1, 1)),
        (JSON, "#/a", Place(2, 3)),
        (JSON, "#/a/b~0~1%25/1", Place(2, 21)),
        (JSON, "#/a/b~0~1%25/1/c", Place(2, 22)),
        (JSON, "#/a/d", Place(3, 9)),
        (YAML, "#/a/b~0~1%25/1/c", Place(2, 16)),
        (YAML, "#/a/d", Place(3, 3)),
        (YAML, "#/list/0/e", Place(6, 3)),
        (YAML, "#/list/1", Place(7, 3)),
    ],
)
def test_a_pointer_has_the_place_of_its_name_or_item(text: str, pointer: str, place: Place) -> None:
    assert locate(text, [pointer]) == {pointer: place}


@pytest.mark.parametrize("pointer", ["#/b", "#/a/d/e", "#/list/1/e", "#/list/7"])
@pytest.mark.parametrize("text", [JSON, YAML], ids=["json", "yaml"])
def test_what_is_not_written_there_has_no_place(text: str, pointer: str) -> None:
    assert locate(text, [pointer]) == {}


def test_the_nearest_place_is_that_of_what_is_around() -> None:
    places = locate(JSON, with_parents(["#/a/x/y"]))
    assert nearest(places, "#/a/x/y") == Place(2, 3)
    assert nearest({}, "#/a") is None


@pytest.mark.parametrize("text", ["", "{", '{"a": ', '{"a" 1}', "a: [", "\t- a", '{"a": {"b": }}'])
def test_a_text_that_breaks_off_raises_nothing(text: str) -> None:
    assert isinstance(locate(text, ["#/a/b"]), dict)


NAMES = st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=4)
VALUES = st.recursive(
    st.none() | st.integers() | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner),
    max_leaves=9,
)


def _pointers(value: Any, pointer: str = "#") -> list[str]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [pointer, *(below for step, entry in entries for below in _pointers(entry, child(pointer, step)))]


@given(st.dictionaries(NAMES, VALUES), st.sampled_from([None, 2]))
def test_every_value_of_json_and_of_yaml_has_a_place(value: Any, indent: int | None) -> None:
    pointers = _pointers(value)
    assert set(locate(json.dumps(value, indent=indent), pointers)) == set(pointers)
    assert set(locate(yaml.safe_dump(value, default_flow_style=False), pointers)) == set(pointers)
