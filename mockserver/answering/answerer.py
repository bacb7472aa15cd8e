"""The answer of an operation that has no behaviour of its own: an example, or data made from the schema.

What a caller wishes is told by `Prefer: code=404`, `example=name`, `dynamic=true`, or the same in the query as
`__code`, `__example`, `__dynamic` (the words are Prism's).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import Headers, Json, Request, Response
from syncdyn.openapi.sampling import Sampler
from syncdyn.openapi.schemas.normalise import Direction

if TYPE_CHECKING:
    from syncdyn.openapi.operations import Header, MediaType, Operation, ResponsePromise

_STATUS = re.compile(r"[1-5][0-9]{2}")
_NO_BODY = frozenset({204, 205, 304})
_WORDS = ("code", "example", "dynamic", "outcome")


class Unavailable(Exception):
    """What was asked for is not to be had: `status` is 400 for an unknown code or example, 406 for a media type."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller asks of the mock, not of the service."""

    code: str | None = None
    example: str | None = None
    outcome: str | None = None
    is_dynamic: bool = False


NO_WISHES = Wishes()


def wishes_of(request: Request) -> Wishes:
    """The wishes in a request's `Prefer` header and query. Source: RFC 7240."""
    preferred = request.headers.get("prefer")
    _, _, query = request.url.partition("?")
    if preferred is None and "__" not in query:
        return NO_WISHES
    pieces = (piece.partition("=") for piece in (preferred or "").replace(";", ",").split(","))
    found = {name.strip().lower(): value.strip().strip('"') for name, _, value in pieces}
    for name, value in parse_qsl(query):
        if name.startswith("__"):
            found.setdefault(name[2:], value)
    wanted = {word: found[word] for word in _WORDS if word in found}
    is_dynamic = wanted.pop("dynamic", "false").lower() == "true"
    return Wishes(**wanted, is_dynamic=is_dynamic)


class Answerer:
    """Makes answers of what a document says, without state."""

    def __init__(self, contract: Contract, sampler: Sampler, seed: int) -> None:
        self._contract = contract
        self._sampler = sampler
        self._seed = seed

    def answer(self, operation: Operation, request: Request, wishes: Wishes) -> Response:
        """The answer to a valid request. Raises Unavailable when a wish cannot be met."""
        status, promise = _chosen_promise(operation, wishes)
        return self.example(operation, promise, status, request, wishes)

    def example(
        self,
        operation: Operation,
        promise: ResponsePromise | None,
        status: int,
        request: Request,
        wishes: Wishes = NO_WISHES,
    ) -> Response:
        """A response of one status: its example, else a sampled body; declared headers are filled."""
        if promise is None:
            return Response(status)
        seed = self._seed_of(operation, status, request)
        pairs = [(header.name, self._header_text(header, seed)) for header in promise.headers]
        if not promise.content or status in _NO_BODY:
            return Response(status, Headers(pairs))
        chosen = _negotiated(promise.content, request.headers.get("accept"))
        value = self._value(chosen, wishes, seed)
        body, content_type = media.encode_body(chosen, self._contract.shape(chosen.schema), _fit(chosen, value))
        if isinstance(body, tuple):
            raise Unavailable(406, f"{chosen.name} is not made by this mock")
        return Response(status, Headers([("content-type", content_type or chosen.name), *pairs]), body)

    def _value(self, chosen: MediaType, wishes: Wishes, seed: str) -> Json:
        if wishes.example is not None:
            if wishes.example not in chosen.examples:
                known = ", ".join(chosen.examples) or "none"
                raise Unavailable(400, f"no example {wishes.example[:40]!r}; there is: {known}")
            return chosen.examples[wishes.example]
        if not wishes.is_dynamic:
            stated = next(filter(self._is_valid(chosen), chosen.examples.values()), MISSING)
            if stated is not MISSING:
                return stated
        if chosen.schema is None:
            return {} if media.is_json(chosen.name) else ""
        return self._sampler.sample(chosen.schema, Direction.RESPONSE, seed, use_examples=not wishes.is_dynamic)

    def _is_valid(self, chosen: MediaType) -> Callable[[Json], bool]:
        """Tells which examples keep their own schema: one that does not is worse than made-up data."""
        if chosen.schema is None:
            return lambda _: True
        return self._contract.schemas.validator(chosen.schema, Direction.RESPONSE).is_valid

    def _header_text(self, header: Header, seed: str) -> str:
        value = header.example
        if value is None and header.schema is not None:
            value = self._sampler.sample(header.schema, Direction.RESPONSE, seed)
        return _text(value)

    def _seed_of(self, operation: Operation, status: int, request: Request) -> str:
        """What a sample hangs on: the mock's seed, the operation and the request, not the order of calls."""
        body = request.body if isinstance(request.body, bytes) else b""
        parts = urlsplit(request.url)
        digest = hashlib.sha256(body).hexdigest()[:16] if body else ""
        return f"{self._seed}|{operation.key}|{status}|{parts.path}|{parts.query}|{digest}"


