"""A property that is worked out on first use, once, and never makes threads wait for each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

_Result = TypeVar("_Result")


class lazy(Generic[_Result]):
    """Like `functools.cached_property`, without the lock that it has until Python 3.12.

    That lock is one for all instances: two properties that need each other's on two threads would wait
    for ever. Here two threads may do the same work once each, and one of the results is kept.
    """

    def __init__(self, work: Callable[[Any], _Result]) -> None:
        self.work = work
        self.__doc__ = work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> _Result:
        if instance is None:
            return cast("_Result", self)
        result: _Result = instance.__dict__.setdefault(self.name, self.work(instance))
        return result
