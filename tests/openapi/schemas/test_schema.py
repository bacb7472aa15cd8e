"""Validators: what they are built from, when, and what they tolerate."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from syncdyn.openapi.document import Document
from syncdyn.openapi.schemas.dialects import is_known
from syncdyn.openapi.schemas.formats import FormatCheck
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.schema import Schemas
from syncdyn.openapi.schemas.shapes import Shapes

REQUEST, RESPONSE = Direction.REQUEST, Direction.RESPONSE


def at(name: str) -> str:
    return f"#/components/schemas/{name}"


def ref(name: str) -> dict[str, str]:
    return {"$ref": at(name)}


def schemas_of(version: str = "3.1.0", formats: dict[str, FormatCheck | None] | None = None, **schemas: Any) -> Schemas:
    document = Document({"openapi": version, "components": {"schemas": schemas}})
    return Schemas(document, Shapes(document), formats)


def is_valid(schemas: Schemas, value: Any, direction: Direction = REQUEST, name: str = "It") -> bool:
    valid = schemas.validator(at(name), direction).is_valid(value)
    assert valid == (not schemas.violations(at(name), value, direction, "body"))
    return valid


def test_a_bundle_has_what_the_schema_reaches_and_nothing_else() -> None:
    schemas = schemas_of(
        It={"items": ref("A")},
        A={"properties": {"b": ref("B")}},
        B={"title": "b", "type": "string"},
        Other={"type": "null"},
    )
    definitions = schemas.bundle(at("It"), REQUEST)["$defs"]
    assert {"type": "string"} in definitions.values()
    assert {"type": "null"} not in definitions.values()


def test_a_validator_is_built_once_for_each_pointer_and_direction() -> None:
    schemas = schemas_of(It={"additionalProperties": False, "properties": {"a": {}}})
    assert schemas.validator(at("It"), REQUEST) is schemas.validator(at("It"), REQUEST)
    assert not is_valid(schemas, {"b": 1}, REQUEST)
    assert is_valid(schemas, {"b": 1}, RESPONSE)


def test_a_schema_that_two_validators_reach_counts_in_both() -> None:
    schemas = schemas_of(It={"items": ref("A")}, Other={"properties": {"a": ref("A")}}, A={"type": "string"})
    assert not is_valid(schemas, [5])
    assert not is_valid(schemas, {"a": 5}, name="Other")


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_what_is_only_a_reference_shares_the_validator_of_its_end(version: str) -> None:
    schemas = schemas_of(version, It={**ref("A"), "description": "one"}, A=ref("B"), B={"type": "string"})
    assert schemas.validator(at("It"), REQUEST) is schemas.validator(at("B"), REQUEST)
    assert not is_valid(schemas, 5)


def test_threads_that_ask_at_once_get_one_validator() -> None:
    schemas = schemas_of(It={"properties": {"it": ref("It"), "a": ref("A")}}, A={"type": "string"})
    barrier = threading.Barrier(8)
    found = []

    def ask() -> None:
        barrier.wait(timeout=5)
        found.append(schemas.validator(at("It"), REQUEST))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(map(id, found))) == 1


def test_recursive_schemas_are_checked_at_any_depth() -> None:
    schemas = schemas_of(It={"type": "object", "properties": {"children": {"items": ref("It")}}})
    assert is_valid(schemas, {"children": [{"children": [{}]}]})
    assert not is_valid(schemas, {"children": [{"children": [5]}]})


def test_the_recursive_reference_of_2019_is_read() -> None:
    schemas = schemas_of(It={"type": "object", "properties": {"a": {"items": {"$recursiveRef": "#"}}}})
    assert not is_valid(schemas, {"a": [{"a": [5]}]})


@pytest.mark.parametrize(
    "circle",
    [
        {"It": {"allOf": [ref("It")]}},
        {"It": {"oneOf": [ref("It"), {"type": "string"}]}},
        {"It": ref("A"), "A": ref("It")},
        {"It": ref("It")},
    ],
    ids=["a part of itself", "a branch of itself", "references in a circle", "a reference to itself"],
)
def test_schemas_that_say_nothing_but_themselves_allow_everything(circle: dict[str, Any]) -> None:
    assert is_valid(schemas_of(**circle), 5)


@pytest.mark.parametrize("reference", ["#/components/schemas/Nowhere", "other.yaml#/A", "#anchor"])
def test_a_reference_that_leads_nowhere_allows_everything(reference: str) -> None:
    schemas = schemas_of(It={"properties": {"a": {"$ref": reference}, "b": {"type": "string"}}})
    assert is_valid(schemas, {"a": 5})
    assert not is_valid(schemas, {"b": 5})


def test_words_beside_a_reference_count_from_3_1_on() -> None:
    schema, text = {"$ref": at("Text"), "maxLength": 1}, {"type": "string"}
    assert is_valid(schemas_of("3.0.3", It=schema, Text=text), "ab")
    assert not is_valid(schemas_of("3.1.0", It=schema, Text=text), "ab")


@pytest.mark.parametrize(
    "schema",
    [{"pattern": "("}, {"pattern": "[\\w-\\.]"}, {"patternProperties": {"(": False, "^a": {"pattern": "\\Z"}}}],
    ids=["no pattern", "of another dialect", "of names"],
)
def test_a_pattern_that_is_none_is_left_out_and_the_rest_kept(schema: dict[str, Any]) -> None:
    whole = {"type": ["string", "object"], "allOf": [schema, {"maxLength": 2, "required": ["a"]}]}
    schemas = schemas_of(It=whole)
    assert is_valid(schemas, "ab")
    assert is_valid(schemas, {"a": 1, "(": 1})
    assert not is_valid(schemas, "abc")
    assert not is_valid(schemas, 5)


def test_patterns_that_are_some_stay_beside_one_that_is_none() -> None:
    schemas = schemas_of(
        It={"properties": {"a": {"pattern": "("}, "b": {"pattern": "^x"}, "pattern": {"type": "string"}}}
    )
    assert is_valid(schemas, {"a": "z", "b": "x"})
    assert not is_valid(schemas, {"b": "z"})
    assert not is_valid(schemas, {"pattern": 5})


def is_even(text: str) -> bool:
    return len(text) % 2 == 0


@pytest.mark.parametrize(
    ("formats", "format_", "value", "is_right"),
    [
        (None, "ipv4", "x", True),
        ({"ipv4": None}, "ipv4", "x", False),
        ({"ipv4": None}, "uuid", "x", True),
        ({"ipv4": None}, "ipv4", 5, True),
        ({"even": is_even}, "even", "abc", False),
        ({"even": is_even}, "even", "ab", True),
        ({"ipv4": is_even}, "ipv4", "ab", True),
        ({"even": is_even}, "ipv4", "x", True),
    ],
    ids=[
        "annotation by default",
        "asserted",
        "another is asserted",
        "of texts only",
        "own check says no",
        "own check says yes",
        "own check in place of the validator's",
        "own check alone",
    ],
)
def test_formats_are_asserted_when_asked(
    formats: dict[str, FormatCheck | None] | None, format_: str, value: Any, is_right: bool
) -> None:
    assert is_valid(schemas_of(formats=formats, It={"format": format_}), value) == is_right


READ_ONLY: dict[str, dict[str, Any]] = {
    "in place": {"properties": {"id": {"readOnly": True}}},
    "at the reference's end": {"properties": {"id": ref("Id")}},
    "beside the reference": {"properties": {"id": {"$ref": at("Text"), "readOnly": True}}},
    "in a part": {"allOf": [ref("Base"), {}]},
    "in a part of a part": {"allOf": [{"allOf": [ref("Base"), ref("It")]}]},
}


@pytest.mark.parametrize("case", READ_ONLY)
def test_what_is_read_only_is_not_required_in_requests(case: str) -> None:
    schemas = schemas_of(
        It={**READ_ONLY[case], "required": ["id"]},
        Id={"type": "string", "readOnly": True},
        Text={"type": "string"},
        Base={"properties": {"id": {"readOnly": True}}},
    )
    assert is_valid(schemas, {}, REQUEST)
    assert not is_valid(schemas, {}, RESPONSE)


@pytest.mark.parametrize("declared", [{}, {"$ref": "#/nowhere"}, True], ids=["plain", "nowhere", "no object"])
def test_what_is_not_marked_is_required_both_ways(declared: Any) -> None:
    schemas = schemas_of(It={"properties": {"id": declared}, "required": ["id"]})
    assert not is_valid(schemas, {}, REQUEST)
    assert not is_valid(schemas, {}, RESPONSE)


def test_the_root_that_a_schema_refers_to_is_its_own() -> None:
    schemas = schemas_of(It={"type": "object", "properties": {"child": {"$ref": "#"}}, "additionalProperties": False})
    assert is_valid(schemas, {"child": {"child": {}}})
    assert not is_valid(schemas, {"child": {"children": {}}})


def test_a_violation_names_the_place_in_the_document() -> None:
    schemas = schemas_of(It={"properties": {"a/b%": ref("A")}}, A={"items": {"~": {}, "type": "string"}})
    (violation,) = schemas.violations(at("It"), {"a/b%": [5]}, REQUEST, "body")
    assert violation.schema_pointer == f"{at('A')}/items/type"


def test_a_path_outside_of_the_definitions_has_no_place_in_the_document() -> None:
    assert schemas_of().pointer_of(REQUEST, ["$ref"]) == ""


def test_an_inline_schema_is_found_by_its_pointer() -> None:
    media = {"application/json": {"schema": {"type": "integer"}}}
    document = Document({"openapi": "3.0.0", "paths": {"/a{b}": {"post": {"requestBody": {"content": media}}}}})
    pointer = "#/paths/~1a{b}/post/requestBody/content/application~1json/schema"
    assert not Schemas(document, Shapes(document)).validator(pointer, REQUEST).is_valid("x")


DRAFT_7, DRAFT_2020 = "http://json-schema.org/draft-07/schema#", "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    ("root", "schema", "counts"),
    [
        ({}, {}, True),
        ({"jsonSchemaDialect": DRAFT_7}, {}, False),
        ({"jsonSchemaDialect": DRAFT_7}, {"$schema": DRAFT_2020}, True),
        ({}, {"$schema": DRAFT_7}, False),
        ({"jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base"}, {}, True),
        ({"jsonSchemaDialect": "https://example.org/own"}, {}, True),
        ({"jsonSchemaDialect": 5}, {"$schema": 5}, True),
    ],
    ids=["by default", "by the root", "the schema's wins", "by the schema", "OpenAPI's", "unknown", "malformed"],
)
def test_words_beside_a_reference_count_as_the_dialect_says(
    root: dict[str, Any], schema: dict[str, Any], counts: bool
) -> None:
    own = {**schema, "properties": {"a": {**ref("Text"), "maxLength": 1}}}
    document = Document({"openapi": "3.1.0", **root, "components": {"schemas": {"It": own, "Text": {}}}})
    assert is_valid(Schemas(document, Shapes(document)), {"a": "ab"}) != counts


@pytest.mark.parametrize(
    ("dialect", "known"),
    [(DRAFT_7, True), (DRAFT_2020, True), ("https://spec.openapis.org/oas/3.2/dialect/2025-09-17", True),
     ("https://example.org/own", False)],
)  # fmt: skip
def test_a_dialect_is_known_or_not(dialect: str, known: bool) -> None:
    assert is_known(dialect) == known


def test_a_bound_of_more_digits_than_a_float_has_does_no_harm() -> None:
    assert is_valid(schemas_of(It={"type": "integer", "minimum": 10**400, "maxLength": 10**400}), "") is False
