"""The specification's style examples, and round trips through every style."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn.openapi.coding import styles
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.operations import Parameter
from syncdyn.openapi.schemas.shapes import Shape, Shapes

STRING = {"type": "string"}
STRINGS = {"type": "array", "items": STRING}
INTEGERS = {"type": "array", "items": {"type": "integer"}}
COLOURS = {"type": "object", "properties": {name: {"type": "integer"} for name in "RGB"}}

BLUE = "blue"
LIST = ["blue", "black", "brown"]
RGB = {"R": 100, "G": 200, "B": 150}
SCHEMAS: dict[str, dict[str, Any]] = {"string": STRING, "array": STRINGS, "object": COLOURS}
VALUES: dict[str, Any] = {"string": BLUE, "array": LIST, "object": RGB}


def shape_of(schema: dict[str, Any]) -> Shape:
    root = {"openapi": "3.1.0", "components": {"schemas": {"It": schema}}}
    return Shapes(Document(root)).at("#/components/schemas/It")


def parameter(location: str, style: str, explode: bool = False, **more: Any) -> Parameter:
    return Parameter(name="color", location=location, style=style, explode=explode, **more)


# OpenAPI 3.1.1, Parameter Object, "Style Examples".
TABLE = [
    ("path", "matrix", False, "string", ";color=blue"),
    ("path", "matrix", False, "array", ";color=blue,black,brown"),
    ("path", "matrix", False, "object", ";color=R,100,G,200,B,150"),
    ("path", "matrix", True, "string", ";color=blue"),
    ("path", "matrix", True, "array", ";color=blue;color=black;color=brown"),
    ("path", "matrix", True, "object", ";R=100;G=200;B=150"),
    ("path", "label", False, "string", ".blue"),
    ("path", "label", False, "array", ".blue,black,brown"),
    ("path", "label", False, "object", ".R,100,G,200,B,150"),
    ("path", "label", True, "string", ".blue"),
    ("path", "label", True, "array", ".blue.black.brown"),
    ("path", "label", True, "object", ".R=100.G=200.B=150"),
    ("path", "simple", False, "string", "blue"),
    ("path", "simple", False, "array", "blue,black,brown"),
    ("path", "simple", False, "object", "R,100,G,200,B,150"),
    ("path", "simple", True, "string", "blue"),
    ("path", "simple", True, "array", "blue,black,brown"),
    ("path", "simple", True, "object", "R=100,G=200,B=150"),
    ("header", "simple", False, "string", "blue"),
    ("header", "simple", False, "array", "blue,black,brown"),
    ("header", "simple", False, "object", "R,100,G,200,B,150"),
    ("header", "simple", True, "array", "blue,black,brown"),
    ("header", "simple", True, "object", "R=100,G=200,B=150"),
    ("query", "form", False, "string", "color=blue"),
    ("query", "form", False, "array", "color=blue,black,brown"),
    ("query", "form", False, "object", "color=R,100,G,200,B,150"),
    ("query", "form", True, "string", "color=blue"),
    ("query", "form", True, "array", "color=blue&color=black&color=brown"),
    ("query", "form", True, "object", "R=100&G=200&B=150"),
    ("query", "spaceDelimited", False, "array", "color=blue%20black%20brown"),
    ("query", "spaceDelimited", False, "object", "color=R%20100%20G%20200%20B%20150"),
    ("query", "pipeDelimited", False, "array", "color=blue%7Cblack%7Cbrown"),
    ("query", "pipeDelimited", False, "object", "color=R%7C100%7CG%7C200%7CB%7C150"),
    ("query", "deepObject", True, "object", "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
    ("cookie", "form", False, "string", "color=blue"),
    ("cookie", "form", False, "array", "color=blue,black,brown"),
    ("cookie", "form", False, "object", "color=R,100,G,200,B,150"),
    ("cookie", "form", True, "array", "color=blue; color=black; color=brown"),
    ("cookie", "form", True, "object", "R=100; G=200; B=150"),
    # OpenAPI 3.2.0.
    ("cookie", "cookie", False, "string", "color=blue"),
    ("cookie", "cookie", False, "array", "color=blue,black,brown"),
    ("cookie", "cookie", False, "object", "color=R,100,G,200,B,150"),
    ("cookie", "cookie", True, "string", "color=blue"),
    ("cookie", "cookie", True, "array", "color=blue; color=black; color=brown"),
    ("cookie", "cookie", True, "object", "R=100; G=200; B=150"),
]


def encode(where: Parameter, value: Any) -> str:
    match where.location:
        case "path":
            return styles.encode_path(where, value)
        case "header":
            return styles.encode_header(where, value)
        case "cookie":
            return styles.cookie_string(styles.encode_cookie(where, value))
    return styles.query_string(styles.encode_query(where, value))


def decode(where: Parameter, shape: Shape | None, text: str) -> Any:
    match where.location:
        case "path":
            return styles.decode_path(where, shape, text)
        case "header":
            return styles.decode_header(where, shape, text)
        case "cookie":
            return styles.decode_cookie(where, shape, text)
    return styles.decode_query(where, shape, styles.split_query(text))


def case_id(case: tuple[str, str, bool, str, str]) -> str:
    location, style, explode, kind, _ = case
    return f"{location}-{style}-{'exploded' if explode else 'joined'}-{kind}"


@pytest.mark.parametrize("case", TABLE, ids=case_id)
def test_the_specifications_example_is_written_and_read(case: tuple[str, str, bool, str, str]) -> None:
    location, style, explode, kind, text = case
    where = parameter(location, style, explode)
    assert encode(where, VALUES[kind]) == text
    assert decode(where, shape_of(SCHEMAS[kind]), text) == VALUES[kind]


ANY_TEXT = st.text(st.characters(codec="utf-8"), min_size=1)
HEADER_TEXT = st.text("abcXYZ019-_.:%/[]{}", min_size=1)
COMBINATIONS = sorted({(case[0], case[1], case[2]) for case in TABLE})
REFUSED = {"spaceDelimited": " ", "pipeDelimited": "|", "label": ".", "simple": "./\\"}


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda it: f"{it[0]}-{it[1]}-{it[2]}")
@given(data=st.data())
def test_arrays_of_any_text_come_back(combination: tuple[str, str, bool], data: st.DataObject) -> None:
    location, style, explode = combination
    texts = HEADER_TEXT if location == "header" or style == "cookie" else ANY_TEXT
    refused = "./\\%" if location == "path" else REFUSED.get(style, "")
    fit = texts.filter(lambda text: location == "header" or not set(text) & set(refused))
    values = data.draw(st.lists(fit, min_size=1))
    where = parameter(location, style, explode)
    assert decode(where, shape_of(STRINGS), encode(where, values)) == values


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda it: f"{it[0]}-{it[1]}-{it[2]}")
@given(
    values=st.lists(st.integers(), min_size=1),
    colours=st.fixed_dictionaries(dict.fromkeys("RGB", st.integers())),
)
def test_numbers_come_back_as_numbers(
    combination: tuple[str, str, bool], values: list[int], colours: dict[str, int]
) -> None:
    where = parameter(*combination)
    assert decode(where, shape_of(INTEGERS), encode(where, values)) == values
    assert decode(where, shape_of(COLOURS), encode(where, colours)) == colours


SCALARS: dict[str, tuple[st.SearchStrategy[Any], dict[str, Any]]] = {
    "boolean": (st.booleans(), {"type": "boolean"}),
    "integer": (st.integers(), {"type": "integer"}),
    "number": (st.floats(allow_nan=False, allow_infinity=False), {"type": "number"}),
    "string": (ANY_TEXT, STRING),
    "nullable": (st.none() | st.integers(), {"type": ["integer", "null"]}),
}


@pytest.mark.parametrize("kind", SCALARS)
@given(data=st.data())
def test_scalars_come_back_with_their_type(kind: str, data: st.DataObject) -> None:
    values, schema = SCALARS[kind]
    value = data.draw(values)
    where = parameter("query", "form", True)
    found = decode(where, shape_of(schema), encode(where, value))
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("explode", [False, True])
@pytest.mark.parametrize("style", ["form", "spaceDelimited", "pipeDelimited", "deepObject"])
def test_an_empty_array_does_not_vanish(style: str, explode: bool) -> None:
    where = parameter("query", style, explode)
    assert styles.encode_query(where, []) == (("color", ""),)
    assert styles.decode_query(where, shape_of(STRINGS), [("color", "")]) == []


DOTS = [".", "..", "../x", "x/..", "..%2Fx", "%2e%2e", "%2E.", "..\\x", "%252e%252e", "a/./b"]


@pytest.mark.parametrize("value", DOTS)
def test_a_path_refuses_dot_segments(value: str) -> None:
    with pytest.raises(ValueError, match="dot segment"):
        styles.encode_path(parameter("path", "simple"), value)


@pytest.mark.parametrize("value", ["", None, []], ids=repr)
def test_a_path_refuses_the_empty_text(value: Any) -> None:
    with pytest.raises(ValueError, match="empty"):
        styles.encode_path(parameter("path", "simple"), value)


def test_nothing_in_a_path_value_ends_its_segment() -> None:
    assert styles.encode_path(parameter("path", "simple"), "a/b?c#d%e f") == "a%2Fb%3Fc%23d%25e%20f"


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\nb", "a\0b", "né"], ids=ascii)
def test_a_header_refuses_what_it_cannot_hold(value: str) -> None:
    with pytest.raises(ValueError, match="header"):
        styles.encode_header(parameter("header", "simple"), value)


def test_an_item_that_holds_its_delimiter_is_refused_not_split() -> None:
    with pytest.raises(ValueError, match="no escape"):
        styles.encode_query(parameter("query", "pipeDelimited"), ["a|b"])
    with pytest.raises(ValueError, match="no escape"):
        styles.encode_header(parameter("header", "simple"), ["a,b"])


@pytest.mark.parametrize(
    ("location", "style", "used"),
    [
        ("path", "form", "simple"),
        ("header", "form", "simple"),
        ("query", "simple", "form"),
        ("query", "unheard-of", "form"),
        ("cookie", "deepObject", "form"),
        ("query", "cookie", "form"),
    ],
)
def test_a_style_that_the_location_has_not_gives_way_to_its_own(location: str, style: str, used: str) -> None:
    where, right = parameter(location, style), parameter(location, used)
    assert styles.degraded_style(where) == used
    assert encode(where, LIST) == encode(right, LIST)
    assert decode(where, shape_of(STRINGS), encode(right, LIST)) == LIST
    assert styles.degraded_style(right) is None


@pytest.mark.parametrize("value", ["a b", "a;b", 'a"b', "Zoë", ["a,b"]])
def test_a_cookie_that_is_sent_as_it_is_refuses_what_it_cannot_hold(value: Any) -> None:
    with pytest.raises(ValueError, match="cookie"):
        styles.encode_cookie(parameter("cookie", "cookie"), value)


def test_a_cookie_of_its_own_style_is_not_percent_encoded() -> None:
    assert styles.encode_cookie(parameter("cookie", "cookie"), "a/b%20c=") == (("color", "a/b%20c="),)
    assert styles.decode_cookie(parameter("cookie", "cookie"), None, "color=a/b%20c=") == "a/b%20c="


@pytest.mark.parametrize(
    ("keys", "value", "text"),
    [
        ("", ["a", "b"], "color[]=a&color[]=b"),
        ("", [{"x": "a"}, {"x": ["b"]}], "color[0][x]=a&color[1][x][]=b"),
        ("", {"x": {"y": ["a"]}}, "color[x][y][]=a"),
        ("indices", ["a", "b"], "color[0]=a&color[1]=b"),
        ("brackets", [{"x": "a"}], "color[][x]=a"),
        ("none", {"x": ["a", "b"]}, "color[x]=a&color[x]=b"),
    ],
)
def test_arrays_below_a_deep_object_are_named_by_the_data_or_the_document(keys: str, value: Any, text: str) -> None:
    where = parameter("query", "deepObject", True, array_keys=keys)
    assert encode(where, value).replace("%5B", "[").replace("%5D", "]") == text


def test_reserved_characters_stay_where_they_are_allowed() -> None:
    where = parameter("query", "form", True, allow_reserved=True)
    assert styles.encode_query(where, "a/b?c=d&e#f%2F%") == (("color", "a/b?c=d%26e%23f%2F%25"),)


def test_a_joined_array_also_takes_repeated_names() -> None:
    pairs = [("color", "1,2"), ("color", "3")]
    assert styles.decode_query(parameter("query", "form"), shape_of(INTEGERS), pairs) == [1, 2, 3]


def test_an_exploded_array_is_not_split_at_commas() -> None:
    pairs = [("color", "1,2")]
    assert styles.decode_query(parameter("query", "form", True), shape_of(STRINGS), pairs) == ["1,2"]


@pytest.mark.parametrize(
    ("items", "expected"),
    [({"enum": ["a", "b"]}, ["a", "b"]), (STRING, ["a,b"])],
    ids=["enum-cannot-mean-it", "any-string-may"],
)
def test_an_encoded_comma_parts_only_what_cannot_be_one_item(items: dict[str, Any], expected: list[str]) -> None:
    shape = shape_of({"type": "array", "items": items})
    assert styles.decode_query(parameter("query", "form"), shape, [("color", "a%2Cb")]) == expected


@pytest.mark.parametrize("text", ["five", "05", "1.5", "1e999", "9" * 5000, "true"], ids=lambda it: it[:8])
def test_text_that_fits_no_type_stays_text(text: str) -> None:
    shape = shape_of({"type": "integer"})
    assert styles.decode_query(parameter("query", "form", True), shape, [("color", text)]) == text


@pytest.mark.parametrize(
    ("kinds", "text", "value"),
    [
        (["integer"], "1.0", 1),
        (["integer"], "1e1", 10),
        (["integer"], "-0", 0),
        (["integer"], "-0.0", 0),
        (["integer"], "1.5", "1.5"),
        (["number"], "1.0", 1.0),
        (["number"], "7", 7),
    ],
)
def test_a_whole_number_is_an_integer_however_it_is_spelled(kinds: list[str], text: str, value: Any) -> None:
    found = styles.decode_query(parameter("query", "form", True), shape_of({"type": kinds}), [("color", text)])
    assert (found, type(found)) == (value, type(value))


def test_an_absent_parameter_is_missing() -> None:
    for style, explode in (("form", True), ("form", False), ("deepObject", True)):
        where = parameter("query", style, explode)
        assert styles.decode_query(where, shape_of(COLOURS), [("other", "1")]) is MISSING


NESTED = {
    "type": "object",
    "properties": {
        "a": COLOURS,
        "b": STRINGS,
        "c": {"type": "array", "items": COLOURS},
        "d": {"type": "boolean"},
    },
}


def test_a_deep_object_nests_in_brackets() -> None:
    value = {"a": {"R": 1}, "b": ["x", "y"], "c": [{"R": 1, "G": 2}, {"R": 3}], "d": True}
    where = parameter("query", "deepObject", True)
    text = styles.query_string(styles.encode_query(where, value)).replace("%5B", "[").replace("%5D", "]")
    assert text == (
        "color[a][R]=1&color[b][]=x&color[b][]=y&color[c][0][R]=1&color[c][0][G]=2&color[c][1][R]=3&color[d]=true"
    )
    assert decode(where, shape_of(NESTED), text) == value


def test_a_deep_object_may_be_a_scalar_too() -> None:
    shape = shape_of({"anyOf": [COLOURS, {"type": "integer"}]})
    assert decode(parameter("query", "deepObject", True), shape, "color=5") == 5
    assert decode(parameter("query", "deepObject", True), shape, "color[R]=5") == {"R": 5}


def test_a_thousand_brackets_do_not_recurse() -> None:
    text = "color" + "[a]" * 100_000 + "=1"
    assert decode(parameter("query", "deepObject", True), shape_of(COLOURS), text) is MISSING


@pytest.mark.parametrize("location", ["query", "path", "header", "cookie"])
def test_a_content_parameter_is_json_text(location: str) -> None:
    where = parameter(location, "form", media_type="application/json")
    value = {"a": [1, "é"], "b": None}
    assert decode(where, None, encode(where, value)) == value


@pytest.mark.parametrize("location", ["query", "path", "header", "cookie"])
def test_a_content_parameter_of_text_is_the_text(location: str) -> None:
    where = parameter(location, "form", media_type="text/plain")
    assert decode(where, shape_of({"type": "integer"}), encode(where, 5)) == 5
    assert decode(where, shape_of(STRING), encode(where, "[5]")) == "[5]"


@pytest.mark.parametrize("style", ["label", "matrix"])
def test_a_path_text_without_its_prefix_is_missing(style: str) -> None:
    assert styles.decode_path(parameter("path", style), shape_of(STRING), "blue") is MISSING


def test_joined_texts_are_items_where_an_array_may_be() -> None:
    shape = shape_of({"type": ["array", "string"], "items": {"type": "integer"}})
    where = parameter("query", "form")
    assert styles.decode_query(where, shape, [("color", "1,2")]) == [1, 2]
    assert styles.decode_query(where, shape, [("color", "blue")]) == "blue"


@pytest.mark.parametrize(("text", "value"), [("[1,2]", [1, 2]), ("[1,", "[1,")], ids=["json", "no-json"])
def test_a_text_of_json_is_an_array_where_no_text_may_be(text: str, value: Any) -> None:
    shape = shape_of({"type": ["array", "integer"]})
    assert styles.decode_query(parameter("query", "form", True), shape, [("color", text)]) == value


def test_texts_that_came_too_often_stay_several() -> None:
    pairs = [("color", "1"), ("color", "2")]
    found = styles.decode_query(parameter("query", "form", True), shape_of({"type": "integer"}), pairs)
    assert found == ["1", "2"]


@pytest.mark.parametrize("name", ["a[b", "a]b", ""])
def test_a_member_that_cannot_stand_in_brackets_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in brackets"):
        styles.encode_query(parameter("query", "deepObject", True), {name: 1})


@pytest.mark.parametrize("location", ["query", "path", "cookie"])
def test_half_a_character_is_refused(location: str) -> None:
    style = "simple" if location == "path" else "form"
    with pytest.raises(ValueError, match="lone surrogate"):
        encode(parameter(location, style), "\ud800")
