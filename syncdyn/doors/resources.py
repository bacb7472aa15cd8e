"""A resource: a group of operations as methods, each made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any

from syncdyn.calling import Method
from syncdyn.doors.extras import EXTENSIONS, Extra, Surroundings, extras_of
from syncdyn.doors.functions import (
    Driving,
    Function,
    OperationMethod,
    Shared,
    Streamed,
    is_private,
    listed,
    near,
    result_of,
)
from syncdyn.doors.naming import MethodName
from syncdyn.openapi.catalogue import Head
from syncdyn.openapi.errors import UnknownOperation
from syncdyn.showing import table

#: What other clients call their methods: the HTTP methods, the likeliest first, and whether the path is that of one
#: thing, not of all.
_VERBS: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "create": (("POST",), False),
    "delete": (("DELETE",), True),
    "get": (("GET",), True),
    "list": (("GET",), False),
    "remove": (("DELETE",), True),
    "retrieve": (("GET",), True),
    "update": (("PATCH", "PUT", "POST"), True),
}


class Resource(Shared):
    """A group of operations; each is a method, with help and signature from the document.

    A method is an attribute by its Python name, an item by that or by its operationId.
    """

    def __init__(self, driving: Driving, name: str, methods: Mapping[str, MethodName], *, is_raw: bool = False) -> None:
        self._driving = driving
        self._name = name
        self._methods = methods
        self._is_raw = is_raw

    @property
    def with_raw_response(self) -> Resource:
        """The same methods, each giving its result together with status, header fields and violations."""
        return Resource(self._driving, self._name, self._methods, is_raw=True)

    @property
    def with_streaming_response(self) -> Streamed:
        """The same methods, each giving its answer as a stream: an iterator of events, records or bytes."""
        return Streamed(self)

    def __getattr__(self, name: str) -> Any:
        if is_private(name):
            raise AttributeError(name)
        make = self._makers.get(name)
        if make is None:
            raise AttributeError(self._told(name), name=name, obj=self)
        function = self.__dict__[name] = make()
        return function

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __getitem__(self, name: str) -> Any:
        found = name if name in self._makers else next(self._named(name), None)
        if found is None:
            raise UnknownOperation(self._told(name))
        return getattr(self, found)

    def _named(self, operation_id: str) -> Iterator[str]:
        return (name for name, head in self._heads() if head.id == operation_id)

    def _told(self, name: str) -> str:
        hint = self._doing(name) or near(name, self._makers) or f"; its methods: {listed(self._makers)}"
        return f"{self._name!r} has no method {name!r}{hint}"

    def _doing(self, verb: str) -> str:
        """What does the verb that other clients have: the method with such a word in its name and the shortest path.

        Without the word it must be for what the whole resource is about, and not for a part of that.
        """
        fitting = sorted(self._fitting(verb))
        if not fitting or (fitting[0][0] and fitting[0][1] > self._depth + 1):
            return ""
        *_, name, key = fitting[0]
        return f"; did you mean {name!r} ({key})?"

    def _fitting(self, verb: str) -> Iterator[tuple[bool, int, int, str, str]]:
        methods, is_item = asked = _VERBS.get(verb, ((), False))
        words = {word for word, done in _VERBS.items() if done == asked}
        for name, head in self._heads():
            if head.method in methods and head.path.endswith("}") == is_item:
                depth = head.path.count("/") + (not is_item)
                yield words.isdisjoint(name.split("_")), depth, methods.index(head.method), name, head.key

    @property
    def _depth(self) -> int:
        return min(head.path.count("/") for _, head in self._heads())

    def _heads(self) -> Iterator[tuple[str, Head]]:
        heads = self._driving.settings.contract.operations.heads
        return ((name, heads[entry.operation]) for name, entry in self._methods.items())

    @cached_property
    def _makers(self) -> Mapping[str, Callable[[], Function]]:
        own: dict[str, Callable[[], Function]] = {name: partial(self._operation, name) for name in self._methods}
        extra = {one.name: partial(self._extra, one) for one in self._extras() if one.name not in own}
        # An operation is never hidden by what is made from it.
        return {**own, **extra}

    def _extras(self) -> Iterator[Extra]:
        heads = self._driving.settings.contract.operations.heads
        for name, entry in self._methods.items():
            if heads[entry.operation].states(EXTENSIONS):
                around = Surroundings(self._method(name), self._method, self._driving.fetching)
                yield from extras_of(self._name, around)

    def _method(self, name: str) -> Method:
        entry = self._methods[name]
        return Method(self._driving.settings, f"{self._name}.{name}", entry.operation, entry.media_type)

    def _operation(self, name: str) -> Function:
        return OperationMethod(self._driving, self._method(name), is_raw=self._is_raw)

    def _extra(self, extra: Extra) -> Function:
        driving, is_raw = self._driving, self._is_raw

        def call(*args: Any, **kwargs: Any) -> Any:
            flow = extra.call(*args, **kwargs)
            return driving.iterate(flow) if extra.is_iterator else driving.run(result_of(flow, is_raw))

        return Function(f"{self._name}.{extra.name}", call, extra.documentation, extra.signature)

    def __dir__(self) -> list[str]:
        return sorted({*self._makers, "with_raw_response", "with_streaming_response"})

    def _repr_html_(self) -> str:
        operations = self._driving.settings.contract.operations
        rows = ((name, one.operation, operations[one.operation].summary) for name, one in self._methods.items())
        return table(self._name, ("method", "operation", "summary"), rows, len(self._methods))

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._makers)

    def __repr__(self) -> str:
        return f"<{self._name}: {listed(self._makers)}>"
