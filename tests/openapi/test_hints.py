"""Names that were meant, and names in messages: of any number and length."""

from __future__ import annotations

import time

import pytest

from syncdyn.openapi.catalogue import Operations
from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import UnknownOperation, Violation
from syncdyn.openapi.hints import hint, hint_clause, quoted

MEGABYTE = "x" * 1_000_000


def test_the_nearest_name_is_told_and_no_other() -> None:
    assert hint("getPts", ["getPets", "makePet", "other"]) == "did you mean 'getPets'?"
    assert hint_clause("quite different", ["getPets"]) == ""


@pytest.mark.parametrize("name", ["a" * 199, MEGABYTE], ids=["as long as is compared", "a megabyte"])
def test_however_many_names_there_are_one_is_found_at_once_or_none(name: str) -> None:
    # All alike: the slowest names to compare. In full they would take minutes.
    known = ["a" * 190 + f"{number:06d}" for number in range(50_000)]
    began = time.perf_counter()
    hint(name, known)
    assert time.perf_counter() - began < 10


def test_a_name_that_is_too_long_is_no_hint() -> None:
    assert hint("x" * 150, [MEGABYTE]) is None


def test_a_long_name_is_cut_where_it_is_repeated() -> None:
    assert quoted("getPets") == "'getPets'"
    assert len(quoted(MEGABYTE)) < 220
    with pytest.raises(UnknownOperation) as caught:
        Operations(Document({"openapi": "3.1.0"}))[MEGABYTE]
    assert len(str(caught.value)) < 300


def test_so_it_is_in_the_place_of_a_violation_whose_path_has_all_of_it() -> None:
    violation = Violation("body", ("a", 0, MEGABYTE), "unknown")
    assert violation.path[-1] == MEGABYTE
    assert violation.where.startswith("body.a[0].xxx")
    assert len(str(violation)) < 300
