"""Schemas joined word by word, and values mended."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.sampling.mending import mended
from syncdyn.openapi.sampling.merging import flat, merge

JOINED: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "types in common": ({"type": ["string", "null"]}, {"type": "string"}, {"type": ["string"]}),
    "whole numbers are numbers": ({"type": "number"}, {"type": "integer"}, {"type": ["integer"]}),
    "and the other way round": ({"type": "integer"}, {"type": "number"}, {"type": ["integer"]}),
    "values in common": ({"enum": [1, 2, 3]}, {"enum": [3, 2]}, {"enum": [2, 3]}),
    "the higher floor": (
        {"minimum": 1, "minLength": 5},
        {"minimum": 3, "minLength": 2},
        {"minimum": 3, "minLength": 5},
    ),
    "the lower ceiling": ({"maximum": 1, "maxItems": 5}, {"maximum": 3, "maxItems": 2}, {"maximum": 1, "maxItems": 2}),
    "all that is required": ({"required": ["a", "b"]}, {"required": ["b", "c"]}, {"required": ["a", "b", "c"]}),
    "steps that are not whole": ({"multipleOf": 0.5}, {"multipleOf": 2}, {"multipleOf": 2}),
    "a ban that spares a pattern": (
        {"additionalProperties": False, "patternProperties": {"^x": {}}},
        {"properties": {"xa": {"const": 1}}},
        {"additionalProperties": False, "patternProperties": {"^x": {}}, "properties": {"xa": {"const": 1}}},
    ),
    "a ban on other members": (
        {"additionalProperties": False},
        {"additionalProperties": {"type": "string"}},
        {"additionalProperties": False},
    ),
    "a rule for other members": (
        {"additionalProperties": True},
        {"additionalProperties": {"type": "string"}},
        {"additionalProperties": {"type": "string"}},
    ),
    "whole steps": ({"multipleOf": 4}, {"multipleOf": 6}, {"multipleOf": 12}),
    "members of both": (
        {"properties": {"a": {"minimum": 1}, "b": {}}},
        {"properties": {"a": {"maximum": 2}}},
        {"properties": {"a": {"allOf": [{"minimum": 1}, {"maximum": 2}]}, "b": {}}},
    ),
    "a closed schema shuts out members of the other": (
        {"properties": {"a": {}}, "additionalProperties": False},
        {"properties": {"b": {}}},
        {"properties": {"a": {}, "b": False}, "additionalProperties": False},
    ),
    "no others if one says so": (
        {"additionalProperties": {"type": "string"}},
        {"additionalProperties": False},
        {"additionalProperties": False},
    ),
    "others as both want them": (
        {"additionalProperties": {"minimum": 1}},
        {"additionalProperties": {"maximum": 2}},
        {"additionalProperties": {"allOf": [{"minimum": 1}, {"maximum": 2}]}},
    ),
    "others as one wants them": (
        {"additionalProperties": True},
        {"additionalProperties": {"maximum": 2}},
        {"additionalProperties": {"maximum": 2}},
    ),
    "unions paired": (
        {"oneOf": [{"type": "string"}, {"type": "null"}]},
        {"oneOf": [{"minLength": 1}]},
        {"oneOf": [{"allOf": [{"type": "string"}, {"minLength": 1}]}, {"allOf": [{"type": "null"}, {"minLength": 1}]}]},
    ),
    "null only if both allow it": ({"nullable": True}, {"nullable": False}, {"nullable": False}),
    "the last word on all else": ({"title": "a"}, {"title": "b"}, {"title": "b"}),
}


@pytest.mark.parametrize(("one", "other", "joined"), JOINED.values(), ids=JOINED)
def test_two_schemas_become_one_that_holds_where_both_do(
    one: dict[str, Any], other: dict[str, Any], joined: dict[str, Any]
) -> None:
    assert merge(one, other) == joined


def document(version: str, **schemas: Any) -> Document:
    return Document({"openapi": version, "info": {}, "components": {"schemas": schemas}})


REFERENCE = {"$ref": "#/components/schemas/A"}


def test_references_are_followed_and_their_siblings_joined_since_3_1() -> None:
    schema = {**REFERENCE, "maximum": 9}
    new, followed = flat(document("3.1.0", A={"type": "integer"}), schema)
    old, _ = flat(document("3.0.3", A={"type": "integer"}), schema)
    assert new == {"type": "integer", "maximum": 9}
    assert old == {"type": "integer"}
    assert followed == {"#/components/schemas/A"}


def test_a_reference_to_itself_and_one_to_nowhere_end() -> None:
    circular = document("3.1.0", A={"allOf": [REFERENCE], "type": "integer"})
    assert flat(circular, REFERENCE)[0]["type"] == "integer"
    assert flat(document("3.1.0"), {**REFERENCE, "type": "string"})[0] == {"type": "string"}


@pytest.mark.parametrize(("schema", "plain"), [(True, {}), (False, {"not": {}}), (None, {})])
def test_schemas_that_are_no_objects(schema: Any, plain: dict[str, Any]) -> None:
    assert flat(document("3.1.0"), schema)[0] == plain


def broken_at(*path: str | int, keyword: str = "type") -> Violation:
    return Violation("body", path, "is wrong", keyword)


@pytest.mark.parametrize(
    ("violations", "value"),
    [
        ([broken_at("a")], {"b": [{"c": 1, "d": 2}]}),
        ([broken_at("b", 0, "c")], {"a": 0, "b": [{"d": 2}]}),
        ([broken_at("b", 0, "c", 5)], {"a": 0, "b": [{"d": 2}]}),
        ([broken_at("a"), broken_at("b", 0, "c")], {"b": [{"d": 2}]}),
    ],
)
def test_a_member_that_breaks_a_rule_is_left_out(violations: list[Violation], value: Any) -> None:
    assert mended({"a": 0, "b": [{"c": 1, "d": 2}]}, violations) == value


def test_an_item_is_left_out_with_the_member_around_its_list() -> None:
    assert mended({"a": [1, "x"], "b": 2}, [broken_at("a", 1)]) == {"b": 2}


def test_a_fault_of_a_list_itself_is_given_up() -> None:
    assert mended([1, "x"], [broken_at(1)]) is MISSING


def test_what_is_gone_already_is_no_trouble() -> None:
    assert mended({"a": 0, "b": 1}, [broken_at("a"), broken_at("c", "d")]) == {"b": 1}


@pytest.mark.parametrize("violations", [[], [broken_at(keyword="minProperties")], [broken_at("z", keyword="required")]])
def test_what_no_omission_mends_is_given_up(violations: list[Violation]) -> None:
    assert mended({"a": 0}, violations) is MISSING
