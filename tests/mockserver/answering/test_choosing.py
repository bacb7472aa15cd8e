"""Which response of an operation is given."""

from __future__ import annotations

import pytest

from tests.mockserver.answering.asking import PET, answers, ask, content, one, read

NONE = {"description": "d"}
USUAL = {
    "the lowest 2xx": (("404", "202", "201"), 201),
    "a range": (("4XX", "2XX"), 200),
    "a code before its range": (("2XX", "204"), 204),
    "default is 200": (("404", "default"), 200),
    "else the lowest": (("500", "302"), 302),
    "a range that is no success": (("4XX",), 400),
    "of ranges that are no success the first": (("5XX", "4XX"), 500),
    "a code before the ranges": (("4XX", "503"), 503),
}
FORCED = {
    "the code itself": ("404", {"404", "4XX", "default"}, "404"),
    "its range": ("418", {"404", "4XX", "default"}, "4XX"),
    "the default": ("503", {"404", "4XX", "default"}, "default"),
}


@pytest.mark.parametrize(("stated", "status"), USUAL.values(), ids=USUAL)
def test_the_usual_response(stated: tuple[str, ...], status: int) -> None:
    assert ask(one(get={"responses": dict.fromkeys(stated, NONE)})).status == status


@pytest.mark.parametrize(("code", "stated", "meant"), FORCED.values(), ids=FORCED)
def test_a_code_is_answered_by_what_is_nearest_to_it(code: str, stated: set[str], meant: str) -> None:
    root = one(get={"responses": {name: content({"const": name}) for name in stated}})
    answer = ask(root, headers={"prefer": f"code={code}"})
    assert (answer.status, read(answer)) == (int(code), meant)


def test_a_code_that_is_not_there_is_404_and_names_those_that_are() -> None:
    answer = ask(one(get=answers(s200=content(PET), s404=NONE)), headers={"prefer": "code=500"})
    assert (answer.status, answer.content_type) == (404, "application/problem+json")
    assert "there is: 200, 404" in read(answer)["detail"]


def test_where_nothing_is_documented_there_is_an_empty_200() -> None:
    answer = ask(one(get={"responses": {}}))
    assert (answer.status, answer.body) == (200, b"")


def test_no_body_where_there_can_be_none() -> None:
    assert ask(one(get=answers(s204=content(PET, example={"id": 1, "name": "Rex"})))).body == b""
