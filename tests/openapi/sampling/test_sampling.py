"""Schemas to values: always valid, always the same for the same seed."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.sampling import Sampler, Unsampled, scalars
from syncdyn.openapi.sampling.patterns import text_for
from syncdyn.openapi.schemas.normalise import Direction

TREE = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "left": {"$ref": "#/components/schemas/Tree"}},
}
CHAIN = {
    "type": "object",
    "required": ["next"],
    "properties": {"next": {"anyOf": [{"$ref": "#/components/schemas/Chain"}, {"type": "null"}]}},
}
SCHEMAS: dict[str, Any] = {
    "allOf that narrows": {"allOf": [{"type": "integer", "minimum": 3}, {"maximum": 4}, {"multipleOf": 2}]},
    "allOf of closed objects": {
        "allOf": [{"properties": {"a": {"type": "integer"}}, "required": ["a"]}, {"properties": {"b": {"const": 1}}}],
        "required": ["b"],
    },
    "overlapping oneOf": {"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 2.5}]},
    "oneOf by required": {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
    },
    "recursion that must end": {"$ref": "#/components/schemas/Tree"},
    "recursion through a union": {"$ref": "#/components/schemas/Chain"},
    "pattern with length": {"type": "string", "pattern": "^[a-z]+$", "minLength": 12, "maxLength": 14},
    "pattern of a version": {"type": "string", "pattern": r"^v(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.]+)?$"},
    "pattern not anchored": {"type": "string", "pattern": "[0-9]{3}", "minLength": 10},
    "prefixItems": {
        "type": "array",
        "prefixItems": [{"type": "integer"}, {"type": "string"}],
        "items": False,
        "minItems": 2,
    },
    "contains": {"type": "array", "items": {"type": "integer"}, "contains": {"minimum": 5000}, "minItems": 3},
    "unique items": {"type": "array", "items": {"enum": ["a", "b", "c"]}, "uniqueItems": True, "minItems": 3},
    "if then else": {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}, "size": {"type": "integer"}},
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"required": ["size"]},
        "else": {"properties": {"size": False}},
    },
    "multipleOf with fractions": {"type": "number", "multipleOf": 0.01, "minimum": 1.005, "maximum": 1.02},
    "exclusive bounds": {"type": "integer", "exclusiveMinimum": 4, "exclusiveMaximum": 6},
    "a narrow range": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.001},
    "negative numbers": {"type": "number", "maximum": -5},
    "map with pattern": {
        "type": "object",
        "patternProperties": {"^x-[a-z]+$": {"type": "integer"}},
        "additionalProperties": False,
        "minProperties": 2,
    },
    "map of things": {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 3},
    "property names": {"type": "object", "propertyNames": {"pattern": "^[A-Z]{3}$"}, "minProperties": 1},
    "dependent required": {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
        "dependentRequired": {"a": ["b"]},
        "maxProperties": 2,
    },
    "not": {"type": "string", "not": {"enum": ["", "a"]}},
    "an example that is wrong": {"type": "integer", "example": "seven", "default": "eight"},
    "a nullable reference": {"anyOf": [{"$ref": "#/components/schemas/Tree"}, {"type": "null"}]},
    "a date and a key": {
        "type": "object",
        "properties": {"at": {"type": "string", "format": "date-time"}, "id": {"type": "string", "format": "uuid"}},
        "required": ["at", "id"],
    },
    "nothing said": {},
}


def sampler_for(schema: Any, **others: Any) -> tuple[Contract, Sampler]:
    root = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "components": {"schemas": {"It": schema, "Tree": TREE, "Chain": CHAIN, **others}},
    }
    contract = Contract(Document(root), formats={"uuid": None, "date-time": None})
    return contract, Sampler(contract)


IT = "#/components/schemas/It"


@pytest.mark.parametrize("use_examples", [True, False], ids=["with examples", "random"])
@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_every_sample_is_valid(schema: Any, use_examples: bool) -> None:
    contract, sampler = sampler_for(schema)
    is_valid = contract.schemas.validator(IT, Direction.REQUEST).is_valid
    for seed in range(20):
        assert is_valid(sampler.valid(IT, Direction.REQUEST, str(seed), use_examples=use_examples))


def test_the_same_seed_gives_the_same_sample() -> None:
    _, sampler = sampler_for(SCHEMAS["a date and a key"])
    first, again, other = (sampler.valid(IT, Direction.REQUEST, seed) for seed in ("a", "a", "b"))
    assert first == again != other


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "example": "Rex", "default": "Tom"}, "Rex"),
        ({"type": "string", "examples": ["Rex"]}, "Rex"),
        ({"type": "string", "default": "Tom"}, "Tom"),
        ({"type": "string", "enum": ["a", "b"]}, "a"),
        ({"const": 3, "example": 4}, 3),
    ],
)
def test_what_a_schema_states_comes_first(schema: Any, value: Any) -> None:
    assert sampler_for(schema)[1].valid(IT, Direction.REQUEST, "s") == value


@pytest.mark.parametrize(("direction", "names"), [(Direction.REQUEST, {"w"}), (Direction.RESPONSE, {"r"})])
def test_what_goes_the_other_way_is_left_out(direction: Direction, names: set[str]) -> None:
    schema = {
        "type": "object",
        "required": ["r", "w"],
        "properties": {"r": {"type": "integer", "readOnly": True}, "w": {"type": "integer", "writeOnly": True}},
    }
    assert sampler_for(schema)[1].valid(IT, direction, "s").keys() == names


def test_a_branch_carries_its_discriminator() -> None:
    schema = {"oneOf": [{"$ref": "#/components/schemas/Tree"}], "discriminator": {"propertyName": "kind"}}
    assert sampler_for(schema)[1].valid(IT, Direction.REQUEST, "s")["kind"] == "Tree"


def test_a_discriminator_that_a_branch_has_as_optional_is_made_all_the_same() -> None:
    schema = {"oneOf": [{"$ref": "#/components/schemas/Leaf"}], "discriminator": {"propertyName": "kind"}}
    leaf = {"type": "object", "properties": {"kind": {"enum": ["leaf"]}}}
    assert sampler_for(schema, Leaf=leaf)[1].valid(IT, Direction.REQUEST, "s", share=0.0) == {"kind": "leaf"}


def test_a_schema_that_nothing_satisfies_gives_no_sample_but_an_attempt() -> None:
    _, sampler = sampler_for({"type": "integer", "minimum": 3, "maximum": 2})
    with pytest.raises(Unsampled):
        sampler.valid(IT, Direction.REQUEST, "s")
    assert isinstance(sampler.sample(IT, Direction.REQUEST, "s"), int)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": {}, "minItems": 10**9, "maxItems": 10**9},
        {"type": "object", "minProperties": 10**9},
        {"type": "string", "minLength": 10**9},
    ],
    ids=["items", "members", "characters"],
)
def test_a_schema_that_asks_for_too_much_is_given_up_in_bounded_time(schema: Any) -> None:
    with pytest.raises(Unsampled):
        sampler_for(schema)[1].valid(IT, Direction.REQUEST, "s")


def test_a_share_of_the_optional_members_is_made() -> None:
    schema = {"type": "object", "required": ["a"], "properties": {name: {"type": "integer"} for name in "abcdef"}}
    sampler = sampler_for(schema)[1]
    none, some, every = (sampler.valid(IT, Direction.REQUEST, "s", share=share) for share in (0.0, 0.5, 1.0))
    assert none.keys() < some.keys() < every.keys()
    assert none.keys() == {"a"}


PATTERNS = [
    "^a{2,5}$", "^(foo|bar)+$", r"^\d{4}-\d{2}$", r"^\w+@\w+\.com$", "^[^/]+$", "^.{10}$", "^$", "x", r"^\S+$",
    r"^(?<year>\d+)$", r"^(a)\1$", "^[\u00e0-\u00ff]{2}$", r"^\p{L}+$", "^(?:a|b)*?c$", r"^[\w.-]{1,8}$",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_texts_match_their_pattern(pattern: str) -> None:
    spelled = pattern.replace(r"\p{L}", "[a-z]").replace("(?<year>", "(?P<year>")
    for seed in range(10):
        text = text_for(pattern, Random(seed))
        assert text is not None
        assert re.search(spelled, text)


def test_a_pattern_that_repeats_without_end_is_given_up_in_bounded_time() -> None:
    assert text_for("^((a{60000}){60000}){60000}$", Random(0)) is None


@pytest.mark.parametrize("pattern", ["(", "^(?=b)a$", "[z-a]"])
def test_a_pattern_that_nothing_matches_gives_none(pattern: str) -> None:
    assert text_for(pattern, Random(0)) is None


@given(
    low=st.integers(-(10**6), 10**6),
    width=st.integers(0, 1000),
    step=st.sampled_from([None, 1, 3, 0.5]),
    seed=st.integers(),
)
def test_numbers_keep_range_and_step(low: int, width: int, step: float | None, seed: int) -> None:
    schema = {"minimum": low, "maximum": low + width + 3, **({} if step is None else {"multipleOf": step})}
    made = scalars.number(schema, Random(seed), is_integer=True)
    assert low <= made <= low + width + 3
    assert made == int(made)
    assert step is None or made % step == 0


HUGE = 10**1000
FAR_BOUNDS: dict[str, dict[str, Any]] = {
    "whole numbers from there": {"type": "integer", "minimum": HUGE},
    "whole numbers up to there": {"type": "integer", "maximum": -HUGE},
    "numbers from there": {"type": "number", "minimum": HUGE},
    "numbers past there": {"type": "number", "exclusiveMinimum": HUGE},
    "numbers below": {"type": "number", "exclusiveMaximum": -HUGE},
    "numbers on steps": {"type": "number", "minimum": HUGE, "multipleOf": 0.3},
    "whole numbers on steps": {"type": "integer", "minimum": HUGE, "multipleOf": 7},
    "bounds to join": {"allOf": [{"type": "number", "exclusiveMinimum": 1.5}, {"exclusiveMinimum": HUGE}]},
    "all that a float can be": {"type": "number", "minimum": -1.7e308, "maximum": 1.7e308},
}


@pytest.mark.parametrize("schema", FAR_BOUNDS.values(), ids=FAR_BOUNDS)
def test_bounds_may_lie_where_no_float_reaches(schema: dict[str, Any]) -> None:
    assert sampler_for(schema)[1].valid(IT, Direction.REQUEST, "seed") is not None


@pytest.mark.parametrize(
    "pattern", ["^(a{9}){9999}b$", "^[^-\\w]$", "^\\D$", "^(?:a|b)(?<!c)$", "^(?>ab)$", "^[^\\x00-\\x7f]$"]
)
def test_a_pattern_of_any_kind_gives_a_text_that_it_finds_or_none(pattern: str) -> None:
    made = text_for(pattern, Random(1))
    assert made is None or re.search(pattern, made)


def test_a_pattern_that_would_take_too_long_to_write_is_given_up() -> None:
    assert text_for("^a{99999}$", Random(1)) is None


def test_a_circle_of_required_members_that_cannot_end_is_null() -> None:
    schema = {"type": "object", "required": ["next"], "properties": {"next": {"$ref": IT}}}
    assert sampler_for(schema)[1].sample(IT, Direction.REQUEST, "seed") is None


def test_a_circle_that_may_be_null_ends_where_it_has_come_round() -> None:
    schema = {"type": ["object", "null"], "required": ["next"], "properties": {"next": {"$ref": IT}}}
    made, depth = sampler_for(schema)[1].valid(IT, Direction.REQUEST, "seed"), 0
    while made is not None:
        made, depth = made["next"], depth + 1
    assert depth < 10


@pytest.mark.parametrize(
    "schema",
    [{"type": "integer", "multipleOf": 0.3, "minimum": 1, "maximum": 2}, {"type": "string", "pattern": "^(?!)$"}],
    ids=["a step without whole numbers", "a pattern of nothing"],
)
def test_where_nothing_is_valid_a_value_of_the_type_is_the_nearest(schema: Any) -> None:
    made = sampler_for(schema)[1].sample(IT, Direction.REQUEST, "seed")
    assert isinstance(made, int if schema["type"] == "integer" else str)


def nested_union(levels: int) -> Any:
    schema: Any = {"const": 1}
    for _ in range(levels):
        schema = {"const": 1, "anyOf": [schema]}
    return schema


ENDLESS = {"$ref": "#/components/schemas/Endless"}
NEVER_ENDING = {"type": "object", "required": ["next"], "properties": {"next": ENDLESS}}
MADE: dict[str, tuple[Any, Any]] = {
    "a union of nothing": ({"anyOf": [], "const": 1}, 1),
    "a member that must not be there": ({"properties": {"a": False, "b": {"const": 1}}, "required": ["b"]}, {"b": 1}),
    "a map under names of a pattern": (
        {"type": "object", "patternProperties": {"^a$": {"const": 1}}, "minProperties": 1},
        {"a": 1},
    ),
    "no more members than may be": (
        {"properties": {"a": {"const": 1}, "b": {"const": 2}}, "required": ["a"], "maxProperties": 1},
        {"a": 1},
    ),
    "a member that brings another along": (
        {"properties": {"a": {"const": 1}}, "required": ["a"], "dependentRequired": {"a": ["b"], "c": ["d"]},
         "additionalProperties": {"const": 2}},
        {"a": 1, "b": 2},
    ),
    "a list cut to its most": ({"type": "array", "maxItems": 0, "items": {"const": 1}}, []),
    "no member where none can be": ({"type": "object", "properties": {"a": ENDLESS}}, {}),
    "a map that nothing can be in": ({"type": "object", "additionalProperties": ENDLESS}, {}),
    "a list that nothing can be in": ({"type": "array", "items": ENDLESS}, []),
    "items that must differ and cannot": (
        {"type": "array", "prefixItems": [{"const": 1}, {"const": 1}], "uniqueItems": True}, [1]
    ),
    "a condition with one way out": ({"type": "object", "properties": {"a": {"const": 1}}, "required": ["a"],
                                      "if": {"required": ["a"]}, "then": {"maxProperties": 1}}, {"a": 1}),
    "a discriminator without a property": ({"oneOf": [{"$ref": "#/components/schemas/One"}], "discriminator": {}}, 1),
    "unions in unions": (nested_union(12), 1),
    "an exclusive bound of 3.0": (
        {"type": "integer", "minimum": 3, "exclusiveMinimum": True, "maximum": 5, "exclusiveMaximum": True}, 4
    ),
    "an item of its kind": ({"type": "array", "minItems": 1, "contains": {"const": 3}, "maxItems": 1}, [3]),
}  # fmt: skip


@pytest.mark.parametrize(("schema", "value"), MADE.values(), ids=MADE)
def test_what_a_schema_leaves_no_choice_in_is_made(schema: Any, value: Any) -> None:
    assert sampler_for(schema, One={"const": 1}, Endless=NEVER_ENDING)[1].valid(IT, Direction.REQUEST, "seed") == value
