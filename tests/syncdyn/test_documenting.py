"""Texts of a document as docstrings: readable in a terminal, whatever mark-up they have."""

from __future__ import annotations

from typing import Any, Literal, get_args

import pytest

from syncdyn.documenting import documentation, laid_out, signature
from syncdyn.model import Types
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.request import Plan

LAID_OUT = {
    "paragraphs": ("one\ntwo\n\n\nthree", ["one two", "", "three"]),
    "list": ("Either:\n- a\n- b", ["Either:", "- a", "- b"]),
    "long-item": ("- aaa bbb ccc", ["- aaa bbb", "  ccc"]),
    "nested-item": ("- a\n  - b b b b b", ["- a", "  - b b b", "    b b"]),
    "numbers": ("1. a\n2. b", ["1. a", "2. b"]),
    "code": ("```\nx =  1\n\ny\n```\nafter", ["```", "x =  1", "", "y", "```", "after"]),
    "indented-code": ("So:\n\n    x =  1", ["So:", "", "    x =  1"]),
    "table": ("| a | b |\n|---|---|\n| 1 | 2 |", ["| a | b |", "|---|---|", "| 1 | 2 |"]),
    "heading": ("# A long heading\ntext", ["# A long heading", "text"]),
    "quote": ("> aaa bbb ccc", ["> aaa bbb", "> ccc"]),
    "tags": ("<p>one</p><p>two <b>x</b></p>", ["one", "", "two x"]),
    "list-of-tags": ("<ul><li>a</li><li>b</li></ul>", ["- a", "- b"]),
    "link-tag": ('see <a href="https://x.example">x</a>', ["see x"]),
    "entities": ("a &amp; b", ["a & b"]),
    "no-tag": ("a < b > c", ["a < b > c"]),
    "long-word": ("https://example.com/a", ["https://example.com/a"]),
    "empty": ("", []),
}


@pytest.mark.parametrize(("text", "lines"), LAID_OUT.values(), ids=LAID_OUT)
def test_mark_up_is_laid_out(text: str, lines: list[str]) -> None:
    assert [line for line in laid_out(text, 10) if line] == [line for line in lines if line]


@pytest.mark.parametrize("case", ["paragraphs", "code", "indented-code"])
def test_one_empty_line_parts_paragraphs(case: str) -> None:
    text, lines = LAID_OUT[case]
    assert laid_out(text, 10) == lines


def plan(**operation: Any) -> Plan:
    paths = {"/a/{id}": {"get": {"responses": {"204": {"description": "Done."}}, **operation}}}
    contract = Contract(Document({"openapi": "3.1.0", "info": {"title": "D", "version": "1"}, "paths": paths}))
    return Plan(contract, contract.operations["GET /a/{id}"])


def test_a_docstring_tells_operation_arguments_and_answers() -> None:
    limit = {"name": "limit", "in": "query", "description": "Most of\nthem.", "schema": {"type": "integer"}}
    text = documentation(plan(summary="Get it", description="All of it.", deprecated=True, parameters=[limit]))
    paragraphs = ["Get it", "All of it.", "Deprecated.", "GET /a/{id}"]
    arguments = "Arguments:\n    id (required)\n    limit: Most of them."
    assert text == "\n\n".join([*paragraphs, arguments, "Answers:\n    204: Done."])


def test_without_a_summary_the_name_stands_first() -> None:
    assert documentation(plan(operationId="getA")).startswith("getA\n\nGET /a/{id}")
    assert documentation(plan()).startswith("GET /a/{id}\n")


def test_a_long_list_of_values_is_shown_as_its_type() -> None:
    def of(values: list[str]) -> Any:
        one = plan(parameters=[{"name": "v", "in": "query", "schema": {"type": "string", "enum": values}}])
        return get_args(signature(one, Types(one.contract)).parameters["v"].annotation)[0]

    assert of(["a", "b"]) == Literal["a", "b"]
    assert of([f"v{number}" for number in range(40)]) is str


PET = {"title": "Pet", "type": "object", "properties": {"id": {"type": "integer"}}}
CIRCULAR = {"type": "array", "items": {"$ref": "#/paths/~1a~1{id}/get/responses/200/content/application~1json/schema"}}


def answers(**contents: Any) -> dict[str, Any]:
    """The answers of an operation: by status the schema of a JSON body, or a media type."""
    found: dict[str, Any] = {}
    for status, stated in contents.items():
        body = {stated: {}} if isinstance(stated, str) else {"application/json": {"schema": stated}}
        found[status.strip("s")] = {"description": "It.", **({"content": body} if stated else {})}
    return {"responses": found}


RESULTS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "object": (answers(s200=PET, s404=PET), ("Pet",)),
    "list": (answers(s200={"type": "array", "items": PET}), ("list[Pet]",)),
    "nothing": (answers(s204=None), ("None",)),
    "object-or-nothing": (answers(s200=PET, s204=None), ("Optional[Pet]", "Pet | None")),
    "two": (answers(s200=PET, s201={"type": "integer"}), ("Union[Pet, int]", "Pet | int")),
    "image": (answers(s200="image/png"), ("Any",)),
    "records": (answers(s200="application/jsonl"), ("list[typing.Any]",)),
    "not-told": ({"responses": {}}, ("Any",)),
    "circular": (answers(s200=CIRCULAR), ("Any",)),
}


@pytest.mark.parametrize(("operation", "told"), RESULTS.values(), ids=RESULTS)
def test_a_signature_tells_the_type_of_the_result(operation: dict[str, Any], told: tuple[str, ...]) -> None:
    one = plan(**operation)
    text = str(signature(one, Types(one.contract))).rpartition(" -> ")[2]
    # Python 3.14 writes unions in another way.
    assert text in told


@pytest.mark.parametrize("name", ["text/event-stream", "application/jsonl"])
def test_a_docstring_tells_how_a_stream_is_read_item_by_item(name: str) -> None:
    assert "with_streaming_response" in documentation(plan(**answers(s200=name)))
    assert "with_streaming_response" not in documentation(plan(**answers(s200=PET, s400=name)))
