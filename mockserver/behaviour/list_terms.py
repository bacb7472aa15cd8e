"""What a list's query parameters and its members mean, by their names: the `x-mock` terms that inference finds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mockserver.behaviour.forms import Form
from mockserver.behaviour.naming import NUMBERS, member_like, plain, singular
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import Operation, Parameter
from syncdyn.openapi.schemas.shapes import Shape

#: What a parameter does for paging, by its name without regard to how its words are parted.
_PAGING: Mapping[str, str] = {
    **dict.fromkeys(("limit", "perpage", "pagesize", "maxresults", "top", "take", "first", "size", "count"), "limit"),
    **dict.fromkeys(("offset", "skip", "startindex", "startat", "start"), "offset"),
    **dict.fromkeys(("page", "pagenumber", "pageno", "pageindex"), "number"),
    **dict.fromkeys(
        ("cursor", "pagetoken", "nexttoken", "nextcursor", "continuationtoken", "continuation", "marker"), "cursor"
    ),
    **dict.fromkeys(("startingafter", "after", "afterid", "lastid"), "after"),
    **dict.fromkeys(("endingbefore", "before", "beforeid"), "before"),
}
#: What a member of a page tells of it.
_TOLD: Mapping[str, str] = {
    **dict.fromkeys(("nextcursor", "nextpagetoken", "nexttoken", "continuationtoken", "cursor", "endcursor"), "cursor"),
    **dict.fromkeys(("next", "nextpage", "nexturl", "nextlink", "nextpageurl", "nextpageuri"), "next"),
    **dict.fromkeys(("previous", "prev", "previouspage", "prevpage", "previousurl", "prevurl"), "previous"),
    **dict.fromkeys(("hasmore", "hasnext", "hasnextpage", "more", "ismore"), "has-more"),
    **dict.fromkeys(("total", "totalcount", "totalitems", "totalresults", "totalrecords", "totalelements"), "total"),
    **dict.fromkeys(("totalpages", "pages", "pagecount", "numpages", "lastpage"), "pages"),
    **dict.fromkeys(("page", "currentpage", "pagenumber", "pageno"), "number"),
    **dict.fromkeys(("limit", "perpage", "pagesize"), "limit"),
    **dict.fromkeys(("offset", "skip", "start"), "offset"),
    "count": "total",
    "firstid": "first-id",
    "lastid": "last-id",
}
_SORT = frozenset({"sort", "sortby", "orderby", "sortfield", "ordering", "sortkey"})
_DIRECTION = frozenset({"order", "direction", "sortorder", "sortdir", "sortdirection", "dir", "orderdirection"})
_DIRECTIONS = frozenset({"asc", "desc", "ascending", "descending"})
_BOUND = re.compile(r"(min|max)_(\w+)|(\w+)_(min|max|gte|lte|gt|lt|after|before)")
_USUAL_LIMIT = 20
_SCALARS = frozenset({"string", "integer", "number", "boolean"})


def list_terms(contract: Contract, operation: Operation, form: Form) -> dict[str, Json]:
    """The terms of a list: `filters`, `sort` and `page`."""
    parameters = [one for one in operation.parameters if one.location == "query"]
    roles = {one.name: _PAGING[plain(one.name)] for one in parameters if _is_paging(contract, one)}
    others = [one for one in parameters if one.name not in roles]
    terms: dict[str, Json] = {"filters": list(_filters(contract, others, form.thing))}
    sort = _sort(contract, others, form.thing)
    if sort:
        terms["sort"] = sort
    if roles:
        by_name = {one.name: one for one in parameters}
        limit = next((name for name, role in roles.items() if role == "limit"), None)
        page: dict[str, Json] = {role: name for name, role in reversed(roles.items())}
        page["default-limit"] = _default_limit(contract, by_name.get(limit or ""))
        terms["page"] = page
    return terms


def told_of_pages(form: Form) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Where a body tells of its page, and what: `(("meta", "total"), "total")`."""
    return tuple(_told(form.whole, form, ()))


