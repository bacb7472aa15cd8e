"""The specification's "Style Examples", every cell of it: empty values, and the cells that it leaves open (n/a)."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.openapi.coding import styles
from tests.openapi.coding.test_styles import COLOURS, LIST, RGB, STRINGS, VALUES, decode, encode, parameter, shape_of

#: OpenAPI 3.0.4, 3.1.1 and 3.2.0, column "undefined": what an empty text is written as.
EMPTY = {
    ("path", "matrix", False): ";color",
    ("path", "matrix", True): ";color",
    ("header", "simple", False): "",
    ("header", "simple", True): "",
    ("query", "form", False): "color=",
    ("query", "form", True): "color=",
    ("cookie", "form", False): "color=",
    ("cookie", "form", True): "color=",
    ("cookie", "cookie", False): "color=",
    ("cookie", "cookie", True): "color=",
}


@pytest.mark.parametrize("where", EMPTY, ids=str)
def test_an_empty_text_is_written_as_the_table_has_it_and_read(where: tuple[str, str, bool]) -> None:
    assert encode(parameter(*where), "") == EMPTY[where]
    assert decode(parameter(*where), shape_of({"type": "string"}), EMPTY[where]) == ""


@pytest.mark.parametrize("explode", [False, True])
@pytest.mark.parametrize("style", ["simple", "label"])
def test_an_empty_text_that_would_change_the_path_is_refused(style: str, explode: bool) -> None:
    """The table has nothing and `.`, which name another resource in a path: RFC 3986, section 5.2.4."""
    with pytest.raises(ValueError, match=r"empty|dot segment"):
        encode(parameter("path", style, explode), "")


#: The cells of the table that are n/a, and what is written all the same: the nearest thing that reads back.
OPEN = {
    ("spaceDelimited", False, "string"): "color=blue",
    ("spaceDelimited", True, "string"): "color=blue",
    ("spaceDelimited", True, "array"): "color=blue&color=black&color=brown",
    ("spaceDelimited", True, "object"): "R=100&G=200&B=150",
    ("pipeDelimited", False, "string"): "color=blue",
    ("pipeDelimited", True, "string"): "color=blue",
    ("pipeDelimited", True, "array"): "color=blue&color=black&color=brown",
    ("pipeDelimited", True, "object"): "R=100&G=200&B=150",
    ("deepObject", False, "string"): "color=blue",
    ("deepObject", False, "array"): "color[]=blue&color[]=black&color[]=brown",
    ("deepObject", False, "object"): "color[R]=100&color[G]=200&color[B]=150",
    ("deepObject", True, "string"): "color=blue",
    ("deepObject", True, "array"): "color[]=blue&color[]=black&color[]=brown",
}


@pytest.mark.parametrize("cell", OPEN, ids=str)
def test_where_the_table_has_nothing_a_value_still_comes_back(cell: tuple[str, bool, str]) -> None:
    style, explode, kind = cell
    shapes = {"string": shape_of({"type": "string"}), "array": shape_of(STRINGS), "object": shape_of(COLOURS)}
    where = parameter("query", style, explode)
    text = encode(where, VALUES[kind])
    assert text.replace("%5B", "[").replace("%5D", "]") == OPEN[cell]
    assert decode(where, shapes[kind], text) == VALUES[kind]


@pytest.mark.parametrize(
    "where", [("path", "matrix"), ("query", "form"), ("query", "pipeDelimited"), ("cookie", "form")], ids=str
)
def test_an_empty_array_or_object_comes_back_from_where_it_has_a_name(where: tuple[str, str]) -> None:
    for schema, value in ((STRINGS, []), (COLOURS, {})):
        assert decode(parameter(*where), shape_of(schema), encode(parameter(*where), value)) == value


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("spaceDelimited", "color=blue black brown"),
        ("spaceDelimited", "color=blue+black%20brown"),
        ("pipeDelimited", "color=blue|black|brown"),
        ("pipeDelimited", "color=blue%7cblack%7Cbrown"),
    ],
)
def test_a_delimiter_is_read_in_each_of_its_spellings(style: str, text: str) -> None:
    assert decode(parameter("query", style), shape_of(STRINGS), text) == LIST


@pytest.mark.parametrize(
    ("location", "style", "explode", "item"),
    [
        ("query", "spaceDelimited", False, "a b"),
        ("query", "pipeDelimited", False, "a|b"),
        ("path", "label", True, "a.b"),
        ("header", "simple", False, "a,b"),
        ("cookie", "cookie", True, "a,b"),
    ],
)
def test_an_item_with_a_delimiter_that_has_no_escape_is_refused(
    location: str, style: str, explode: bool, item: str
) -> None:
    with pytest.raises(ValueError, match="no escape"):
        encode(parameter(location, style, explode), [item, "c"])


def test_a_dot_is_data_where_it_parts_nothing() -> None:
    where = parameter("path", "label", False)
    assert decode(where, shape_of(STRINGS), encode(where, ["a.b", "c"])) == ["a.b", "c"]


@pytest.mark.parametrize("explode", [False, True])
def test_a_comma_in_an_item_stays_data_where_reserved_characters_are_allowed(explode: bool) -> None:
    where = parameter("query", "form", explode, allow_reserved=True)
    assert decode(where, shape_of(STRINGS), encode(where, ["a,b", "c/d?"])) == ["a,b", "c/d?"]


@pytest.mark.parametrize("text", ["a\\b", 'a"b', "a;b"])
def test_a_cookie_that_is_not_encoded_holds_no_quoting(text: str) -> None:
    with pytest.raises(ValueError, match="cookie"):
        encode(parameter("cookie", "cookie"), text)


def test_space_around_what_stands_in_a_header_is_none_of_it() -> None:
    """RFC 9110, section 5.6.1.2: optional whitespace beside the commas of a list."""
    where = parameter("header", "simple")
    assert styles.decode_header(where, shape_of({"type": "string"}), "  a b ") == "a b"
    assert styles.decode_header(where, shape_of(STRINGS), " a ,\tb, c") == ["a", "b", "c"]


def test_an_exploded_object_of_no_declared_fields_takes_every_pair() -> None:
    shape = shape_of({"type": "object", "additionalProperties": {"type": "integer"}})
    assert decode(parameter("query", "form", True), shape, "R=100&G=200&B=150") == RGB


@pytest.mark.parametrize(("location", "style"), [("cookie", "cookie"), ("query", "deepObject")])
def test_a_content_parameter_has_no_style_whatever_is_stated(location: str, style: str) -> None:
    where: Any = parameter(location, style, media_type="application/json")
    assert decode(where, None, encode(where, {"a": "b;c d"})) == {"a": "b;c d"}
