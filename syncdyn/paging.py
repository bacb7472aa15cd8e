"""Going through all pages: by the cursor that `x-syncdyn-pagination` states, or by the Link fields of the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urljoin

from syncdyn.errors import UnexpectedResponseError
from syncdyn.flow import Emit, Flow
from syncdyn.model import Model
from syncdyn.openapi.coding.links import target_of
from syncdyn.openapi.document import read_pointer, steps_of
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.hints import kind_of
from syncdyn.openapi.messages import Json
from syncdyn.openapi.urls import is_absolute, origin_of, shown_url
from syncdyn.plain import plain
from syncdyn.response import RawResponse


@dataclass(frozen=True, slots=True)
class Pagination:
    """Which parameter takes the cursor, and where in a page the next one and the items stand (JSON Pointers)."""

    name: str
    cursor_parameter: str
    next_cursor: str
    items: str

    @classmethod
    def read(cls, stated: Mapping[str, Json]) -> Pagination:
        """The pagination that an extension states."""
        return cls(stated["name"], stated["cursor-parameter"], stated["next-cursor"], stated["items"])


#: Asks for one page, with these named arguments.
GetPage = Callable[[Mapping[str, Any]], Flow[RawResponse[Any]]]


def iterate(
    pagination: Pagination, get_page: GetPage, arguments: Mapping[str, Any], most_items: int | None = None
) -> Flow[None]:
    """Emits every item of every page, in order; a page is asked for when its first item is.

    Raises UnexpectedResponseError, with the page as its body, when the items are no list or the cursor is no text,
    and when a cursor comes a second time: it would go round for ever.
    """

    def page_at(cursor: str | None) -> Flow[RawResponse[Any]]:
        return get_page(arguments if cursor is None else {**arguments, pagination.cursor_parameter: cursor})

    return _every_item(page_at, partial(_items, pagination), partial(_next_cursor, pagination), most_items)


def follow_links(page_at: Callable[[str | None], Flow[RawResponse[Any]]], most_items: int | None = None) -> Flow[None]:
    """Emits every item of every page, the first at None, each other one where the one before leads by `rel="next"`.

    The items are the list that came, or the one list in the object that came.
    Raises UnexpectedResponseError as `iterate` does, and for a link to another origin.
    Source: RFC 8288.
    """
    return _every_item(page_at, _only_list, _next_url, most_items)


def _every_item(
    page_at: Callable[[str | None], Flow[RawResponse[Any]]],
    items_of: Callable[[RawResponse[Any]], list[Any]],
    next_of: Callable[[RawResponse[Any]], str | None],
    most_items: int | None,
) -> Flow[None]:
    following, met, left = None, set[str](), most_items
    while left is None or left > 0:
        page = yield from page_at(following)
        for item in items_of(page):
            if left is not None and left <= 0:
                return
            yield Emit(item)
            left = None if left is None else left - 1
        # Where a page leads whose follower nobody wants is nobody's concern.
        following = None if left == 0 else next_of(page)
        if following is None:
            return
        if following in met:
            # The query of a URL may hold a key.
            shown = shown_url(following) if is_absolute(following) else repr(following)
            raise _unexpected(page, f"the pages go in a circle: {shown} came twice")
        met.add(following)


def _only_list(page: RawResponse[Any]) -> list[Any]:
    found = page.data
    if isinstance(found, list) or found is None:
        return found or []
    if isinstance(found, Model | Mapping):
        lists = [wire for wire in found if isinstance(found[wire], list)]
        if len(lists) == 1:
            items: list[Any] = _below(found, lists[0])
            return items
    raise _unexpected(page, f"expected a list, or an object with one list in it, found {kind_of(found)}")


def _next_url(page: RawResponse[Any]) -> str | None:
    here = page.request.url
    target = target_of(page.headers.get("link", ""), "next")
    if target is None:
        return None
    try:
        url = urljoin(here, target)
    except ValueError:
        raise _unexpected(page, "the link to the next page is no URL") from None
    if not is_absolute(url) or origin_of(url) != origin_of(here):
        raise _unexpected(page, f"the next page is of another origin: {shown_url(url)}")
    return url


def _items(pagination: Pagination, page: RawResponse[Any]) -> list[Any]:
    """The items as they are read; null stands for none."""
    found = page.data
    for step in steps_of("#" + pagination.items.replace("%", "%25")):
        found = _below(found, step)
    if found is None:
        return []
    if not isinstance(found, list):
        told = "there is none" if found is MISSING else f"found {kind_of(found)}"
        raise _unexpected(page, f"expected a list of items at {pagination.items or 'the top'} of the page, {told}")
    return found


def _below(found: Any, step: str) -> Any:
    """What a step of a pointer leads to: a typed view where there is one."""
    if isinstance(found, Model):
        field = type(found).__shape__.all_fields.get(step)
        spellings = (step, *field.also) if field else (step,)
        if any(spelling in found for spelling in spellings):
            return getattr(found, field.name) if field else found[step]
    if isinstance(found, Mapping):
        return found.get(step, MISSING)
    if isinstance(found, list) and step.isdecimal() and int(step) < len(found):
        return found[int(step)]
    return MISSING


def _next_cursor(pagination: Pagination, page: RawResponse[Any]) -> str | None:
    cursor = read_pointer(plain(page.data), pagination.next_cursor)
    if cursor == "":
        return None
    if cursor is not None and not isinstance(cursor, str):
        raise _unexpected(page, f"expected a text as cursor at {pagination.next_cursor}, found {cursor!r}")
    return cursor


def _unexpected(page: RawResponse[Any], message: str) -> UnexpectedResponseError:
    return UnexpectedResponseError(
        message, status_code=page.status_code, headers=page.headers, request=page.request, body=plain(page.data)
    )
