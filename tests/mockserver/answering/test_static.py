"""The values that Prism shows where it generates nothing. Those expected are what Prism 5.14.2 answered."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.answering.static import TooComplex, root_example, static_value
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import MISSING

NODE = {"type": "object", "properties": {"v": {"type": "integer"}, "next": {"$ref": "#/components/schemas/Node"}}}

SHOWN: dict[str, tuple[Any, Any]] = {
    "a text": ({"type": "string"}, "string"),
    "a long text": ({"type": "string", "minLength": 10}, "stringstri"),
    "a short text": ({"type": "string", "maxLength": 3}, "str"),
    "a pattern is not looked at": ({"type": "string", "pattern": "^a+$"}, "string"),
    "a moment": ({"type": "string", "format": "date-time"}, "2019-08-24T14:15:22Z"),
    "an address": ({"type": "string", "format": "email"}, "user@example.com"),
    "a uuid": ({"type": "string", "format": "uuid"}, "497f6eca-6276-4993-bfeb-53cbbbba6f08"),
    "a uuid by the name of its property": (
        {"properties": {"user_id": {"type": "string", "format": "uuid"}}},
        {"user_id": "a169451c-8525-4352-b8ca-070dd449a1a5"},
    ),
    "a password": ({"type": "string", "format": "password"}, "pa$$word"),
    "a long password": ({"type": "string", "format": "password", "minLength": 14}, "pa$$word_qwert"),
    "a number": ({"type": "number"}, 0),
    "a least one": ({"type": "integer", "minimum": 5}, 5),
    "a largest one": ({"type": "integer", "maximum": 5}, 5),
    "one above": ({"type": "integer", "minimum": 5, "exclusiveMinimum": True}, 6),
    "one below": ({"type": "integer", "exclusiveMaximum": 5}, 4),
    "between": ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, 0.5),
    "of 32 bits": ({"type": "integer", "format": "int32"}, -(2**31)),
    "a flag": ({"type": "boolean"}, True),
    "null first": ({"type": ["null", "string"]}, None),
    "nothing said": ({}, None),
    "the first of an enum": ({"enum": ["x", "y"]}, "x"),
    "a default before an example": ({"type": "string", "example": "e", "default": "d"}, "d"),
    "an example": ({"type": "string", "example": "e"}, "e"),
    "a list": ({"type": "array", "items": {"type": "integer"}, "minItems": 3}, [0, 0, 0]),
    "a list of nothing": ({"type": "array"}, []),
    "a list by position": ({"type": "array", "items": [{"type": "integer"}, {"type": "string"}]}, [0, "string"]),
    "an object": ({"properties": {"b": {"type": "string"}, "a": {"type": "integer"}}}, {"b": "string", "a": 0}),
    "a map": ({"type": "object", "additionalProperties": {"type": "integer"}}, {"property1": 0, "property2": 0}),
    "all of": (
        {
            "allOf": [
                {"type": "object", "properties": {"a": {"const": 1}}},
                {"type": "object", "properties": {"b": {"const": 2}}},
            ]
        },
        {"a": 1, "b": 2},
    ),
    "the last of all that are no objects": ({"allOf": [{"const": 1}, {"const": 2}]}, 2),
    "the first of one": ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, 0),
    "the first of any": ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "string"),
    "recursion is cut": ({"$ref": "#/components/schemas/Node"}, {"v": 0, "next": {"v": 0, "next": {}}}),
}


def at_pointer(schema: Any) -> Document:
    return Document({"openapi": "3.1.0", "components": {"schemas": {"Node": NODE}}, "x": schema})


@pytest.mark.parametrize(("schema", "value"), SHOWN.values(), ids=SHOWN)
def test_the_value_of_a_schema(schema: Any, value: Any) -> None:
    assert static_value(at_pointer(schema), "#/x") == value


def test_a_schema_of_too_many_parts_is_too_complex() -> None:
    wide = {"type": "object", "properties": {f"p{number}": {"type": "integer"} for number in range(3000)}}
    with pytest.raises(TooComplex):
        static_value(at_pointer(wide), "#/x")


def test_a_schema_may_have_an_example_of_its_own() -> None:
    assert root_example(at_pointer({"example": 1}), "#/x") == 1
    assert root_example(at_pointer({"type": "string"}), "#/x") is MISSING
