"""Python values as JSON values, laid out by a shape."""

from __future__ import annotations

from collections import OrderedDict, UserDict
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

import pytest

from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.schemas.shapes import Shape, Shapes
from syncdyn.openapi.wire import to_wire


def shape_of(schema: Any, **others: Any) -> Shape:
    root = {"openapi": "3.1.0", "components": {"schemas": {"It": schema, **others}}}
    return Shapes(Document(root)).at("#/components/schemas/It")


def written(value: object, schema: Any = None) -> Any:
    faults: list[Violation] = []
    found = to_wire(value, None if schema is None else shape_of(schema), "body", faults)
    assert faults == []
    return found


class Color(Enum):
    RED = "red"
    DAY = date(2026, 1, 31)


class Size(str, Enum):
    BIG = "big"


class Level(IntEnum):
    HIGH = 3


class Named(str):
    """A text of one's own."""


class Half(float):
    """A number of one's own."""


class Typed:
    """An object that knows its JSON value."""

    def __wire__(self) -> Any:
        return {"webhook_url": "as it is"}


class Model:
    """Like a pydantic model, which iterates over its fields as well."""

    def __iter__(self) -> Any:
        return iter([("webhook_url", "x")])

    def model_dump(self) -> dict[str, Any]:
        return {"webhook_url": "x", "day": date(2026, 1, 31)}


EAST = timezone(timedelta(hours=2))

