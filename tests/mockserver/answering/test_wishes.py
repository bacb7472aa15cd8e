"""What a caller may wish of the mock, by `Prefer` and by the query."""

from __future__ import annotations

import pytest

from mockserver.answering.wishes import NO_WISHES, Unavailable, Wishes, wishes_of, without_wishes
from syncdyn.openapi.messages import Headers, Request
from tests.mockserver.answering.asking import PET, REX, TOM, answers, ask, content, one, read

SPELLINGS = {
    "code=404, example=tom": Wishes(code="404", example="tom"),
    "code=404; example=tom": Wishes(code="404", example="tom"),
    'code="404",example="a, b"': Wishes(code="404", example="a, b"),
    "Code=404, code=200": Wishes(code="404"),
    "dynamic=true, seed=7": Wishes(is_dynamic=True, seed="7"),
    "dynamic=false": Wishes(is_dynamic=False),
    "respond-async, wait=10": NO_WISHES,
}


def wished(prefer: str | None, query: str = "") -> Wishes:
    headers = Headers({"prefer": prefer} if prefer is not None else {})
    return wishes_of(Request("GET", f"http://mock.test/pets{query}", headers))


@pytest.mark.parametrize("prefer", SPELLINGS)
def test_wishes_are_read_from_the_header(prefer: str) -> None:
    assert wished(prefer) == SPELLINGS[prefer]


def test_several_fields_are_read_as_one() -> None:
    headers = Headers([("Prefer", "code=404"), ("prefer", "example=tom")])
    assert wishes_of(Request("GET", "http://mock.test/", headers)) == Wishes(code="404", example="tom")


def test_the_query_may_say_the_same_and_the_header_counts_first() -> None:
    assert wished(None, "?__code=404&__example=a%20b&__dynamic=true") == Wishes("404", "a b", is_dynamic=True)
    assert wished("code=200", "?__code=404&__example=tom") == Wishes("200", "tom")


@pytest.mark.parametrize("prefer", ["code=abc", "code=99", "code=600", "code=4XX", "dynamic=maybe"])
def test_a_wish_that_makes_no_sense_is_told(prefer: str) -> None:
    with pytest.raises(Unavailable) as caught:
        wished(prefer)
    assert caught.value.status == 422


def test_the_service_does_not_see_wishes_in_the_query() -> None:
    request = Request("GET", "http://mock.test/pets?a=1&__code=404&__other=x")
    assert without_wishes(request).url == "http://mock.test/pets?a=1&__other=x"
    assert without_wishes(Request("GET", "http://mock.test/pets?__code=404")).url == "http://mock.test/pets"


def test_a_wish_is_no_parameter_that_is_not_declared() -> None:
    rest = {"name": "rest", "in": "query", "schema": {"type": "object", "additionalProperties": {"type": "integer"}}}
    root = one(get={"parameters": [rest], "responses": {"200": content(PET, example=REX)}})
    assert ask(root, target="/pets?a=1&__code=200&__dynamic=true").status == 200
    assert ask(root, target="/pets?a=x").status == 422


def test_another_seed_makes_other_data() -> None:
    root = one(get=answers(s200=content({"type": "string", "minLength": 12})))
    first, again, other = (ask(root, headers={"prefer": f"seed={seed}"}).body for seed in (1, 1, 2))
    assert first == again != other


def test_dynamic_may_be_the_rule_and_a_request_the_exception() -> None:
    root = one(get=answers(s200=content(PET, example=REX)))
    assert read(ask(root, dynamic=True)) != REX
    assert read(ask(root, dynamic=True, headers={"prefer": "dynamic=false"})) == REX


def test_examples_may_be_ignored_altogether() -> None:
    root = one(get=answers(s200=content(PET, examples={"tom": {"value": TOM}})))
    assert read(ask(root, ignore_examples=True)) != TOM
    assert read(ask(root, ignore_examples=True, headers={"prefer": "example=tom"})) != TOM
