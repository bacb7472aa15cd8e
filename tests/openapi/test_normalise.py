"""Schemas of OpenAPI 3.0 and 3.1 in the words of JSON Schema 2020-12."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # comes without stubs

from syncdyn.openapi.document import Document
from syncdyn.openapi.normalise import Direction, normalise, original_path
from syncdyn.openapi.schema import Schemas
from syncdyn.openapi.shapes import Shapes

NULL = {"type": "null"}


def rewritten(schema: Any, direction: Direction = Direction.REQUEST, **options: Any) -> Any:
    def is_marked(owner: Any, name: str, mark: str) -> bool:
        return owner.get("properties", {}).get(name, {}).get(mark) is True

    return normalise(schema, direction, lambda target: f"to {target}", is_marked, **options)


WORDS: dict[str, tuple[Any, Any]] = {
    "no schema": (None, True),
    "true": (True, True),
    "false": (False, False),
    "annotations go": ({"title": "a", "description": "b", "default": 1, "example": 2, "xml": {}, "x-a": 1}, {}),
    "nullable type": ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
    "nullable types": ({"type": ["string", "null"], "nullable": True}, {"type": ["string", "null"]}),
    "nullable: false": ({"type": "string", "nullable": False}, {"type": "string"}),
    "nullable, but silent": ({"nullable": True}, {}),
    "nullable enum": (
        {"type": "string", "enum": ["a"], "nullable": True},
        {"type": ["string", "null"], "enum": ["a", None]},
    ),
    "nullable enum with null": ({"enum": ["a", None], "nullable": True}, {"enum": ["a", None]}),
    "nullable const": ({"const": 1, "nullable": True}, {"anyOf": [{"const": 1}, NULL]}),
    "nullable allOf": (
        {"allOf": [{"type": "object"}], "nullable": True},
        {"anyOf": [{"allOf": [{"type": "object"}]}, NULL]},
    ),
    "nullable allOf with a type": (
        {"type": "object", "allOf": [{}], "nullable": True},
        {"anyOf": [{"type": ["object", "null"], "allOf": [{}]}, NULL]},
    ),
    "nullable anyOf": ({"anyOf": [{"type": "string"}], "nullable": True}, {"anyOf": [{"type": "string"}, NULL]}),
    "nullable oneOf": (
        {"oneOf": [{"type": "string"}], "nullable": True},
        {"anyOf": [{"oneOf": [{"type": "string"}]}, NULL]},
    ),
    "nullable reference": ({"$ref": "#/a", "nullable": True}, {"anyOf": [{"$ref": "to #/a"}, NULL]}),
    "exclusive bounds of 3.0": (
        {"minimum": 1, "exclusiveMinimum": True, "maximum": 2, "exclusiveMaximum": True},
        {"exclusiveMinimum": 1, "exclusiveMaximum": 2},
    ),
    "bounds that are not exclusive": ({"minimum": 1, "exclusiveMinimum": False}, {"minimum": 1}),
    "exclusive of nothing": ({"exclusiveMinimum": True}, {}),
    "exclusive bounds of 3.1": ({"exclusiveMinimum": 1, "maximum": 2}, {"exclusiveMinimum": 1, "maximum": 2}),
    "reference with siblings": ({"$ref": "#/a", "maxLength": 3}, {"$ref": "to #/a", "maxLength": 3}),
    "recursive reference": ({"$recursiveRef": "#"}, {"$ref": "to #"}),
    "dynamic reference": ({"$dynamicRef": "#node"}, {"$ref": "to #node"}),
    "a property named $ref": (
        {"properties": {"$ref": {"type": "string"}}},
        {"properties": {"$ref": {"type": "string"}}},
    ),
    "malformed reference": ({"$ref": 5, "type": "string"}, {"type": "string"}),
    "repeated required": ({"required": ["a", "b", "a", 5]}, {"required": ["a", "b"]}),
    "required of 3.0 on a property": ({"type": "string", "required": True}, {"type": "string"}),
    "unknown type": ({"type": "file"}, {}),
    "known types alone": ({"type": ["any", "string", {}]}, {"type": "string"}),
    "empty enum": ({"enum": []}, {}),
    "empty union": ({"oneOf": [], "anyOf": "x"}, {}),
    "malformed values": (
        {
            "minLength": -1,
            "maxLength": "5",
            "minItems": 1.5,
            "multipleOf": 0,
            "minimum": "1",
            "maximum": True,
            "exclusiveMinimum": float("inf"),
            "pattern": 5,
            "uniqueItems": "yes",
            "properties": [],
            "dependentRequired": {"a": "b"},
            "format": ["uri"],
        },
        {},
    ),
    "dependentRequired": ({"dependentRequired": {"a": ["b"]}}, {"dependentRequired": {"a": ["b"]}}),
    "formats not asserted": ({"format": "date"}, {}),
    "schemas within": (
        {"items": {"nullable": True, "type": "string"}, "prefixItems": [{"$ref": "#/a"}], "not": {"type": "odd"}},
        {"items": {"type": ["string", "null"]}, "prefixItems": [{"$ref": "to #/a"}], "not": {}},
    ),
    "nothing allowed": ({"additionalProperties": False}, {"additionalProperties": False, "properties": {}}),
}


@pytest.mark.parametrize("case", WORDS)
def test_the_words_of_openapi_in_those_of_2020(case: str) -> None:
    schema, expected = WORDS[case]
    assert rewritten(schema) == expected


def test_in_3_0_words_beside_a_reference_are_ignored() -> None:
    schema = {"$ref": "#/a", "maxLength": 3, "nullable": True}
    assert rewritten(schema, refs_have_siblings=False) == {"$ref": "to #/a"}


def test_formats_that_are_asserted_stay() -> None:
    assert rewritten({"format": "date", "items": {"format": "uri"}}, formats={"date"}) == {
        "format": "date",
        "items": {},
    }


@pytest.mark.parametrize(("direction", "required"), [(Direction.REQUEST, ["b", "c"]), (Direction.RESPONSE, ["a", "c"])])
def test_what_belongs_to_the_other_direction_is_not_required(direction: Direction, required: list[str]) -> None:
    properties = {"a": {"readOnly": True}, "b": {"writeOnly": True}, "c": {}}
    assert rewritten({"properties": properties, "required": ["a", "b", "c"]}, direction)["required"] == required


def test_required_goes_when_nothing_is() -> None:
    assert rewritten({"properties": {"a": {"readOnly": True}}, "required": ["a"]}) == {"properties": {"a": {}}}


OPEN: dict[str, tuple[Any, Any]] = {
    "closed": ({"additionalProperties": False, "unevaluatedProperties": False}, {}),
    "values described": ({"additionalProperties": {"type": "string"}}, {"additionalProperties": {"type": "string"}}),
    "within": ({"items": {"additionalProperties": False}}, {"items": {}}),
    "oneOf": ({"oneOf": [{"type": "string"}]}, {"anyOf": [{"type": "string"}]}),
    "oneOf beside anyOf": (
        {"oneOf": [{"type": "string"}], "anyOf": [{"maxLength": 3}], "allOf": [{}]},
        {"anyOf": [{"maxLength": 3}], "allOf": [{}, {"anyOf": [{"type": "string"}]}]},
    ),
    "nullable oneOf": ({"oneOf": [{"type": "string"}], "nullable": True}, {"anyOf": [{"type": "string"}, NULL]}),
}


@pytest.mark.parametrize("case", OPEN)
def test_responses_are_open(case: str) -> None:
    schema, expected = OPEN[case]
    assert rewritten(schema, Direction.RESPONSE) == expected


REQUEST, RESPONSE = Direction.REQUEST, Direction.RESPONSE
A: dict[str, Any] = {"type": "string"}
B: dict[str, Any] = {"items": {"allOf": [A]}}
PATHS: dict[str, tuple[Any, Direction, list[str | int], list[str | int]]] = {
    "as it stands": ({"anyOf": [A, B]}, REQUEST, ["anyOf", 1, "items", "allOf", 0], ["anyOf", 1, "items", "allOf", 0]),
    "around what may be null": (
        {"nullable": True, "allOf": [A]},
        REQUEST,
        ["anyOf", 0, "allOf", 0, "type"],
        ["allOf", 0, "type"],
    ),
    "around a union that may be null": (
        {"nullable": True, "oneOf": [A, B]},
        REQUEST,
        ["anyOf", 0, "oneOf", 1, "items"],
        ["oneOf", 1, "items"],
    ),
    "that itself": ({"nullable": True, "oneOf": [A, B]}, REQUEST, ["anyOf"], ["anyOf"]),
    "opened": ({"nullable": True, "oneOf": [A, B]}, RESPONSE, ["anyOf", 1, "items"], ["oneOf", 1, "items"]),
    "opened beside anyOf": (
        {"oneOf": [A, B], "anyOf": [A], "allOf": [A]},
        RESPONSE,
        ["allOf", 1, "anyOf", 1, "items"],
        ["oneOf", 1, "items"],
    ),
    "names that are words": (
        {"properties": {"allOf": A, "anyOf": B}},
        REQUEST,
        ["properties", "allOf", "type"],
        ["properties", "allOf", "type"],
    ),
    "to nothing": (True, REQUEST, ["items", "type"], ["items", "type"]),
}


@pytest.mark.parametrize("case", PATHS)
def test_the_way_back_to_the_document(case: str) -> None:
    schema, direction, path, original = PATHS[case]
    assert original_path(schema, path, direction) == tuple(original)


NAMES = st.sampled_from(["a", "b", "c"])
COUNTS = st.integers(0, 3)
NUMBERS = st.integers(-3, 3) | st.sampled_from([0.5, 1.0, 2.5])
LEAVES = st.none() | st.booleans() | NUMBERS | st.sampled_from(["", "a", "ab", "1", "ünï"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)
TYPES = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])


def words(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Schemas of a few of the keywords that OpenAPI documents use."""
    lists = st.lists(inner, min_size=1, max_size=3)
    every: dict[str, st.SearchStrategy[Any]] = {
        "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
        "enum": st.lists(VALUES, min_size=1, max_size=3),
        "const": VALUES,
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), COUNTS),
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), NUMBERS),
        "multipleOf": st.sampled_from([1, 2, 0.5]),
        "pattern": st.sampled_from(["^a", "b$", "[0-9]"]),
        "uniqueItems": st.booleans(),
        "required": st.lists(NAMES, min_size=1, max_size=2, unique=True),
        "properties": st.dictionaries(NAMES, inner, max_size=3),
        "additionalProperties": st.booleans() | inner,
        "items": inner,
        "not": inner,
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), lists),
    }
    some = st.lists(st.sampled_from(sorted(every)), max_size=3, unique=True)
    return some.flatmap(lambda chosen: st.fixed_dictionaries({word: every[word] for word in chosen}))


SCHEMAS = st.recursive(words(st.booleans()), words, max_leaves=4)


@settings(max_examples=150)
@given(schema=SCHEMAS, values=st.lists(VALUES, min_size=1, max_size=5))
def test_a_request_is_judged_as_json_schema_judges_it(schema: Any, values: list[Any]) -> None:
    """And what is judged wrong has at least one violation."""
    document = Document({"openapi": "3.1.0", "components": {"schemas": {"It": schema}}})
    schemas, oracle = Schemas(document, Shapes(document)), Draft202012Validator(schema)
    for value in values:
        violations = schemas.violations("#/components/schemas/It", value, Direction.REQUEST, "body")
        assert (not violations) == oracle.is_valid(value)
