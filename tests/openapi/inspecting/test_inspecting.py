"""What is found in documents that open all the same."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.inspecting import KINDS, Finding, inspect
from syncdyn.openapi.inspecting.grammar import walk

INFO = {"title": "Pets", "version": "1"}
SERVERS = [{"url": "https://api.example.com"}]
FINE = {"operationId": "getPets", "responses": {"200": {"description": "Fine"}}}


def findings(version: str = "3.1.0", **members: Any) -> tuple[Finding, ...]:
    return inspect(Contract(Document({"openapi": version, "info": INFO, "servers": SERVERS, **members})))


def told(version: str = "3.1.0", **members: Any) -> list[tuple[str, str]]:
    return [(one.kind, one.pointer) for one in findings(version, **members)]


def in_operation(**members: Any) -> list[tuple[str, str]]:
    """What is found of `GET /pets`, the pointers from there."""
    return [
        (kind, pointer.removeprefix("#/paths/~1pets/get"))
        for kind, pointer in told(paths={"/pets": {"get": {**FINE, **members}}})
    ]


def in_schema(version: str = "3.1.0", **schema: Any) -> list[tuple[str, str]]:
    """What is found of the component schema `A`, the pointers from there."""
    start = "#/components/schemas/A"
    return [
        (kind, pointer.removeprefix(start))
        for kind, pointer in told(version, components={"schemas": {"A": schema, "B": {}}})
    ]


def test_a_document_without_fault_has_no_findings() -> None:
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "example": 1}}
    pet = {"type": "object", "properties": {"id": {"type": "integer"}, "friends": {"items": {"$ref": "#/x-a"}}}}
    content = {"application/json": {"schema": pet, "example": {"id": 1}}}
    get = {**FINE, "parameters": [parameter], "responses": {"200": {"description": "", "content": content}}}
    paths = {"/pets/{id}": {"get": get}, "x-more": 5}
    more: Any = {"x-a": {"type": "string"}}
    assert told(paths=paths, security=[{}], **more) == []


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({"parameters": [{"$ref": "#/nowhere"}]}, [("reference", "/parameters/0/$ref")]),
        ({"parameters": [{"$ref": "#/openapi"}]}, [("reference", "/parameters/0/$ref")]),
        ({"parameters": {}}, [("malformed", "/parameters")]),
        ({"parameters": [None]}, [("malformed", "/parameters/0")]),
        ({"requestBody": []}, [("malformed", "/requestBody")]),
        ({"requestBody": {"content": []}}, [("malformed", "/requestBody/content")]),
        ({"consumes": ["a/b"]}, [("swagger-2", "/consumes")]),
        ({"summry": "Pets"}, [("unknown-word", "/summry")]),
        ({"operationId": None}, [("no-operation-id", "")]),
        ({"responses": {}}, [("no-response", "")]),
        ({"responses": {"404": {}}}, [("no-success", "/responses")]),
        ({"responses": {"200": {}, "20x": {}, "x-a": 5}}, [("response-key", "/responses/20x")]),
        ({"responses": {"200": {"content": {"json": {}}}}}, [("media-type", "/responses/200/content/json")]),
        ({"security": [{"key": []}]}, [("security", "/security/0/key")]),
        ({"servers": [{"url": "https://{a}.example"}]}, [("server", "/servers/0")]),
        ({"servers": [{}]}, [("server", "/servers/0")]),
        ({"callbacks": {"a": {"{$url}": {"post": {"responses": 5}}}}}, [
            ("no-response", "/callbacks/a/{$url}/post"), ("malformed", "/callbacks/a/{$url}/post/responses"),
        ]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_operation_is_found(members: Any, found: Any) -> None:
    assert in_operation(**members) == found


@pytest.mark.parametrize(
    ("parameter", "kind"),
    [
        ({"in": "query", "schema": {}}, "parameter"),
        ({"name": "a", "in": "body", "schema": {}}, "parameter"),
        ({"name": "a", "in": ["query"], "schema": {}}, "parameter"),
        ({"name": "a", "in": "query"}, "description"),
        ({"name": "a", "in": "query", "schema": {}, "content": {"a/b": {}}}, "description"),
        ({"name": "a", "in": "query", "content": {}}, "description"),
        ({"name": "a", "in": "querystring", "schema": {}}, "description"),
        ({"name": "Accept", "in": "header", "schema": {}}, "ignored-header"),
        ({"name": "a", "in": "query", "style": "simple", "schema": {}}, "style"),
        ({"name": "a", "in": "query", "style": ["form"], "schema": {}}, "style"),
        ({"name": "a", "in": "query", "style": "deepObject", "schema": {"type": "array"}}, "deep-array"),
        ({"name": "a", "in": "path", "schema": {}}, "path-parameter"),
    ],
)
def test_what_is_wrong_with_a_parameter_is_found(parameter: Any, kind: str) -> None:
    ((found, pointer),) = in_operation(parameters=[parameter])
    assert found == kind
    assert pointer.startswith("/parameters/0")


def test_a_path_parameter_that_nobody_declares_is_found() -> None:
    assert told(paths={"/pets/{id}": {"get": FINE}}) == [("path-template", "#/paths/~1pets~1{id}/get")]


def test_a_parameter_of_the_path_is_declared_for_its_operations() -> None:
    shared = [{"name": "id", "in": "path", "required": True, "schema": {}}]
    assert told(paths={"/pets/{id}": {"parameters": shared, "get": FINE}}) == []


def test_what_paths_have_wrong_together_is_found() -> None:
    parameters = [{"name": "a", "in": "path", "schema": {}}, {"name": "b", "in": "path", "schema": {}}]
    paths = {
        "/pets/{a}": {"parameters": parameters[:1], "get": FINE},
        "/pets/{b}": {"parameters": parameters[1:], "get": FINE},
        "pets": {"post": {**FINE, "operationId": "other"}},
    }
    assert told(paths=paths) == [
        ("same-template", "#/paths/~1pets~1{b}"),
        ("path", "#/paths/pets"),
        ("operation-id", "#/paths/~1pets~1{b}/get/operationId"),
    ]


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        ({"type": "file"}, [("type", "/type")]),
        ({"type": ["string", 5]}, [("type", "/type")]),
        ({"pattern": "(?<"}, [("pattern", "")]),
        ({"patternProperties": {"[": {}}}, [("pattern", "")]),
        ({"minimum": 2, "maximum": 1}, [("bounds", "")]),
        ({"minLength": "2"}, [("schema-word", "/minLength")]),
        ({"enum": []}, [("schema-word", "/enum")]),
        ({"required": True}, [("schema-word", "/required")]),
        ({"required": ["a", "a"]}, [("required", "/required")]),
        ({"nullable": True}, [("other-version", "/nullable")]),
        ({"exclusiveMinimum": True, "minimum": 1}, [("other-version", "/exclusiveMinimum")]),
        ({"$recursiveRef": "#"}, [("other-version", "/$recursiveRef")]),
        ({"dependencies": {}}, [("other-version", "/dependencies")]),
        ({"extends": {}}, [("old-word", "/extends")]),
        ({"minItem": 1}, [("unknown-word", "/minItem")]),
        ({"format": "repo.nwo"}, [("format", "/format")]),
        ({"items": [{}]}, [("other-version", "/items")]),
        ({"properties": {"a": None}}, [("malformed", "/properties/a")]),
        ({"allOf": [{"$ref": "#/components/schemas/C"}]}, [("reference", "/allOf/0/$ref")]),
        ({"discriminator": {}}, [("discriminator", "/discriminator")]),
        ({"discriminator": {"propertyName": "a", "mapping": {"b": "B", "c": "C"}}}, [
            ("discriminator", "/discriminator/mapping/c"),
        ]),
        ({"oneOf": [{"type": "array"}, {}], "discriminator": {"propertyName": "a"}}, [
            ("discriminator", "/discriminator"),
        ]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_schema_is_found(schema: Any, found: Any) -> None:
    assert in_schema(**schema) == found


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        ({"nullable": True, "exclusiveMinimum": True, "minimum": 1}, []),
        ({"exclusiveMinimum": 1}, [("other-version", "/exclusiveMinimum")]),
        ({"type": ["string", "null"]}, [("other-version", "/type")]),
        ({"$ref": "#/components/schemas/B", "description": "B", "minLength": 1}, [("ref-siblings", "")]),
    ],
)
def test_what_is_of_another_version_is_found_in_3_0(schema: Any, found: Any) -> None:
    assert in_schema("3.0.3", **schema) == found


@pytest.mark.parametrize(
    ("members", "kinds"),
    [
        ({"info": {}}, ["info", "info"]),
        ({"info": []}, ["info", "info", "malformed"]),
        ({"servers": [{"url": "/v1"}]}, ["no-server"]),
        (
            {"servers": [*SERVERS, {"url": "https://{a}.b", "variables": {"a": {"default": "c", "enum": ["d"]}}}]},
            ["server"],
        ),
        ({"jsonSchemaDialect": "urn:other"}, ["dialect"]),
        ({"definitions": {}, "basePath": "/"}, ["swagger-2", "swagger-2"]),
        ({"paths": {"/a": None}}, ["malformed"]),
        ({"paths": {"/a": {"$ref": "#/nowhere"}}}, ["reference"]),
        ({"paths": {"/a": {"$ref": "#/x-a", "get": {}}}, "x-a": {}}, ["ref-siblings"]),
        ({"webhooks": {"a": []}}, ["malformed"]),
        ({"components": {"securitySchemes": {"a": {"type": "key"}}}}, ["security-scheme"]),
        ({"components": {"securitySchemes": {"a": {"type": "apiKey", "name": "a"}}}}, ["security-scheme"]),
        ({"components": {"securitySchemes": {"a": {"type": "http"}}}}, ["security-scheme"]),
    ],
)
def test_what_is_wrong_with_a_document_is_found(members: Any, kinds: list[str]) -> None:
    assert [kind for kind, _ in told(**members)] == kinds


def test_an_example_that_breaks_its_schema_is_found() -> None:
    media = {"schema": {"type": "integer"}, "examples": {"a": {"value": 1}, "b": {"value": "x"}}}
    (found,) = findings(components={"requestBodies": {"A": {"content": {"application/json": media}}}})
    assert found.kind == "example"
    assert found.pointer.endswith("/examples/b/value")


def test_what_stands_in_an_example_is_no_part_of_the_document() -> None:
    assert in_schema(example={"$ref": "#/nowhere"}, default={"type": 5}, enum=[{"type": 5}]) == []


def test_a_schema_of_true_or_false_is_one() -> None:
    assert in_schema(properties={"a": True}, additionalProperties=False) == []


def test_a_fault_tells_what_was_perhaps_meant() -> None:
    (found,) = findings(components={"schemas": {"A": {"requierd": []}}})
    assert found.message == "'requierd' is no word of a schema; did you mean 'required'?"


def test_every_kind_has_its_words() -> None:
    assert all(kind.title and kind.effect and kind.severity in ("degraded", "note") for kind in KINDS.values())


def test_the_walk_reaches_every_kind_of_object_once_and_in_order() -> None:
    root: Any = {"paths": {"/a": {"get": {"requestBody": {"content": {"a/b": {"schema": {"items": {}}}}}}}}}
    assert [node.kind for node in walk(root)] == [
        "document", "path item", "operation", "request body", "media type", "schema", "schema",
    ]  # fmt: skip


def test_a_schema_that_is_too_heavy_to_check_is_told_with_the_reason() -> None:
    chain = {f"S{n}": {"allOf": [{"$ref": f"#/components/schemas/S{n + 1}"}] * 2} for n in range(30)}
    found = [one for one in findings(components={"schemas": {**chain, "S30": {}}}) if one.pointer.endswith("/S0")]
    assert [one.kind for one in found] == ["schema"]
    assert "looked at over 1,000,000 times" in found[0].message


def test_a_finding_knows_what_its_kind_costs() -> None:
    assert [Finding(kind, "#", "").severity for kind in ("schema", "info")] == ["degraded", "note"]


def test_an_example_that_states_no_value_is_passed_over() -> None:
    content = {"application/json": {"schema": {"type": "integer"}, "examples": {"a": {"summary": "None"}}}}
    assert in_operation(requestBody={"content": content}) == []


def test_a_dialect_that_nobody_knows_is_told() -> None:
    assert in_schema(**{"$schema": "https://example.com/odd"}) == [("dialect", "/$schema")]


def test_what_is_referred_to_is_judged_where_it_stands() -> None:
    components = {
        "securitySchemes": {"a": {"$ref": "#/components/securitySchemes/b"}, "b": {"type": "odd"}},
        "headers": {"a": {"$ref": "#/components/headers/b"}, "b": {}},
    }
    places = [("security-scheme", "#/components/securitySchemes/b"), ("description", "#/components/headers/b")]
    assert sorted(told(components=components)) == sorted(places)


@pytest.mark.parametrize("word", ["allOf", "oneOf"])
def test_a_schema_that_is_composed_over_too_many_levels_is_told(word: str) -> None:
    step = {"discriminator": {"propertyName": "a"}}
    chain = {f"S{n}": {word: [{"$ref": f"#/components/schemas/S{n + 1}"}], **step} for n in range(100)}
    found = told(components={"schemas": {**chain, "S100": {"type": "object"}}})
    assert ("composition", "#/components/schemas/S0") in found
    assert ("composition", "#/components/schemas/S90") not in found
