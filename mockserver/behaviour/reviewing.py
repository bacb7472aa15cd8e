"""What is wrong with a document's `x-mock` data, each with its place: words that are none, and what cannot be meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from itertools import chain

from mockserver.behaviour.describing import Meaning, Names, OneOf
from mockserver.behaviour.inference import ACTIONS, Inference
from mockserver.behaviour.keeping import Keeping
from mockserver.behaviour.kinds import Kind
from mockserver.behaviour.paths import form_of_path, names_of, parent_of
from mockserver.behaviour.vocabulary import (
    AT_OPERATION,
    AT_ROOT,
    COLLECTION,
    NEEDED_BY_NAME,
    NEEDED_OF_PAGES,
    OF_COLLECTION,
    OUTCOME,
    PARAMETER,
    RULE,
)
from syncdyn.openapi.catalogue import callbacks
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.hints import hint_clause
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import Operation

_COLLECTIONS = "x-mock-collections"
_EMPTY: Mapping[str, Json] = {}


def data_mistakes(contract: Contract) -> Iterator[str]:
    """A line for each mistake; looks at every operation, so it is for documents that are not large."""
    review = Review(contract)
    yield from review.of_root()
    for operation in contract.operations.values():
        yield from review.of_operation(operation, operation.key)
        for callback in callbacks(contract.document, operation):
            yield from review.of_operation(callback.operation, f"{operation.key}: callback {callback.name}")
    for name, operation in contract.webhooks.items():
        yield from review.of_operation(operation, f"webhooks.{name}")


class Review:
    """Looks through the data of one document; what its schemas promise is asked only where data speaks of it."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._root = contract.document.root
        collections = _object(self._root.get(_COLLECTIONS))
        self._collections = {name: _object(data) for name, data in collections.items()}

    def of_root(self) -> Iterator[str]:
        """A line for each mistake at the root of the document."""
        yield from _stated(self._root, AT_ROOT, "", self._names)
        for name, data in _object(self._root.get(_COLLECTIONS)).items():
            yield from self._of_collection(f"{_COLLECTIONS}.{name}", name, data)

    def of_operation(self, operation: Operation, place: str) -> Iterator[str]:
        """A line for each mistake at an operation, which is called `place`."""

        def names(sort: str) -> Collection[str]:
            return names_of(operation.path) if sort == PARAMETER else self._names(sort)

        yield from _stated(operation.extensions, AT_OPERATION, f"{place}: ", names)
        data = _object(operation.extensions.get("x-mock"))
        named = [word for word in ACTIONS if word in data]
        if len(named) > 1:
            yield f"{place}: x-mock: one of {' and '.join(named)}, not both"
        yield from _lacking(f"{place}: x-mock", data)
        if "set" in data:
            found = self._inference.behaviour(operation) or _EMPTY
            name = next((found[word] for word in ACTIONS if word in found), None)
            keeping = self._keeping(name) if isinstance(name, str) else None
            if keeping is not None:
                yield from keeping.of_members(f"{place}: x-mock.set", _object(data["set"]))

    def _of_collection(self, place: str, name: str, data: Json) -> Iterator[str]:
        outcomes = _object(_object(data).get("outcomes"))

        def names(sort: str) -> Collection[str]:
            return outcomes.keys() if sort == OUTCOME else self._names(sort)

        yield from OF_COLLECTION.mistakes(place, data, names)
        keeping = self._keeping(name)
        if keeping is None:
            told = hint_clause(name, self._places) or f"; there are {', '.join(self._places) or 'none'}"
            yield f"{place}: no collection of things stands at {name}{told}"
        else:
            yield from keeping.of_collection(place, _object(data))

    def _keeping(self, name: str) -> Keeping | None:
        """What judges members of the things of a collection; None where there is no such collection."""
        if not name.startswith("/"):
            return Keeping(self._contract, None, self._collections.get(name, _EMPTY))
        kind = self._kind(name)
        return None if kind is None else Keeping(self._contract, kind, kind.data)

    def _kind(self, name: str) -> Kind | None:
        form, kinds = form_of_path(name), self._inference.kinds
        return kinds.at(form) or kinds.single(form)

    def _names(self, sort: str) -> Collection[str]:
        if sort == COLLECTION:
            return [*(name for name in self._collections if not name.startswith("/")), *self._places]
        return _object(self._root.get("x-mock-rules")).keys() if sort == RULE else ()

    @cached_property
    def _inference(self) -> Inference:
        return Inference(self._contract, self._collections)

    @cached_property
    def _places(self) -> list[str]:
        """The paths at which collections stand, or the one thing of a kind."""
        forms = [form_of_path(head.path) for head in self._contract.operations.heads.values()]
        both = dict.fromkeys(chain(forms, map(parent_of, forms)))
        found = (self._kind(form) for form in both)
        return list(dict.fromkeys(kind.name for kind in found if kind is not None))


def _lacking(place: str, data: Mapping[str, Json]) -> Iterator[str]:
    """A line for each word that an operation's data needs because of another."""
    is_by_name = any(isinstance(data.get(word), str) and data[word][:1] != "/" for word in ACTIONS)
    needed = {word: NEEDED_BY_NAME.get(word, ()) for word in ACTIONS if word in data and is_by_name}
    if "compute" in data:
        needed["compute"] = ("facts-of",)
    for word, others in needed.items():
        yield from (f"{place}: {word} needs {other!r}" for other in others if other not in data)
    for index, one in enumerate(data["filters"] if isinstance(data.get("filters"), list) else ()):
        if isinstance(one, Mapping) and one.get("test") != "absent" and not {"parameter", "value"} & one.keys():
            yield f"{place}.filters[{index}]: it lacks 'parameter' or 'value'"
    page, sort = _object(data.get("page")), _object(data.get("sort"))
    if page and is_by_name:
        yield from (f"{place}.page: it lacks {word!r}" for word in NEEDED_OF_PAGES if word not in page)
    orders = _object(sort.get("orders"))
    if orders:
        yield from OneOf(orders.keys()).mistakes(f"{place}.sort.default", sort.get("default"), _no_names)


def _no_names(_sort: str) -> Collection[str]:
    return ()


def _stated(data: Mapping[str, Json], known: Mapping[str, Meaning], before: str, names: Names) -> Iterator[str]:
    """A line for each mistake in the `x-mock` data among others; `before` stands before each place."""
    for name in data:
        if not name.startswith("x-mock"):
            continue
        if name in known:
            yield from known[name].mistakes(f"{before}{name}", data[name], names)
        else:
            yield f"{before}{name}: no such data{hint_clause(name, known)}"


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else _EMPTY
