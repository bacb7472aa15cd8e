"""Schemas of a few lines that a validator would never come to the end of go unchecked."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.sampling.merging import flat
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.weight import is_too_heavy


def definitions(keyword: str, names: int, times: int = 2) -> dict[str, Any]:
    chain = {f"s{n}": {keyword: [{"$ref": f"#/$defs/s{n + 1}"}] * times} for n in range(names)}
    return {**chain, f"s{names}": {"type": "object"}}


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
@pytest.mark.parametrize(("names", "times", "heavy"), [(40, 2, True), (5, 2, False), (300, 1, False), (5000, 1, True)])
def test_what_each_reference_doubles_is_too_heavy(keyword: str, names: int, times: int, heavy: bool) -> None:
    assert is_too_heavy(definitions(keyword, names, times)) is heavy


def test_a_circle_and_steps_into_the_value_are_not() -> None:
    step = {"properties": {"a": {"$ref": "#/$defs/s"}, "b": {"$ref": "#/$defs/s"}}, "anyOf": [{"$ref": "#/$defs/s"}]}
    assert not is_too_heavy({"s": step})


def bomb() -> Document:
    chain = {f"S{n}": {"allOf": [{"$ref": f"#/components/schemas/S{n + 1}"}] * 2, "required": ["a"]} for n in range(30)}
    return Document({"openapi": "3.1.0", "components": {"schemas": {**chain, "S30": {"type": "object"}}}})


def test_such_a_schema_is_left_unchecked() -> None:
    assert Contract(bomb()).schemas.violations("#/components/schemas/S0", 5, Direction.REQUEST, "body") == ()


def test_and_merged_in_no_time() -> None:
    merged, _ = flat(bomb(), {"$ref": "#/components/schemas/S0"})
    assert merged["required"] == ["a"]