def _told(shape: Shape, form: Form, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    for wire, field in shape.all_fields.items():
        steps = (*above, wire)
        if steps == form.steps[: len(steps)]:
            continue
        if plain(wire) in _TOLD and field.shape.types & _SCALARS:
            yield steps, _TOLD[plain(wire)]
        elif not above and "object" in field.shape.types:
            yield from _told(field.shape, form, steps)


def _is_paging(contract: Contract, parameter: Parameter) -> bool:
    role = _PAGING.get(plain(parameter.name))
    shape = contract.shape(parameter.schema)
    if role is None or shape is None:
        return False
    if role in ("limit", "offset", "number"):
        return bool(shape.types & NUMBERS)
    return "string" in shape.types and shape.format not in ("date", "date-time")


def _default_limit(contract: Contract, limit: Parameter | None) -> int:
    shape = contract.shape(limit.schema) if limit else None
    stated = shape.schema.get("default") if shape else None
    most = shape.schema.get("maximum") if shape else None
    default = stated if isinstance(stated, int) and stated > 0 else _USUAL_LIMIT
    return min(default, int(most)) if isinstance(most, int | float) and most > 0 else default


def _filters(contract: Contract, parameters: list[Parameter], thing: Shape) -> Iterator[dict[str, Json]]:
    fields = {wire: field for wire, field in thing.all_fields.items() if _scalar_of(field.shape) is not None}
    for parameter in parameters:
        given = contract.shape(parameter.schema)
        if given is None or plain(parameter.name) in _SORT | _DIRECTION:
            continue
        wire = member_like(fields, parameter.name.removesuffix("[]"), (singular(parameter.name.removesuffix("[]")),))
        bound = _BOUND.fullmatch(parameter.name)
        if wire is not None:
            scalar = _scalar_of(fields[wire].shape)
            wanted = given.items.types if given.items is not None and "array" in given.types else given.types
            if scalar is not None and wanted & scalar:
                yield {"parameter": parameter.name, "member": f"/{wire}", "test": "among"}
        elif bound is not None:
            yield from _bounds(bound, parameter.name, fields)


def _bounds(bound: re.Match[str], name: str, fields: Mapping[str, Json]) -> Iterator[dict[str, Json]]:
    word, below, above, end = bound.groups()
    moments = (f"{above}_at", f"{above}_on", f"{above}_date")
    wire = member_like(fields, below or above, moments if end in ("after", "before") else ())
    if wire is not None:
        is_least = (word or end) in ("min", "gte", "gt", "after")
        yield {"parameter": name, "member": f"/{wire}", "test": "at-least" if is_least else "at-most"}


def _scalar_of(shape: Shape) -> frozenset[str] | None:
    """The types of a member, or of its items; None where there is nothing to compare."""
    if shape.types & _SCALARS:
        return shape.types & _SCALARS
    items = shape.items
    return items.types & _SCALARS or None if items is not None else None


def _sort(contract: Contract, parameters: list[Parameter], thing: Shape) -> dict[str, Json] | None:
    by_role: dict[str, str] = {}
    for parameter in parameters:
        shape = contract.shape(parameter.schema)
        allowed = shape.schema.get("enum") if shape else None
        is_direction = isinstance(allowed, list) and _DIRECTIONS.issuperset(str(one).lower() for one in allowed)
        if plain(parameter.name) in _DIRECTION | _SORT and is_direction:
            by_role.setdefault("direction", parameter.name)
        elif plain(parameter.name) in _SORT or (plain(parameter.name) == "order" and shape is not None):
            by_role.setdefault("parameter", parameter.name)
        elif plain(parameter.name) in _DIRECTION:
            by_role.setdefault("direction", parameter.name)
    if not by_role:
        return None
    members = {plain(wire): f"/{wire}" for wire, field in thing.all_fields.items() if field.shape.types & _SCALARS}
    return {**by_role, "members": members}
