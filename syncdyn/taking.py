"""Arguments of methods that are made of several calls: every fault at once, in the words of a single call."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from syncdyn.errors import RequestValidationError
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.hints import hint, kind_of

#: Reads one argument; raises ValueError for what it cannot be.
Reader = Callable[[Any], Any]


def take(
    method: str, readers: Mapping[str, Reader], positional: tuple[Any, ...], named: Mapping[str, Any]
) -> dict[str, Any]:
    """The arguments that were given, as their readers read them; None stands for what was left out.

    The first reader is that of the one argument that is required and may be given without a name.
    Raises RequestValidationError with all that is wrong.
    """
    first = next(iter(readers))
    given = {**dict(zip((first,), positional, strict=False)), **named}
    faults = list(_misplaced(method, first, positional, named))
    read = _read(method, readers, given, faults)
    if given.get(first) is None:
        faults.append(Violation(_location(method), (first,), "missing (required)", "required"))
    return _unless_faulty(method, read, faults)


def take_named(method: str, readers: Mapping[str, Reader], named: Mapping[str, Any]) -> dict[str, Any]:
    """The same for arguments that are given by name alone, and of which none is required."""
    faults: list[Violation] = []
    return _unless_faulty(method, _read(method, readers, named, faults), faults)


def _unless_faulty(method: str, read: dict[str, Any], faults: list[Violation]) -> dict[str, Any]:
    if faults:
        raise RequestValidationError(method, faults)
    return read


def _misplaced(method: str, first: str, positional: tuple[Any, ...], named: Mapping[str, Any]) -> Iterator[Violation]:
    if len(positional) > 1:
        message = f"{len(positional)} were given without a name; only {first} may be"
        yield Violation("arguments", (), message, "positional")
    if positional and first in named:
        yield Violation(_location(method), (first,), "given twice", "duplicate")


def _read(
    method: str, readers: Mapping[str, Reader], given: Mapping[str, Any], faults: list[Violation]
) -> dict[str, Any]:
    read = {}
    for name, value in given.items():
        if name not in readers:
            faults.append(_unknown(name, readers))
        elif value is not None:
            try:
                read[name] = readers[name](value)
            except ValueError as error:
                faults.append(Violation(_location(method), (name,), str(error), "type", value))
    return read


def _unknown(name: str, readers: Mapping[str, Reader]) -> Violation:
    meant = hint(name, readers)
    known = "" if meant else f"; it takes {', '.join(readers)}"
    return Violation("arguments", (name,), f"unknown argument{known}", "unknown", None, tuple(readers), meant)


def _location(method: str) -> str:
    return method.rpartition(".")[2]


def read_pause(value: object) -> float:
    """Seconds from 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ValueError(f"expected seconds, from 0, found {value!r}")
    return value


def read_function(value: object) -> object:
    """Anything that can be called."""
    if not callable(value):
        raise ValueError(f"expected a function, found {kind_of(value)}")
    return value


def as_it_is(value: object) -> object:
    """What the calls themselves read."""
    return value
