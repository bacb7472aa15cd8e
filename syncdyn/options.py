"""What can be said for one call alone: `request_options`, and how strictly messages are checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

from syncdyn.openapi.errors import Violation
from syncdyn.openapi.hints import hint, kind_of

STRICTNESS = ("strict", "warn", "off")
#: What a timeout states seconds for.
PHASES = ("connect", "read", "write", "pool")
#: About thirty years: what operating systems can still wait for.
_LONGEST_SECONDS = 1e9


class RequestOptions(TypedDict, total=False):
    """Options of one call.

    `timeout_in_seconds` bounds each wait for the network, `deadline` the whole call with all its tries.
    The additional parameters are sent as they are, unchecked. `chunk_size` is bytes, for downloads and streams.
    `content_type` says in which of its media types a body is sent; left out, the data tells.
    """

    timeout_in_seconds: float
    max_retries: int
    additional_headers: Mapping[str, Any]
    additional_query_parameters: Mapping[str, Any]
    additional_body_parameters: Mapping[str, Any]
    chunk_size: int
    deadline: float
    validate: str | Mapping[str, str]
    content_type: str


@dataclass(frozen=True, slots=True)
class Strictness:
    """How broken promises are met, for each direction: "strict", "warn" or "off"."""

    request: str = "strict"
    response: str = "warn"


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one call, read and checked."""

    strictness: Strictness
    max_retries: int | None = None
    timeout: Any = None
    deadline: float | None = None
    chunk_size: int | None = None
    content_type: str | None = None
    headers: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)


def read_strictness(stated: object, default: Strictness) -> Strictness:
    """What `validate=` says; raises ValueError for what it cannot say."""
    if stated is None:
        return default
    if isinstance(stated, str):
        stated = {"request": stated, "response": stated}
    if not isinstance(stated, Mapping):
        raise ValueError(f"expected one of {_quoted(STRICTNESS)} or a mapping, found {kind_of(stated)}")
    for name, value in stated.items():
        if name not in ("request", "response"):
            raise ValueError(f'{name!r} is not a direction: "request" and "response" are')
        if value not in STRICTNESS:
            raise ValueError(f"{name}: {value!r} is not one of {_quoted(STRICTNESS)}{meant(value, STRICTNESS)}")
    return Strictness(stated.get("request", default.request), stated.get("response", default.response))


def read_options(given: object, default: Options) -> tuple[Options, tuple[Violation, ...]]:
    """The options of a call, and what is wrong with them."""
    if not given:
        return default, ()
    if not isinstance(given, Mapping):
        message = f"expected a mapping, found {kind_of(given)}"
        return default, (Violation("request_options", (), message, "type"),)
    faults: list[Violation] = []
    read: dict[str, Any] = {}
    for name, value in given.items():
        if value is None:
            continue
        try:
            target, check = _READERS[name]
        except KeyError:
            message = f"unknown option{meant(name, _READERS) or '; there are ' + ', '.join(_READERS)}"
            faults.append(Violation("request_options", (name,), message, "unknown"))
            continue
        try:
            read[target] = check(value, default)
        except ValueError as error:
            faults.append(Violation("request_options", (name,), str(error), "type", value))
    values = {name: getattr(default, name) for name in Options.__dataclass_fields__}
    return Options(**{**values, **read}), tuple(faults)


def read_timeout(value: Any, _: object = None) -> Any:
    """Seconds, or an object that states them for each phase, such as an httpx.Timeout; raises ValueError."""
    if not all(hasattr(value, phase) for phase in PHASES):
        return read_seconds(value)
    for phase in PHASES:
        stated = getattr(value, phase)
        if stated is not None and not _is_duration(stated):
            raise ValueError(f"{phase}: expected seconds, more than 0, found {stated!r}")
    return value


def read_seconds(value: Any, _: object = None) -> float:
    """Seconds, as a number; raises ValueError for what is none, or not above 0."""
    if not _is_duration(value):
        raise ValueError(f"expected seconds, more than 0, found {value!r}")
    seconds: float = value
    return seconds


def _is_duration(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= _LONGEST_SECONDS


def read_count(value: object, _: object = None) -> int:
    """A whole number from 0; raises ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"expected a whole number from 0, found {value!r}")
    return value


def read_size(value: object, _: object = None) -> int:
    """A number of bytes from 1; raises ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"expected a number of bytes from 1, found {value!r}")
    return value


def _mapping(value: object, _: Options) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"expected a mapping, found {kind_of(value)}")
    return value


def _media_type(value: object, _: Options) -> str:
    if not isinstance(value, str) or "/" not in value:
        raise ValueError(f"expected a media type such as application/json, found {value!r}")
    return value


def _strictness(value: object, default: Options) -> Strictness:
    return read_strictness(value, default.strictness)


_READERS: dict[str, tuple[str, Any]] = {
    "timeout_in_seconds": ("timeout", read_timeout),
    "max_retries": ("max_retries", read_count),
    "additional_headers": ("headers", _mapping),
    "additional_query_parameters": ("query", _mapping),
    "additional_body_parameters": ("body", _mapping),
    "chunk_size": ("chunk_size", read_size),
    "deadline": ("deadline", read_seconds),
    "validate": ("strictness", _strictness),
    "content_type": ("content_type", _media_type),
}


def option_for(name: str) -> str | None:
    """The option that other libraries call so: `timeout`, `headers`, `extra_query`."""
    word = name.removeprefix("extra_")
    return next((option for option in _READERS if len(word) > 3 and word in option), None)


def _quoted(values: tuple[str, ...]) -> str:
    return ", ".join(f'"{value}"' for value in values)


def meant(found: object, allowed: Any) -> str:
    """What was probably meant, as the end of a sentence; nothing where nothing is near."""
    told = hint(found, allowed)
    return f" ({told})" if told else ""
