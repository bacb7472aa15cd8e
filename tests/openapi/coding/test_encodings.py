"""Forms and multipart bodies whose properties are written as the document's `encoding` says; and streams."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.events import Event
from syncdyn.openapi.coding.files import File, Upload
from syncdyn.openapi.messages import Part
from syncdyn.openapi.operations import Encoding, MediaType
from tests.openapi.coding.test_media import BOUNDARY, FORM, MULTIPART, TEXT, VALUE, parts_of, shape_of, through

INTEGERS: dict[str, Any] = {"type": "array", "items": {"type": "integer"}}
TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
OWNER: dict[str, Any] = {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}
OWNERS = st.fixed_dictionaries({"age": st.integers()}, optional={"name": TEXT})

FORM_ENCODINGS = {
    "as JSON": Encoding("application/json"),
    "joined": Encoding(style="form", explode=False),
    "exploded": Encoding(style="form", explode=True),
    "by spaces": Encoding(style="spaceDelimited", explode=False),
    "by pipes": Encoding(style="pipeDelimited", explode=False),
    "in brackets": Encoding(style="deepObject", explode=True),
    "in numbered brackets": Encoding(style="deepObject", array_keys="indices"),
    "with reserved characters": Encoding(style="form", explode=True, allow_reserved=True),
}


@pytest.mark.parametrize("told", FORM_ENCODINGS)
@given(values=st.lists(st.integers()), name=TEXT)
def test_a_form_of_any_encoding_comes_back(told: str, values: list[int], name: str) -> None:
    kind = MediaType(FORM.name, encoding={"values": FORM_ENCODINGS[told]})
    schema = {"type": "object", "properties": {"values": INTEGERS, "name": {"type": "string"}}}
    assert through(kind, schema, {"values": values, "name": name}) == {"values": values, "name": name}


@pytest.mark.parametrize("told", ["as JSON", "joined", "in brackets"])
@given(owner=OWNERS)
def test_an_object_in_a_form_comes_back(told: str, owner: dict[str, Any]) -> None:
    kind = MediaType(FORM.name, encoding={"owner": FORM_ENCODINGS[told]})
    schema = {"type": "object", "properties": {"owner": OWNER}}
    assert through(kind, schema, {"owner": owner}) == {"owner": owner}


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (Encoding("application/json"), b"a=%5B%22x%2Fy%22%2C%22z%22%5D"),
        (Encoding("application/json", style="form"), b"a=x%2Fy&a=z"),
        (Encoding(style="form", explode=True, allow_reserved=True), b"a=x/y&a=z"),
        (Encoding(style="deepObject", array_keys="indices"), b"a%5B0%5D=x%2Fy&a%5B1%5D=z"),
        (Encoding(style="pipeDelimited"), b"a=x%2Fy%7Cz"),
    ],
)
def test_a_property_of_a_form_is_written_as_its_encoding_says(encoding: Encoding, body: bytes) -> None:
    """A style outdoes a content type: OpenAPI 3.1.1, Encoding Object, fixed fields for RFC 6570-style serialization."""
    kind = MediaType(FORM.name, encoding={"a": encoding})
    assert media.encode_body(kind, shape_of({"properties": {"a": TEXTS}}), {"a": ["x/y", "z"]})[0] == body


def test_undeclared_fields_are_read_by_the_schema_of_what_is_undeclared() -> None:
    shape = shape_of({"type": "object", "additionalProperties": {"type": "integer"}})
    assert media.decode_body(FORM, shape, FORM.name, b"a=1&b=x") == {"a": 1, "b": "x"}


@pytest.mark.parametrize(
    ("required", "rules", "value"),
    [
        pytest.param(["a"], {}, {"a": []}, id="may be empty"),
        pytest.param(["a"], {"minItems": 1}, {}, id="may not"),
        pytest.param(["a"], {"allOf": [{"minItems": 1}]}, {}, id="may not, by a part of it"),
        pytest.param([], {}, {}, id="need not be there"),
    ],
)
def test_an_array_that_a_form_does_not_name_is_empty_where_it_must_be(
    required: list[str], rules: dict[str, Any], value: Any
) -> None:
    shape = shape_of({"type": "object", "required": required, "properties": {"a": {**TEXTS, **rules}}})
    assert media.decode_body(FORM, shape, FORM.name, b"") == value


def test_a_field_may_be_as_long_as_the_limit() -> None:
    limits = media.Limits(max_field_bytes=3, max_parts=1)
    assert media.decode_body(FORM, None, FORM.name, b"a=123", limits=limits) == {"a": "123"}


PART_ENCODINGS = {
    "as it is": Encoding(),
    "as JSON": Encoding("application/json"),
    "as JSON of another name": Encoding("application/vnd.list+json"),
}


@pytest.mark.parametrize("told", PART_ENCODINGS)
@given(values=st.lists(st.integers()), owner=OWNERS, name=TEXT)
def test_parts_of_any_encoding_come_back(told: str, values: list[int], owner: dict[str, Any], name: str) -> None:
    kind = MediaType(MULTIPART.name, encoding=dict.fromkeys(("values", "owner", "name"), PART_ENCODINGS[told]))
    schema = {"type": "object", "properties": {"values": INTEGERS, "owner": OWNER, "name": {"type": "string"}}}
    value = {"values": values, "owner": owner, "name": name}
    assert through(kind, schema, value) == value


@given(values=st.lists(st.dictionaries(TEXT, st.integers()), min_size=1))
def test_a_part_of_json_lines_comes_back(values: list[Any]) -> None:
    schema = {"type": "object", "properties": {"rows": {"type": "array", "items": {"type": "object"}}}}
    kind = MediaType(MULTIPART.name, encoding={"rows": Encoding("application/jsonl")})
    assert through(kind, schema, {"rows": values}) == {"rows": values}


def test_files_of_json_lines_are_files_all_the_same() -> None:
    schema = {"properties": {"rows": {"type": "array", "items": {"type": "string", "format": "binary"}}}}
    (sent,) = parts_of({"rows": [File("a.jsonl", b"1\n")]}, {"rows": Encoding("application/jsonl")}, schema)
    assert (sent.file_name, sent.content) == ("a.jsonl", b"1\n")


def test_of_no_files_there_is_no_part() -> None:
    schema = {"properties": {"photos": {"type": "array", "items": {"type": "string", "format": "binary"}}}}
    assert parts_of({"photos": []}, {}, schema) == ()


def test_a_file_without_bytes_is_a_file_of_the_array() -> None:
    schema = {"properties": {"photos": {"type": "array", "items": {"type": "string", "format": "binary"}}}}
    (found,) = through(MULTIPART, schema, {"photos": [("a.png", b"")]})["photos"]
    assert (found.file_name, found.content) == ("a.png", b"")


def test_an_object_is_written_as_xml_where_a_part_must_be() -> None:
    (part,) = parts_of({"a": {"b": 1}}, {"a": Encoding("application/xml")}, {})
    assert (part.content_type, part.content) == (
        "application/xml",
        b'<?xml version="1.0" encoding="UTF-8"?><a><b>1</b></a>',
    )


def test_a_text_where_a_part_must_be_xml_is_xml() -> None:
    assert parts_of({"a": "<b/>"}, {"a": Encoding("application/xml")}, {}) == (
        Part("a", b"<b/>", content_type="application/xml"),
    )


def test_a_part_of_xml_is_read_by_its_schema() -> None:
    schema = {"properties": {"a": {"type": "object", "properties": {"b": {"type": "integer"}}}}}
    kind = MediaType(MULTIPART.name, encoding={"a": Encoding("application/xml")})
    assert through(kind, schema, {"a": {"b": 1}}) == {"a": {"b": 1}}


def received(kind: str, content: str, schema: dict[str, Any], file_name: str | None = None) -> Any:
    named = "" if file_name is None else f'; filename="{file_name}"'
    head = f'--x\r\nContent-Disposition: form-data; name="a"{named}\r\nContent-Type: {kind}\r\n\r\n'
    body = f"{head}{content}\r\n--x--\r\n".encode()
    return media.decode_body(MULTIPART, shape_of({"properties": {"a": schema}}), BOUNDARY, body)["a"]


def test_a_part_is_what_its_encoding_says_where_the_schema_says_nothing() -> None:
    kind = MediaType(MULTIPART.name, encoding={"a": Encoding("image/png")})
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\x89\r\n--x--\r\n'
    found = media.decode_body(kind, shape_of({"properties": {"a": {}}}), BOUNDARY, body)
    assert found == {"a": Upload("a", None, None, b"\x89")}


def test_lines_are_a_text_where_a_text_is_wanted() -> None:
    assert received("application/jsonl", "1\n2", {"type": "string"}) == "1\n2"


def test_a_file_without_a_name_is_one_if_it_has_bytes() -> None:
    found = received("image/png", "x", {"type": "string", "format": "binary"}, file_name="")
    assert isinstance(found, Upload)
    assert found.content == b"x"


# ---- streams ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["application/jsonl", "application/x-ndjson", "application/json-seq", "a/b+json-seq"])
@given(values=st.lists(VALUE))
def test_a_sequence_of_json_comes_back(name: str, values: list[Any]) -> None:
    assert through(MediaType(name), None, values) == values


NO_RETURN = st.text(st.characters(codec="utf-8", exclude_characters="\r"))
LINE = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=1)


@given(events=st.lists(st.builds(Event, NO_RETURN, st.none() | LINE, LINE, st.none() | st.integers(0, 10**8))))
def test_events_come_back_as_a_body(events: list[Event]) -> None:
    assert through(MediaType("text/event-stream"), None, events) == events


def test_what_is_no_event_is_the_data_of_one() -> None:
    assert through(MediaType("text/event-stream"), None, ["a", {"b": 1}]) == [Event("a"), Event('{"b":1}')]


@pytest.mark.parametrize("name", ["application/jsonl", "application/json-seq"])
def test_a_sequence_is_written_from_a_list_alone(name: str) -> None:
    with pytest.raises(ValueError, match="is written from a list of values"):
        media.encode_body(MediaType(name), None, {"a": 1})
