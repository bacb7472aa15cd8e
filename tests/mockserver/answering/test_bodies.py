"""Bodies of other media types than JSON."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.answering.asking import PET, answers, ask, content, document, one

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
TAGS = {"type": "array", "items": {"type": "string", "xml": {"name": "tag"}}}
XML: dict[str, tuple[dict[str, Any], Any, str]] = {
    "members": (
        {"properties": {"id": {"type": "integer"}}},
        {"id": 1, "ok": True},
        "<root><id>1</id><ok>true</ok></root>",
    ),
    "its own name": ({"xml": {"name": "pet"}}, {"a": "<&>"}, "<pet><a>&lt;&amp;&gt;</a></pet>"),
    "an attribute": (
        {"properties": {"id": {"type": "integer", "xml": {"attribute": True}}}},
        {"id": 1, "n": None},
        '<root id="1"><n></n></root>',
    ),
    "items": ({"properties": {"tags": TAGS}}, {"tags": ["a", "b"]}, "<root><tag>a</tag><tag>b</tag></root>"),
    "wrapped items": (
        {"properties": {"tags": {**TAGS, "xml": {"wrapped": True}}}},
        {"tags": ["a"]},
        "<root><tags><tag>a</tag></tags></root>",
    ),
    "a prefix": (
        {"xml": {"name": "pet", "prefix": "p", "namespace": "urn:x"}},
        {},
        '<p:pet xmlns:p="urn:x"></p:pet>',
    ),
    "a list at the root": (
        {"type": "array", "items": {"type": "integer"}},
        [1, 2],
        "<root><root>1</root><root>2</root></root>",
    ),
    "names that XML does not take": ({}, {"a b": 1, "1": 2}, "<root><a_b>1</a_b><_1>2</_1></root>"),
}


@pytest.mark.parametrize(("schema", "example", "text"), XML.values(), ids=XML)
def test_xml_is_written_by_the_schema(schema: dict[str, Any], example: Any, text: str) -> None:
    root = one(get=answers(s200=content(schema, name="application/xml", example=example)))
    answer = ask(root)
    assert (answer.body.decode(), answer.content_type) == (HEAD + text, "application/xml")


def test_the_root_of_xml_is_called_as_the_component() -> None:
    pet = {"Pet": {**PET, "example": {"id": 1, "name": "Rex"}}}
    shown = content({"$ref": "#/components/schemas/Pet"}, name="text/xml")
    root = document({"/pets": {"get": answers(s200=shown)}}, components={"schemas": pet})
    assert ask(root).body.decode() == f"{HEAD}<Pet><id>1</id><name>Rex</name></Pet>"


def test_an_example_of_xml_text_stands_as_it_is() -> None:
    root = one(get=answers(s200=content(PET, name="application/xml", example="<pet/>")))
    assert ask(root).body == b"<pet/>"


def test_a_text_that_is_no_xml_is_put_into_an_element() -> None:
    root = one(get=answers(s200=content({"type": "string"}, name="application/xml", example="a < b")))
    assert ask(root).body.decode() == f"{HEAD}<root>a &lt; b</root>"


def test_multipart_is_written_in_parts() -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string", "const": "Rex"}}, "required": ["name"]}
    answer = ask(one(get=answers(s200=content(schema, name="multipart/form-data"))))
    assert (answer.content_type or "").startswith("multipart/form-data; boundary=")
    assert b'name="name"\r\n\r\nRex\r\n' in answer.body


def test_a_range_of_types_is_answered_with_one_that_the_caller_names() -> None:
    root = one(get=answers(s200=content({"type": "string"}, name="image/*")))
    assert ask(root, headers={"accept": "image/png"}).content_type == "image/png"
