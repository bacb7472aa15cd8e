"""`$dynamicRef` means the outermost schema with its anchor that evaluation has come through."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # comes without stubs
from referencing import Registry, Resource

from syncdyn.openapi.document import Document
from syncdyn.openapi.opening.bundling import bundle
from syncdyn.openapi.opening.neighbours import Neighbours
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.schema import Schemas
from syncdyn.openapi.schemas.shapes import Shapes


def anchored(**words: Any) -> dict[str, Any]:
    return {"it": {"$dynamicAnchor": "T", **words}}


def named(name: str, **words: Any) -> dict[str, Any]:
    return {"$id": f"https://example.org/{name}", **{word.replace("_", "$"): value for word, value in words.items()}}


SCHEMAS: dict[str, dict[str, Any]] = {
    "List": named("list", type="array", items={"$dynamicRef": "#T"}, _defs=anchored()),
    "Strings": named("strings", _ref="list", _defs=anchored(type="string")),
    "Integers": named("integers", _ref="list", _defs=anchored(type="integer")),
    "Both": named(
        "both", properties={"strings": {"$ref": "strings"}, "integers": {"$ref": "integers"}, "any": {"$ref": "list"}}
    ),
    "Inline": named(
        "inline",
        properties={
            "flags": {"$id": "flags", "$ref": "list", "$defs": anchored(type="boolean")},
            "nulls": {"$id": "nulls", "$ref": "list", "$defs": anchored(type="null")},
        },
    ),
    "Listed": named(
        "listed",
        prefixItems=[
            {"$id": "first", "$ref": "list", "$defs": anchored(type="boolean")},
            {"$id": "second", "$ref": "list", "$defs": anchored(type="null")},
        ],
    ),
    "Numbers": named("numbers", _ref="integers", _defs=anchored(type="number")),
    "Tree": named(
        "tree", _dynamicAnchor="node", properties={"a": True, "children": {"items": {"$dynamicRef": "#node"}}}
    ),
    "StrictTree": named("strict", _dynamicAnchor="node", _ref="tree", unevaluatedProperties=False),
}
VALUES: dict[str, list[Any]] = {
    "List": [[1, "a"], 5],
    "Strings": [["a"], [1]],
    "Integers": [[1], ["a"]],
    "Both": [{"strings": ["a"], "integers": [1], "any": [None]}, {"strings": [1]}, {"integers": ["a"]}],
    "Inline": [{"flags": [True], "nulls": [None]}, {"flags": [None]}, {"nulls": [True]}],
    "Listed": [[[True], [None]], [[None]], [[True], [True]]],
    "Numbers": [[1.5], ["a"]],
    "Tree": [{"children": [{"b": 1}]}],
    "StrictTree": [{"children": [{"a": 1}]}, {"children": [{"b": 1}]}, {"children": [{"children": [{"b": 1}]}]}],
}


def schemas_of(components: dict[str, Any]) -> Schemas:
    root: dict[str, Any] = {"openapi": "3.1.0", "components": {"schemas": copy.deepcopy(components)}}
    bundle(root, json.dumps(root), "main.json", Neighbours())
    document = Document(root)
    return Schemas(document, Shapes(document))


def violations(components: dict[str, Any], name: str, value: Any) -> tuple[Any, ...]:
    return schemas_of(components).violations(f"#/components/schemas/{name}", value, Direction.REQUEST, "body")


@pytest.mark.parametrize("name", VALUES)
def test_a_dynamic_reference_is_judged_as_json_schema_judges_it(name: str) -> None:
    known = [(schema["$id"], {"$schema": Draft202012Validator.META_SCHEMA["$id"], **schema})
             for schema in SCHEMAS.values()]  # fmt: skip
    registry = Registry().with_resources([(uri, Resource.from_contents(schema)) for uri, schema in known])
    oracle = Draft202012Validator(SCHEMAS[name], registry=registry)
    for value in VALUES[name]:
        assert (not violations(SCHEMAS, name, value)) == oracle.is_valid(value)


def test_a_violation_names_the_schema_that_was_meant() -> None:
    (violation,) = violations(SCHEMAS, "Both", {"integers": ["a"]})
    assert violation.where == "body.integers[0]"
    assert violation.schema_pointer == "#/components/schemas/Integers/$defs/it/type"


def test_components_without_identities_are_scopes_too() -> None:
    """Strictly their anchors would be two of one name; what their author means is plain."""
    plain = {name: {word: value for word, value in SCHEMAS[name].items() if word != "$id"} for name in SCHEMAS}
    plain = {name: plain[name] for name in ("List", "Strings", "Integers")}
    for name in ("Strings", "Integers"):
        plain[name]["$ref"] = "#/components/schemas/List"
    assert not violations(plain, "Strings", ["a"])
    assert violations(plain, "Integers", ["a"])


def test_the_recursive_reference_of_2019_means_the_outermost() -> None:
    tree = {"$recursiveAnchor": True, "properties": {"a": True, "b": {"$recursiveRef": "#"}}}
    strict = {
        "$recursiveAnchor": True,
        "$ref": "#/components/schemas/Tree",
        "unevaluatedProperties": False,
    }
    both = {"Tree": tree, "Strict": strict}
    assert not violations(both, "Tree", {"b": {"x": 1}})
    assert violations(both, "Strict", {"b": {"x": 1}})
    assert not violations({"Tree": {**tree, "$recursiveAnchor": False}, "Strict": strict}, "Strict", {"b": {"x": 1}})


def test_a_recursive_anchor_below_the_root_of_a_resource_is_none() -> None:
    """Source: JSON Schema 2019-09 core, section 8.2.4.2.2."""
    inner = {"$recursiveAnchor": True, "type": "string"}
    tree = {"$recursiveAnchor": True, "properties": {"a": inner, "b": {"$recursiveRef": "#"}}}
    assert not violations({"Tree": tree}, "Tree", {"b": {"a": "x", "b": {}}})


def test_a_pointer_means_its_place_whatever_the_scope() -> None:
    tree = {"$recursiveAnchor": True, "properties": {"a": True}}
    strict = {
        "$recursiveAnchor": True,
        "properties": {"b": {"$dynamicRef": "#/components/schemas/Tree"}},
        "additionalProperties": False,
    }
    assert not violations({"Tree": tree, "Strict": strict}, "Strict", {"b": {"x": 1}})


def test_an_identity_that_is_only_a_fragment_makes_no_resource() -> None:
    """Draft 4 to 7 name a place so; `#` there is still the whole schema."""
    schema = {"type": "object", "properties": {"a": {"$id": "#a", "properties": {"b": {"$recursiveRef": "#"}}}}}
    assert violations({"It": schema}, "It", {"a": {"b": 5}})


@pytest.mark.parametrize("reference", ["#nowhere", "#/nowhere"])
def test_a_dynamic_reference_that_leads_nowhere_allows_everything(reference: str) -> None:
    assert not violations({"It": {"items": {"$dynamicRef": reference}}}, "It", [5])


def test_a_dynamic_reference_to_a_plain_place_is_a_reference() -> None:
    schema = {"items": {"$dynamicRef": "#/$defs/a"}, "$id": "it", "$defs": {"a": {"type": "string"}}}
    assert violations({"It": schema}, "It", [5])


def test_scopes_that_grow_without_bound_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syncdyn.openapi.schemas.schema._MOST_SCOPED", 3)
    assert not violations(SCHEMAS, "Both", {"strings": [1]})


def test_the_shape_of_a_dynamic_reference_is_what_it_means_first() -> None:
    schema = {"$id": "it", "items": {"$dynamicRef": "#T"}, "$defs": anchored(properties={"a": {}})}
    items = schemas_of({"It": schema}).shapes.at("#/components/schemas/It").items
    assert items is not None
    assert list(items.fields) == ["a"]
