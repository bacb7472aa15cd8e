"""What is wrong with a document's `x-mock` data, each with its place: words that are none, and what cannot be meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mockserver.behaviour.expressions import unreadable
from mockserver.behaviour.inference import ACTIONS
from mockserver.behaviour.occasions import CHANGED, CREATED, DELETED
from mockserver.behaviour.overlay import DATA
from mockserver.behaviour.wanted import EXTENSION
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.hints import hint_clause, json_kind, quoted
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import Operation

_TEXT, _OBJECT, _LIST = "a text", "an object", "a list"
#: What stands in `x-mock` of an operation, and of what kind it is; "" for any.
_OF_OPERATION: Mapping[str, str] = {
    **dict.fromkeys((*ACTIONS, "by", "by-member", "how", "facts-of"), _TEXT),
    **dict.fromkeys(("records", "uploads", "instead", "idempotency", "otherwise", "set", "sort", "page"), _OBJECT),
    **dict.fromkeys(("rules", "limits", "filters"), _LIST),
    **dict.fromkeys(("status", "requires", "answer", "single", "is-still"), ""),
}
_OF_COLLECTION: Mapping[str, str] = {
    **dict.fromkeys(("id", "default-outcome", "identifier"), _TEXT),
    **dict.fromkeys(("unknown", "members", "optional-members", "facts", "outcomes"), _OBJECT),
    **dict.fromkeys(("children", "tally", "file", "webhook"), _OBJECT),
    **dict.fromkeys(("kept-facts", "outcome-when", "seeded"), _LIST),
}
_OF_WEBHOOK: Mapping[str, str] = {
    **dict.fromkeys(("collection", "url"), _TEXT),
    **dict.fromkeys(("on", "when", "after"), ""),
    "members": _OBJECT,
    "kept": _LIST,
}
_OCCASIONS = (CREATED, CHANGED, DELETED)
_AT_ROOT = (*DATA, "x-mock-state", "x-mock-webhooks")
_AT_OPERATION = ("x-mock", EXTENSION, *(f"x-mock-{name}" for name in ("codes", "rate", "state", "stream")))
_EMPTY: Mapping[str, Json] = {}


def data_mistakes(contract: Contract) -> Iterator[str]:
    """A line for each mistake; looks at every operation, so it is for documents that are not large."""
    root = contract.document.root
    yield from _unknown([name for name in root if name.startswith("x-mock")], _AT_ROOT)
    for name, data in _object(root.get("x-mock-collections")).items():
        place = f"x-mock-collections.{name}"
        yield from _words(place, data, _OF_COLLECTION)
        for word in ("members", "optional-members", "facts"):
            yield from _expressions(f"{place}.{word}", _object(_object(data).get(word)).values())
    for operation in contract.operations.values():
        yield from _of_operation(contract, operation, operation.key)
    for name, operation in contract.webhooks.items():
        yield from _of_operation(contract, operation, f"webhooks.{name}")


def _of_operation(contract: Contract, operation: Operation, place: str) -> Iterator[str]:
    stated = operation.extensions
    yield from _unknown([name for name in stated if name.startswith("x-mock")], _AT_OPERATION, f"{place}: ")
    if "x-mock" in stated:
        yield from _action(contract, f"{place}: x-mock", stated["x-mock"])
    if EXTENSION in stated:
        yield from _webhook(f"{place}: {EXTENSION}", stated[EXTENSION])


def _action(contract: Contract, place: str, data: Json) -> Iterator[str]:
    yield from _words(place, data, _OF_OPERATION)
    data, root = _object(data), contract.document.root
    named = [word for word in ACTIONS if word in data]
    if len(named) > 1:
        yield f"{place}: one of {' and '.join(named)}, not both"
    collections, rules = _object(root.get("x-mock-collections")), _object(root.get("x-mock-rules"))
    names = [data[word] for word in named if word != "compute"]
    yield from _absent(place, [one for one in names if not str(one).startswith("/")], collections, "collection")
    yield from _absent(f"{place}.rules", data["rules"] if isinstance(data.get("rules"), list) else (), rules, "rule")
    stated = [data[word] for word in ("requires", "answer", "compute") if word in data]
    yield from _expressions(place, [*stated, *_object(data.get("set")).values()])


def _webhook(place: str, data: Json) -> Iterator[str]:
    yield from _words(place, data, _OF_WEBHOOK)
    data = _object(data)
    kinds = data.get("on", ())
    for kind in kinds if isinstance(kinds, list | tuple) else [kinds]:
        if kind not in _OCCASIONS:
            yield f"{place}.on: {quoted(kind)} is not one of {', '.join(_OCCASIONS)}{hint_clause(kind, _OCCASIONS)}"
    yield from _expressions(place, [data[word] for word in ("when", "url") if word in data])
    yield from _expressions(f"{place}.members", _object(data.get("members")).values())


def _words(place: str, data: Json, known: Mapping[str, str]) -> Iterator[str]:
    if not isinstance(data, Mapping):
        yield f"{place}: {json_kind(data)} where an object is needed"
    for word, value in _object(data).items():
        wanted = known.get(word)
        if wanted is None:
            yield f"{place}.{word}: no such word{hint_clause(word, known)}"
        elif wanted and json_kind(value) != wanted:
            yield f"{place}.{word}: {json_kind(value)} where {wanted} is needed"


def _unknown(names: Iterable[str], known: Iterable[str], place: str = "") -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f"{place}{name}: no such data{hint_clause(name, known)}"


def _absent(place: str, names: Iterable[Json], known: Mapping[str, Json], what: str) -> Iterator[str]:
    for name in names:
        if name not in known:
            there_are = f"; there are {', '.join(known)}" if known else "; the document has none"
            yield f"{place}: no {what} {quoted(name)}{hint_clause(name, known) or there_are}"


def _expressions(place: str, expressions: Iterable[Json]) -> Iterator[str]:
    for expression in expressions:
        fault = unreadable(expression)
        if fault is not None:
            yield f"{place}: the expression {quoted(expression)} cannot be read: {fault}"


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else _EMPTY
