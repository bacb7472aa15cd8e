"""XML bodies as values of their schemas: OpenAPI 3.1, XML Object, whose examples these are in part."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.openapi.coding.malformed import MalformedBody
from syncdyn.openapi.coding.xml_reading import decode_xml
from syncdyn.openapi.document import Document
from syncdyn.openapi.schemas.shapes import Shapes

TEXTS = {"type": "array", "items": {"type": "string"}}
WRAPPED = {"type": "array", "items": {"type": "string", "xml": {"name": "animal"}}, "xml": {"wrapped": True}}


def read(schema: dict[str, Any], text: str) -> Any:
    document = Document({"openapi": "3.1.0", "components": {"schemas": {"It": schema}}})
    return decode_xml(Shapes(document).at("#/components/schemas/It"), text.encode())


def of(**members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members}


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        pytest.param(of(n={"type": "integer"}), "<a><n> 1 </n></a>", {"n": 1}, id="number"),
        pytest.param(of(s={"type": "string"}), "<a><s> 1 </s></a>", {"s": " 1 "}, id="text"),
        pytest.param(of(n={"type": "boolean"}), "<a><n></n></a>", {"n": ""}, id="an empty boolean is none"),
        pytest.param(of(id={"type": "integer", "xml": {"attribute": True}}), '<a id="7"/>', {"id": 7}, id="attribute"),
        pytest.param(of(x={"type": "string", "xml": {"name": "y"}}), "<a><y>1</y></a>", {"x": "1"}, id="name"),
        pytest.param(of(x={"type": "string"}), '<p:a xmlns:p="urn:p"><p:x>1</p:x></p:a>', {"x": "1"}, id="namespace"),
        pytest.param(of(x=TEXTS), "<a><x>1</x><x>2</x></a>", {"x": ["1", "2"]}, id="array"),
        pytest.param(of(x=TEXTS), "<a/>", {}, id="array without items"),
        pytest.param({**of(x=TEXTS), "required": ["x"]}, "<a/>", {"x": []}, id="required array without items"),
        pytest.param(
            {**of(x={**TEXTS, "minItems": 1}), "required": ["x"]}, "<a/>", {}, id="required array that has items"
        ),
        pytest.param(of(x=WRAPPED), "<a><x><animal>1</animal></x></a>", {"x": ["1"]}, id="wrapped array"),
        pytest.param(of(x=WRAPPED), "<a><x/></a>", {"x": []}, id="wrapped array without items"),
        pytest.param(of(o=of(n={"type": "integer"})), "<a><o><n>1</n></o></a>", {"o": {"n": 1}}, id="object"),
        pytest.param(of(), "<a><b>1</b><c><d>2</d></c></a>", {"b": "1", "c": {"d": "2"}}, id="undeclared members"),
        pytest.param(
            {"type": "object", "additionalProperties": {"type": "integer"}}, "<a><b>1</b></a>", {"b": 1},
            id="members of a schema",
        ),
        pytest.param(of(x={"type": "string"}), "<a><x>1</x><x>2</x></a>", {"x": ["1", "2"]}, id="several of one"),
        pytest.param(
            of(n={"type": ["string", "null"]}),
            '<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><n xsi:nil="true"/></a>', {"n": None}, id="null",
        ),
        pytest.param(
            {"type": "object", "additionalProperties": TEXTS}, "<a><b>1</b></a>", {"b": ["1"]}, id="members of an array"
        ),
        pytest.param(
            of(x={"type": "string", "xml": {"name": "y"}}), "<a><y>1</y><x>2</x></a>", {"x": "1"}, id="a name taken"
        ),
        pytest.param(of(t={"type": "string", "xml": {"nodeType": "text"}}), "<a>1</a>", {"t": "1"}, id="its own text"),
        pytest.param(of(t={"type": "string", "xml": {"nodeType": "text"}}), "<a/>", {}, id="no text of its own"),
        pytest.param(of(), "<a>text</a>", "text", id="text where an object is wanted"),
        pytest.param({"type": "integer"}, "<a>5</a>", 5, id="a value alone"),
    ],
)  # fmt: skip
def test_an_element_is_read_as_its_schema_says(schema: dict[str, Any], text: str, value: Any) -> None:
    assert read(schema, text) == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("{}", "no XML", id="JSON"),
        pytest.param("<a>", "no XML", id="cut off"),
        pytest.param("", "no XML", id="empty"),
        pytest.param('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type", id="entities"),
        pytest.param('<?xml version="1.0" encoding="klingon"?><a/>', "unknown encoding", id="encoding that is none"),
        pytest.param('<?xml version="1.0" encoding="gbk"?><a/>', "multi-byte", id="an encoding that is not read"),
        pytest.param("<a>" * 300 + "</a>" * 300, "nested", id="too deep"),
    ],
)
def test_what_is_no_good_xml_is_refused(text: str, told: str) -> None:
    with pytest.raises(MalformedBody, match=told):
        read(of(), text)