VALUES: dict[str, tuple[object, Any]] = {
    "null": (None, None),
    "boolean": (True, True),
    "integer": (10**30, 10**30),
    "number": (1.5, 1.5),
    "text": ("a", "a"),
    "list": ([1, "a"], [1, "a"]),
    "tuple": ((1, (2,)), [1, [2]]),
    "set": ({1}, [1]),
    "generator": ((number for number in (1, 2)), [1, 2]),
    "mapping": ({"a": {"b": (1,)}}, {"a": {"b": [1]}}),
    "other mappings": (UserDict(a=OrderedDict(b=1)), {"a": {"b": 1}}),
    "keys that are no texts": ({1: "a", Size.BIG: "b"}, {"1": "a", str(Size.BIG): "b"}),
    "enum member": (Color.RED, "red"),
    "enum member of another value": (Color.DAY, "2026-01-31"),
    "enum member that is a text": (Size.BIG, "big"),
    "enum member that is a number": (Level.HIGH, 3),
    "text of one's own": (Named("a"), "a"),
    "number of one's own": (Half(0.5), 0.5),
    "datetime, UTC": (datetime(2026, 1, 31, 12, tzinfo=timezone.utc), "2026-01-31T12:00:00Z"),
    "datetime, another zone": (datetime(2026, 1, 31, 12, tzinfo=EAST), "2026-01-31T12:00:00+02:00"),
    "datetime without a zone": (datetime(2026, 1, 31, 12), "2026-01-31T12:00:00Z"),  # noqa: DTZ001
    "date": (date(2026, 1, 31), "2026-01-31"),
    "time": (time(12, 30), "12:30:00"),
    "UUID": (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    "whole decimal": (Decimal("3.0"), 3),
    "decimal": (Decimal("0.25"), 0.25),
    "path": (PurePosixPath("a/b"), "a/b"),
    "object with a JSON value": (Typed(), {"webhook_url": "as it is"}),
    "model": (Model(), {"webhook_url": "x", "day": "2026-01-31"}),
}


@pytest.mark.parametrize("case", VALUES)
def test_a_python_value_has_its_json_value(case: str) -> None:
    value, expected = VALUES[case]
    found = written(value)
    assert found == expected
    assert type(found) is type(expected)


WITHOUT: dict[str, tuple[object, str]] = {
    "object": (object(), "an object has no JSON value"),
    "bytes": (b"a", "a bytes has no JSON value"),
    "NaN": (float("nan"), "nan has no JSON value"),
    "infinity": (Half("-inf"), "-inf has no JSON value"),
    "decimal NaN": (Decimal("NaN"), "NaN has no JSON value"),
    "decimal signalling NaN": (Decimal("sNaN"), "sNaN has no JSON value"),
    "decimal infinity": (Decimal("Infinity"), "Infinity has no JSON value"),
}


@pytest.mark.parametrize("case", WITHOUT)
def test_what_has_no_json_value_is_told_and_left_out(case: str) -> None:
    value, message = WITHOUT[case]
    faults: list[Violation] = []
    assert to_wire({"a": [1, value], "b": value}, None, "body", faults) == {"a": [1]}
    assert [(fault.where, fault.message) for fault in faults] == [("body.a[1]", message), ("body.b", message)]


def test_what_has_no_json_value_at_the_top_is_missing() -> None:
    faults: list[Violation] = []
    assert to_wire(object(), None, "query", faults) is MISSING
    assert [fault.where for fault in faults] == ["query"]


URL = {"type": "object", "properties": {"webhookUrl": {}}}

RENAMED: dict[str, tuple[Any, Any, Any]] = {
    "declared": (URL, {"webhook_url": 1, "other_name": 2}, {"webhookUrl": 1, "other_name": 2}),
    "wire spelling": (URL, {"webhookUrl": 1}, {"webhookUrl": 1}),
    "of items": ({"items": URL}, [{"webhook_url": 1}], [{"webhookUrl": 1}]),
    "of members": ({"properties": {"aB": URL}}, {"a_b": {"webhook_url": 1}}, {"aB": {"webhookUrl": 1}}),
    "of values": ({"additionalProperties": URL}, {"any_name": {"webhook_url": 1}}, {"any_name": {"webhookUrl": 1}}),
    "of another mapping": (URL, UserDict(webhook_url=1), {"webhookUrl": 1}),
    "of a model": (URL, Model(), {"webhookUrl": "x", "day": "2026-01-31"}),
    "of the branch": (
        {
            "oneOf": [
                {"properties": {"type": {"const": "a"}, "theName": {}}},
                {"properties": {"type": {"const": "b"}, "the_name": {}}},
            ]
        },
        [{"type": "a", "the_name": 1}, {"type": "b", "the_name": 1}],
        [{"type": "a", "theName": 1}, {"type": "b", "the_name": 1}],
    ),
    "of what stands beside the branches": (
        {
            "oneOf": [{"properties": {"type": {"const": "a"}, "theName": {}}}, {"type": "string"}],
            "properties": {"ownName": URL},
            "additionalProperties": URL,
        },
        [{"type": "a", "the_name": 1, "own_name": {"webhook_url": 1}, "x": {"webhook_url": 1}}],
        [{"type": "a", "theName": 1, "ownName": {"webhookUrl": 1}, "x": {"webhookUrl": 1}}],
    ),
}


@pytest.mark.parametrize("case", RENAMED)
def test_python_names_become_wire_names(case: str) -> None:
    schema, value, expected = RENAMED[case]
    if isinstance(value, list) and "items" not in schema:
        schema = {"items": schema}
    assert written(value, schema) == expected


def test_a_name_given_in_two_spellings_is_told() -> None:
    faults: list[Violation] = []
    found = to_wire({"webhookUrl": 1, "webhook_url": 2}, shape_of(URL), "body", faults)
    assert found == {"webhookUrl": 1}
    assert [str(fault) for fault in faults] == ["body.webhookUrl: given twice, once as 'webhook_url'"]


def test_a_member_that_came_in_two_spellings_keeps_both() -> None:
    schema = {"type": "object", "properties": {"url": {"type": "string", "x-syncdyn-aliases": ["href"]}}}
    assert written({"url": "a", "href": "b"}, schema) == {"url": "a", "href": "b"}
    assert written({"href": "b"}, schema) == {"url": "b"}
