"""Schemas of OpenAPI 3.0 and 3.1 in the words of JSON Schema 2020-12."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # comes without stubs

from syncdyn.openapi.document import Document
from syncdyn.openapi.schemas.normalise import Direction, normalise, original_path, well_formed
from syncdyn.openapi.schemas.schema import Schemas
from syncdyn.openapi.schemas.shapes import Shapes

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
    "two references": (
        {"$ref": "#/a", "$dynamicRef": "#/b"},
        {"$ref": "to #/a", "$dynamicRef": "to #/b"},
    ),
    "nullable dynamic reference": ({"$dynamicRef": "#/a", "nullable": True}, {"anyOf": [{"$ref": "to #/a"}, NULL]}),
    "what is only referred to": ({"$defs": {"a": {"$ref": "#/b"}}, "definitions": {"a": {}}, "type": "null"}, NULL),
    "items by place, of old": (
        {"items": [{"nullable": True, "type": "string"}], "additionalItems": {"$ref": "#/a"}},
        {"prefixItems": [{"type": ["string", "null"]}], "items": {"$ref": "to #/a"}},
    ),
    "items by place, no more allowed": (
        {"items": [True], "additionalItems": False},
        {"prefixItems": [True], "items": False},
    ),
    "additionalItems of nothing": ({"additionalItems": False, "items": {}}, {"items": {}}),
    "dependencies": (
        {"dependencies": {"a": ["b"], "c": {"type": "odd"}, "d": [5]}, "dependentRequired": {"e": ["f"]}},
        {"dependentRequired": {"e": ["f"], "a": ["b"]}, "dependentSchemas": {"c": {}}},
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
    "items by place, of old": ({"items": [A, B]}, REQUEST, ["prefixItems", 1, "items"], ["items", 1, "items"]),
    "additionalItems": (
        {"items": [A], "additionalItems": B},
        REQUEST,
        ["items", "items"],
        ["additionalItems", "items"],
    ),
    "items by place": ({"prefixItems": [A, B]}, REQUEST, ["prefixItems", 1, "items"], ["prefixItems", 1, "items"]),
    "dependencies": (
        {"dependencies": {"a": B}},
        REQUEST,
        ["dependentSchemas", "a", "items"],
        ["dependencies", "a", "items"],
    ),
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


def words(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Schemas of a few of the keywords of 2020-12; references stand where they lead into the value, so not for ever."""
    here = st.booleans() | inner
    below = here | st.sampled_from(NAMES_OF_SCHEMAS).map(lambda name: {"$ref": f"#/components/schemas/{name}"})
    lists, by_name = st.lists(here, min_size=1, max_size=3), st.dictionaries(NAMES, below, max_size=3)
    every: dict[str, st.SearchStrategy[Any]] = {
        "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
        "enum": st.lists(VALUES, min_size=1, max_size=3),
        "const": VALUES,
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), COUNTS),
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), NUMBERS),
        "multipleOf": st.sampled_from([1, 2, 0.5, 0.25]),
        "pattern": st.sampled_from(["^a", "b$", "[0-9]"]),
        "uniqueItems": st.booleans(),
        "required": st.lists(NAMES, min_size=1, max_size=2, unique=True),
        "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, max_size=2, unique=True), max_size=2),
        "dependentSchemas": st.dictionaries(NAMES, here, max_size=2),
        "properties": by_name,
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "[bc]"]), below, max_size=2),
        "propertyNames": here,
        **dict.fromkeys(("additionalProperties", "unevaluatedProperties"), below),
        "prefixItems": st.lists(below, min_size=1, max_size=2),
        **dict.fromkeys(("items", "unevaluatedItems"), below),
        "not": here,
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), lists),
    }
    some = st.lists(st.sampled_from(sorted(every)), max_size=3, unique=True)
    free = some.flatmap(lambda chosen: st.fixed_dictionaries({word: every[word] for word in chosen}))
    conditional = st.fixed_dictionaries({"if": here}, optional={"then": here, "else": here})
    counted = st.fixed_dictionaries({"contains": below}, optional={"minContains": COUNTS, "maxContains": COUNTS})
    return st.one_of(free, free, free, conditional, counted, st.builds(dict.__or__, free, conditional | counted))


NAMES_OF_SCHEMAS = ["It", "Other"]
SCHEMAS = st.recursive(words(st.just({})), words, max_leaves=4)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(it=SCHEMAS, other=SCHEMAS, values=st.lists(VALUES, min_size=1, max_size=5))
def test_a_request_is_judged_as_json_schema_judges_it(it: Any, other: Any, values: list[Any]) -> None:
    """And what is judged wrong has at least one violation."""
    document = Document({"openapi": "3.1.0", "components": {"schemas": {"It": it, "Other": other}}})
    schemas = Schemas(document, Shapes(document))
    oracle = Draft202012Validator({"$ref": "#/components/schemas/It", **document.root})
    for value in values:
        violations = schemas.violations("#/components/schemas/It", value, Direction.REQUEST, "body")
        assert (not violations) == oracle.is_valid(value)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer"}, 1.0),
        ({"type": "integer"}, 10**30),
        ({"const": 1}, 1.0),
        ({"multipleOf": 0.1}, 0.3),
        ({"multipleOf": 0.01}, 19.99),
        ({"enum": [None, "a"]}, None),
        ({"const": None}, None),
        ({"type": ["string", "null"]}, None),
    ],
    ids=["1.0", "a big integer", "1.0 is 1", "tenths", "cents", "null in enum", "null alone", "null by type"],
)
def test_numbers_count_by_their_value_and_null_is_a_value(schema: Any, value: Any) -> None:
    assert not violations_of(schema, value)


@pytest.mark.parametrize(
    ("schema", "value"),
    [({"const": True}, 1), ({"enum": [0]}, False), ({"multipleOf": 0.1}, 0.35), ({"type": "integer"}, 1.5)],
    ids=["1 is not true", "false is not 0", "not in tenths", "a half"],
)
def test_what_only_looks_alike_is_told_apart(schema: Any, value: Any) -> None:
    assert violations_of(schema, value)


def violations_of(schema: Any, value: Any) -> Any:
    document = Document({"openapi": "3.1.0", "components": {"schemas": {"It": schema}}})
    schemas = Schemas(document, Shapes(document))
    return schemas.violations("#/components/schemas/It", value, Direction.REQUEST, "body")


def test_words_with_values_of_no_use_are_left_out() -> None:
    useful = {"maxLength": 3, "required": ["a"], "exclusiveMinimum": True, "anyOf": [], "title": 5}
    assert well_formed({**useful, "minLength": "3", "properties": [], "oneOf": {}, "multipleOf": 0}) == useful
