"""A body with a member that is called `body`: the name is the member's, and `body_` the whole body's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from syncdyn import RequestValidationError
from tests.syncdyn.shop import Shop, content

TEXT = {"type": "string"}
NOTE = {"type": "object", "required": ["title"], "properties": {"title": TEXT, "body": TEXT}}
WHOLE = {"title": "t", "body": "text"}


def notes(shop: Shop, schema: dict[str, Any] = NOTE) -> Any:
    body = {**content("application/json", schema), "required": True}
    create = {"operationId": "notes/create", "requestBody": body, "responses": {"200": {"description": "Kept."}}}
    document = {"openapi": "3.1.0", "info": {"title": "Notes", "version": "1"}, "paths": {"/notes": {"post": create}}}
    return shop.client(document, base_url="https://notes.example.com").notes


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.mark.parametrize("given", [WHOLE, {"body_": WHOLE}], ids=["member", "whole"])
def test_the_name_is_that_of_the_member(shop: Shop, given: dict[str, Any]) -> None:
    notes(shop).create(**given)
    assert json.loads(shop.last.content) == WHOLE


def test_an_object_for_a_member_that_is_none_is_one_fault_that_names_the_whole_body(shop: Shop) -> None:
    with pytest.raises(RequestValidationError) as caught:
        notes(shop).create(body=WHOLE)
    (violation,) = caught.value.violations
    assert (violation.where, violation.hint) == ("body.body", "say body_=... for the whole body")


def test_a_mistyped_argument_beside_it_is_told_as_well(shop: Shop) -> None:
    with pytest.raises(RequestValidationError) as caught:
        notes(shop).create(body=WHOLE, titel="t")
    assert {violation.where for violation in caught.value.violations} == {"body.body", "arguments.titel"}


def test_a_member_that_can_be_an_object_takes_one(shop: Shop) -> None:
    notes(shop, {"type": "object", "properties": {"body": {"type": "object"}}}).create(body={"a": 1})
    assert json.loads(shop.last.content) == {"body": {"a": 1}}


def test_help_tells_how_the_whole_body_is_given(shop: Shop) -> None:
    assert "body_: The whole body" in notes(shop).create.__doc__
    assert "body_" not in notes(shop, {"type": "object", "properties": {"a": TEXT}}).create.__doc__
