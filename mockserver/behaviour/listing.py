"""Lists of resources: filtered, sorted, cut into pages; how, is the operation's data."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from mockserver.problems import Fault, Refused
from syncdyn.openapi.document import read_pointer
from syncdyn.openapi.messages import Json
from syncdyn.openapi.moments import moment_seconds

_BAD_REQUEST = 400
#: How a text that names a member to sort by may say which way.
_ENDING = re.compile(r"[:,_ .](asc|desc)(?:ending)?$", re.IGNORECASE)
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
        passes = TESTS[entry["test"]](wanted)
        member_of = _reader(entry["member"])
        kept = [view for view in kept if passes(member_of(view))]
    return _sorted(data, kept, query)


def _reader(pointer: str) -> Callable[[View], Json]:
    """What reads the member at a pointer; most name one of the view's own."""
    name = pointer[1:]
    if "/" in name or "~" in name or not name:
        return lambda view: read_pointer(view, pointer)
    return lambda view: view.get(name)


def is_asked(data: Mapping[str, Json], query: Mapping[str, Json]) -> bool:
    """Whether `select` would do anything: a filter has a value, or there is an order."""
    filters = (one for one in data.get("filters", ()) if "parameter" not in one or one["parameter"] in query)
    sort = data.get("sort") or {}
    is_sorted = "orders" in sort or sort.get("parameter") in query or sort.get("direction") in query
    return is_sorted or next(filters, None) is not None


def page_of(data: Mapping[str, Json], views: Sequence[View], query: Mapping[str, Json], seed: int) -> Page:
    """One page of views; an empty one for a cursor that was not given out or whose item is gone."""
    stated = data["page"]
    limit = query.get(stated["limit"], stated["default-limit"])
    cursor = query.get(stated["cursor"])
    start = 0 if cursor is None else _start(cursor, views, seed)
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


def _start(cursor: str, views: Sequence[View], seed: int) -> int:
    """Where the page after a cursor begins. One that was not given out, or whose item is gone, leads past the end."""
    last_id = read_cursor(cursor, seed)
    found = next((index for index, view in enumerate(views) if view["id"] == last_id), len(views))
    return found + 1


def _sorted(data: Mapping[str, Json], views: list[View], query: Mapping[str, Json]) -> list[View]:
    stated = data.get("sort")
    if stated is None:
        return views
    found = _by_name(stated, query) if "members" in stated else stated.get("orders", {}).get(_named(stated, query))
    if found is None:
        return views
    member, direction = found
    # What has no value stands last in both directions; of equals the newer is the later, and first when descending.
    member_of = _reader(member)
    having = [view for view in views if member_of(view) is not None]
    lacking = [view for view in views if member_of(view) is None]
    having.sort(key=lambda view: _sort_key(member_of(view)))
    return (having[::-1] if direction == "descending" else having) + lacking


def _named(stated: Mapping[str, Json], query: Mapping[str, Json]) -> Json:
    return query.get(stated.get("parameter", ""), stated.get("default"))


def _by_name(stated: Mapping[str, Json], query: Mapping[str, Json]) -> tuple[str, str] | None:
    """The member and direction that a query names: `-price`, `price:desc`, `price_desc`, or two parameters."""
    asked = query.get(stated.get("parameter", ""))
    asked = asked[0] if isinstance(asked, list) and asked else asked
    direction = str(query.get(stated.get("direction", ""), ""))
    if asked is None and not direction:
        return None
    name = str(asked or "created")
    ending = _ENDING.search(name)
    is_down = name.startswith("-") or (direction or (ending[1] if ending else "")).lower().startswith("desc")
    words = re.sub(r"[^a-z0-9]", "", _ENDING.sub("", name).lower())
    members = stated["members"]
    wanted = next((words + ending for ending in ("", "at", "date", "on", "time") if words + ending in members), None)
    return (members[wanted], "descending" if is_down else "ascending") if wanted else None


def _sort_key(value: Json) -> Any:
    if isinstance(value, bool | int | float):
        return (0, value)
    return (1, value.casefold() if isinstance(value, str) else str(value))


def _among(wanted: Json) -> _Passes:
    """A member that is one of those wanted, or a list that has one of them."""
    several = wanted if isinstance(wanted, list) else [wanted]
    return lambda member: any(one in several for one in member) if isinstance(member, list) else member in several


def _at_least(wanted: Json) -> _Passes:
    return lambda member: _compared(member, wanted, 1)


def _at_most(wanted: Json) -> _Passes:
    return lambda member: _compared(member, wanted, -1)


def _compared(member: Json, wanted: Json, sign: int) -> bool:
    """Whether a member is not below (or with a sign of -1, above) what is wanted; moments as well as numbers."""
    both = [_number(member), _number(wanted)]
    return both[0] is not None and both[1] is not None and (both[0] - both[1]) * sign >= 0


def _number(value: Json) -> float | None:
    return value if isinstance(value, int | float) else moment_seconds(str(value))


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
TESTS: Mapping[str, Callable[[Json], _Passes]] = {
    "among": _among,
    "at-least": _at_least,
    "at-most": _at_most,
    "in": lambda wanted: lambda member: member in wanted,
    "equals": lambda wanted: lambda member: bool(member == wanted),
    "contains": _contains,
    "after": _after,
    "before": _before,
    "absent": lambda _: lambda member: member is None,
}
