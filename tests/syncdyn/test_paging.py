"""All pages as one sequence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from syncdyn import (
    AsyncClient,
    Client,
    ConfigurationError,
    RequestValidationError,
    ServiceUnavailableError,
    UnexpectedResponseError,
)
from syncdyn.flow import Flow
from syncdyn.openapi.messages import Headers, Request
from syncdyn.paging import Pagination, iterate
from syncdyn.response import RawResponse
from tests.syncdyn.fakes import ASSET, Connect, Service, answer
from tests.syncdyn.hands import Hands

BY_CURSOR = Pagination("iterate", "cursor", "/next", "/items")


def a_page(items: Any, following: Any = None) -> Any:
    return {"items": items, "next": following}


def pages(*found: Any) -> tuple[list[Mapping[str, Any]], Any]:
    asked: list[Mapping[str, Any]] = []

    def get_page(arguments: Mapping[str, Any]) -> Flow[RawResponse[Any]]:
        yield from ()  # a flow that asks for nothing
        asked.append(dict(arguments))
        return RawResponse(found[len(asked) - 1], 200, Headers(), Request("GET", "https://x.example.com"))

    return asked, get_page


def test_every_item_of_every_page_comes_in_order() -> None:
    asked, get_page = pages(a_page([1, 2], "b"), a_page([], "c"), a_page([3]))
    hands = Hands()
    hands.run(iterate(BY_CURSOR, get_page, {"limit": 2}))
    assert hands.emitted == [1, 2, 3]
    assert asked == [{"limit": 2}, {"limit": 2, "cursor": "b"}, {"limit": 2, "cursor": "c"}]


@pytest.mark.parametrize(("most", "items", "asked"), [(0, [], 0), (1, [1], 1), (2, [1, 2], 1), (3, [1, 2, 3], 2)])
def test_no_page_is_asked_for_whose_items_nobody_wants(most: int, items: list[int], asked: int) -> None:
    requests, get_page = pages(a_page([1, 2], "b"), a_page([3, 4]))
    hands = Hands()
    hands.run(iterate(BY_CURSOR, get_page, {}, most))
    assert (hands.emitted, len(requests)) == (items, asked)


def test_a_circle_of_pages_is_an_error() -> None:
    _, get_page = pages(*[a_page([1], "b")] * 3)
    hands = Hands()
    with pytest.raises(UnexpectedResponseError, match="in a circle: 'b' came twice"):
        hands.run(iterate(BY_CURSOR, get_page, {}))
    assert hands.emitted == [1, 1]


def test_a_page_without_items_is_an_empty_one() -> None:
    _, get_page = pages(a_page(None))
    hands = Hands()
    hands.run(iterate(BY_CURSOR, get_page, {}))
    assert hands.emitted == []


ODD_PAGES: dict[str, tuple[Any, str]] = {
    "no-object": ("odd", "expected a list of items at /items of the page, there is none"),
    "no-items": ({"next": None}, "there is none"),
    "text-as-items": (a_page("abc"), "found a str"),
    "object-as-items": (a_page({"a": 1}), "found a dict"),
    "number-as-cursor": (a_page([], 17), "expected a text as cursor at /next, found 17"),
    "false-as-cursor": (a_page([], False), "found False"),
    "object-as-cursor": (a_page([], {"a": 1}), "expected a text as cursor"),
}


@pytest.mark.parametrize(("odd", "told"), ODD_PAGES.values(), ids=ODD_PAGES.keys())
def test_a_page_that_cannot_be_gone_on_from_is_an_error_with_the_page(odd: Any, told: str) -> None:
    _, get_page = pages(odd)
    with pytest.raises(UnexpectedResponseError, match=told) as caught:
        Hands().run(iterate(BY_CURSOR, get_page, {}))
    assert (caught.value.body, caught.value.status_code) == (odd, 200)


@pytest.mark.parametrize(
    ("pointer", "data"),
    [("/0/items", [{"items": [1, 2]}]), ("", [1, 2]), ("/a~1b/c%20d", {"a/b": {"c%20d": [1, 2]}})],
    ids=["index", "top", "escaped"],
)
def test_items_are_found_by_json_pointer(pointer: str, data: Any) -> None:
    _, get_page = pages(data)
    hands = Hands()
    hands.run(iterate(Pagination("iterate", "cursor", "/next", pointer), get_page, {}))
    assert hands.emitted == [1, 2]


def page(*names: str, following: str | None = None) -> Any:
    return answer(200, {"items": [{**ASSET, "id": name} for name in names], "nextCursor": following})


def test_assets_are_iterated_page_by_page(connect: Connect) -> None:
    service = Service(page("a", "b", following="YTE"), page("c"))
    assets = list(connect(service).assets.iterate(limit=2, sort_by="nameAsc"))
    assert [asset.id for asset in assets] == ["a", "b", "c"]
    assert dict(service.last.url.params) == {"limit": "2", "sortBy": "nameAsc", "cursor": "YTE"}


def test_the_next_page_waits_until_it_is_wanted(connect: Connect) -> None:
    service = Service(page("a", "b", following="YTE"), page("c"))
    iterator = iter(connect(service).assets.iterate())
    assert [next(iterator).id, next(iterator).id] == ["a", "b"]
    assert len(service.requests) == 1
    iterator.close()


def test_at_most_so_many_are_given(connect: Connect) -> None:
    service = Service(page("a", "b", following="YTE"))
    assert [asset.id for asset in connect(service).assets.iterate(max_items=2)] == ["a", "b"]
    assert len(service.requests) == 1


def test_a_fault_in_the_middle_is_raised_there(connect: Connect) -> None:
    service = Service(page("a", following="YTE"), answer(503))
    iterator = iter(connect(service, max_retries=0).assets.iterate())
    assert next(iterator).id == "a"
    with pytest.raises(ServiceUnavailableError):
        next(iterator)


def test_arguments_are_checked_before_anything_is_sent(connect: Connect) -> None:
    service = Service(page("a"))
    with pytest.raises(RequestValidationError, match="limit"):
        list(connect(service).assets.iterate(limit=1000))
    assert service.requests == []


@pytest.mark.parametrize("most", [-1, "3", 1.5, True], ids=repr)
def test_an_impossible_number_of_items_is_told_of(connect: Connect, most: Any) -> None:
    service = Service(page("a"))
    with pytest.raises(RequestValidationError, match=r"iterate\.max_items: expected a whole number from 0, found"):
        list(connect(service).assets.iterate(max_items=most))
    assert service.requests == []


def test_what_has_no_name_is_told_of_as_for_a_single_page(connect: Connect) -> None:
    with pytest.raises(RequestValidationError, match="1 was given without a name; none may be"):
        list(connect(Service(page("a"))).assets.iterate("talk"))


def test_items_are_plain_through_raw_responses_too(connect: Connect) -> None:
    iterate_raw = connect(Service(page("a"))).assets.with_raw_response.iterate
    assert [asset.id for asset in iterate_raw()] == ["a"]


def test_a_list_of_items_below_a_member_of_another_spelling_is_typed() -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://x.example.com"}],
        "paths": {
            "/users/{user}/posts": {
                "get": {
                    "operationId": "listPosts",
                    "parameters": [
                        {"name": "user", "in": "path", "required": True, "schema": {"type": "string"}},
                        {"name": "after", "in": "query", "schema": {"type": "string"}},
                    ],
                    "x-syncdyn-methods": [{"resource": "posts", "name": "list"}],
                    "x-syncdyn-pagination": {
                        "resource": "posts",
                        "name": "iterate",
                        "cursor-parameter": "after",
                        "next-cursor": "/pageInfo/next",
                        "items": "/postList",
                    },
                    "responses": {"200": {"description": "", "content": {"application/json": {"schema": POSTS}}}},
                }
            }
        },
    }
    service = Service(answer(200, {"postList": [{"postId": "p"}], "pageInfo": {}}))
    http = httpx.Client(transport=httpx.MockTransport(service))
    with Client(document, httpx_client=http) as client:
        assert [post.post_id for post in client.posts.iterate("u1")] == ["p"]
    assert service.last.url.path == "/users/u1/posts"


POSTS = {
    "type": "object",
    "properties": {
        "postList": {
            "type": "array",
            "items": {"type": "object", "properties": {"postId": {"type": "string"}}},
        },
        "pageInfo": {"type": "object", "properties": {"next": {"type": "string"}}},
    },
}


@pytest.mark.parametrize("end", [None, ""], ids=["null", "empty"])
def test_a_cursor_that_says_nothing_is_the_end(connect: Connect, end: str | None) -> None:
    service = Service(answer(200, {"items": [ASSET], "nextCursor": end}))
    assert len(list(connect(service).assets.iterate())) == 1
    assert len(service.requests) == 1


def test_a_page_without_its_items_is_told(connect: Connect) -> None:
    with pytest.raises(UnexpectedResponseError, match="expected a list of items at /items of the page, there is none"):
        list(connect(Service(answer(200, {"nextCursor": None})), validate="off").assets.iterate())


def test_pages_become_a_sequence_in_the_stated_resource_alone() -> None:
    pagination = {
        "resource": "posts",
        "name": "iterate",
        "cursor-parameter": "after",
        "next-cursor": "/pageInfo/next",
        "items": "/postList",
    }
    operation = {
        "operationId": "listPosts",
        "parameters": [{"name": "after", "in": "query", "schema": {"type": "string"}}],
        "x-syncdyn-methods": [{"resource": "posts", "name": "list"}, {"resource": "feed", "name": "page"}],
        "x-syncdyn-pagination": pagination,
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": POSTS}}}},
    }
    document = {
        "openapi": "3.1.0",
        "servers": [{"url": "https://x.example.com"}],
        "paths": {"/posts": {"get": operation}},
    }
    with Client(document) as client:
        assert (hasattr(client.posts, "iterate"), hasattr(client.feed, "iterate")) == (True, False)


BOOKS: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Books", "version": "1"},
    "servers": [{"url": "https://books.example.com"}],
    "components": {
        "schemas": {"Book": {"type": "object", "properties": {"id": {"type": "integer"}}}},
        "securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "key"}},
    },
    "security": [{"key": []}],
    "paths": {
        "/books": {
            "get": {
                "operationId": "books.list",
                "parameters": [{"name": "per_page", "in": "query", "schema": {"type": "integer"}}],
                "responses": {
                    "200": {
                        "description": "A page",
                        "headers": {"Link": {"schema": {"type": "string"}}},
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Book"}}
                            }
                        },
                    }
                },
            },
            "post": {"operationId": "books.add", "responses": {"201": {"description": "Made"}}},
        }
    },
}


class Shelf:
    """Answers with pages that lead on by their Link fields; `wrapped` puts the items into an object."""

    def __init__(self, *links: str, is_wrapped: bool = False) -> None:
        self.links = links
        self.is_wrapped = is_wrapped
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        number = len(self.asked)
        self.asked.append(str(request.url))
        items = [{"id": number * 2}, {"id": number * 2 + 1}]
        headers = {"link": f'<{self.links[number]}>; rel="next"'} if number < len(self.links) else {}
        return httpx.Response(200, json={"total": 4, "items": items} if self.is_wrapped else items, headers=headers)

    def client(self, **more: Any) -> Client:
        return Client(BOOKS, auth="k3y-of-mine", httpx_client=httpx.Client(transport=httpx.MockTransport(self)), **more)


def test_links_lead_through_all_pages() -> None:
    shelf = Shelf("/books?per_page=2&page=2", "https://books.example.com/books?page=3&key=theirs")
    books = shelf.client().operations["books.list"].iterate(per_page=2)
    assert [book.id for book in books] == [0, 1, 2, 3, 4, 5]
    assert shelf.asked == [
        "https://books.example.com/books?per_page=2&key=k3y-of-mine",
        "https://books.example.com/books?per_page=2&page=2&key=k3y-of-mine",
        "https://books.example.com/books?page=3&key=theirs",
    ]


async def test_links_lead_an_awaiting_client_as_well() -> None:
    shelf = Shelf("/books?page=2")
    client = AsyncClient(BOOKS, auth="k", httpx_client=httpx.AsyncClient(transport=httpx.MockTransport(shelf)))
    assert [book.id async for book in client.books.list.iterate(max_items=3)] == [0, 1, 2]
    assert len(shelf.asked) == 2


def test_items_may_stand_in_the_one_list_of_an_object() -> None:
    shelf = Shelf("/books?page=2", is_wrapped=True)
    document = {**BOOKS, "paths": {"/books": {"get": {**BOOKS["paths"]["/books"]["get"]}}}}
    document["paths"]["/books"]["get"]["responses"] = {
        "200": {"description": "A page", "headers": {"Link": {}}, "content": {"application/json": {"schema": WRAPPED}}}
    }
    client = Client(document, auth="k", httpx_client=httpx.Client(transport=httpx.MockTransport(shelf)))
    assert [book.id for book in client.books.list.iterate()] == [0, 1, 2, 3]


WRAPPED = {
    "type": "object",
    "properties": {
        "total": {"type": "integer"},
        "items": {"type": "array", "items": {"$ref": "#/components/schemas/Book"}},
    },
}


@pytest.mark.parametrize(
    ("link", "told"),
    [("https://elsewhere.example/books?page=2", "of another origin"), ("/books?page=2", "in a circle")],
    ids=["another origin", "a circle"],
)
def test_a_link_that_must_not_be_followed_is_an_error(link: str, told: str) -> None:
    shelf = Shelf(*[link] * 3)
    with pytest.raises(UnexpectedResponseError, match=told) as caught:
        list(shelf.client().books.list.iterate())
    assert "k3y-of-mine" not in str(caught.value)
    assert all(url.startswith("https://books.example.com") for url in shelf.asked)


def test_what_declares_no_link_is_not_iterated() -> None:
    shelf = Shelf()
    with pytest.raises(ConfigurationError, match=r"books\.add cannot be iterated.*x-syncdyn-pagination"):
        shelf.client().books.add.iterate()
    assert shelf.asked == []


def test_the_number_of_items_is_checked_before_anything_is_sent() -> None:
    shelf = Shelf()
    with pytest.raises(RequestValidationError, match="max_items: expected a whole number"):
        shelf.client().books.list.iterate(max_items=-1)
    assert shelf.asked == []


def test_where_a_page_leads_does_not_count_when_no_more_is_wanted() -> None:
    shelf = Shelf("https://elsewhere.example/books?page=2")
    assert [book.id for book in shelf.client().books.list.iterate(max_items=2)] == [0, 1]


@pytest.mark.parametrize("link", ["http://[::1", "//[/books"])
def test_a_link_that_is_no_url_is_an_error_of_ours(link: str) -> None:
    with pytest.raises(UnexpectedResponseError, match="no URL"):
        list(Shelf(link).client().books.list.iterate())


def test_a_circle_of_links_is_told_without_the_key_in_them() -> None:
    shelf = Shelf(*["/books?page=2&key=k3y-of-mine"] * 3)
    with pytest.raises(UnexpectedResponseError, match="in a circle") as caught:
        list(shelf.client().books.list.iterate())
    assert "k3y-of-mine" not in str(caught.value)


def test_the_key_goes_along_where_another_name_ends_like_its_own() -> None:
    shelf = Shelf("/books?sort_key=id&page=2")
    list(shelf.client().books.list.iterate())
    assert shelf.asked[1] == "https://books.example.com/books?sort_key=id&page=2&key=k3y-of-mine"


@pytest.mark.parametrize("link", ["/books?page=2", "https://books.example.com/books?page=2"])
def test_the_user_of_the_base_url_asks_for_every_page(link: str) -> None:
    shelf = Shelf(link)
    list(shelf.client(base_url="https://ann:pw@books.example.com").books.list.iterate())
    assert all(url.startswith("https://ann:pw@books.example.com/") for url in shelf.asked)


def test_items_may_stand_in_the_one_list_of_an_object_without_a_schema() -> None:
    page = {"description": "", "headers": {"Link": {}}, "content": {"application/json": {}}}
    operation = {"responses": {"200": page}}
    shelf = Shelf("/books?page=2", is_wrapped=True)
    http = httpx.Client(transport=httpx.MockTransport(shelf))
    client = Client({**BOOKS, "paths": {"/books": {"get": operation}}}, auth="k", httpx_client=http)
    assert [item["id"] for item in client.operations["GET /books"].iterate()] == [0, 1, 2, 3]


def test_a_key_that_is_had_for_each_call_takes_the_place_of_the_one_in_a_link() -> None:
    shelf, keys = Shelf("/books?page=2&key=first-key"), iter(["first-key", "second-key"])
    http = httpx.Client(transport=httpx.MockTransport(shelf))
    list(Client(BOOKS, auth=lambda: next(keys), httpx_client=http).books.list.iterate())
    assert shelf.asked[1] == "https://books.example.com/books?page=2&key=second-key"
