"""What is wrong with an answer, told: the error that it stands for, and where it breaks the contract."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from http import HTTPStatus
from types import FrameType
from typing import Any

from syncdyn.errors import (
    ApiStatusError,
    ContractWarning,
    ResponseValidationError,
    UnexpectedResponseError,
    error_for,
    response_fault,
)
from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.files import Once
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.messages import Json, Request, Response
from syncdyn.openapi.urls import without_userinfo
from syncdyn.retry import IDEMPOTENT_METHODS, is_worth_it

_REQUEST_ID_FIELDS = ("x-request-id", "request-id", "x-amzn-requestid", "cf-ray")
_LONGEST_MESSAGE = 500
#: What a caller can do, where the service seldom says so itself.
_REMEDIES = {
    407: "; the proxy wants credentials of its own",
    429: "; wait, or send less at a time",
}
#: What a problem is called that is called nothing. Source: RFC 9457, section 4.2.1.
_NO_TYPE = "about:blank"
#: Where errors of services that do not say so commonly have them.
_COMMON_MEMBERS: Mapping[str, Any] = {
    "code": ("code", "error_code", "type"),
    "message": ("message", "detail", "title", "error"),
    "details": ("errors",),
    "request-id": ("request_id",),
}


class Reporter:
    """Tells what is wrong with the answers to one operation, with nothing secret in it.

    `shown` gives a request as an error may carry it, `mask` covers the secrets in a text; `unauthorized` is what can
    be done about a 401. Which members of an error's body hold its code and message, `x-syncdyn-errors` says.
    """

    def __init__(
        self,
        contract: Contract,
        name: str,
        shown: Callable[[Request], Request],
        mask: Callable[[str], str],
        unauthorized: str = "; are the credentials right?",
    ) -> None:
        self.name = name
        self.shown = shown
        self._mask = mask
        self._remedies = {**_REMEDIES, 401: unauthorized}
        stated = contract.extension("x-syncdyn-errors")
        self._members: Mapping[str, Any] = stated if isinstance(stated, Mapping) else _COMMON_MEMBERS

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
        if type(request.body) is Once and is_worth_it(response, request.method in IDEMPOTENT_METHODS):
            message += "; it was not tried again: the body comes piece by piece and cannot be sent again"
        return error_for(response.status)(self._mask(f"{message} ({where})"), request=self.shown(request), **facts)

    def unreadable(self, response: Response) -> UnexpectedResponseError:
        """The error of an answer whose body is not the JSON that it should be."""
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
        return next((value for value in values if isinstance(value, str) and value != _NO_TYPE), None)

    def _told(self, body: Json) -> str:
        """The service's own words, on one line."""
        told: Json = body
        if isinstance(body, Mapping):
            told = next((body[name] for name in self._members.get("message", ()) if body.get(name) is not None), body)
        if isinstance(told, list) and all(isinstance(line, str) for line in told):
            told = "; ".join(told)
        text = told if isinstance(told, str) else "" if told is None else json.dumps(told, ensure_ascii=False)
        text += self._details(body) if told is not body else ""
        text = " ".join(text.split())
        return text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}..."

    def _details(self, body: Json) -> str:
        names: Iterable[str] = self._members.get("details", ()) if isinstance(body, Mapping) else ()
        found = next((body[name] for name in names if body.get(name)), None)
        return "" if found is None else f": {json.dumps(found, ensure_ascii=False)}"


def plain_body(response: Response) -> Json:
    """The body as plain data: what its JSON says, else its text; None for none."""
    if not response.body:
        return None
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError):
        return response.body.decode("utf-8", "replace")


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
