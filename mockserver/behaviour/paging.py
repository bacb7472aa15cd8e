"""One page of a list, in the words of any document: by offset, page number, cursor, or the thing before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from mockserver.behaviour.listing import read_cursor, write_cursor
from mockserver.state import Resource
from syncdyn.openapi.messages import Json


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of a list is shown: from `start`, at most `limit` of `total`."""

    start: int
    limit: int
    total: int

    @property
    def end(self) -> int:
        return min(self.start + self.limit, self.total)

    @property
    def has_more(self) -> bool:
        return self.end < self.total


def cut_of(page: Mapping[str, Json], query: Mapping[str, Json], resources: Sequence[Resource], seed: int) -> Cut:
    """The part of a list that a query asks for; `page` names the parameters.

    A cursor or id that is not known begins at the start: what it stood for may be gone.
    """
    limit = max(1, int(query.get(page.get("limit", ""), page["default-limit"]) or page["default-limit"]))
    total = len(resources)
    start = 0
    if page.get("offset") in query:
        start = int(query[page["offset"]])
    elif page.get("number") in query:
        start = (int(query[page["number"]]) - 1) * limit
    elif page.get("cursor") in query or page.get("after") in query:
        text = str(query.get(page.get("cursor", ""), query.get(page.get("after", ""))))
        start = _place_of(read_cursor(text, seed) or text, resources) + 1
    elif page.get("before") in query:
        end = max(_place_of(str(query[page["before"]]), resources), 0)
        return Cut(max(0, end - limit), min(limit, end) if end else limit, total)
    return Cut(min(max(start, 0), total), limit, total)


def _place_of(id_: str, resources: Sequence[Resource]) -> int:
    """The place of an id in a list, -1 where it is not there."""
    return next((place for place, one in enumerate(resources) if one.id == id_), -1)


def facts_of(page: Mapping[str, Json], cut: Cut, shown: Sequence[str], url: str, seed: int) -> dict[str, Json]:
    """What may be told of a page: `next` and `previous` as URLs, the cursor, counts, first and last id."""
    last = shown[-1] if shown else None
    cursor = write_cursor(last, seed) if cut.has_more and last is not None else None
    pages = max(1, -(-cut.total // cut.limit))
    return {
        "cursor": cursor,
        "next": _link_to(page, url, cut, cut.end, cursor, last) if cut.has_more else None,
        "previous": _link_to(page, url, cut, max(0, cut.start - cut.limit), None, None) if cut.start else None,
        "has-more": cut.has_more,
        "total": cut.total,
        "pages": pages,
        "number": cut.start // cut.limit + 1,
        "limit": cut.limit,
        "offset": cut.start,
        "first-id": shown[0] if shown else None,
        "last-id": last,
    }


def _link_to(
    page: Mapping[str, Json], url: str, cut: Cut, start: int, cursor: str | None, last: str | None
) -> str | None:
    """The URL of the page that begins at a place; None where this list's parameters cannot say it."""
    if "number" in page:
        changes = {page["number"]: str(start // cut.limit + 1)}
    elif "offset" in page:
        changes = {page["offset"]: str(start)}
    elif "cursor" in page and cursor is not None:
        changes = {page["cursor"]: cursor}
    elif "after" in page and last is not None:
        changes = {page["after"]: last}
    else:
        return None
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in changes]
    return parts._replace(query=urlencode([*kept, *changes.items()])).geturl()


def link_field(page: Mapping[str, Json], cut: Cut, facts: Mapping[str, Json], url: str) -> str:
    """The Link field of a page. Source: RFC 8288."""
    found = {"prev": facts["previous"], "next": facts["next"]}
    if cut.has_more and ("number" in page or "offset" in page):
        last = (facts["pages"] - 1) * cut.limit
        found["last"] = _link_to(page, url, cut, last, None, None)
    if cut.start:
        found["first"] = _link_to(page, url, cut, 0, None, None)
    return ", ".join(f'<{target}>; rel="{relation}"' for relation, target in found.items() if target)
