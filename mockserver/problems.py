"""What a refused request is told: one fault, written in the words and members of the document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from mockserver.answering.answerer import Answerer
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Headers, Json, Request, Response
from syncdyn.openapi.operations import Operation, ResponsePromise
from syncdyn.openapi.records import Line

_UNPROCESSABLE, _BAD_REQUEST, _WRONG_MEDIA_TYPE = 422, 400, 415
_MOST_MESSAGES = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a request is refused.

    `messages` are one or several; `is_listed` writes them as a list even when there is one. `has_reason` adds
    the status's reason phrase also where there is a code. `members` are further members of the body.
    """

    status: int
    messages: tuple[str, ...]
    code: str | None = None
    is_listed: bool = False
    has_reason: bool | None = None
    members: Mapping[str, Json] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    violations: tuple[Violation, ...] = ()


class Refused(Exception):
    """A request is refused; `fault` says why. Raised and caught inside the mock alone."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.messages[0] if fault.messages else "refused")
        self.fault = fault


def fault_of(stated: Mapping[str, Json], **changes: Json) -> Fault:
    """The fault that `x-mock-*` data states: `status`, `message`, `code`, `reason`."""
    fault = Fault(
        status=stated.get("status", _BAD_REQUEST),
        messages=(stated.get("message", "the request is refused"),),
        code=stated.get("code"),
        has_reason=stated.get("reason"),
    )
    return replace(fault, **changes)


class Problems:
    """Writes faults. `template` is the document's `x-mock-errors`, None where it has none."""

    def __init__(self, template: Mapping[str, Json] | None, answerer: Answerer) -> None:
        self._template = template or {}
        self._answerer = answerer

    def invalid(self, operation: Operation, violations: Sequence[Violation]) -> Fault:
        """The fault of a request that breaks its contract: the first code that fits, and every violation."""
        rules = [*operation.extensions.get("x-mock-codes", ()), *self._template.get("codes", ())]
        chosen: Mapping[str, Json] = next((rule for rule in rules if any(_fits(rule, one) for one in violations)), {})
        matching = [one for one in violations if chosen and _fits(chosen, one)]
        ordered = [*matching, *(one for one in violations if one not in matching)]
        status = chosen.get("status") or self._invalid_status(operation, violations)
        return Fault(
            status=status,
            messages=tuple(str(one) for one in ordered[:_MOST_MESSAGES]),
            code=chosen.get("code"),
            is_listed=not chosen,
            members=self._line_of(ordered),
            violations=tuple(violations),
        )

    def write(self, fault: Fault, operation: Operation | None, request: Request) -> Response:
        """The response that tells a fault."""
        if operation is not None:
            fault = replace(fault, status=_documented(operation, fault.status))
        fault = replace(fault, members={**self._line_of(fault.violations), **fault.members})
        if "body" in self._template:
            return _json(fault, "application/json", self._body(fault))
        promise = operation.promise_for(fault.status) if operation else None
        if operation is not None and promise is not None and promise.content:
            return self._documented_body(fault, operation, promise, request)
        return _json(fault, "application/problem+json", _problem(fault))

    def _documented_body(
        self, fault: Fault, operation: Operation, promise: ResponsePromise, request: Request
    ) -> Response:
        response = self._answerer.example(operation, promise, fault.status, request)
        return replace(response, headers=Headers((*response.headers.pairs, *fault.headers.items())))

    def _invalid_status(self, operation: Operation, violations: Iterable[Violation]) -> int:
        stated = self._template.get("invalid-status")
        if isinstance(stated, int):
            return stated
        wrong_type = any(violation.keyword == "mediaType" for violation in violations)
        order = (*((_WRONG_MEDIA_TYPE,) if wrong_type else ()), _UNPROCESSABLE, _BAD_REQUEST)
        declared = (status for status in order if str(status) in operation.responses or "4XX" in operation.responses)
        return next(declared, _UNPROCESSABLE)

    def _line_of(self, violations: Iterable[Violation]) -> dict[str, Json]:
        member = self._template.get("line-member")
        lines = (int(step) for one in violations for step in one.path if isinstance(step, Line))
        first = next(lines, None)
        return {member: first} if member and first is not None else {}

    def _body(self, fault: Fault) -> dict[str, Json]:
        one = len(fault.messages) == 1 and not fault.is_listed
        has_reason = fault.code is None if fault.has_reason is None else fault.has_reason
        roles: dict[str, Json] = {
            "status": fault.status,
            "message": fault.messages[0] if one else list(fault.messages),
            "code": fault.code,
            "reason": _reason(fault.status) if has_reason else None,
        }
        named = {member: roles[role] for member, role in self._template["body"].items()}
        return {**{member: value for member, value in named.items() if value is not None}, **fault.members}


def _fits(rule: Mapping[str, Json], violation: Violation) -> bool:
    """Whether a violation is of the kind that a rule of `x-mock-codes` names: keyword, location, last name."""
    names = [step for step in violation.path if isinstance(step, str)]
    facts = {
        "keyword": violation.keyword,
        "location": violation.location,
        "name": names[-1].lower() if names else "",
    }
    wanted = {key: value for key, value in rule.items() if key in facts}
    return all(facts[key] in [str(one) for one in _several(value)] for key, value in wanted.items())


def _several(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _documented(operation: Operation, status: int) -> int:
    """The status, or 400 where the operation knows that one and not this one."""
    if operation.promise_for(status) is not None or str(_BAD_REQUEST) not in operation.responses:
        return status
    return _BAD_REQUEST


def _problem(fault: Fault) -> dict[str, Json]:
    """The members of a problem. Source: RFC 9457."""
    body: dict[str, Json] = {"type": "about:blank", "title": _reason(fault.status), "status": fault.status}
    body["detail"] = "; ".join(fault.messages)
    if fault.violations:
        listed = fault.violations[:_MOST_MESSAGES]
        body["violations"] = [{"where": one.where, "message": one.message, "keyword": one.keyword} for one in listed]
    return {**body, **fault.members}


def _json(fault: Fault, content_type: str, body: Json) -> Response:
    content = json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode()
    return Response(fault.status, Headers((("content-type", content_type), *fault.headers.items())), content)


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