def _chosen_promise(operation: Operation, wishes: Wishes) -> tuple[int, ResponsePromise | None]:
    if wishes.code is not None:
        promise = operation.promise_for(int(wishes.code)) if _STATUS.fullmatch(wishes.code) else None
        if promise is None:
            raise Unavailable(400, f"no response {wishes.code[:40]!r}; there is: {', '.join(operation.responses)}")
        return int(wishes.code), promise
    exact = sorted(status for status in operation.responses if status.isdecimal() and status.startswith("2"))
    if exact:
        return int(exact[0]), operation.responses[exact[0]]
    status = next((name for name in ("2XX", "default") if name in operation.responses), None)
    if status is not None:
        return 200, operation.responses[status]
    exact = sorted(status for status in operation.responses if status.isdecimal())
    return (int(exact[0]), operation.responses[exact[0]]) if exact else (200, None)


def _negotiated(content: Sequence[MediaType], accept: str | None) -> MediaType:
    """The media type that the caller likes best; among equals JSON, which alone can be made of any value.

    Source: RFC 9110, section 12.5.1.
    """
    if not accept or not accept.strip():
        return _json_first(content)
    ranges = [_quality(piece) for piece in accept.split(",") if piece.strip()]
    scored = [(max((q for name, q in ranges if _accepts(name, one.name)), default=0.0), one) for one in content]
    best = max(score for score, _ in scored)
    if best <= 0:
        offered = ", ".join(one.name for one in content)
        raise Unavailable(406, f"{accept} is not offered; there is: {offered}")
    return _json_first([one for score, one in scored if score == best])


def _json_first(content: Sequence[MediaType]) -> MediaType:
    return next((one for one in content if media.is_json(media.essence(one.name))), content[0])


def _accepts(wanted: str, offered: str) -> bool:
    return media.matches(wanted, offered) or media.matches(offered, wanted)


def _quality(piece: str) -> tuple[str, float]:
    name, *parameters = (part.strip() for part in piece.split(";"))
    stated = next((part[2:] for part in parameters if part.startswith("q=")), "1")
    try:
        return name, float(stated)
    except ValueError:
        return name, 1.0


def _fit(chosen: MediaType, value: Json) -> Json:
    """The value as its media type can carry it: what is no text and no JSON stands as its text."""
    name = media.essence(chosen.name)
    if media.is_json(name) or isinstance(value, str | bytes) or value is MISSING:
        return value
    if name == "application/x-www-form-urlencoded" and isinstance(value, Mapping):
        return value
    if media.is_json_lines(name) or (media.is_multipart(name) and name != "multipart/form-data"):
        return value if isinstance(value, list) else [value]
    return _text(value).encode()


def _text(value: Json) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ",".join(_text(item) for item in value)
    return encode_json(value)
