"""A resource: a group of operations as methods, each made when it is first asked for."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, partial
from typing import Any

from syncdyn.calling import Method, Settings
from syncdyn.downloading import Fetching
from syncdyn.extras import Extra, Surroundings, extras_of
from syncdyn.flow import Flow
from syncdyn.naming import MethodName
from syncdyn.response import RawResponse


@dataclass(frozen=True)
class Driving:
    """How the flows of one client are carried out: `run` for a result, `iterate` for what is emitted."""

    settings: Settings
    run: Callable[[Flow[Any]], Any]
    iterate: Callable[[Flow[Any]], Any]
    fetching: Callable[[], Fetching]


class Resource:
    """A group of operations; each is a method, with help and signature from the document."""

    def __init__(self, driving: Driving, name: str, methods: Mapping[str, MethodName], *, is_raw: bool = False) -> None:
        self._driving = driving
        self._name = name
        self._methods = methods
        self._is_raw = is_raw

    @property
    def with_raw_response(self) -> Resource:
        """The same methods, each giving its result together with status, header fields and violations."""
        return Resource(self._driving, self._name, self._methods, is_raw=True)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        make = self._makers.get(name)
        if make is None:
            close = get_close_matches(name, self._makers, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"its methods: {', '.join(self._makers)}"
            raise AttributeError(f"{self._name!r} has no method {name!r}; {hint}", name=name, obj=self)
        function = self.__dict__[name] = make()
        return function

    @cached_property
    def _makers(self) -> dict[str, Callable[[], Any]]:
        makers: dict[str, Callable[[], Any]] = {}
        for entry in self._methods.values():
            around = Surroundings(self._method(entry.name), self._method, self._driving.fetching)
            for extra in extras_of(self._name, around):
                makers[extra.name] = partial(self._extra, extra)
        # An operation is never hidden by what is made from it.
        return {**{name: partial(self._operation, name) for name in self._methods}, **_without(makers, self._methods)}

    def _method(self, name: str) -> Method:
        entry = self._methods[name]
        return Method(self._driving.settings, f"{self._name}.{name}", entry.operation, entry.media_type)

    def _operation(self, name: str) -> Any:
        method, run, is_raw = self._method(name), self._driving.run, self._is_raw

        def call(*args: Any, **kwargs: Any) -> Any:
            return run(_result(method.call(args, kwargs), is_raw))

        return self._dressed(call, name, method.documentation(), method.signature())

    def _extra(self, extra: Extra) -> Any:
        driving, is_raw = self._driving, self._is_raw

        def call(*args: Any, **kwargs: Any) -> Any:
            flow = extra.call(*args, **kwargs)
            return driving.iterate(flow) if extra.is_iterator else driving.run(_result(flow, is_raw))

        return self._dressed(call, extra.name, extra.documentation, extra.signature)

    def _dressed(self, function: Any, name: str, documentation: str, signature: inspect.Signature) -> Any:
        function.__name__ = name
        function.__qualname__ = f"{self._name}.{name}"
        function.__doc__ = documentation
        function.__signature__ = signature
        return function

    def __dir__(self) -> list[str]:
        return sorted({*self._makers, "with_raw_response"})

    def __repr__(self) -> str:
        return f"<{self._name}: {', '.join(self._makers)}>"


def _result(flow: Flow[RawResponse[Any]], is_raw: bool) -> Flow[Any]:
    answer = yield from flow
    return answer if is_raw else answer.data


def _without(makers: Mapping[str, Any], taken: Mapping[str, Any]) -> dict[str, Any]:
    return {name: make for name, make in makers.items() if name not in taken}
