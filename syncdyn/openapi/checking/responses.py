"""A response as it came, read and checked."""

from __future__ import annotations

from dataclasses import dataclass

from syncdyn.openapi.checking.values import check_body, is_of_many, wrong_media_type
from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.json_text import decode_json
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.items import is_sequence, read_items
from syncdyn.openapi.messages import Json, Response
from syncdyn.openapi.operations import MediaType, Operation, ResponsePromise
from syncdyn.openapi.promised_headers import HeaderRule, check_headers, header_rules
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.schema import Validator

#: Statuses that never have a body, whatever the document promises. Source: RFC 9110, section 6.4.1.
_WITHOUT_BODY = frozenset({204, 205, 304})
#: A parameter of a Content-Type such as a boundary may be another one each time.
_MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class CheckedResponse:
    """A response as read: what was promised for it, the body's value, and what is wrong."""

    promise: ResponsePromise | None
    media_type: MediaType | None = None
    body: Json = MISSING
    violations: tuple[Violation, ...] = ()


class ResponseChecker:
    """Tells what is wrong with responses of one operation; what is plain JSON is judged in one go."""

    __slots__ = ("_contract", "_expected", "_operation")

    def __init__(self, contract: Contract, operation: Operation) -> None:
        self._contract = contract
        self._operation = operation
        self._expected: dict[tuple[int, str | None], _Expected | None] = {}

    def violations(self, response: Response, value: Json = MISSING) -> tuple[Violation, ...]:
        """The violations that `read_response` finds; `value` is what the body was written from, if that is known."""
        key = (response.status, response.content_type)
        if key not in self._expected:
            if len(self._expected) >= _MOST_KEPT:
                self._expected.clear()
            self._expected[key] = self._expect(*key)
        expected = self._expected[key]
        if expected is not None and response.body and expected.is_met(response, value):
            return ()
        return read_response(self._contract, self._operation, response).violations

    def _expect(self, status: int, content_type: str | None) -> _Expected | None:
        """What plain JSON must be; None for what has to be looked at whole."""
        promise = self._operation.promise_for(status)
        is_bodiless = self._operation.method == "HEAD" or status in _WITHOUT_BODY
        if promise is None or is_bodiless or not media.is_json(media.essence(content_type or "")):
            return None
        media_type = media.best_match(promise.content, content_type or "")
        if media_type is None or media_type.schema is None or is_of_many(media_type):
            return None
        validator = self._contract.schemas.validator(media_type.schema, Direction.RESPONSE)
        return _Expected(header_rules(self._contract, promise), validator)


@dataclass(frozen=True, slots=True)
class _Expected:
    """What a response of one status and media type must be."""

    rules: tuple[HeaderRule, ...]
    validator: Validator

    def is_met(self, response: Response, value: Json) -> bool:
        try:
            value = decode_json(response.body) if value is MISSING else value
        except media.MalformedBody:
            return False
        if not self.validator.is_valid(value):
            return False
        return not (self.rules and any(check_headers(self.rules, response.headers)))


def read_response(contract: Contract, operation: Operation, response: Response) -> CheckedResponse:
    """A response read and checked: its status, media type, header fields and body.

    A body that cannot be read as promised is kept as text or bytes. A status that the document does not
    know is a violation with the keyword `status`; the body is then read by its media type alone.
    """
    promise = operation.promise_for(response.status)
    violations = _check_start(contract, operation, promise, response)
    is_bodiless = operation.method == "HEAD" or response.status in _WITHOUT_BODY
    media_type, body, faults = _read_response_body(contract, None if is_bodiless else promise, response)
    return CheckedResponse(promise, media_type, body, (*violations, *faults))


def check_head(
    contract: Contract, operation: Operation, response: Response
) -> tuple[MediaType | None, tuple[Violation, ...]]:
    """The media type that is promised for a response's body, and the violations in all that comes before it."""
    promise = operation.promise_for(response.status)
    violations = _check_start(contract, operation, promise, response)
    content = promise.content if promise else ()
    media_type = media.best_match(content, response.content_type or "")
    if media_type is None and content:
        violations = (*violations, wrong_media_type("header", response.content_type, content))
    return media_type, violations


def _check_start(
    contract: Contract, operation: Operation, promise: ResponsePromise | None, response: Response
) -> tuple[Violation, ...]:
    if promise is not None:
        return tuple(check_headers(header_rules(contract, promise), response.headers))
    known = tuple(operation.responses)
    message = f"{response.status} is not documented; documented: {', '.join(known) or 'none'}"
    return (Violation("status", (), message, "status", response.status, known),)


def _read_response_body(
    contract: Contract, promise: ResponsePromise | None, response: Response
) -> tuple[MediaType | None, Json, tuple[Violation, ...]]:
    content = promise.content if promise else ()
    content_type = response.content_type
    media_type = media.best_match(content, content_type or "")
    if not response.body and (media_type is None or not media.may_be_empty(content_type or "")):
        return None, MISSING, (Violation("body", (), "empty, but a body is promised", "required"),) if content else ()
    faults: tuple[Violation, ...] = ()
    if media_type is None and content:
        faults = (wrong_media_type("header", content_type, content),)
    shape = contract.shape(media_type.schema) if media_type else None
    try:
        if is_sequence(content_type or ""):
            items = list(read_items(contract, media_type, content_type or "", response.body))
            found = (violation for item in items for violation in item.violations)
            return media_type, [item.value for item in items], (*faults, *found)
        body = media.decode_body(media_type, shape, content_type or "", response.body)
    except media.MalformedBody as error:
        text = response.body.decode("utf-8", "replace")
        return media_type, text, (*faults, Violation("body", (), str(error), "malformed"))
    if media_type is not None:
        faults = check_body(contract, media_type, body, Direction.RESPONSE)
    return media_type, body, faults
