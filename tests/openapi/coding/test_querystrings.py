"""A parameter that is the whole query (OpenAPI 3.2)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn.openapi.coding.querystrings import decode_querystring, encode_querystring
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.operations import Parameter
from syncdyn.openapi.schemas.shapes import Shape, Shapes

FORM, JSON, TEXT = "application/x-www-form-urlencoded", "application/json", "text/plain"
SCHEMA = {
    "type": "object",
    "properties": {"foo": {"type": "string"}, "n": {"type": "integer"}, "bar": {"type": "boolean"}},
}


def shape() -> Shape:
    return Shapes(Document({"openapi": "3.2.0", "components": {"schemas": {"It": SCHEMA}}})).at(
        "#/components/schemas/It"
    )


# OpenAPI 3.2.0, Parameter Object, examples of `in: querystring`.
TABLE = [
    (FORM, {"foo": "a + b", "bar": True}, "foo=a%20%2B%20b&bar=true"),
    (JSON, {"n": 1}, "%7B%22n%22%3A1%7D"),
    (TEXT, "$.a.b[1:1]", "%24.a.b%5B1%3A1%5D"),
]


@pytest.mark.parametrize(("media_type", "value", "text"), TABLE, ids=["form", "json", "text"])
def test_the_whole_query_is_written_and_read(media_type: str, value: Any, text: str) -> None:
    where = Parameter("it", "querystring", media_type=media_type)
    assert encode_querystring(where, value) == text
    assert decode_querystring(where, None if media_type == TEXT else shape(), text) == value


@pytest.mark.parametrize("media_type", [FORM, JSON])
@given(
    value=st.fixed_dictionaries(
        {"n": st.integers()}, optional={"foo": st.text(st.characters(codec="utf-8")), "bar": st.booleans()}
    )
)
def test_an_object_comes_back(media_type: str, value: dict[str, Any]) -> None:
    where = Parameter("it", "querystring", media_type=media_type)
    assert decode_querystring(where, shape(), encode_querystring(where, value)) == value


def test_no_query_is_no_value() -> None:
    assert decode_querystring(Parameter("it", "querystring", media_type=JSON), shape(), "") is MISSING


def test_a_form_that_is_too_large_to_be_read_stays_text() -> None:
    query = "&".join(["foo=1"] * 2000)
    assert decode_querystring(Parameter("it", "querystring", media_type=FORM), shape(), query) == query
