"""The layout of values: names, types, fields, branches."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import DocumentError, UnresolvedReference
from syncdyn.openapi.schemas.names import python_name
from syncdyn.openapi.schemas.shapes import Shape, Shapes, json_type

IT = "#/components/schemas/It"
ALL = {"null", "boolean", "integer", "number", "string", "array", "object"}


def shape_of(schema: Any, **others: Any) -> Shape:
    root = {"openapi": "3.1.0", "components": {"schemas": {"It": schema, **others}}}
    return Shapes(Document(root)).at(IT)


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


NAMES = {
    "name": "name",
    "webhookUrl": "webhook_url",
    "webhookURL": "webhook_url",
    "HTTPServer": "http_server",
    "class": "class_",
    "None": "none",
    "2fa": "_2fa",
    "x-y": "x_y",
    "X-Request-Id": "x_request_id",
    "include[]": "include",
    "filter[name]": "filter_name",
    "openai-beta": "openai_beta",
    "ISO8601Date": "iso8601_date",
    "_links": "links",
    "a__b": "a_b",
    "created.gte": "created_gte",
    "größe": "größe",
    "+1": "_1",
    "$": "value",
    "": "value",
}


@pytest.mark.parametrize("wire", NAMES)
def test_a_wire_name_is_written_as_python_does(wire: str) -> None:
    assert python_name(wire) == NAMES[wire]
    assert python_name(wire).isidentifier()


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "integer"),
        (1.0, "integer"),
        (1.5, "number"),
        ("", "string"),
        ({}, "object"),
        ([], "array"),
    ],
)
def test_the_json_type_of_a_value(value: Any, kind: str) -> None:
    assert json_type(value) == kind


TYPES: dict[str, tuple[Any, set[str]]] = {
    "silent": ({}, ALL),
    "no object": (True, ALL),
    "one": ({"type": "string"}, {"string"}),
    "several": ({"type": ["string", "null"]}, {"string", "null"}),
    "unknown": ({"type": "file"}, ALL),
    "malformed": ({"type": [{}, "string"]}, {"string"}),
    "nullable": ({"type": "string", "nullable": True}, {"string", "null"}),
    "nullable, but silent": ({"nullable": True}, ALL),
    "nullable part": ({"nullable": True, "allOf": [{"type": "object"}]}, {"object", "null"}),
    "const": ({"const": 5}, {"integer"}),
    "enum": ({"enum": ["a", None]}, {"string", "null"}),
    "enum with a type": ({"type": "string", "enum": ["a", None]}, {"string"}),
    "properties": ({"properties": {}}, {"object"}),
    "parts": ({"allOf": [{"type": ["string", "null"]}, {"type": ["string", "integer"]}]}, {"string"}),
    "a whole part of a number": ({"allOf": [{"type": "number"}, {"type": "integer"}]}, {"integer"}),
    "numbers": ({"type": ["integer", "number"]}, {"integer", "number"}),
    "parts that contradict": ({"type": "string", "allOf": [{"type": "integer"}]}, {"string"}),
    "branches": ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, {"string", "integer"}),
    "branches that are constraints": ({"type": "object", "anyOf": [{"required": ["a"]}]}, {"object"}),
}


@pytest.mark.parametrize("case", TYPES)
def test_the_types_that_a_value_may_have(case: str) -> None:
    schema, types = TYPES[case]
    assert shape_of(schema).types == types


def test_fields_are_those_of_the_parts_too_and_own_ones_win() -> None:
    base = {"properties": {"id": {"type": "integer"}, "name": {"type": "string"}}, "required": ["id"]}
    shape = shape_of(
        {"allOf": [ref("Base")], "properties": {"id": {"type": "string"}, "x": {}}, "required": ["name", "zzz", {}]},
        Base=base,
    )
    assert list(shape.fields) == ["id", "name", "x"]
    assert shape.fields["id"].shape.types == {"string"}
    assert [field.wire for field in shape.fields.values() if field.is_required] == ["name"]


def test_a_field_that_a_part_requires_stays_required() -> None:
    shape = shape_of({"allOf": [ref("Base")]}, Base={"properties": {"a": {}}, "required": ["a"]})
    assert shape.fields["a"].is_required


def test_all_fields_are_those_of_the_branches_too() -> None:
    shape = shape_of(
        {
            "oneOf": [{"properties": {"a": {}, "b": {}}}, {"properties": {"c": {}}}],
            "properties": {"b": {"type": "null"}},
        }
    )
    assert set(shape.all_fields) == {"a", "b", "c"}
    assert shape.all_fields["b"].shape.types == {"null"}
    assert set(shape.fields) == {"b"}


def test_wire_names_are_found_by_python_name_alias_and_themselves() -> None:
    properties = {
        "webhookUrl": {"x-syncdyn-aliases": ["webhook_URL", "callback"]},
        "in": {"x-syncdyn-name": "source"},
        "xY": {},
        "x_y": {},
        "odd": True,
    }
    names = shape_of({"properties": properties}).wire_names
    assert names == {
        "webhook_url": "webhookUrl",
        "webhook_URL": "webhookUrl",
        "callback": "webhookUrl",
        "webhookUrl": "webhookUrl",
        "source": "in",
        "in": "in",
        "x_y": "x_y",
        "xY": "xY",
        "odd": "odd",
    }


def test_the_naming_is_an_argument() -> None:
    document = Document({"openapi": "3.1.0", "components": {"schemas": {"It": {"properties": {"aB": {}}}}}})
    assert "AB" in Shapes(document, str.upper).at(IT).wire_names


def test_items_and_values_are_found_across_parts() -> None:
    parts = {"allOf": [{"items": {"type": "integer"}}, {"additionalProperties": {"type": "string"}}]}
    shape = shape_of(parts)
    assert shape.items is not None
    assert shape.items.types == {"integer"}
    assert shape.values is not None
    assert shape.values.types == {"string"}


def test_a_schema_without_items_has_none() -> None:
    shape = shape_of({"items": True, "additionalProperties": False})
    assert (shape.items, shape.values) == (None, None)


def test_the_format_is_its_own_else_that_of_a_part_or_branch() -> None:
    assert shape_of({"format": "uri", "allOf": [{"format": "date"}]}).format == "uri"
    assert shape_of({"anyOf": [{"type": "null"}, {"type": "string", "format": "date"}]}).format == "date"
    assert shape_of({}).format is None


def test_constants_are_properties_with_one_value() -> None:
    shape = shape_of({"properties": {"a": {"const": None}, "b": {"enum": ["x"]}, "c": {"enum": [1, 2]}, "d": {}}})
    assert shape.constants == {"a": None, "b": "x"}


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (IT, "It"),
        (f"{IT}/properties/pet", "pet"),
        (f"{IT}/properties/pets/items", "pets"),
        (f"{IT}/properties/titled", "A title"),
        ("#", "value"),
    ],
)
def test_a_shape_is_named_after_its_place(place: str, name: str) -> None:
    properties = {"pet": {}, "pets": {"items": {}}, "titled": {"title": "A title"}}
    document = Document({"openapi": "3.1.0", "components": {"schemas": {"It": {"properties": properties}}}})
    assert Shapes(document).at(place).name == name
    assert repr(Shapes(document).at(place)) == f"<Shape {name}>"


CAT = {"type": "object", "properties": {"kind": {"type": "string"}, "lives": {}}}
DOG = {"type": "object", "properties": {"kind": {"type": "string"}, "bark": {}}}
CIRCLE = {"type": "object", "properties": {"type": {"const": "circle"}, "radius": {}}}
BIG_CIRCLE = {"type": "object", "properties": {"type": {"const": "circle"}, "size": {"enum": ["big"]}}}
SQUARE = {"type": "object", "properties": {"type": {"enum": ["square", "box"]}, "side": {}}}
TEXT = {"type": "string"}
BY_KIND = {"propertyName": "kind"}
BY_TYPE = {"propertyName": "type"}

BRANCHES: dict[str, tuple[Any, Any, str]] = {
    "no union": (TEXT, "a", "It"),
    "component's name": ({"oneOf": [ref("Cat"), ref("Dog")], "discriminator": BY_KIND}, {"kind": "Dog"}, "Dog"),
    "mapped": (
        {"oneOf": [ref("Cat"), ref("Dog")], "discriminator": BY_KIND | {"mapping": {"d": "Dog", "x": "Nowhere"}}},
        {"kind": "d"},
        "Dog",
    ),
    "mapped to a reference": (
        {"oneOf": [ref("Cat"), ref("Dog")], "discriminator": BY_KIND | {"mapping": {"d": ref("Dog")["$ref"]}}},
        {"kind": "d"},
        "Dog",
    ),
    "beside the mapping": (
        {"oneOf": [ref("Cat"), ref("Dog")], "discriminator": BY_KIND | {"mapping": {"d": "Dog"}}},
        {"kind": "Cat"},
        "Cat",
    ),
    "unknown": ({"oneOf": [ref("Cat"), ref("Dog")], "discriminator": BY_KIND}, {"kind": "Fox"}, "It"),
    "missing": ({"oneOf": [ref("Cat"), ref("Dog")], "discriminator": BY_KIND}, {}, "It"),
    "values of the property": (
        {"anyOf": [ref("Circle"), ref("Square")], "discriminator": BY_TYPE},
        {"type": "box"},
        "Square",
    ),
    "values of a nested union": (
        {"anyOf": [ref("Cat"), {"oneOf": [ref("Circle"), ref("Square")]}], "discriminator": BY_TYPE},
        {"type": "circle"},
        "Circle",
    ),
    "discriminator that tells nothing": (
        {"anyOf": [CIRCLE | {"title": "inline"}, TEXT], "discriminator": BY_KIND},
        {"type": "circle"},
        "inline",
    ),
    "discriminator without a name": (
        {"anyOf": [ref("Circle"), TEXT], "discriminator": {}},
        {"type": "circle"},
        "Circle",
    ),
    "constant": ({"anyOf": [ref("Circle"), ref("Cat")]}, {"type": "circle"}, "Circle"),
    "most constants": (
        {"anyOf": [ref("Circle"), ref("BigCircle")]},
        {"type": "circle", "size": "big"},
        "BigCircle",
    ),
    "constant of a nested union": (
        {"anyOf": [ref("Cat"), {"anyOf": [ref("Circle"), ref("Dog")]}]},
        {"type": "circle"},
        "Circle",
    ),
    "type": ({"anyOf": [ref("Circle"), TEXT]}, {"radius": 5}, "Circle"),
    "whole number": ({"anyOf": [{"type": "number", "title": "n"}, TEXT]}, 5, "n"),
    "two of a type": ({"anyOf": [ref("Cat"), ref("Dog")]}, {}, "It"),
    "more than the branch": ({"anyOf": [ref("Cat"), {"type": "array"}], "properties": {"own": {}}}, {}, "It"),
    "no type": ({"anyOf": [ref("Circle"), TEXT]}, 5, "It"),
}


@pytest.mark.parametrize("case", BRANCHES)
def test_the_branch_that_a_value_belongs_to(case: str) -> None:
    schema, value, name = BRANCHES[case]
    shape = shape_of(schema, Cat=CAT, Dog=DOG, Circle=CIRCLE, BigCircle=BIG_CIRCLE, Square=SQUARE)
    assert shape.branch_for(value).name == name


def test_a_mapping_that_leads_back_to_its_union_ends() -> None:
    union = {"oneOf": [ref("Cat"), ref("Dog")], "discriminator": BY_KIND | {"mapping": {"it": "It"}}}
    shape = shape_of(union, Cat=CAT, Dog=DOG)
    assert shape.branch_for({"kind": "it"}) is shape


def test_constraints_are_no_branches() -> None:
    shape = shape_of({"oneOf": [{"required": ["a"]}, {"not": {}}, True, {"properties": {"a": {}}}], "anyOf": "odd"})
    assert [branch.pointer for branch in shape.branches] == [f"{IT}/oneOf/3"]


def test_a_shape_has_itself_and_nested_ones_as_branches() -> None:
    shape = shape_of({"oneOf": [{"anyOf": [ref("Cat"), TEXT]}, {"type": "integer"}]}, Cat=CAT)
    cat = shape.branches[0].branches[0]
    assert shape.has_branch(shape)
    assert shape.has_branch(cat)
    assert not cat.has_branch(shape)


CIRCLES: dict[str, tuple[Any, dict[str, Any]]] = {
    "a branch of itself": ({"oneOf": [ref("It"), TEXT]}, {}),
    "a part of itself": ({"allOf": [ref("It")], "type": "string"}, {}),
    "two in a circle": ({"anyOf": [ref("B"), TEXT]}, {"B": {"oneOf": [ref("It")]}}),
    "a branch that has the union as a part": ({"oneOf": [ref("B")]}, {"B": {"allOf": [ref("It"), TEXT]}}),
    "a circle aside": ({"allOf": [ref("B")], "type": "string"}, {"B": {"allOf": [ref("B")]}}),
}


@pytest.mark.parametrize("case", CIRCLES)
def test_a_schema_that_is_composed_of_itself_ends(case: str) -> None:
    schema, others = CIRCLES[case]
    shape = shape_of(schema, **others)
    assert shape.types == {"string"}
    assert (shape.format, shape.items, shape.values, shape.discriminator) == (None, None, None, None)
    assert (dict(shape.all_fields), dict(shape.constants)) == ({}, {})
    assert shape.branch_for("a").types == {"string"}
    assert shape.branch_for({}).types == {"string"}


def test_a_union_whose_branches_build_upon_it_keeps_its_branches() -> None:
    pet = {"oneOf": [ref("Cat"), ref("Dog")], "discriminator": BY_KIND, "properties": {"kind": TEXT}}
    cat = {"allOf": [ref("It"), {"properties": {"lives": {}}}]}
    shape = shape_of(pet, Cat=cat, Dog=DOG)
    assert shape.branch_for({"kind": "Cat"}).name == "Cat"
    assert set(shape.all_fields) == {"kind", "lives", "bark"}


def test_a_tree_has_the_same_shape_at_every_depth() -> None:
    shape = shape_of({"properties": {"children": {"type": "array", "items": ref("It")}}})
    assert shape.all_fields["children"].shape.items is shape


def test_the_recursive_reference_of_2019_means_the_component_around_it() -> None:
    shape = shape_of({"properties": {"inner": {"items": {"$recursiveRef": "#"}}}})
    assert shape.all_fields["inner"].shape.items is shape


def test_a_reference_that_leads_nowhere_tells_nothing() -> None:
    shape = shape_of({"properties": {"a": {"$ref": "other.yaml#/a"}}})
    assert shape.all_fields["a"].shape.types == ALL


def test_a_pointer_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(UnresolvedReference, match="nothing stands at"):
        Shapes(Document({"openapi": "3.1.0"})).at(IT)


@pytest.mark.parametrize("word", ["allOf", "oneOf", "anyOf"])
@pytest.mark.parametrize("fact", ["types", "all_fields", "format"])
def test_what_is_composed_over_thousands_of_levels_is_refused_by_name(word: str, fact: str) -> None:
    chain = {f"S{number}": {word: [ref(f"S{number + 1}")]} for number in range(3000)}
    shape = shape_of({word: [ref("S0")]}, **chain, S3000={"type": "object"})
    with pytest.raises(DocumentError, match="'It' is composed of others over more than 64 levels"):
        getattr(shape, fact)


def test_dozens_of_levels_are_read() -> None:
    chain = {f"S{number}": {"allOf": [ref(f"S{number + 1}")]} for number in range(60)}
    assert shape_of({"allOf": [ref("S0")]}, **chain, S60={"type": "string"}).types == {"string"}
