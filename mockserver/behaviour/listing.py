"""Lists of resources: filtered, sorted, cut into pages; how, is the operation's data."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from mockserver.problems import Fault, Refused
from syncdyn.openapi.document import read_pointer
from syncdyn.openapi.messages import Json
from syncdyn.openapi.moments import moment_seconds

_BAD_REQUEST = 400
View: TypeAlias = Mapping[str, Json]
_Passes: TypeAlias = Callable[[Json], bool]


@dataclass(frozen=True, slots=True)
class Page:
    """What one page shows: its items, the cursor of the next page, and how many there are on all."""

    items: list[View]
    next_cursor: str | None
    total: int


def select(data: Mapping[str, Json], views: Sequence[View], query: Mapping[str, Json]) -> list[View]:
    """The views that pass every filter of `data` for which the query has a value, in the order asked for.

    `views` come oldest first.
    """
    kept = list(views)
    for entry in data.get("filters", ()):
        wanted = query.get(entry["parameter"]) if "parameter" in entry else entry.get("value")
        if wanted is None and "parameter" in entry:
            continue
        passes = _TESTS[entry["test"]](wanted)
        kept = [view for view in kept if passes(read_pointer(view, entry["member"]))]
    return _sorted(data, kept, query)


def page_of(data: Mapping[str, Json], views: Sequence[View], query: Mapping[str, Json], seed: int) -> Page:
    """One page of views. Raises Refused for a cursor that was not given out or whose item is gone."""
    stated = data["page"]
    limit = query.get(stated["limit"], stated["default-limit"])
    cursor = query.get(stated["cursor"])
    start = 0 if cursor is None else _start(cursor, views, seed, stated["cursor"])
    items = list(views[start : start + limit])
    has_more = start + limit < len(views)
    return Page(items, write_cursor(str(items[-1]["id"]), seed) if has_more and items else None, len(views))


def write_cursor(last_id: str, seed: int) -> str:
    """The cursor of the page after an item: opaque, and recognised when it comes back."""
    text = f"{_mark(last_id, seed)}{last_id}".encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def read_cursor(cursor: str, seed: int) -> str | None:
    """The id of the item before the page, None for a cursor that was not given out."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    mark, last_id = text[:8], text[8:]
    return last_id if mark == _mark(last_id, seed) else None


def _mark(last_id: str, seed: int) -> str:
    return hashlib.sha256(f"cursor:{seed}:{last_id}".encode("utf-8", "replace")).hexdigest()[:8]


def _start(cursor: str, views: Sequence[View], seed: int, parameter: str) -> int:
    last_id = read_cursor(cursor, seed)
    found = next((index for index, view in enumerate(views) if view["id"] == last_id), None)
    if last_id is None or found is None:
        raise Refused(Fault(_BAD_REQUEST, (f"{parameter} is not one that an earlier page gave",), is_listed=True))
    return found + 1


def _sorted(data: Mapping[str, Json], views: list[View], query: Mapping[str, Json]) -> list[View]:
    stated = data.get("sort")
    if stated is None:
        return views
    name = query.get(stated.get("parameter", ""), stated["default"])
    member, direction = stated["orders"][name]
    # What has no value stands last in both directions; of equals the newer is the later, and first when descending.
    having = [view for view in views if read_pointer(view, member) is not None]
    lacking = [view for view in views if read_pointer(view, member) is None]
    having.sort(key=lambda view: _sort_key(read_pointer(view, member)))
    return (having[::-1] if direction == "descending" else having) + lacking


def _sort_key(value: Json) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _contains(wanted: Json) -> _Passes:
    folded = str(wanted).casefold()
    return lambda member: folded in str(member or "").casefold()


def _after(wanted: Json) -> _Passes:
    seconds = _seconds(wanted)
    return lambda member: _seconds(member) > seconds


def _before(wanted: Json) -> _Passes:
    seconds = _seconds(wanted)
    return lambda member: _seconds(member) < seconds


def _seconds(text: Json) -> float:
    seconds = moment_seconds(str(text))
    if seconds is None:
        raise Refused(Fault(_BAD_REQUEST, (f"{str(text)[:60]!r} is not a date-time",), is_listed=True))
    return seconds


#: The tests of filters by name; each is told what is wanted and says which members pass.
_TESTS: Mapping[str, Callable[[Json], _Passes]] = {
    "in": lambda wanted: lambda member: member in wanted,
    "equals": lambda wanted: lambda member: bool(member == wanted),
    "contains": _contains,
    "after": _after,
    "before": _before,
    "absent": lambda _: lambda member: member is None,
}
