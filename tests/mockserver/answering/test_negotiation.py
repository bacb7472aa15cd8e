"""Which media type an `Accept` field chooses among those that are offered."""

from __future__ import annotations

import pytest

from mockserver.answering.negotiation import best, concrete
from tests.mockserver.answering.asking import answers, ask, one

JSON, XML, TEXT, PROBLEM = "application/json", "application/xml", "text/plain", "application/problem+json"

CHOICES: dict[str, tuple[list[str], str | None, str | None]] = {
    "nothing said": ([TEXT, JSON], None, JSON),
    "an empty field": ([TEXT, JSON], " ", JSON),
    "nothing said, JSON by its suffix": ([TEXT, PROBLEM], None, PROBLEM),
    "nothing said, no JSON": ([XML, TEXT], None, XML),
    "of all alike the first offered": ([TEXT, JSON], "*/*", TEXT),
    "a star alone": ([TEXT, JSON], "*", TEXT),
    "the type": ([JSON, XML], XML, XML),
    "the type in capitals": ([JSON, XML], "Application/XML", XML),
    "the better liked": ([JSON, XML], f"{JSON};q=0.2, {XML};q=0.5", XML),
    "a quality of its own before a range": ([JSON, XML], f"application/*;q=0.9, {JSON};q=0.1", XML),
    "what is refused": ([JSON, XML], f"{JSON};q=0, */*", XML),
    "nothing else than what is refused": ([JSON], f"{JSON};q=0, */*", None),
    "of two alike the first named": ([JSON, XML], f"{XML}, {JSON}", XML),
    "the exact one before a range": ([TEXT, "text/csv"], "text/*, text/csv", "text/csv"),
    "a part of the types": ([JSON, TEXT], "text/*", TEXT),
    "a suffix is not the type": ([PROBLEM], JSON, None),
    "nothing offered": ([JSON], "image/png", None),
    "parameters that nothing has": ([JSON], f"{JSON}; charset=utf-8", JSON),
    "parameters that tell two apart": ([f"{JSON}; version=1", f"{JSON}; version=2"], f"{JSON};version=2", "2"),
    "a quality that is none": ([JSON, XML], f"{XML};q=x", XML),
    "an offered range": (["image/*"], "image/png", "image/*"),
}


@pytest.mark.parametrize(("names", "accept", "chosen"), CHOICES.values(), ids=CHOICES)
def test_the_best_liked_is_chosen(names: list[str], accept: str | None, chosen: str | None) -> None:
    place = best(names, accept)
    assert (None if place is None else names[place].removeprefix(f"{JSON}; version=")) == chosen


def test_what_is_open_is_closed_by_the_caller() -> None:
    assert concrete("image/*", "image/png;q=0.2, image/gif, text/plain") == "image/gif"
    assert concrete("image/*", "*/*") == "image/*"
    assert concrete(JSON, "image/png") == JSON


def test_what_is_not_offered_is_406_and_names_what_is() -> None:
    root = one(get=answers(s200={"description": "d", "content": {JSON: {"example": 1}, XML: {"example": "<a/>"}}}))
    refused = ask(root, headers={"accept": "image/png"})
    assert (refused.status, refused.content_type) == (406, PROBLEM)
    assert b"application/json, application/xml" in refused.body


def test_a_documented_error_is_told_whatever_is_accepted() -> None:
    root = one(get=answers(s404={"description": "d", "content": {PROBLEM: {"example": {"title": "no"}}}}))
    told = {"type": "string", "minLength": 9}
    post = {"parameters": [{"name": "q", "in": "query", "required": True, "schema": told}]}
    root["paths"]["/pets"]["get"] |= post
    root["paths"]["/pets"]["get"]["responses"]["400"] = root["paths"]["/pets"]["get"]["responses"]["404"]
    answer = ask(root, headers={"accept": JSON})
    assert (answer.status, answer.content_type) == (400, PROBLEM)
