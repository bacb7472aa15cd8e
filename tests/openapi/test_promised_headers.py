"""Header fields of responses: judged by their rules, and read as values."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.messages import Headers, Json
from syncdyn.openapi.promised_headers import HeaderRule, check_headers, header_rules

INTEGER = {"schema": {"type": "integer"}}
NUMBERS = {"schema": {"type": "array", "items": {"type": "integer"}}}
RANGE = {"type": "object", "properties": {"from": {"type": "integer"}, "to": {"type": "integer"}}}


def rule_of(described: Json, name: str = "X-It") -> HeaderRule:
    operation = {"responses": {"200": {"description": "", "headers": {name: described}}}}
    contract = Contract(Document({"openapi": "3.1.0", "paths": {"/it": {"get": operation}}}))
    (rule,) = header_rules(contract, contract.operations["GET /it"].responses["200"])
    return rule


HEADERS: dict[str, tuple[Json, str, Json]] = {
    "integer": (INTEGER, " 12 ", 12),
    "array": (NUMBERS, "1, 2,3", [1, 2, 3]),
    "object": ({"schema": RANGE}, "from,1,to,2", {"from": 1, "to": 2}),
    "object-exploded": ({"schema": RANGE, "explode": True}, "from=1,to=2", {"from": 1, "to": 2}),
    "content": ({"content": {"application/json": {"schema": RANGE}}}, '{"from":1}', {"from": 1}),
    "content-of-text": ({"content": {"application/json": {"schema": {"type": "string"}}}}, '"a"', "a"),
    "open-content": (
        {"content": {"application/json": {"schema": {**RANGE, "additionalProperties": False}}}},
        '{"new":1}',
        {"new": 1},
    ),
    "text": ({"schema": {"type": "string"}}, "a,b", "a,b"),
    "of-another-style": ({"schema": NUMBERS["schema"], "style": "form"}, "1,2", [1, 2]),
}


@pytest.mark.parametrize(("described", "text", "value"), HEADERS.values(), ids=HEADERS.keys())
def test_a_field_is_read_as_the_document_describes_it(described: Json, text: str, value: Json) -> None:
    rule = rule_of(described)
    assert rule.read(text) == value
    assert list(check_headers([rule], Headers({"x-it": text}))) == []


@pytest.mark.parametrize(
    ("described", "fields", "where"),
    [
        (INTEGER, {"X-It": "many"}, ["header.X-It"]),
        (INTEGER, {}, []),
        ({**INTEGER, "required": True}, {}, ["header.X-It"]),
        (NUMBERS, {"x-it": "1,b"}, ["header.X-It[1]"]),
        ({"content": {"application/json": {"schema": RANGE}}}, {"x-it": '{"to":"2"}'}, ["header.X-It.to"]),
        ({"schema": {"type": "string", "maxLength": 2}}, {"x-it": "abc"}, ["header.X-It"]),
        ({"schema": {"type": "string", "enum": ["a", "b"]}}, {"x-it": "c"}, ["header.X-It"]),
        ({"content": {"application/json": {"schema": {"type": "string"}}}}, {"x-it": "12"}, ["header.X-It"]),
        ({}, {"x-it": "anything"}, []),
    ],
)
def test_a_field_that_breaks_its_promise_is_told_of(described: Any, fields: dict[str, str], where: list[str]) -> None:
    assert [fault.where for fault in check_headers([rule_of(described)], Headers(fields))] == where


@pytest.mark.parametrize("described", [{"schema": {"type": "string", "description": "A link."}}, {}])
def test_nothing_is_asked_of_a_field_that_may_hold_any_text(described: Json) -> None:
    assert rule_of(described).validator is None
