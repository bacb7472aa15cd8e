"""Which string formats are asserted."""

from __future__ import annotations

from typing import Any

import pytest

from syncdyn.openapi.document import Document
from syncdyn.openapi.schemas.formats import KNOWN, read_formats
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.schema import Schemas
from syncdyn.openapi.schemas.shapes import Shapes

STATED: dict[str, tuple[Any, Any]] = {
    "nothing": (None, {}),
    "false": (False, {}),
    "true": (True, KNOWN),
    "all": ("all", KNOWN),
    "names": (["uri", "byte"], {"uri": None, "byte": KNOWN["byte"]}),
    "own checks": ({"even": str.isdigit, "uri": True}, {"even": str.isdigit, "uri": None}),
    "own in place of the known": ({"uri": str.isdigit}, {"uri": str.isdigit}),
}


@pytest.mark.parametrize("case", STATED)
def test_formats_are_said_in_many_ways(case: str) -> None:
    stated, expected = STATED[case]
    assert read_formats(stated) == expected


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (["emial"], "no format 'emial' is known; did you mean 'email'?"),
        (["zzzz"], "no format 'zzzz' is known; known: date, date-time"),
        ({"zzzz": True}, "or give a check of your own"),
        ({"uri": 5}, "'uri': expected a function from str to bool, or True; found 5"),
        ("uri", "a list of names"),
        (5, "a list of names"),
    ],
)
def test_what_is_no_format_is_told_with_what_is(stated: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told.replace("?", r"\?")):
        read_formats(stated)


#: Of each format a value that is of it, and one that is not.
EXAMPLES: dict[str, tuple[Any, Any]] = {
    "date": ("2026-01-31", "2026-02-30"),
    "date-time": ("2026-01-31T12:00:00Z", "2026-01-31"),
    "time": ("12:00:00Z", "25:00:00Z"),
    "duration": ("PT15M", "15 minutes"),
    "email": ("a@example.com", "a"),
    "idn-email": ("\u00e4@example.com", "a"),
    "hostname": ("api.example.com", "-a"),
    "idn-hostname": ("\u00e4.example.com", "-a"),
    "ipv4": ("192.0.2.1", "192.0.2.256"),
    "ipv6": ("2001:db8::1", "2001::db8::1"),
    "uri": ("https://example.com/a", "/a"),
    "uri-reference": ("/a", "/a b"),
    "uri-template": ("/a/{b}", "/a/{b"),
    "iri": ("https://example.com/\u00e4", "/a"),
    "iri-reference": ("/\u00e4", "/a b"),
    "uuid": ("123e4567-e89b-12d3-a456-426614174000", "123e4567"),
    "json-pointer": ("/a/0", "a"),
    "relative-json-pointer": ("1/a", "/a"),
    "regex": ("^a", "("),
    "byte": ("YWI=", "YWI"),
    "int32": (2**31 - 1, 2**31),
    "int64": (-(2**63), -(2**63) - 1),
}


@pytest.mark.parametrize("name", KNOWN)
def test_each_known_format_is_checked(name: str) -> None:
    document = Document({"openapi": "3.1.0", "components": {"schemas": {"It": {"format": name}}}})
    validator = Schemas(document, Shapes(document), KNOWN).validator("#/components/schemas/It", Direction.REQUEST)
    right, wrong = EXAMPLES[name]
    assert validator.is_valid(right)
    assert not validator.is_valid(wrong)


def test_a_width_does_not_widen_a_bound() -> None:
    schema = {"type": "integer", "format": "int32", "minimum": 1, "maximum": 2**40}
    document = Document({"openapi": "3.1.0", "components": {"schemas": {"It": schema}}})
    validator = Schemas(document, Shapes(document), KNOWN).validator("#/components/schemas/It", Direction.REQUEST)
    assert [validator.is_valid(value) for value in (0, 1, 2**31 - 1, 2**31)] == [False, True, True, False]


def test_a_number_that_is_too_wide_is_told_with_the_bound() -> None:
    document = Document({"openapi": "3.1.0", "components": {"schemas": {"It": {"format": "int32"}}}})
    found = Schemas(document, Shapes(document), KNOWN).violations(
        "#/components/schemas/It", 2**31, Direction.REQUEST, "it"
    )
    assert [str(one) for one in found] == ["it: 2147483648 is more than the maximum, 2147483647"]
