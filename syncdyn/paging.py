"""Going through all pages: pagination as the extension `x-syncdyn-pagination` states it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from syncdyn.errors import UnexpectedResponseError
from syncdyn.flow import Emit, Flow
from syncdyn.openapi.document import read_pointer, steps_of
from syncdyn.openapi.messages import Json
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

    Raises UnexpectedResponseError when a cursor comes a second time: it would go round for ever.
    """
    arguments, met, left = dict(arguments), set[str](), most_items
    while left is None or left > 0:
        page = yield from get_page(arguments)
        for item in _items(page.data, pagination.items):
            if left is not None and left <= 0:
                return
            yield Emit(item)
            left = None if left is None else left - 1
        cursor = read_pointer(_data(page.data), pagination.next_cursor)
        if not cursor:
            return
        if cursor in met:
            message = f"the pages go in a circle: the cursor {cursor!r} came twice"
            raise UnexpectedResponseError(message, status_code=page.status_code, headers=page.headers)
        met.add(cursor)
        arguments[pagination.cursor_parameter] = cursor


def _items(page: Any, pointer: str) -> Any:
    for step in steps_of("#" + pointer):
        page = getattr(page, step, None) if hasattr(page, "__wire__") else None
    return page or ()


def _data(page: Any) -> Json:
    return page.__wire__() if hasattr(page, "__wire__") else page
