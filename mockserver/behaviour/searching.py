"""JMESPath expressions made ready: what the library has parsed becomes functions, which need no look at the tree.

The library reads the tree anew for each value, which takes ten times as long.
Source: jmespath.org/specification.html.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from syncdyn.openapi.messages import Json

#: From a value, and what the functions of the language are methods of, to what is found.
Search: TypeAlias = Callable[[Json, Any], Json]
_Node: TypeAlias = Mapping[str, Any]
_SIZED = (str, list, dict, Mapping)
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "gt": operator.gt,
    "lte": operator.le,
    "gte": operator.ge,
}


def search_of(node: _Node, table: Mapping[str, Any]) -> Search | None:
    """The search that a parsed expression stands for; None for one that hands on expressions (`sort_by(@, &age)`).

    `table` has the library's entry of each function.
    """
    make = _MAKERS.get(node["type"])
    if node["type"] == "function_expression":
        return _function(node, table)
    below = [search_of(child, table) for child in node["children"] if isinstance(child, dict)]
    searches = [search for search in below if search is not None]
    return None if make is None or len(searches) < len(below) else make(node, searches)


def _is_false(value: Json) -> bool:
    """Whether a value counts as false: false, null, and what is empty."""
    return value is None or value is False or (isinstance(value, _SIZED) and not value)


def _function(node: _Node, table: Mapping[str, Any]) -> Search | None:
    name, known = node["value"], table.get(node["value"], {})
    arguments = [search_of(child, table) for child in node["children"]]
    searches = [search for search in arguments if search is not None]
    if len(searches) < len(arguments):
        return None
    signature = known.get("signature", ())
    takes_any = len(signature) == len(searches) and not any(one["types"] or "variadic" in one for one in signature)
    if not known or not takes_any:
        # The library says what is wrong with the arguments.
        return lambda value, calls: calls.call_function(name, [search(value, calls) for search in searches])
    function = known["function"]
    return lambda value, calls: function(calls, *[search(value, calls) for search in searches])


def _field(node: _Node, _: list[Search]) -> Search:
    name = node["value"]
    return lambda value, _: value.get(name) if isinstance(value, dict | Mapping) else None


def _chain(_: _Node, steps: list[Search]) -> Search:
    first, *rest = steps

    def search(value: Json, calls: Any) -> Json:
        value = first(value, calls)
        for step in rest:
            value = step(value, calls)
        return value

    return search


def _comparator(node: _Node, sides: list[Search]) -> Search:
    left, right = sides
    word = node["value"]
    if word in ("eq", "ne"):
        is_wanted = word == "eq"
        return lambda value, calls: _equals(left(value, calls), right(value, calls)) is is_wanted
    compare = _COMPARED[word]

    def search(value: Json, calls: Any) -> Json:
        one, other = left(value, calls), right(value, calls)
        return compare(one, other) if _has_order(one) and _has_order(other) else None

    return search


def _equals(one: Json, other: Json) -> bool:
    # To Python 1 is True.
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def _has_order(value: Json) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _projection(_: _Node, searches: list[Search]) -> Search:
    base, each = searches

    def search(value: Json, calls: Any) -> Json:
        items = base(value, calls)
        if not isinstance(items, list):
            return None
        return [found for item in items if (found := each(item, calls)) is not None]

    return search


def _value_projection(_: _Node, searches: list[Search]) -> Search:
    base, each = searches

    def search(value: Json, calls: Any) -> Json:
        items = base(value, calls)
        if not isinstance(items, Mapping):
            return None
        return [found for item in items.values() if (found := each(item, calls)) is not None]

    return search


def _filter(_: _Node, searches: list[Search]) -> Search:
    base, each, test = searches

    def search(value: Json, calls: Any) -> Json:
        items = base(value, calls)
        if not isinstance(items, list):
            return None
        kept = [item for item in items if not _is_false(test(item, calls))]
        return [found for item in kept if (found := each(item, calls)) is not None]

    return search


def _flatten(_: _Node, searches: list[Search]) -> Search:
    (base,) = searches

    def search(value: Json, calls: Any) -> Json:
        items = base(value, calls)
        if not isinstance(items, list):
            return None
        return [one for item in items for one in (item if isinstance(item, list) else [item])]

    return search


def _index(node: _Node, _: list[Search]) -> Search:
    place = node["value"]

    def search(value: Json, _: Any) -> Json:
        return value[place] if isinstance(value, list) and -len(value) <= place < len(value) else None

    return search


def _slice(node: _Node, _: list[Search]) -> Search:
    part = slice(*node["children"])
    return lambda value, _: value[part] if isinstance(value, list) else None


def _several(_: _Node, searches: list[Search]) -> Search:
    return lambda value, calls: None if value is None else [search(value, calls) for search in searches]


def _object(node: _Node, searches: list[Search]) -> Search:
    members = list(zip([child["value"] for child in node["children"]], searches, strict=True))
    return lambda value, calls: None if value is None else {name: search(value, calls) for name, search in members}


def _or(_: _Node, sides: list[Search]) -> Search:
    left, right = sides

    def search(value: Json, calls: Any) -> Json:
        found = left(value, calls)
        return right(value, calls) if _is_false(found) else found

    return search


def _and(_: _Node, sides: list[Search]) -> Search:
    left, right = sides

    def search(value: Json, calls: Any) -> Json:
        found = left(value, calls)
        return found if _is_false(found) else right(value, calls)

    return search


def _not(_: _Node, searches: list[Search]) -> Search:
    (inner,) = searches
    return lambda value, calls: _is_false(inner(value, calls))


def _literal(node: _Node, _: list[Search]) -> Search:
    literal = node["value"]
    return lambda _value, _calls: literal


def _same(_: _Node, __: list[Search]) -> Search:
    return lambda value, _: value


_MAKERS: Mapping[str, Callable[[_Node, list[Search]], Search]] = {
    "field": _field,
    "subexpression": _chain,
    "index_expression": _chain,
    "pipe": _chain,
    "comparator": _comparator,
    "current": _same,
    "identity": _same,
    "filter_projection": _filter,
    "projection": _projection,
    "value_projection": _value_projection,
    "flatten": _flatten,
    "index": _index,
    "slice": _slice,
    "key_val_pair": _chain,
    "literal": _literal,
    "multi_select_dict": _object,
    "multi_select_list": _several,
    "or_expression": _or,
    "and_expression": _and,
    "not_expression": _not,
}
