"""All pages as one sequence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from syncdyn import RequestValidationError, ServiceUnavailableError, UnexpectedResponseError
from syncdyn.flow import Flow
from syncdyn.openapi.messages import Headers, Request
from syncdyn.paging import Pagination, iterate
from syncdyn.response import RawResponse
from tests.syncdyn.fakes import ASSET, Connect, Service, answer
from tests.syncdyn.hands import Hands

BY_CURSOR = Pagination("iterate", "cursor", "/next", "/items")


class Page:
    """A page as results are: members by name, the JSON by `__wire__`."""

    def __init__(self, items: Any, following: str | None = None) -> None:
        self.items = items
        self._data = {"items": items, "next": following}

    def __wire__(self) -> Any:
        return self._data


def pages(*found: Page) -> tuple[list[Mapping[str, Any]], Any]:
    asked: list[Mapping[str, Any]] = []

    def get_page(arguments: Mapping[str, Any]) -> Flow[RawResponse[Any]]:
        yield from ()  # a flow that asks for nothing
        asked.append(dict(arguments))
        return RawResponse(found[len(asked) - 1], 200, Headers(), Request("GET", "https://x.example.com"))

    return asked, get_page


def test_every_item_of_every_page_comes_in_order() -> None:
    asked, get_page = pages(Page([1, 2], "b"), Page([], "c"), Page([3]))
    hands = Hands()
    hands.run(iterate(BY_CURSOR, get_page, {"limit": 2}))
    assert hands.emitted == [1, 2, 3]
    assert asked == [{"limit": 2}, {"limit": 2, "cursor": "b"}, {"limit": 2, "cursor": "c"}]


@pytest.mark.parametrize(("most", "items", "asked"), [(0, [], 0), (1, [1], 1), (2, [1, 2], 1), (3, [1, 2, 3], 2)])
def test_no_page_is_asked_for_whose_items_nobody_wants(most: int, items: list[int], asked: int) -> None:
    requests, get_page = pages(Page([1, 2], "b"), Page([3, 4]))
    hands = Hands()
    hands.run(iterate(BY_CURSOR, get_page, {}, most))
    assert (hands.emitted, len(requests)) == (items, asked)


def test_a_circle_of_pages_is_an_error() -> None:
    _, get_page = pages(*[Page([1], "b")] * 3)
    hands = Hands()
    with pytest.raises(UnexpectedResponseError, match="in a circle: the cursor 'b' came twice"):
        hands.run(iterate(BY_CURSOR, get_page, {}))
    assert hands.emitted == [1, 1]


def test_a_page_without_items_is_an_empty_one() -> None:
    _, get_page = pages(Page(None))
    hands = Hands()
    hands.run(iterate(BY_CURSOR, get_page, {}))
    assert hands.emitted == []


def test_a_page_that_is_no_object_ends_it() -> None:
    _, get_page = pages("odd")  # type: ignore[arg-type]
    hands = Hands()
    hands.run(iterate(BY_CURSOR, get_page, {}))
    assert hands.emitted == []


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
