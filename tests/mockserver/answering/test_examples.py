"""What stands in a body: examples of the media type, of the schema, or made-up data that is valid."""

from __future__ import annotations

from typing import Any

from tests.mockserver.answering.asking import PET, REX, TOM, answers, ask, content, one, read

BROKEN = {"id": "one"}


def test_the_first_example_that_keeps_its_schema_is_given() -> None:
    examples = {"broken": {"value": BROKEN}, "tom": {"value": TOM}, "rex": {"value": REX}}
    assert read(ask(one(get=answers(s200=content(PET, examples=examples))))) == TOM


def test_an_example_that_is_wished_for_is_given_as_it_is() -> None:
    examples = {"tom": {"value": TOM}, "broken": {"value": BROKEN}}
    root = one(get=answers(s200=content(PET, examples=examples)))
    assert read(ask(root, headers={"prefer": "example=broken"})) == BROKEN


def test_an_example_that_is_not_there_is_404_and_names_those_that_are() -> None:
    root = one(get=answers(s200=content(PET, examples={"tom": {"value": TOM}})))
    answer = ask(root, headers={"prefer": "example=max"})
    assert (answer.status, read(answer)["detail"]) == (404, "application/json has no example 'max'; there is: tom")


def test_examples_and_defaults_of_properties_make_a_value() -> None:
    schema = {
        "type": "object",
        "required": ["name", "kind", "age"],
        "properties": {
            "name": {"type": "string", "example": "Rex"},
            "kind": {"type": "string", "default": "dog"},
            "tags": {"type": "array", "items": {"type": "string", "examples": ["good"]}},
            "age": {"type": "integer", "minimum": 3, "maximum": 3},
        },
    }
    assert read(ask(one(get=answers(s200=content(schema))))) == {
        "name": "Rex",
        "kind": "dog",
        "tags": ["good"],
        "age": 3,
    }


def test_an_example_of_a_property_that_breaks_the_schema_is_passed_by() -> None:
    schema = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "example": "x"}}}
    assert isinstance(read(ask(one(get=answers(s200=content(schema)))))["id"], int)


def test_json_is_compact_in_the_order_of_the_document_and_without_charset() -> None:
    answer = ask(one(get=answers(s200=content(example={"b": [1, 2], "a": {"c": "é"}}))))
    assert (answer.body, answer.content_type) == ('{"b":[1,2],"a":{"c":"é"}}'.encode(), "application/json")


def test_the_same_request_gets_the_same_data_whatever_came_before() -> None:
    root: dict[str, Any] = one(get=answers(s200=content(PET)))
    assert ask(root, target="/pets?a=1").body == ask(root, target="/pets?a=1").body
    assert ask(root, seed=1).body != ask(root, seed=2).body
