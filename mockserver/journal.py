"""What was asked and answered, newest last, bounded in number and in bytes."""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Protocol, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Json, Request, Response

MOST_EXCHANGES = 1000
#: Of all bodies together, and of one: what is longer is cut.
MOST_BYTES, MOST_BODY_BYTES = 64 * 2**20, 2**20
_EXPRESSION = re.compile(r"\{[^{}]+\}")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response.

    `operation` is the key of the one meant (`POST /things`), None where the request met none; `violations` are the
    request's; `at` is the mock's time in seconds since 1970; `seconds` is how long the answer took; `fault` is what was
    done to the answer on purpose; `number` counts the exchanges from 1. `request_bytes` and `response_bytes` are the
    lengths of the bodies as they were: the journal cuts long ones.
    """

    request: Request
    response: Response
    operation: str | None = None
    violations: tuple[Violation, ...] = ()
    at: float = 0.0
    seconds: float = 0.0
    fault: str | None = None
    number: int = 0
    request_bytes: int = field(default=-1, repr=False)
    response_bytes: int = field(default=-1, repr=False)

    def __post_init__(self) -> None:
        if self.request_bytes < 0:
            object.__setattr__(self, "request_bytes", length_of(self.request.body))
        if self.response_bytes < 0:
            object.__setattr__(self, "response_bytes", len(self.response.body))

    @property
    def method(self) -> str:
        return self.request.method

    @property
    def path(self) -> str:
        """The path as it was sent, still percent-encoded."""
        return _split(self.request.url)[0]

    @property
    def query(self) -> Mapping[str, str | list[str]]:
        """The query's texts by name: a list where a name was sent several times."""
        return by_name(query_pairs(self.request.url))

    @property
    def path_parameters(self) -> Mapping[str, str]:
        """The texts of the path's templates, decoded; empty where the request met no operation."""
        if self.operation is None:
            return {}
        names, pattern = _template(self.operation.partition(" ")[2].partition("?")[0])
        matched = pattern.fullmatch(self.path)
        return dict(zip(names, map(unquote, matched.groups()), strict=True)) if matched else {}

    @property
    def body(self) -> bytes:
        """The request's body, its beginning where `is_cut`."""
        return self.request.body if isinstance(self.request.body, bytes) else b""

    @property
    def json(self) -> Json:
        """The request's body read as JSON. Raises ValueError where it is none, or was cut."""
        if self.is_cut:
            raise ValueError(f"the body has {self.request_bytes:,} bytes, of which the journal kept {len(self.body):,}")
        return json.loads(self.body)

    @property
    def is_cut(self) -> bool:
        """Whether the journal keeps the beginning of the request's body only."""
        return length_of(self.request.body) < self.request_bytes

    @property
    def status(self) -> int:
        """The response's status."""
        return self.response.status

    @property
    def is_valid(self) -> bool:
        """Whether the request kept the document's rules."""
        return self.operation is not None and not self.violations


#: The members of an Exchange up to `fault`, as a tuple: far quicker to make, on the way of every request.
Entry: TypeAlias = "tuple[Request, Response, str | None, tuple[Violation, ...], float, float, str | None]"


class Recorder(Protocol):
    """Keeps the latest exchanges: a Journal, or one that several processes share."""

    def add(self, entry: Entry) -> None: ...
    def clear(self) -> None: ...
    @property
    def exchanges(self) -> tuple[Exchange, ...]: ...


class Journal:
    """The latest exchanges: at most `size`, and at most `most_bytes` of bodies, but always the last one.

    Of a body longer than `most_body_bytes` the beginning is kept.
    """

    __slots__ = ("_bytes", "_count", "_entries", "_lock", "_most_body_bytes", "_most_bytes", "_size")

    def __init__(
        self, size: int = MOST_EXCHANGES, most_bytes: int = MOST_BYTES, most_body_bytes: int = MOST_BODY_BYTES
    ) -> None:
        self._size = max(size, 0)
        self._most_bytes = most_bytes
        self._most_body_bytes = most_body_bytes
        self._entries: deque[tuple[Entry, int, int, int]] = deque()
        self._bytes = 0
        self._count = 0
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> None:
        """Keep an exchange, and drop the oldest that no longer fit."""
        sent, got = length_of(entry[0].body), len(entry[1].body)
        weight, most = sent + got, self._most_body_bytes
        if weight > most:
            entry, weight = cut(entry, most), min(sent, most) + min(got, most)
        entries = self._entries
        with self._lock:
            self._count += 1
            self._bytes += weight
            entries.append((entry, weight, sent, got))
            while len(entries) > self._size or (self._bytes > self._most_bytes and len(entries) > 1):
                self._bytes -= entries.popleft()[1]

    def clear(self) -> None:
        """Forget everything; the numbers begin at 1 again."""
        with self._lock:
            self._entries.clear()
            self._bytes = self._count = 0

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges kept, oldest first."""
        with self._lock:
            entries = tuple(self._entries)
            first = self._count - len(entries) + 1
        return tuple(Exchange(*entry, first + index, *sizes) for index, (entry, _, *sizes) in enumerate(entries))


def length_of(body: object) -> int:
    """How many bytes a body has, as far as that is known."""
    return len(body) if isinstance(body, bytes) else 0


def cut(entry: Entry, most: int) -> Entry:
    """The exchange with no more than so many bytes of each body."""
    request, response, *rest = entry
    body = request.body[:most] if isinstance(request.body, bytes) else request.body
    return (replace(request, body=body), replace(response, body=response.body[:most]), *rest)  # type: ignore[return-value]


def query_pairs(url: str) -> list[tuple[str, str]]:
    """The names and texts of a URL's query, decoded, in order; none where the URL is malformed."""
    return parse_qsl(_split(url)[1], keep_blank_values=True)


def by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, str | list[str]]:
    """The texts by name: a list where a name comes several times."""
    found: dict[str, str | list[str]] = {}
    for name, text in pairs:
        before = found.get(name)
        found[name] = text if before is None else [*([before] if isinstance(before, str) else before), text]
    return found


def _split(url: str) -> tuple[str, str]:
    """The path and the query of a URL; of one that is malformed, itself."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, ""
    return parts.path or "/", parts.query


@lru_cache(maxsize=1024)
def _template(path: str) -> tuple[tuple[str, ...], re.Pattern[str]]:
    """The names in a path template, and the pattern of what is met by it below any base path."""
    names = tuple(name[1:-1] for name in _EXPRESSION.findall(path))
    pieces = "([^/]+?)".join(re.escape(piece) for piece in _EXPRESSION.split(path))
    return names, re.compile(f".*{pieces}", re.DOTALL)
