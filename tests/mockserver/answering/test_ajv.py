"""Violations in Prism's mode: in the manner of ajv, as Prism 5.14.2 told them of the same requests."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.mockserver.answering.asking import answers, ask, content, one, read

BODY = {
    "type": "object",
    "required": ["id", "name"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer", "exclusiveMinimum": 100},
        "name": {"type": "string", "minLength": 2, "maxLength": 5, "pattern": "^[a-z]+$"},
        "kind": {"enum": ["cat", "dog"]},
        "mail": {"type": "string", "format": "email"},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2, "uniqueItems": True},
        "owner": {"type": "object", "required": ["n"], "properties": {"n": {"type": ["integer", "null"]}}},
        "weight": {"type": "number", "multipleOf": 0.5, "maximum": 10.0},
        "fixed": {"const": 7},
    },
}
GOOD = {"id": 101, "name": "rex"}
TOLD: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "a bound": ({**GOOD, "id": 100}, [("body.id", "Request body property id must be > 100")]),
    "missing": (
        {},
        [
            ("body", "Request body must have required property 'id'"),
            ("body", "Request body must have required property 'name'"),
        ],
    ),
    "types": (
        {"id": "x", "name": 5},
        [
            ("body.id", "Request body property id must be integer"),
            ("body.name", "Request body property name must be string"),
        ],
    ),
    "too short": (
        {**GOOD, "name": "a"},
        [("body.name", "Request body property name must NOT have fewer than 2 characters")],
    ),
    "too long": (
        {**GOOD, "name": "abcdef"},
        [("body.name", "Request body property name must NOT have more than 5 characters")],
    ),
    "a pattern": ({**GOOD, "name": "ABC"}, [("body.name", 'Request body property name must match pattern "^[a-z]+$"')]),
    "a choice": (
        {**GOOD, "kind": "cow"},
        [("body.kind", "Request body property kind must be equal to one of the allowed values: cat, dog")],
    ),
    "a format": ({**GOOD, "mail": "x"}, [("body.mail", 'Request body property mail must match format "email"')]),
    "too many": (
        {**GOOD, "tags": ["a", "b", "c"]},
        [("body.tags", "Request body property tags must NOT have more than 2 items")],
    ),
    "twice": (
        {**GOOD, "tags": ["a", "a"]},
        [("body.tags", "Request body property tags must NOT have duplicate items (items ## 1 and 0 are identical)")],
    ),
    "an item": ({**GOOD, "tags": [1]}, [("body.tags.0", "Request body property tags.0 must be string")]),
    "missing further down": (
        {**GOOD, "owner": {}},
        [("body.owner", "Request body property owner must have required property 'n'")],
    ),
    "two types": (
        {**GOOD, "owner": {"n": "x"}},
        [("body.owner.n", "Request body property owner.n must be integer,null")],
    ),
    "a step": ({**GOOD, "weight": 0.3}, [("body.weight", "Request body property weight must be multiple of 0.5")]),
    "a whole bound": ({**GOOD, "weight": 11}, [("body.weight", "Request body property weight must be <= 10")]),
    "a constant": ({**GOOD, "fixed": 8}, [("body.fixed", "Request body property fixed must be equal to constant")]),
    "unknown": ({**GOOD, "zzz": 1}, [("body", "Request body must NOT have additional properties; found 'zzz'")]),
    "an object before its members": (
        {"zzz": 1, "id": "a"},
        [
            ("body", "Request body must have required property 'name'"),
            ("body", "Request body must NOT have additional properties; found 'zzz'"),
            ("body.id", "Request body property id must be integer"),
        ],
    ),
}

PARAMETERS = [
    {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer", "maximum": 10}},
    {"name": "Tag", "in": "query", "schema": {"type": "array", "items": {"enum": ["a", "b"]}}},
    {"name": "old", "in": "query", "deprecated": True, "schema": {"type": "string"}},
    {"name": "X-Num", "in": "header", "schema": {"type": "integer"}},
    {"name": "sid", "in": "cookie", "schema": {"type": "integer"}},
]
ASKED: dict[str, tuple[str, dict[str, str], list[tuple[str, str]]]] = {
    "missing": ("", {}, [("query", "Request query must have required property 'limit'")]),
    "empty": ("?limit=", {}, [("query", "Request query must have required property 'limit'")]),
    "too large": ("?limit=50", {}, [("query.limit", "Request query parameter limit must be <= 10")]),
    "an item": (
        "?limit=5&Tag=a&Tag=c",
        {},
        [("query.tag.1", "Request query parameter tag.1 must be equal to one of the allowed values: a, b")],
    ),
    "fields come first": (
        "?limit=x",
        {"x-num": "a"},
        [
            ("header.x-num", "Request header parameter x-num must be integer"),
            ("query.limit", "Request query parameter limit must be integer"),
        ],
    ),
}


def listed(entries: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(".".join(entry["location"]), entry["message"]) for entry in entries]


@pytest.mark.parametrize(("body", "told"), TOLD.values(), ids=TOLD)
def test_what_is_wrong_with_a_body(body: Any, told: list[tuple[str, str]]) -> None:
    root = one(post={"requestBody": {"required": True, **content(BODY)}, **answers(s200={"description": "d"})})
    refused = read(ask(root, "POST", body=body, prism=True))
    assert refused["type"] == "https://stoplight.io/prism/errors#UNPROCESSABLE_ENTITY"
    assert listed(refused["validation"]) == told


@pytest.mark.parametrize(("query", "headers", "told"), ASKED.values(), ids=ASKED)
def test_what_is_wrong_with_parameters(query: str, headers: dict[str, str], told: list[tuple[str, str]]) -> None:
    root = one(get={"parameters": PARAMETERS, **answers(s200={"description": "d"})})
    assert listed(read(ask(root, target=f"/pets{query}", headers=headers, prism=True))["validation"]) == told


def test_cookies_are_not_looked_at() -> None:
    root = one(get={"parameters": PARAMETERS, **answers(s200={"description": "d"})})
    assert ask(root, target="/pets?limit=5", headers={"cookie": "sid=x"}, prism=True).status == 200


def test_what_is_deprecated_is_a_warning() -> None:
    root = one(get={"parameters": PARAMETERS, **answers(s200={"description": "d"})})
    answer = ask(root, target="/pets?limit=5&old=1", prism=True)
    assert answer.status == 200
    assert json.loads(answer.headers["sl-violations"]) == [
        {"location": ["request", "query", "old"], "severity": "Warning", "code": "deprecated",
         "message": "Query param old is deprecated"}
    ]  # fmt: skip


def test_a_body_that_is_missing_has_no_place() -> None:
    root = one(post={"requestBody": {"required": True, **content(BODY)}, **answers(s200={"description": "d"})})
    entry = {"severity": "Error", "code": "required", "message": "Body parameter is required"}
    assert read(ask(root, "POST", prism=True))["validation"] == [entry]


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        ({"requestBody": content(BODY)}, "Supported content types: application/json"),
        ({}, "No supported content types, but request included a non-empty body"),
    ],
    ids=["another type", "none is described"],
)
def test_a_body_that_nobody_asked_for_is_415(operation: dict[str, Any], told: str) -> None:
    root = one(post={**operation, **answers(s200={"description": "d"})})
    refused = read(ask(root, "POST", headers={"content-type": "text/csv"}, body=b"a", prism=True))
    assert (refused["status"], refused["title"], refused["detail"]) == (415, "Invalid content type", told)


def test_the_documents_own_refusal_comes_with_what_was_wrong() -> None:
    shown = content({"type": "object"}, examples={"a": {"value": {"m": "A"}}, "b": {"value": {"m": "B"}}})
    root = one(post={"requestBody": content(BODY), **answers(s200={"description": "d"}, s400=shown)})
    answer = ask(root, "POST", body={**GOOD, "id": 1}, prism=True)
    assert (answer.status, read(answer)) == (400, {"m": "A"})
    assert "must be > 100" in answer.headers["sl-violations"]
    wished = {"prefer": "code=400, example=b"}
    assert read(ask(root, "POST", body={}, headers=wished, prism=True)) == {"m": "B"}
