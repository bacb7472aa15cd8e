"""Lists of things: filtered, sorted and paged by the names of parameters and members."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from syncdyn.openapi.coding.links import target_of
from tests.mockserver.behaviour.service import PET_REF, Service, content, parameter, pets, service

INTEGER = {"type": "integer"}


def listing(*parameters: dict[str, Any], answer: Any = None, **response: Any) -> Service:
    """A mock of pets whose list takes these parameters, with five of them: Ann, Bob, Cid, Dan, Eve."""
    root = pets()
    shown = {**content(answer or {"type": "array", "items": PET_REF}), **response}
    root["paths"]["/pets"]["get"] = {"parameters": list(parameters), "responses": {"200": shown}}
    shop = service(root)
    for number, name in enumerate(("Ann", "Bob", "Cid", "Dan", "Eve")):
        kind = ("dog", "cat")[number % 2]
        shop.json("POST", "/pets", {"name": name, "kind": kind, "age": 10 - number, "tags": [kind, name]})
    return shop


def names(shop: Service, query: str = "") -> str:
    """The first letters of the pets that are listed."""
    body = shop.json("GET", f"/pets{query}")
    return "".join(one["name"][0] for one in (body if isinstance(body, list) else body["data"]))


@pytest.mark.parametrize(
    ("stated", "query", "shown"),
    [
        (parameter("kind"), "?kind=cat", "BD"),
        (parameter("kind", {"type": "array", "items": {"type": "string"}}), "?kind=cat&kind=dog", "ABCDE"),
        (parameter("tags"), "?tags=Ann", "A"),
        (parameter("age", INTEGER), "?age=9", "B"),
        (parameter("min_age", INTEGER), "?min_age=9", "AB"),
        (parameter("age_lte", INTEGER), "?age_lte=7", "DE"),
        (parameter("created_after"), "?created_after=2030-01-01T00:00:00Z", ""),
        (parameter("colour"), "?colour=red", "ABCDE"),
    ],
    ids=["equal", "one of several", "in a list", "a number", "at least", "at most", "after", "no member of that name"],
)
def test_parameters_that_name_members_filter(stated: dict[str, Any], query: str, shown: str) -> None:
    assert names(listing(stated), query) == shown


@pytest.mark.parametrize(
    ("stated", "query", "shown"),
    [
        ([parameter("sort")], "?sort=age", "EDCBA"),
        ([parameter("sort")], "?sort=-name", "EDCBA"),
        ([parameter("sort_by")], "?sort_by=name:desc", "EDCBA"),
        ([parameter("orderBy"), parameter("order")], "?orderBy=age&order=asc", "EDCBA"),
        ([parameter("order", {"type": "string", "enum": ["asc", "desc"]})], "?order=desc", "EDCBA"),
        ([parameter("sort")], "?sort=nothing", "ABCDE"),
    ],
    ids=["by a member", "by minus", "by a colon", "by two parameters", "by direction alone", "by what is not there"],
)
def test_a_list_is_sorted_by_what_the_query_names(stated: list[dict[str, Any]], query: str, shown: str) -> None:
    assert names(listing(*stated), query) == shown


LIMIT = parameter("limit", {**INTEGER, "minimum": 1, "maximum": 100})


@pytest.mark.parametrize(
    ("stated", "query", "shown"),
    [
        ([LIMIT], "?limit=2", "AB"),
        ([LIMIT, parameter("offset", INTEGER)], "?limit=2&offset=3", "DE"),
        ([parameter("per_page", INTEGER), parameter("page", INTEGER)], "?per_page=2&page=3", "E"),
        ([LIMIT, parameter("starting_after")], "?limit=2&starting_after=2", "CD"),
        ([LIMIT, parameter("ending_before")], "?limit=2&ending_before=4", "BC"),
        ([LIMIT, parameter("offset", INTEGER)], "?limit=2&offset=9", ""),
        ([{**LIMIT, "schema": {**INTEGER, "default": 3}}], "", "ABC"),
        ([LIMIT, parameter("cursor")], "?limit=2&cursor=unknown", "AB"),
    ],
    ids=["first", "offset", "page", "after", "before", "past the end", "by default", "an unknown cursor"],
)
def test_a_page_is_what_the_query_asks_for(stated: list[dict[str, Any]], query: str, shown: str) -> None:
    assert names(listing(*stated), query) == shown


ENVELOPE = {
    "type": "object",
    "required": ["data", "has_more", "next_cursor", "total"],
    "properties": {
        "data": {"type": "array", "items": PET_REF},
        "has_more": {"type": "boolean"},
        "next_cursor": {"type": ["string", "null"]},
        "total": {"type": "integer"},
        "meta": {"type": "object", "properties": {"total_pages": {"type": "integer"}, "page": {"type": "integer"}}},
    },
}


def test_what_a_page_tells_is_true_and_leads_to_the_next() -> None:
    shop = listing(LIMIT, parameter("cursor"), answer=ENVELOPE)
    page = shop.json("GET", "/pets?limit=2")
    assert (page["has_more"], page["total"], page["meta"]) == (True, 5, {"total_pages": 3, "page": 1})
    seen = [one["name"] for one in page["data"]]
    while page["next_cursor"]:
        page = shop.json("GET", f"/pets?limit=2&cursor={page['next_cursor']}")
        seen += [one["name"] for one in page["data"]]
    assert seen == ["Ann", "Bob", "Cid", "Dan", "Eve"]
    assert page["has_more"] is False


def test_a_next_member_holds_the_url_of_the_next_page() -> None:
    stated = {
        "type": "object",
        "properties": {"data": {"type": "array", "items": PET_REF}, "next": {"type": ["string", "null"]}},
    }
    shop = listing(LIMIT, parameter("offset", INTEGER), answer=stated)
    following = urlsplit(shop.json("GET", "/pets?limit=4")["next"])
    assert names(shop, f"?{following.query}") == "E"
    assert shop.json("GET", f"/pets?{following.query}")["next"] is None


def test_a_link_field_leads_to_the_next_page_where_it_is_declared() -> None:
    link = {"Link": {"schema": {"type": "string"}}}
    stated = (parameter("per_page", INTEGER), parameter("page", INTEGER))
    shop = listing(*stated, headers=link)
    response = shop.ask("GET", "/pets?per_page=2&page=2")
    told = {relation: target_of(response.headers["link"], relation) for relation in ("prev", "next", "last", "first")}
    pages = [names(shop, f"?{urlsplit(str(target)).query}") for target in told.values()]
    assert pages == ["AB", "E", "E", "AB"]
    assert target_of(shop.ask("GET", "/pets?per_page=2&page=3").headers["link"], "next") is None


def test_the_bare_list_has_all() -> None:
    assert names(listing()) == "ABCDE"


def test_items_of_another_schema_show_what_it_knows() -> None:
    short = {"type": "object", "properties": {"name": {"type": "string"}}}
    assert listing(answer={"type": "array", "items": short}).json("GET", "/pets")[0] == {"name": "Ann"}


def test_a_sibling_path_lists_the_same_things_filtered() -> None:
    search = {
        "parameters": [parameter("kind")],
        "responses": {"200": content({"type": "array", "items": PET_REF})},
    }
    shop = service(pets(**{"/pets/search": {"get": search}}))
    shop.json("POST", "/pets", {"name": "Rex", "kind": "cat"})
    assert [one["name"] for one in shop.json("GET", "/pets/search?kind=cat")] == ["Rex"]
    assert shop.json("GET", "/pets/search?kind=dog") == []


def test_a_list_of_what_nobody_made_is_empty_unless_data_is_to_be_generated() -> None:
    assert service(pets()).json("GET", "/pets") == []
    shop = service(pets(), dynamic=True)
    (first, *_) = shop.json("GET", "/pets")
    assert shop.json("GET", f"/pets/{first['id']}") == first
