"""Expectations of the journal: which requests there were to be, and what was received instead."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from mockserver.control.masking import Mask
from mockserver.journal import Exchange
from syncdyn.openapi.coding import media
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import OBJECT, Json

_MOST_SHOWN, _MOST_DIFFERENCES, _MOST_TEXT = 3, 10, 200
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a request is to be like; None and MISSING are for what does not matter.

    `operation` is a key. `body`, `query`, `headers` and `path_parameters` are parts of what there is to be: members
    that they do not name may be anything. Values are compared by `==`.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | None = None
    body: Json = MISSING
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, Any] = field(default_factory=dict)
    path_parameters: Mapping[str, Any] = field(default_factory=dict)

    def differences(self, exchange: Exchange, mask: Mask) -> list[str]:
        """Where a request is otherwise, a line for each; empty for one as expected."""
        plain = (
            ("operation", exchange.operation, self.operation),
            ("method", exchange.method, self.method and self.method.upper()),
            ("path", exchange.path, self.path),
            ("status", exchange.status, self.status),
        )
        lines = [_line(name, got, wanted) for name, got, wanted in plain if wanted is not None and got != wanted]
        lines += _differences("path", exchange.path_parameters, _texts(self.path_parameters))
        lines += _differences("query", exchange.query, _texts(self.query))
        lines += self._header_differences(exchange, mask)
        return [*lines, *(() if self.body is MISSING else _differences("body", _body_of(exchange), self.body))]

    def _header_differences(self, exchange: Exchange, mask: Mask) -> Iterator[str]:
        for name, wanted in _texts(self.headers).items():
            got = exchange.request.headers.get(name, MISSING)
            if got != wanted:
                is_secret = mask.header(name, "_") != "_"
                told = f"{'missing' if got is MISSING else 'another'}, and a secret"
                yield f"header.{name}: {told}" if is_secret else _line(f"header.{name}", got, wanted)


def check_called(
    exchanges: Sequence[Exchange], expected: Expected, times: int | None, mask: Mask
) -> tuple[Exchange, ...]:
    """The exchanges that are as expected: so many, None for one or more. Raises AssertionError where they are not."""
    __tracebackhide__ = True
    found = _matching(exchanges, expected, mask)
    if len(found) == times or (times is None and found):
        return found
    raise AssertionError(_told_wrong(exchanges, found, expected, times, mask))


def check_valid(exchanges: Sequence[Exchange]) -> None:
    """Raise AssertionError where a request broke the document's rules."""
    __tracebackhide__ = True
    if not all(each.is_valid for each in exchanges):
        raise AssertionError(_told_invalid(exchanges))


def _matching(exchanges: Iterable[Exchange], expected: Expected, mask: Mask) -> tuple[Exchange, ...]:
    """The exchanges that are as expected."""
    return tuple(each for each in exchanges if not expected.differences(each, mask))


def _told_wrong(
    exchanges: Sequence[Exchange], found: Sequence[Exchange], expected: Expected, times: int | None, mask: Mask
) -> str:
    """Why there are not as many requests as there were to be, and what came instead, the nearest first."""
    wanted = "at least once" if times is None else _times(times)
    first = f"{_name(expected)} was to be called {wanted}, and was called {_times(len(found))}"
    if times is not None and len(found) > times:
        return "\n".join([f"{first}:", *map(_head, found[:_MOST_SHOWN])])
    apart = [(each, expected.differences(each, mask)) for each in exchanges if each not in found]
    alike = [pair for pair in apart if not any(line.startswith("operation:") for line in pair[1])]
    if alike:
        ranked = sorted(alike, key=lambda pair: len(pair[1]))[:_MOST_SHOWN]
        told = [line for each, differences in ranked for line in _told(each, differences)]
        return "\n".join([f"{first}. The nearest of {len(alike)} others:", *told])
    heads = [_head(each) for each, _ in apart[-_MOST_DIFFERENCES:]]
    return "\n".join([f"{first}. What came last:" if heads else f"{first}; no other request came", *heads])


def _told_invalid(exchanges: Iterable[Exchange]) -> str:
    """The requests that broke the document's rules, and how."""
    bad = [each for each in exchanges if not each.is_valid]
    lines = [line for each in bad[:_MOST_DIFFERENCES] for line in (_head(each), *_refusals(each))]
    more = [f"  ... and {len(bad) - _MOST_DIFFERENCES} more"] if len(bad) > _MOST_DIFFERENCES else []
    count = "1 request" if len(bad) == 1 else f"{len(bad)} requests"
    return "\n".join([f"{count} broke the document's rules:", *lines, *more])


def _name(expected: Expected) -> str:
    method, path = expected.method or "", expected.path or ""
    return expected.operation or f"{method} {path}".strip() or "the mock"


def _told(exchange: Exchange, differences: list[str]) -> list[str]:
    shown = [f"      {line}" for line in differences[:_MOST_DIFFERENCES]]
    more = len(differences) - len(shown)
    return [_head(exchange), *shown, *([f"      ... and {more} more"] if more else []), *_refusals(exchange)]


def _head(exchange: Exchange) -> str:
    return f"  #{exchange.number} {exchange.method} {exchange.path} -> {exchange.status}"


def _refusals(exchange: Exchange) -> list[str]:
    if exchange.operation is None:
        return ["      (the document has no such operation)"]
    return [f"      (not valid: {violation})" for violation in exchange.violations[:_MOST_DIFFERENCES]]


def _differences(where: str, got: Any, wanted: Any) -> Iterator[str]:
    """A line for each place where a value is not as wanted; of objects the wanted members only are compared."""
    if isinstance(wanted, OBJECT) and isinstance(got, OBJECT):
        for name, each in wanted.items():
            yield from _differences(f"{where}.{name}", got.get(name, MISSING), each)
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for index, (one, other) in enumerate(zip(got, wanted, strict=True)):
            yield from _differences(f"{where}[{index}]", one, other)
    elif got != wanted or _is_other_kind(got, wanted):
        yield _line(where, got, wanted)


def _texts(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The values with numbers and truth values as the texts that are sent for them."""
    return {name: json.dumps(each) if isinstance(each, int | float) else each for name, each in wanted.items()}


def _is_other_kind(got: Any, wanted: Any) -> bool:
    """Whether one is a truth value and the other a number, which are equal in Python and not in JSON."""
    return isinstance(got, bool) is not isinstance(wanted, bool) and isinstance(wanted, int | float)


def _body_of(exchange: Exchange) -> Any:
    """The body as a value: JSON, the fields of a form, a text; bytes where it is none of these."""
    name = media.essence(exchange.request.content_type or "")
    if not exchange.body:
        return MISSING
    try:
        if media.is_json(name):
            return exchange.json
        text = exchange.body.decode()
    except ValueError:
        return exchange.body
    if name != _FORM:
        return text
    fields = parse_qs(text, keep_blank_values=True)
    return {key: texts[0] if len(texts) == 1 else texts for key, texts in fields.items()}


def _line(where: str, got: Any, wanted: Any) -> str:
    return f"{where}: {_shown(got)}, not {_shown(wanted)}"


def _shown(value: Any) -> str:
    text = "missing" if value is MISSING else repr(value)
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}..."


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")
