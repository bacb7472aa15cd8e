"""Made-up values look like what their names speak of, within what the schema allows."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.sampling import Sampler
from syncdyn.openapi.sampling.kinds import FAKED, NUMBER_KINDS, TEXT_KINDS
from syncdyn.openapi.sampling.plausible import faked, made
from syncdyn.openapi.schemas.normalise import Direction

IT = "#/components/schemas/It"


def member(name: str, schema: dict[str, Any], seed: int = 7) -> Any:
    """What a member of an object is made as."""
    it = {"type": "object", "properties": {name: schema}, "required": [name]}
    root = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "components": {"schemas": {"It": it}}}
    return Sampler(Contract(Document(root))).valid(IT, Direction.RESPONSE, str(seed), use_examples=False)[name]


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("email", r".+@example\.com"),
        ("contactEmail", r".+@example\.com"),
        ("created_at", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?.*"),
        ("updatedAt", r"\d{4}-\d\d-\d\dT.*"),
        ("birth_date", r"\d{4}-\d\d-\d\d"),
        ("full_name", r"[A-Z]\w+ [A-Z]\w+"),
        ("avatarUrl", r"https://example\.com/.+\.png"),
        ("country_code", r"[A-Z]{2}"),
        ("currency", r"[A-Z]{3}"),
        ("ipAddress", r"192\.0\.2\.\d+"),
        ("URL", r"https://.+"),
    ],
)
def test_a_text_is_such_as_its_name_tells(name: str, pattern: str) -> None:
    for seed in range(10):
        assert re.fullmatch(pattern, member(name, {"type": "string"}, seed))


def test_items_are_such_as_the_name_of_their_list_tells() -> None:
    assert all("@" in text for text in member("emails", {"type": "array", "items": {"type": "string"}, "minItems": 3}))


def test_the_schema_comes_before_the_name() -> None:
    assert re.fullmatch("[0-9]{4}", member("email", {"type": "string", "pattern": "^[0-9]{4}$"}))
    assert len(member("description", {"type": "string", "maxLength": 5})) <= 5
    assert member("city", {"type": "string", "enum": ["x"]}) == "x"


@pytest.mark.parametrize(("name", "low", "high"), [("latitude", -90, 90), ("age", 18, 90), ("port", 1024, 65_535)])
def test_a_number_is_such_as_its_name_tells(name: str, low: int, high: int) -> None:
    assert all(low <= member(name, {"type": "number"}, seed) <= high for seed in range(20))


def test_a_number_keeps_its_bounds_whatever_its_name() -> None:
    for seed in range(20):
        assert 200 <= member("age", {"type": "integer", "minimum": 200, "maximum": 210}, seed) <= 210
        assert member("year", {"type": "integer", "minimum": 2020, "maximum": 2021}, seed) in (2020, 2021)


@pytest.mark.parametrize(
    ("hint", "pattern"),
    [
        ("name.firstName", r"[A-Z][a-z]+"),
        ("internet.email", r".+@example\.com"),
        ("internet.userName", r"[a-z]+\d+"),
        ("address.city", r"[A-Z]\w+"),
        ("phone.phoneNumber", r"\+1-.*"),
        ("company.companyName", r".+"),
        ("datatype.uuid", r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"),
        ({"helpers.arrayElement": [["red", "blue"]]}, r"red|blue"),
        ({"random.arrayElement": ["red", "blue"]}, r"red|blue"),
        ("commerce.price", r"[0-9.]+"),
        ("there.isNoneSuch", r".*"),
    ],
    ids=str,
)
def test_a_hint_of_faker_is_taken(hint: Any, pattern: str) -> None:
    assert re.fullmatch(pattern, member("it", {"type": "string", "x-faker": hint}))


def test_a_hint_for_numbers_may_have_a_range() -> None:
    hint = {"datatype.number": {"min": 10, "max": 12}}
    assert all(10 <= member("it", {"type": "integer", "x-faker": hint}, seed) <= 12 for seed in range(20))


@pytest.mark.parametrize("hint", [None, 5, {}, {"datatype.number": {"min": 3, "max": 1}}, {"helpers.arrayElement": []}])
def test_a_hint_that_says_nothing_is_passed_over(hint: Any) -> None:
    assert faked(hint, Random(1)) is None


@pytest.mark.parametrize("kind", sorted({*TEXT_KINDS.values(), *NUMBER_KINDS.values(), *FAKED}))
def test_every_kind_can_be_made_and_hangs_on_the_seed_alone(kind: str) -> None:
    assert made(kind, Random(5)) == made(kind, Random(5)) is not None
    assert len({str(made(kind, Random(seed))) for seed in range(30)}) > 1
