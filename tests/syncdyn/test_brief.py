"""What a repr shows of results, however much came."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.model import DataValidationError, Results, Types
from syncdyn.openapi.contract import contract_of
from syncdyn.openapi.loading import load

SCHEMAS: dict[str, Any] = {
    "Shadowed": {"type": "object", "properties": {"copy": {"type": "string"}, "json": {"type": "string"}}},
    "list": {"type": "object", "properties": {"id": {"type": "integer"}, "url": {"type": "string"}}},
    "Repository": {
        "type": "object",
        "properties": {
            "owner": {"$ref": "#/components/schemas/list"},
            **{f"field_{index}": {"type": "string"} for index in range(200)},
        },
    },
}


@pytest.fixture(scope="module")
def types() -> Types:
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}
    return Types(contract_of(load({**document, "components": {"schemas": SCHEMAS}})))


def made(types: Types, name: str, data: dict[str, Any]) -> Any:
    return types.class_for(types.contract.shapes.at(f"#/components/schemas/{name}"))._view(data)


def test_a_big_object_is_shown_in_part_and_says_how_much_is_left(types: Types) -> None:
    shown = repr(made(types, "Repository", {f"field_{index}": "text" for index in range(200)}))
    assert len(shown) < 2000
    assert shown.startswith("Repository(field_0='text', field_1='text'")
    assert f"... and {200 - shown.count('=')} more)" in shown


def test_an_object_inside_another_takes_little_room(types: Types) -> None:
    owner = {"id": 1, "url": "u" * 60, **{f"more_{index}": "x" * 40 for index in range(20)}}
    shown = repr(made(types, "Repository", {"owner": owner, "field_1": "after it"}))
    assert "... and" in shown
    assert "field_1='after it'" in shown
    assert len(shown) < 400


def test_a_long_text_keeps_its_quotes(types: Types) -> None:
    assert repr(made(types, "list", {"url": "u" * 500})).endswith("uuu')")


def test_a_class_that_is_called_as_a_type_of_python_is_no_such_type(types: Types) -> None:
    shown = repr(made(types, "Repository", {"owner": {"id": 1}}))
    assert shown == f"Repository(owner={made(types, 'list', {'id': 1})!r})"


def test_a_long_list_is_shown_in_part_and_says_how_much_is_left() -> None:
    shown = repr(Results(range(10_000)))
    assert shown.startswith("[0, 1, 2, ")
    assert len(shown) < 2000
    assert shown.endswith(" more]")


def test_a_short_list_looks_as_any_list() -> None:
    assert repr(Results([1, "a", None])) == "[1, 'a', None]"


def test_members_that_are_called_as_methods_are_shown_and_read_with_an_underscore(types: Types) -> None:
    shadowed = made(types, "Shadowed", {"copy": "c", "json": "j"})
    assert repr(shadowed) == "Shadowed(copy_='c', json_='j')"
    assert shadowed.model_dump() == {"copy": "c", "json": "j"}
    assert (shadowed.copy_, shadowed.json_, shadowed["copy"]) == ("c", "j", "c")
    assert {"copy_", "json_", "copy"} <= set(dir(shadowed))


def test_members_that_are_called_as_methods_are_given_with_an_underscore_or_without(types: Types) -> None:
    shadowed = type(made(types, "Shadowed", {}))(copy_="c", json="j")
    assert shadowed.to_dict() == {"copy": "c", "json": "j"}
    assert shadowed.copy(copy_="d", json_=None).to_dict() == {"copy": "d"}
    with pytest.raises(DataValidationError, match="given twice"):
        shadowed.copy(copy="d", copy_="e")
