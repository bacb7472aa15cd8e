"""What travels: requests, responses, and their headers, as plain values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

#: A JSON value: null, booleans, numbers, strings, lists and objects with string keys.
Json: TypeAlias = Any
#: What an object of JSON is an instance of; `isinstance` says so of a dict, which most are, several times faster.
OBJECT: Final = (dict, Mapping)

Pairs: TypeAlias = tuple[tuple[str, str], ...]

#: A method, or the name of a header field. Source: RFC 9110, sections 5.1, 5.6.2 and 9.1.
TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


class Headers(Mapping[str, str]):
    """Header fields in order, names without regard to case, repeated fields joined by a comma.

    Source: RFC 9110, section 5.
    """

    __slots__ = ("_by_name", "pairs")

    def __init__(self, fields: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        pairs = fields.items() if isinstance(fields, Mapping) else fields
        self.pairs: Pairs = tuple(pairs)
        self._by_name: dict[str, str] | None = None

    def _joined(self) -> dict[str, str]:
        """The fields by name in lower case; worked out when first asked for, as many are only sent."""
        if self._by_name is None:
            joined: dict[str, str] = {}
            for name, value in self.pairs:
                key = name.lower()
                joined[key] = f"{joined[key]}, {value}" if key in joined else value
            self._by_name = joined
        return self._by_name

    def __getitem__(self, name: str) -> str:
        return self._joined()[name.lower()]

    def get(self, name: str, default: Any = None) -> Any:
        by_name = self._by_name
        return (self._joined() if by_name is None else by_name).get(name.lower(), default)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._joined()

    def __iter__(self) -> Iterator[str]:
        return iter(self._joined())

    def __len__(self) -> int:
        return len(self._joined())

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field, one for each line it came in."""
        wanted = name.lower()
        return tuple(value for key, value in self.pairs if key.lower() == wanted)

    def replace(self, **changes: str | None) -> Headers:
        """A copy with fields set, or removed where the value is None; `_` in a keyword stands for `-`."""
        by_name = {name.replace("_", "-").lower(): value for name, value in changes.items()}
        kept = [pair for pair in self.pairs if pair[0].lower() not in by_name]
        return Headers([*kept, *((name, value) for name, value in by_name.items() if value is not None)])

    def __repr__(self) -> str:
        # Values may be credentials: a repr shows names alone.
        return f"Headers({', '.join(self._joined())})"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body: a field, or a file when it has a file name.

    `content` is bytes, or a file object that is read when the part is sent.
    Source: RFC 7578, section 4.
    """

    name: str
    content: Any
    file_name: str | None = None
    content_type: str | None = None
    headers: Pairs = ()


#: What a request carries: bytes, parts, or what is read while it is sent (a file object, a `files.Once`).
Body: TypeAlias = "bytes | tuple[Part, ...] | Any"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it goes over the wire: absolute URL, already percent-encoded.

    `body` is bytes, a tuple of parts that the sender writes as multipart, a file object to be read from its
    beginning, or a `files.Once`.
    """

    method: str
    url: str
    headers: Headers = field(default_factory=Headers)
    body: Body = field(default=b"", repr=False)

    @property
    def content_type(self) -> str | None:
        value: str | None = self.headers.get("content-type")
        return value


@dataclass(frozen=True, slots=True)
class Response:
    """A response as it came: status code, header fields, and the whole body."""

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = field(default=b"", repr=False)

    @property
    def content_type(self) -> str | None:
        value: str | None = self.headers.get("content-type")
        return value

    @property
    def json(self) -> Json:
        """The body read as JSON. Raises ValueError for one that is none."""
        return json.loads(self.body)
