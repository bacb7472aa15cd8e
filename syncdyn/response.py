"""Response -> result, or the error that the response stands for."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile
from typing import Any, Generic, TypeVar

from syncdyn.errors import UnexpectedResponseError
from syncdyn.model import Types
from syncdyn.openapi import checking
from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.events import Event
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.items import Item, is_sequence, read_items
from syncdyn.openapi.messages import Headers, Json, Request, Response
from syncdyn.openapi.operations import MediaType, Operation
from syncdyn.openapi.promised_headers import HeaderRule, check_headers, header_rules
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.schema import Validator
from syncdyn.openapi.schemas.shapes import Shape
from syncdyn.reporting import Reporter

T = TypeVar("T")

#: Judges an exchange by other means than our own: the second opinion.
Judge = Callable[[Operation, Request, Response], tuple[Violation, ...]]

#: What many services send for the end of their events without a word of it in the document; it is no JSON.
_USUAL_END = "[DONE]"
#: So many kinds of answers to one operation are held ready.
_MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class RawResponse(Generic[T]):
    """A result with the answer it came in: what `with_raw_response` gives."""

    data: T
    status_code: int
    headers: Headers
    _sent: Request = field(repr=False)
    violations: tuple[Violation, ...] = ()
    _show: Callable[[Request], Request] | None = field(default=None, repr=False, compare=False)
    _read_headers: Callable[[int, Headers], dict[str, Any]] | None = field(default=None, repr=False, compare=False)

    @property
    def header_values(self) -> dict[str, Any]:
        """The header fields that the document declares, by its names for them, decoded as it says.

        What is not there has no entry. `headers` are the texts, of all fields.
        """
        return self._read_headers(self.status_code, self.headers) if self._read_headers else {}

    @property
    def request(self) -> Request:
        """What was sent, without credentials."""
        return self._show(self._sent) if self._show else self._sent

    def _repr_html_(self) -> str:
        from syncdyn.showing import raw_html

        return raw_html(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return RawResponse, (self.data, self.status_code, self.headers, self.request, self.violations)


@dataclass(frozen=True, slots=True)
class _Quick:
    """How the body of one status and Content-Type is read: compiled when it is first met."""

    validator: Validator
    shape: Shape
    header_rules: tuple[HeaderRule, ...] = ()


class ResponseReader:
    """Reads the answers to one operation."""

    def __init__(self, contract: Contract, types: Types, operation: Operation, reporter: Reporter) -> None:
        self.contract = contract
        self.types = types
        self.operation = operation
        self.reporter = reporter
        self._quick: dict[tuple[int, str | None], _Quick | None] = {}

    def read(
        self, request: Request, response: Response, strictness: str, judge: Judge | None = None
    ) -> RawResponse[Any]:
        """The result of an answer.

        Raises ApiStatusError for an error status, UnexpectedResponseError for a success that cannot be read,
        ResponseValidationError, in strict mode, for one that breaks the contract.
        """
        status = response.status
        if not self.is_success(status):
            raise self.reporter.error(request, response)
        try:
            body, shape, violations = self._body(response, checked=strictness != "off" and judge is None)
        except UnexpectedResponseError as error:
            error.request = self.reporter.shown(request)
            raise
        if judge is not None and strictness != "off":
            violations = judge(self.operation, request, response)
        data = self._data(shape, body, violations)
        if violations:
            body = [item.value for item in body] if type(body) is tuple else body
            self.reporter.complain(strictness, request, response, violations, data, body)
        return RawResponse(
            data, status, response.headers, request, violations, self.reporter.shown, self._header_values
        )

    def _data(self, shape: Shape | None, body: Json, violations: tuple[Violation, ...]) -> Any:
        if body is MISSING:
            return None
        if type(body) is not tuple:
            return self.types.read(shape, body, violations)
        return [self.typed(item) for item in body]

    def typed(self, item: Item) -> Any:
        """One item of a stream as Python reads it: of an Event the data."""
        if not isinstance(item.value, Event):
            return self.types.read(item.shape, item.value, item.violations)
        return replace(item.value, data=self.types.read(item.shape, item.value.data, item.violations))

    def check_head(self, response: Response) -> tuple[MediaType | None, tuple[Violation, ...]]:
        """The media type that is promised for a body still to come, and the violations in all before it."""
        return checking.check_head(self.contract, self.operation, response)

    def is_end(self, value: Json) -> bool:
        """Whether an item says that it is the last, by the operation's `x-syncdyn-stream-end`: one text or several.

        Where the document does not say, `[DONE]` does.
        """
        return isinstance(value, Event) and isinstance(value.data, str) and value.data in self._end_texts

    @cached_property
    def _end_texts(self) -> tuple[Json, ...]:
        stated = self.operation.extensions.get("x-syncdyn-stream-end", _USUAL_END)
        return tuple(stated) if isinstance(stated, list) else (stated,)

    def is_success(self, status: int) -> bool:
        """Whether the answer is a result, and no error."""
        return 200 <= status < 300 or self._is_result(status)

    def _header_values(self, status: int, headers: Headers) -> dict[str, Any]:
        promise = self.operation.promise_for(status)
        found: dict[str, Any] = {}
        for rule in header_rules(self.contract, promise) if promise else ():
            text = headers.get(rule.parameter.name)
            if text is not None:
                found[rule.parameter.name] = self.types.read(rule.shape, rule.read(text))
        return found

    def _is_result(self, status: int) -> bool:
        """Whether a redirect that was not followed is what the document promises as the answer."""
        return 300 <= status < 400 and str(status) in self.operation.responses

    def _body(self, response: Response, *, checked: bool) -> tuple[Json, Shape | None, tuple[Violation, ...]]:
        key = (response.status, response.content_type)
        if key not in self._quick:
            if len(self._quick) >= _MOST_KEPT:
                # A parameter such as a boundary may be another one each time.
                self._quick.clear()
            self._quick[key] = self._prepare(response)
        quick = self._quick[key]
        if quick is None:
            return self._body_slowly(response, checked=checked)
        try:
            value = json.loads(response.body)
        except (ValueError, RecursionError):
            return self._body_slowly(response, checked=checked)
        if not checked:
            return value, quick.shape, ()
        violations = tuple(check_headers(quick.header_rules, response.headers)) if quick.header_rules else ()
        if not quick.validator.is_valid(value):
            violations += quick.validator.violations(value, "body")
        return value, quick.shape, violations

    def _prepare(self, response: Response) -> _Quick | None:
        """The short way for a JSON body; None where it needs the whole reading."""
        promise = self.operation.promise_for(response.status)
        media_type = media.best_match(promise.content, response.content_type or "") if promise else None
        if promise is None or media_type is None or media_type.schema is None:
            return None
        if not media.is_json(media.essence(response.content_type or "")):
            return None
        validator = self.contract.schemas.validator(media_type.schema, Direction.RESPONSE)
        # A field that may hold any text, and may be left out, needs no look.
        rules = (rule for rule in header_rules(self.contract, promise) if rule.validator or rule.parameter.is_required)
        return _Quick(validator, self.contract.shapes.at(media_type.schema), tuple(rules))

    def _body_slowly(self, response: Response, *, checked: bool) -> tuple[Json, Shape | None, tuple[Violation, ...]]:
        if is_sequence(response.content_type or "") and response.body:
            return self._items(response, checked=checked)
        read = checking.read_response(self.contract, self.operation, response)
        body, media_type, violations = read.body, read.media_type, read.violations
        if media_type is None and body is not MISSING:
            media_type = self._json_promise(response.status)
            if media_type is not None:
                body = self._parsed(response)
                # Under a status that is not documented nothing was promised of it.
                if read.promise is not None:
                    violations += checking.check_body(self.contract, media_type, body, Direction.RESPONSE)
        elif media_type is not None and media.is_json(media.essence(media_type.name)) and _is_malformed(violations):
            raise self.reporter.unreadable(response)
        shape = self.contract.shape(media_type.schema) if media_type else None
        return body, shape, violations if checked else ()

    def _items(self, response: Response, *, checked: bool) -> tuple[Json, None, tuple[Violation, ...]]:
        """The items of a stream that was read whole, as a tuple: no JSON value is one."""
        media_type, violations = self.check_head(response)
        try:
            read = read_items(self.contract, media_type, response.content_type or "", response.body)
            items = tuple(takewhile(lambda item: not self.is_end(item.value), read))
        except media.BodyTooLarge:
            raise self.reporter.unreadable(response) from None
        violations += tuple(violation for item in items for violation in item.violations)
        return items, None, violations if checked else ()

    def _json_promise(self, status: int) -> MediaType | None:
        """The JSON promised for a status, else for success: what comes under another name is read as that."""
        stated = self.operation.promise_for(status)
        others = (one for key, one in self.operation.responses.items() if key.startswith("2"))
        promises = (stated,) if stated else others
        content = (one for promise in promises for one in promise.content)
        return next((one for one in content if media.is_json(media.essence(one.name))), None)

    def _parsed(self, response: Response) -> Json:
        try:
            return json.loads(response.body)
        except (ValueError, RecursionError):
            raise self.reporter.unreadable(response) from None


def _is_malformed(violations: tuple[Violation, ...]) -> bool:
    return any(violation.keyword == "malformed" for violation in violations)
