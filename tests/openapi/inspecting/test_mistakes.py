"""What is told of a document's mistakes: by the book, in an order of weight, with places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.inspecting.formalities import formalities
from syncdyn.openapi.inspecting.mistakes import is_small, mistakes_of, mistakes_told
from syncdyn.openapi.loading import load

INFO = {"title": "Pets", "version": "1"}
FINE = {"200": {"description": "Fine"}}


def contract(version: Any = "3.1.0", **members: Any) -> Contract:
    return Contract(Document({"openapi": version, "info": INFO, **members}))


def formal(**operation: Any) -> list[tuple[str, str]]:
    """What is not by the book in `GET /pets`, the pointers from there."""
    found = formalities(contract(paths={"/pets": {"get": {"responses": FINE, **operation}}}))
    return [(one.kind, one.pointer.removeprefix("#/paths/~1pets/get")) for one in found]


@pytest.mark.parametrize("version", ["3", 3, "v3.0.1", 3.1, "3.0"])
def test_a_version_not_in_full_is_a_formality(version: Any) -> None:
    assert [one.kind for one in formalities(contract(version, paths={}))] == ["version"]


@pytest.mark.parametrize(
    ("operation", "wanted"),
    [
        ({}, []),
        ({"responses": {"200": {}}}, [("no-description", "/responses/200")]),
        ({"responses": {"200": {"$ref": "#/components/responses/A"}}}, []),
        ({"parameters": [{"name": "id", "in": "path"}]}, [("path-required", "/parameters/0")]),
        ({"parameters": [{"in": "query", "example": 1, "examples": {}}]}, [("two-examples", "/parameters/0")]),
    ],
    ids=["none", "no description", "a reference", "an optional path parameter", "example and examples"],
)  # fmt: skip
def test_what_is_not_by_the_book_is_found(operation: dict[str, Any], wanted: list[tuple[str, str]]) -> None:
    assert formal(**operation) == wanted


def test_a_document_that_describes_nothing_says_so() -> None:
    assert [one.kind for one in formalities(contract())] == ["no-paths"]


def test_what_costs_something_is_told_first() -> None:
    operation = {"responses": {"200": {}, "20x": {"description": "What?"}}}
    kinds = [one.kind for one in mistakes_of(contract(paths={"/pets": {"get": operation}}))]
    assert kinds == ["response-key", "no-description", "no-operation-id"]


def test_what_is_legal_is_no_mistake() -> None:
    operation = {"operationId": "a", "responses": {"404": {"description": "Never there"}}}
    assert mistakes_of(contract(paths={"/pets": {"get": operation}})) == ()


def test_mistakes_are_told_with_file_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "pets.yaml"
    path.write_text("openapi: 3.1.0\ninfo: {title: P, version: '1'}\npaths:\n  /a:\n    get:\n      operationId: a\n"
                    "      responses: {200: {description: Fine}}\n")  # fmt: skip
    head, line = mistakes_told(Contract(load(path, cache_folder=None)), path)
    assert head.startswith("1 mistake in pets.yaml")
    assert line.startswith(f"  {path}:7:19 #/paths/~1a/get/responses/200: 200 is no text")


def test_of_many_mistakes_the_first_are_told() -> None:
    paths: dict[str, Any] = {f"/{number}": {"get": {}} for number in range(20)}
    lines = mistakes_told(contract(paths=paths), most=3)
    assert len(lines) == 5
    assert "37 more" in lines[-1]


def test_a_document_without_mistakes_has_nothing_told() -> None:
    assert mistakes_told(contract(paths={"/a": {"get": {"operationId": "a", "responses": FINE}}})) == []


def test_a_big_document_is_not_looked_through_at_each_start(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_text(
        "openapi: 3.1.0\npaths:\n" + "".join(f"  /{n}: {{get: {{summary: {'a' * 90}}}}}\n" for n in range(4000))
    )
    assert not is_small(Contract(load(path, cache_folder=tmp_path)))
    assert is_small(contract(paths={}))
