"""A big JSON text is taken into pieces that read as the whole does; of one with a fault there is no index."""

from __future__ import annotations

import codecs
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn.openapi.opening.partial import Pieces, TextInMemory, outlines_of, plain, root_of
from syncdyn.openapi.opening.spans import LEFT_OUT, index_of, outline

NAMES = st.text(max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=3)
ROOTS = st.fixed_dictionaries(
    {"openapi": st.just("3.1.0")},
    optional={
        "paths": st.dictionaries(NAMES, OBJECTS | VALUES, max_size=3) | VALUES,
        "webhooks": st.dictionaries(NAMES, OBJECTS, max_size=2),
        "components": st.dictionaries(NAMES, OBJECTS | VALUES, max_size=3) | VALUES,
        "x-other": VALUES,
    },
)
STYLES: dict[str, dict[str, Any]] = {
    "compact": {"separators": (",", ":")},
    "indented": {"indent": 2, "ensure_ascii": False},
    "escaped": {"indent": "\t"},
}


def root(text: str) -> Pieces:
    data = text.encode()
    index = index_of(data)
    assert index is not None
    return root_of(index, TextInMemory(data))


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@given(value=ROOTS)
def test_pieces_read_as_the_whole(style: dict[str, Any], value: Any) -> None:
    text = json.dumps(value, **style)
    assert plain(root(text)) == value
    assert json.dumps(plain(root(text))) == json.dumps(value)  # the order as well


@pytest.mark.parametrize(
    "text",
    [
        '{"paths": {"/a": 1}, "x": 1, "paths": {"/b": {}}}',
        '{"paths": {"/a": {"get": {"operationId": "one"}}, "/a": {"get": {"operationId": "two"}}}}',
        '{"paths": {"/a": {}}, "paths": []}',
    ],
)
def test_of_a_member_that_stands_there_twice_the_last_counts(text: str) -> None:
    found = root(text)
    assert plain(found) == json.loads(text)
    assert not isinstance(found["paths"], Pieces) or set(outlines_of(found["paths"])) == set(found["paths"])


FAULTS: dict[str, bytes] = {
    "nothing": b"",
    "an array": b"[]",
    "YAML": b"{openapi: 3.1.0}",
    "no end": b'{"a": 1',
    "no end of paths": b'{"paths": {"/a": {}',
    "no end of a piece": b'{"paths": {"/a": {"get": ',
    "no colon": b'{"paths" {}}',
    "no comma": b'{"paths": {} "a": 1}',
    "comma before the end": b'{"paths": {"/a": 1,}}',
    "comma at first": b'{,"a": 1}',
    "name that is no text": b'{"a": 1, 2: 3}',
    "two values": b'{"a": 1} {}',
    "text without an end": b'{"a": "b}',
    "control character": b'{"a": "\n"}',
    "NaN": b'{"a": [NaN]}',
    "too many digits": b'{"a": ' + b"9" * 5000 + b"}",
    "not UTF-8": b'{"a": "\xe9"}',
    "cut off in a character": '{"a": 1} \u00e9'.encode()[:-1],
    "a byte order mark": codecs.BOM_UTF8 + b"{}",
    "deep": b'{"a": ' + b"[" * 600 + b"]" * 600 + b"}",
    "endlessly deep": b'{"a": ' + b"[" * 100_000,
}


@pytest.mark.parametrize("data", FAULTS.values(), ids=FAULTS)
def test_there_is_no_index_of_a_text_with_a_fault(data: bytes) -> None:
    assert index_of(data) is None


def test_brackets_inside_texts_are_no_depth() -> None:
    assert root(json.dumps({"a": "[" * 2000}))["a"] == "[" * 2000


def test_offsets_are_those_of_bytes() -> None:
    index = index_of('{"é": "ü", "paths": {"/ö": [1]}}'.encode())
    assert index is not None
    assert index.spans == {"é": [7, 11], "paths": {"/ö": [30, 33]}}


OPERATION = {"operationId": "a", "tags": ["t"], "x-a": {"b": 1}, "security": [], "description": "d", "responses": {}}
SHORT = {"operationId": "a", "tags": ["t"], "x-a": {"b": 1}, "security": []}


def test_an_outline_has_what_names_operations() -> None:
    item = {"get": OPERATION, "parameters": [], "summary": "s", "additionalOperations": {"COPY": OPERATION}}
    assert outline(item) == {"get": SHORT, "additionalOperations": {"COPY": SHORT}}
    assert outline({"$ref": "#/a", "description": "d"}) == {"$ref": "#/a"}


def test_an_outline_tells_the_names_of_long_extensions() -> None:
    assert outline({"get": {"x-a": 1, "x-long": "y" * 1000}}) == {"get": {"x-a": 1, LEFT_OUT: ["x-long"]}}


def test_an_outline_reads_as_utf8() -> None:
    found = root('{"paths": {"/é": {"get": {"operationId": "ü"}}}}')
    assert outlines_of(found["paths"]) == {"/é": {"get": {"operationId": "ü"}}}
