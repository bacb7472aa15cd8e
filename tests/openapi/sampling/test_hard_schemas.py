"""Schemas that leave little room: what is made is valid, as an outside judge sees it."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # comes without stubs

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.sampling import Sampler, Unsampled
from syncdyn.openapi.schemas.normalise import Direction

IT = "#/components/schemas/It"
OTHERS: dict[str, Any] = {
    "Rec": {
        "type": "object",
        "required": ["kids"],
        "properties": {"kids": {"type": "array", "items": {"$ref": "#/components/schemas/Rec"}, "maxItems": 3}},
    },
    "A": {
        "type": "object",
        "required": ["b"],
        "properties": {"b": {"oneOf": [{"$ref": "#/components/schemas/B"}, {"type": "string"}]}},
    },
    "B": {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/A"}}},
    "Base": {"type": "object", "properties": {"y": {"type": "integer"}}, "required": ["y"]},
}
HARD: dict[str, Any] = {
    "dependentSchemas": {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
        "required": ["a"],
        "dependentSchemas": {"a": {"required": ["b"], "properties": {"b": {"minimum": 5000}}}},
    },
    "unevaluated": {
        "allOf": [
            {"properties": {"a": {"type": "string"}}},
            {"properties": {"b": {"type": "integer"}}, "required": ["b"]},
        ],
        "unevaluatedProperties": False,
        "type": "object",
    },
    "unevaluated items": {
        "type": "array",
        "prefixItems": [{"type": "integer"}],
        "unevaluatedItems": False,
        "minItems": 1,
    },
    "not required": {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "not": {"required": ["a", "b"]},
        "minProperties": 1,
    },
    "not type": {"not": {"type": ["string", "object", "array", "null"]}},
    "not props": {
        "type": "object",
        "properties": {"k": {"enum": ["a", "b", "c"]}},
        "required": ["k"],
        "not": {"properties": {"k": {"const": "a"}}},
    },
    "const object": {"const": {"a": [1, {"b": None}]}},
    "minContains": {
        "type": "array",
        "items": {"type": "integer", "maximum": 20},
        "contains": {"minimum": 10},
        "minContains": 2,
        "maxContains": 3,
        "minItems": 4,
        "maxItems": 6,
    },
    "maxContains": {
        "type": "array",
        "items": {"type": "integer"},
        "contains": {"multipleOf": 5},
        "maxContains": 1,
        "minItems": 3,
    },
    "pattern props overlap": {
        "type": "object",
        "properties": {"x-a": {"type": "integer"}},
        "patternProperties": {"^x-": {"minimum": 100}},
        "required": ["x-a"],
    },
    "required undeclared with pattern": {
        "type": "object",
        "patternProperties": {"^n": {"type": "number"}},
        "required": ["num"],
        "additionalProperties": {"type": "string"},
    },
    "anyOf with not": {
        "anyOf": [{"type": "string", "not": {"pattern": "^a"}}, {"type": "integer", "not": {"minimum": 0}}]
    },
    "if only then": {
        "type": "object",
        "properties": {"t": {"enum": ["x", "y"]}, "v": {}},
        "required": ["t", "v"],
        "if": {"properties": {"t": {"const": "x"}}},
        "then": {"properties": {"v": {"type": "string"}}},
        "else": {"properties": {"v": {"type": "integer"}}},
    },
    "nested if": {
        "type": "object",
        "properties": {"c": {"enum": ["US", "CA", "NL"]}, "zip": {"type": "string"}},
        "required": ["c", "zip"],
        "allOf": [
            {"if": {"properties": {"c": {"const": "US"}}}, "then": {"properties": {"zip": {"pattern": "^[0-9]{5}$"}}}},
            {
                "if": {"properties": {"c": {"const": "CA"}}},
                "then": {"properties": {"zip": {"pattern": "^[A-Z][0-9][A-Z] [0-9][A-Z][0-9]$"}}},
            },
            {
                "if": {"properties": {"c": {"const": "NL"}}},
                "then": {"properties": {"zip": {"pattern": "^[0-9]{4} [A-Z]{2}$"}}},
            },
        ],
    },
    "multipleOf .1": {"type": "number", "multipleOf": 0.1, "minimum": 0.25, "maximum": 0.75},
    "multipleOf .01": {"type": "number", "multipleOf": 0.01, "exclusiveMinimum": 0, "maximum": 100},
    "multipleOf two": {"allOf": [{"multipleOf": 4}, {"multipleOf": 6}], "type": "integer", "minimum": 1, "maximum": 30},
    "unique objects": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"id": {"type": "integer", "minimum": 1, "maximum": 4}},
            "required": ["id"],
        },
        "uniqueItems": True,
        "minItems": 4,
    },
    "unique bools": {"type": "array", "items": {"type": "boolean"}, "uniqueItems": True, "minItems": 2},
    "enum filter": {"enum": ["a", 1, None, "bb"], "type": "string", "minLength": 2},
    "enum allOf": {"allOf": [{"enum": [1, 2, 3]}, {"enum": [2, 3, 4]}, {"not": {"const": 2}}]},
    "propertyNames": {
        "type": "object",
        "propertyNames": {"maxLength": 3, "minLength": 2},
        "minProperties": 4,
        "additionalProperties": {"type": "boolean"},
    },
    "propnames enum": {"type": "object", "propertyNames": {"enum": ["a", "b", "c"]}, "minProperties": 3},
    "lookahead": {"type": "string", "pattern": "^(?=.*[0-9])(?=.*[a-z])[a-z0-9]{8,10}$"},
    "pattern max": {"type": "string", "pattern": "^(abc)+$", "maxLength": 10, "minLength": 6},
    "pattern two": {"allOf": [{"pattern": "^a"}, {"pattern": "z$"}], "type": "string"},
    "pattern two b": {"allOf": [{"pattern": "^[a-z]+$"}, {"pattern": "^.{5}$"}], "type": "string"},
    "email max": {"type": "string", "format": "email", "maxLength": 12},
    "oneOf disc": {
        "oneOf": [
            {"type": "object", "properties": {"k": {"const": "a"}, "n": {"type": "integer"}}, "required": ["k", "n"]},
            {"type": "object", "properties": {"k": {"const": "b"}}, "required": ["k"]},
        ]
    },
    "oneOf same": {
        "oneOf": [
            {"type": "object", "properties": {"a": {"type": "integer"}}},
            {"type": "object", "properties": {"b": {"type": "integer"}}, "required": ["b"]},
        ]
    },
    "oneOf three num": {"oneOf": [{"multipleOf": 3}, {"multipleOf": 5}], "type": "integer"},
    "anyOf sibling": {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
        "additionalProperties": False,
    },
    "rec list": {"$ref": "#/components/schemas/Rec"},
    "mutual": {"$ref": "#/components/schemas/A"},
    "false prop": {"type": "object", "properties": {"a": False, "b": {"type": "integer"}}, "required": ["b"]},
    "items false": {"type": "array", "items": False},
    "huge int": {"type": "integer", "minimum": 10**18, "maximum": 10**18 + 5},
    "tiny": {"type": "number", "minimum": 1e-10, "maximum": 2e-10},
    "float int": {"type": "integer", "multipleOf": 2.5},
    "min items": {
        "type": "array",
        "minItems": 50,
        "items": {"type": "string", "minLength": 1, "maxLength": 1},
        "uniqueItems": False,
    },
    "contains const": {
        "type": "array",
        "contains": {"const": "x"},
        "items": {"type": "string", "maxLength": 3},
        "minItems": 2,
        "uniqueItems": True,
    },
    "prefix contains": {
        "type": "array",
        "prefixItems": [{"type": "integer"}, {"type": "string"}],
        "items": {"type": "boolean"},
        "contains": {"type": "boolean"},
        "minItems": 3,
    },
    "dep required": {
        "type": "object",
        "properties": {"a": {}, "b": {}, "c": {}},
        "dependentRequired": {"a": ["b"], "b": ["c"]},
        "required": ["a"],
    },
    "maxprops": {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}, "c": {"type": "integer"}},
        "maxProperties": 1,
        "minProperties": 1,
    },
    "not empty obj": {"type": "object", "properties": {"a": {"type": "integer"}}, "not": {"maxProperties": 0}},
    "nested allOf oneOf": {
        "allOf": [
            {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
            {"oneOf": [{"required": ["c"]}, {"required": ["d"]}]},
        ],
        "type": "object",
        "properties": {k: {"type": "integer"} for k in "abcd"},
    },
    "if else props": {
        "type": "object",
        "properties": {"n": {"type": "integer"}},
        "required": ["n"],
        "if": {"properties": {"n": {"multipleOf": 2}}},
        "then": {"required": ["even"]},
        "else": {"required": ["odd"]},
    },
    "type list": {"type": ["integer", "string"], "minimum": 5, "minLength": 4},
    "null const": {"const": None},
    "anchors": {"type": "string", "pattern": "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}$"},
    "pattern alt": {"type": "string", "pattern": "^(foo|ba[rz]|q{2,3})$"},
    "pattern neg": {"type": "string", "pattern": "^[^\\s/]{4}$"},
    "unevaluated with ref": {
        "$ref": "#/components/schemas/Base",
        "properties": {"z": {"type": "integer"}},
        "unevaluatedProperties": False,
    },
    "additional false allOf": {
        "allOf": [
            {
                "type": "object",
                "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
                "additionalProperties": False,
            },
            {"required": ["a"]},
        ]
    },
    "content": {"type": "string", "contentEncoding": "base64", "minLength": 4},
    "not not": {"not": {"not": {"type": "integer"}}},
    "not string const": {"type": "string", "not": {"const": "string"}},
    "not minimum": {"type": "integer", "not": {"minimum": 10}},
    "not enum bool": {"type": "boolean", "not": {"const": True}},
    "not pattern": {"type": "string", "not": {"pattern": "[aeiou]"}, "minLength": 3},
    "deps old": {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
        "dependencies": {"a": ["b"]},
    },
}
IMPOSSIBLE: dict[str, Any] = {
    "a range without numbers": {"type": "integer", "minimum": 5, "maximum": 4},
    "nothing but itself": {"type": "object", "required": ["it"], "properties": {"it": {"$ref": IT}}},
    "branches that always overlap": {"oneOf": [{"type": "integer"}, {"type": "integer"}]},
    "both sides of a not": {"type": "string", "not": {"type": "string"}},
}


def sampler_for(schema: Any) -> tuple[Sampler, Any]:
    schemas = {"It": schema, **OTHERS}
    root = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "components": {"schemas": schemas}}
    judge = Draft202012Validator({"$ref": IT, "components": {"schemas": schemas}})
    return Sampler(Contract(Document(root))), judge


@pytest.mark.parametrize("schema", HARD.values(), ids=HARD)
def test_every_value_is_valid(schema: Any) -> None:
    sampler, judge = sampler_for(schema)
    for seed in range(50):
        value = sampler.valid(IT, Direction.RESPONSE, str(seed), use_examples=False)
        assert judge.is_valid(value), value


@pytest.mark.parametrize("schema", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_schema_that_nothing_satisfies_is_told(schema: Any) -> None:
    sampler, _ = sampler_for(schema)
    with pytest.raises(Unsampled, match="no valid value was found for #/components/schemas/It"):
        sampler.valid(IT, Direction.RESPONSE, "7")


def test_what_is_sent_keeps_one_branch_and_closed_schemas_closed() -> None:
    """What is read may have more members and fit several branches; what is made may not."""
    closed = {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": False}
    contract = sampler_for({"oneOf": [closed, {"type": "object", "required": ["b"]}]})[0]._contract
    assert contract.schemas.validator(IT, Direction.RESPONSE).is_valid({"a": 1, "b": 2})
    assert not contract.schemas.validator(IT, Direction.ANSWER).is_valid({"a": 1, "c": 2})
