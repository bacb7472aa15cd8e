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


#: Of each format a text that is of it, and one that is not.
EXAMPLES = {
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
}


@pytest.mark.parametrize("name", KNOWN)
def test_each_known_format_is_checked(name: str) -> None:
    document = Document({"openapi": "3.1.0", "components": {"schemas": {"It": {"format": name}}}})
    validator = Schemas(document, Shapes(document), KNOWN).validator("#/components/schemas/It", Direction.REQUEST)
    right, wrong = EXAMPLES[name]
    assert validator.is_valid(right)
    assert not validator.is_valid(wrong)
