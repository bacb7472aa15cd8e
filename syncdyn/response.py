"""Response -> result, or the error that the response stands for."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from http import HTTPStatus
from itertools import takewhile
from types import FrameType
from typing import Any, Generic, TypeVar

from syncdyn.credentials import without_userinfo
from syncdyn.errors import (
    ApiStatusError,
    ContractWarning,
    ResponseValidationError,
    UnexpectedResponseError,
    error_for,
    response_fault,
)
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

T = TypeVar("T")

#: Judges an exchange by other means than our own: the second opinion.
Judge = Callable[[Operation, Request, Response], tuple[Violation, ...]]

_REQUEST_ID_FIELDS = ("x-request-id", "request-id", "x-amzn-requestid", "cf-ray")
_LONGEST_MESSAGE = 500


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

    def __init__(
        self,
        contract: Contract,
        types: Types,
        operation: Operation,
        name: str,
        shown: Callable[[Request], Request],
        mask: Callable[[str], str],
        unauthorized: str = "; are the credentials right?",
    ) -> None:
        self.name = name
        self.shown = shown
        self._mask = mask
        self._remedies = {**_REMEDIES, 401: unauthorized}
        self.contract = contract
        self.types = types
        self.operation = operation
        self._quick: dict[tuple[int, str | None], _Quick | None] = {}
        stated = contract.extension("x-syncdyn-errors")
        self._members: Mapping[str, Any] = stated if isinstance(stated, Mapping) else _COMMON_MEMBERS

    def read(
        self, request: Request, response: Response, strictness: str, judge: Judge | None = None
    ) -> RawResponse[Any]:
        """The result of an answer.

        Raises ApiStatusError for an error status, UnexpectedResponseError for a success that cannot be read,
        ResponseValidationError, in strict mode, for one that breaks the contract.
        """
        status = response.status
        if not self.is_success(status):
            raise self.error(request, response)
        try:
            body, shape, violations = self._body(response, checked=strictness != "off" and judge is None)
        except UnexpectedResponseError as error:
            error.request = self.shown(request)
            raise
        if judge is not None and strictness != "off":
            violations = judge(self.operation, request, response)
        data = self._data(shape, body, violations)
        if violations:
            body = [item.value for item in body] if type(body) is tuple else body
            self.complain(strictness, request, response, violations, data, body)
        return RawResponse(data, status, response.headers, request, violations, self.shown, self._header_values)

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
        """Whether an item says that it is the last, by the operation's `x-syncdyn-stream-end`: one text or several."""
        return isinstance(value, Event) and isinstance(value.data, str) and value.data in self._end_texts

    @cached_property
    def _end_texts(self) -> tuple[Json, ...]:
        stated = self.operation.extensions.get("x-syncdyn-stream-end")
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
                violations += checking.check_body(self.contract, media_type, body, Direction.RESPONSE)
        elif media_type is not None and media.is_json(media.essence(media_type.name)) and _is_malformed(violations):
            raise self._unreadable(response)
        shape = self.contract.shape(media_type.schema) if media_type else None
        return body, shape, violations if checked else ()

    def _items(self, response: Response, *, checked: bool) -> tuple[Json, None, tuple[Violation, ...]]:
        """The items of a stream that was read whole, as a tuple: no JSON value is one."""
        media_type, violations = self.check_head(response)
        try:
            read = read_items(self.contract, media_type, response.content_type or "", response.body)
            items = tuple(takewhile(lambda item: not self.is_end(item.value), read))
        except media.BodyTooLarge:
            raise self._unreadable(response) from None
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
            raise self._unreadable(response) from None

    def _unreadable(self, response: Response) -> UnexpectedResponseError:
        text = plain_body(response)
        shown = self._mask(" ".join(str(text).split()))[:80]
        is_json = media.is_json(media.essence(response.content_type or ""))
        question = "was it cut off on the way?" if is_json else "is the base URL the API's?"
        message = (
            f"{self.name} answered {response.status} with {response.content_type or 'no media type'} that cannot "
            f"be read as JSON: {shown!r}; {question}"
        )
        return UnexpectedResponseError(self._mask(message), **self.facts(response, text))

    def complain(
        self,
        strictness: str,
        request: Request,
        response: Response,
        violations: tuple[Violation, ...],
        data: Any,
        body: Json,
    ) -> None:
        """Raises ResponseValidationError for violations in strict mode, else warns of them."""
        violations = tuple(self._masked(violation) for violation in violations)
        if strictness == "strict" and not all(violation.is_tolerated for violation in violations):
            facts = self.facts(response, None if body is MISSING else body)
            facts["request"] = self.shown(request)
            raise ResponseValidationError(facts.pop("operation"), violations, data, response, **facts)
        message = self._mask(response_fault(self.name, violations))
        warnings.warn(ContractWarning(message, violations, data), stacklevel=levels_to_caller())

    def _masked(self, violation: Violation) -> Violation:
        """The violation with nothing secret in its words; what was found stays, as data."""
        hint = violation.hint and self._mask(violation.hint)
        return replace(violation, message=self._mask(violation.message), hint=hint)

    def error(self, request: Request, response: Response) -> ApiStatusError:
        """The error that an answer stands for, with the service's words and nothing secret."""
        body = plain_body(response)
        facts = self.facts(response, body)
        told = self._told(body)
        code = f" {facts['error_code']}" if facts["error_code"] else ""
        where = f"{request.method} {without_userinfo(request.url.partition('?')[0])}"
        message = f"{self.name} answered {response.status} {_phrase(response.status)}{code}"
        if location := response.headers.get("location"):
            message += f": a redirect to {without_userinfo(location)}, which was not followed for a {request.method}"
        message += f": {told}" if told else ""
        message += self._remedies.get(response.status, "")
        return error_for(response.status)(self._mask(f"{message} ({where})"), request=self.shown(request), **facts)

    def facts(self, response: Response, body: Json) -> dict[str, Any]:
        """What every error of an answer carries."""
        in_header = (response.headers.get(name) for name in _REQUEST_ID_FIELDS)
        return {
            "status_code": response.status,
            "body": body,
            "headers": response.headers,
            "request_id": next(filter(None, in_header), None) or self._member(body, "request-id"),
            "error_code": self._member(body, "code"),
            "operation": self.name,
        }

    def _member(self, body: Json, kind: str) -> str | None:
        names: Iterable[str] = self._members.get(kind, ())
        values = (body.get(name) for name in names) if isinstance(body, Mapping) else ()
        return next((value for value in values if isinstance(value, str)), None)

    def _told(self, body: Json) -> str:
        """The service's own words, on one line."""
        told: Json = body
        if isinstance(body, Mapping):
            told = next((body[name] for name in self._members.get("message", ()) if name in body), body)
        if isinstance(told, list) and all(isinstance(line, str) for line in told):
            told = "; ".join(told)
        text = told if isinstance(told, str) else "" if told is None else json.dumps(told, ensure_ascii=False)
        text = " ".join(text.split())
        return text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}..."


#: What a caller can do, where the service seldom says so itself.
_REMEDIES = {
    407: "; the proxy wants credentials of its own",
    429: "; wait, or send less at a time",
}

_COMMON_MEMBERS: Mapping[str, Any] = {
    "code": ("code", "error_code", "type"),
    "message": ("message", "detail", "title", "error"),
    "request-id": ("request_id",),
}


def plain_body(response: Response) -> Json:
    """The body as plain data: what its JSON says, else its text; None for none."""
    if not response.body:
        return None
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError):
        return response.body.decode("utf-8", "replace")


def _is_malformed(violations: tuple[Violation, ...]) -> bool:
    return any(violation.keyword == "malformed" for violation in violations)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def levels_to_caller() -> int:
    """How far up the stack the caller's own code stands, so that a warning points there."""
    level, frame = 1, sys._getframe(1)
    above: FrameType | None = frame
    while above is not None and above.f_globals.get("__name__", "").split(".")[0] == "syncdyn":
        level, above = level + 1, above.f_back
    return level
