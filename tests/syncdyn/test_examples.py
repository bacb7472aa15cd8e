"""Arguments made up for an operation: valid, carried by their place, the same for the same seed."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn import Client
from syncdyn.examples import example_arguments
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.messages import Json
from syncdyn.openapi.sampling import Unsampled
from syncdyn.request import Plan
from tests.travelling import read, written

TEXT = {"type": "string"}
FILE = {"type": "string", "format": "binary"}
OBJECT = {"type": "object", "required": ["a"], "properties": {"a": TEXT, "b": {"type": "integer"}}}
SEEDS = range(12)


def document(*parameters: Json, body: Json = None, path: str = "/it") -> Document:
    operation = {"operationId": "it", "parameters": list(parameters), "responses": {}}
    if body is not None:
        operation["requestBody"] = body
    return Document({"openapi": "3.1.0", "paths": {path: {"post": operation}}})


def plan_of(*parameters: Json, body: Json = None, path: str = "/it") -> Plan:
    contract = Contract(document(*parameters, body=body, path=path))
    return Plan(contract, contract.operations["it"])


def parameter(location: str, schema: Json, **more: Any) -> Json:
    return {"name": "p", "in": location, "required": True, "schema": schema, **more}


def content(schema: Json, media_type: str = "application/json", *, required: bool = True, **more: Any) -> Json:
    return {"required": required, "content": {media_type: {"schema": schema, **more}}}


def one_of(*values: Json) -> Json:
    return {"type": "array", "items": {"enum": list(values)}, "minItems": 1, "maxItems": 1}


PARAMETERS: dict[str, Json] = {
    "no comma in the items of a header": parameter("header", one_of("a,b", "c")),
    "no letter beyond ASCII in a header": parameter("header", {"enum": ["\u00e9", "e"]}),
    "no blank between blanks": parameter("query", one_of("a b", "c"), style="spaceDelimited", explode=False),
    "no bar between bars": parameter("query", one_of("a|b", "c"), style="pipeDelimited", explode=False),
    "no dot segment in a path": parameter("path", {"enum": ["..", ".", "c"]}),
    "no empty path segment": parameter("path", {"enum": ["", "c"]}),
    "null is not sent": parameter("query", {"type": ["null", "string"], "enum": [None, "c"]}),
    "an object below a name": parameter(
        "query", {"type": "object", "required": ["o"], "properties": {"o": OBJECT}}, style="deepObject"
    ),
    "a matrix": parameter("path", OBJECT, style="matrix", explode=True),
    "a label": parameter("path", {"type": "array", "items": TEXT, "minItems": 2}, style="label"),
    "an exploded object": parameter("query", OBJECT),
    "a cookie": parameter("cookie", TEXT),
    "JSON in a query": {
        "name": "p", "in": "query", "required": True, "content": {"application/json": {"schema": OBJECT}}
    },
    "no schema at all": {"name": "p", "in": "query", "required": True},
}  # fmt: skip


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_parameter_is_given_what_its_style_can_carry(case: str) -> None:
    stated = PARAMETERS[case]
    plan = plan_of(stated, path="/it/{p}" if stated["in"] == "path" else "/it")
    for seed in SEEDS:
        arguments = example_arguments(plan, seed)
        found = read(plan, written(plan, arguments))
        assert (found.violations, found.parameters) == ((), {(stated["in"], "p"): arguments["p"]})


BODIES: dict[str, Json] = {
    "JSON": content(OBJECT),
    "JSON that is no object": content({"type": "array", "items": OBJECT, "minItems": 1}),
    "an object or a list": content({"oneOf": [OBJECT, {"type": "array", "items": TEXT}]}),
    "a member called body": content({"oneOf": [{"properties": {"body": TEXT}, "required": ["body"]}, one_of(1)]}),
    "no schema": {"required": True, "content": {"application/json": {}}},
    "a form": content(OBJECT, "application/x-www-form-urlencoded"),
    "a form of deep objects": content(
        {"type": "object", "properties": {"o": OBJECT}, "required": ["o"]},
        "application/x-www-form-urlencoded",
        encoding={"o": {"style": "deepObject", "explode": True}},
    ),
    "files": content(
        {
            "type": "object",
            "required": ["file", "files", "facts"],
            "properties": {"file": FILE, "files": {"type": "array", "items": FILE, "minItems": 2}, "facts": OBJECT},
        },
        "multipart/form-data",
    ),
    "text": content(TEXT, "text/plain"),
    "bytes": content(FILE, "application/octet-stream"),
    "bytes of which nothing is said": {"required": True, "content": {"image/png": {}}},
    "XML": content(OBJECT, "application/xml"),
    "XML of one text": content({"type": "string", "minLength": 3}, "application/xml"),
    "XML by an example": content(OBJECT, "application/xml", example="<a><a>1</a></a>"),
    "XML of which nothing is said": {"required": True, "content": {"application/xml": {}}},
    "JSON Lines": content({"type": "array", "items": OBJECT, "minItems": 1}, "application/jsonl"),
    "JSON Lines by their item": {"required": True, "content": {"application/jsonl": {"itemSchema": OBJECT}}},
}


@pytest.mark.parametrize("case", BODIES)
def test_a_body_is_read_back_as_valid(case: str) -> None:
    plan = plan_of(body=BODIES[case])
    for seed in SEEDS:
        request = written(plan, example_arguments(plan, seed))
        assert request.body
        assert read(plan, request).violations == ()


def test_seed_0_is_what_is_required_as_the_document_has_it() -> None:
    plan = plan_of(
        {"name": "a", "in": "query", "required": True, "schema": TEXT, "example": "Rex"},
        {"name": "b", "in": "query", "required": True, "schema": TEXT, "examples": {"tom": {"value": "Tom"}}},
        {"name": "c", "in": "query", "required": True, "schema": {"type": "integer", "default": 7}},
        {"name": "d", "in": "query", "schema": TEXT, "example": "left out"},
        body=content(OBJECT, example={"a": "Max", "b": 5}),
    )
    assert example_arguments(plan) == {
        "a__query": "Rex", "b__query": "Tom", "c": 7, "a__body": "Max", "b__body": 5
    }  # fmt: skip


def test_an_example_that_breaks_its_own_schema_is_passed_over() -> None:
    plan = plan_of(parameter("query", {"type": "integer"}, example="seven"), body=content(OBJECT, example={"b": "?"}))
    found = example_arguments(plan)
    assert isinstance(found["p"], int)
    assert isinstance(found["a"], str)


def test_another_seed_varies_values_and_what_is_optional() -> None:
    plan = plan_of(parameter("query", TEXT), {"name": "q", "in": "query", "schema": TEXT}, body=content(OBJECT))
    found = [example_arguments(plan, seed) for seed in SEEDS]
    assert found == [example_arguments(plan, seed) for seed in SEEDS]
    assert len({str(arguments["p"]) for arguments in found}) > 6
    assert {"q" in arguments for arguments in found} == {"b" in arguments for arguments in found} == {True, False}
    assert "q" not in found[0]


def test_an_optional_body_of_which_nothing_is_required_is_left_out_by_seed_0() -> None:
    optional = {"type": "object", "properties": {"a": TEXT}}
    assert example_arguments(plan_of(body=content(optional, required=False))) == {}
    assert example_arguments(plan_of(body=content(OBJECT, required=False))).keys() == {"a"}


def test_a_required_body_says_something_where_it_can() -> None:
    assert example_arguments(plan_of(body=content({"type": "object", "properties": {"a": TEXT}}))).keys() == {"a"}
    assert example_arguments(plan_of(body=content({"type": "object", "maxProperties": 0}))) == {"body": {}}


NEVER = {"type": "string", "enum": ["a"], "minLength": 2}


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (plan_of(parameter("query", NEVER)), "it: no value was found for query.p that its schema allows"),
        (plan_of(parameter("path", {"const": ".."}), path="/it/{p}"), "path.p that .* and its style can carry"),
        (plan_of(body=content(NEVER)), "body that .* and its media type application/json can carry"),
    ],
    ids=["no value", "no way to send it", "no body"],
)
def test_what_no_value_satisfies_is_told(plan: Plan, told: str) -> None:
    with pytest.raises(Unsampled, match=told):
        example_arguments(plan)


def test_what_is_optional_and_has_no_value_is_left_out() -> None:
    plan = plan_of({"name": "p", "in": "query", "schema": NEVER}, body=content(NEVER, required=False))
    assert all(example_arguments(plan, seed) == {} for seed in SEEDS)


def test_a_path_with_a_query_of_its_own_keeps_it() -> None:
    plan = plan_of(parameter("query", TEXT, example="Rex"), path="/it?beta=true")
    request = written(plan, example_arguments(plan))
    assert request.url.endswith("/it?beta=true&p=Rex")
    assert read(plan, request).violations == ()


def test_they_are_had_from_the_operation() -> None:
    client = Client(document(parameter("query", TEXT, example="Rex")), base_url="http://127.0.0.1:9")
    assert client.operations["it"].example_arguments() == {"p": "Rex"}
