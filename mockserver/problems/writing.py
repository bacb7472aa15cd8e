"""A fault -> the response that tells it, in the words and members of the document, else as a problem.

Source: RFC 9457, "Problem Details for HTTP APIs".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus

from mockserver.answering.answerer import Answerer
from mockserver.answering.choosing import choose_refusal
from mockserver.problems.faults import Fault
from mockserver.problems.reporting import diagnostic, reported
from mockserver.problems.telling import kept_valid, with_facts, without_fiction
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.messages import Headers, Json, Request, Response
from syncdyn.openapi.operations import Operation, ResponsePromise
from syncdyn.openapi.records import Line
from syncdyn.openapi.schemas.shapes import Shape

_UNPROCESSABLE, _BAD_REQUEST, _WRONG_MEDIA_TYPE = 422, 400, 415
_MOST_MESSAGES = 50
_MOST_FOUND_CHARACTERS = 200


class Problems:
    """Writes faults. `template` is the document's `x-mock-errors`, None where it has none.

    With `lets_through` what breaks the document is answered all the same, and told of in a field.
    """

    def __init__(self, template: Mapping[str, Json] | None, answerer: Answerer, *, lets_through: bool = False) -> None:
        self._template = template or {}
        self._answerer = answerer
        self._lets_through = lets_through

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

    def refuses(self, _violations: Sequence[Violation]) -> bool:
        """Whether a request with such violations is refused."""
        return not self._lets_through

    def reviewed(self, response: Response, sent: Sequence[Violation], made: Sequence[Violation]) -> Response:
        """The response to a request that breaks the document (`sent`), or that does so itself (`made`).

        What is let through is told of in a field; else a response that is not as documented is a 500 that says so.
        """
        if not self._lets_through and made:
            told = tuple(f"the mock's own answer is not as documented: {one}" for one in made)
            return self.write(Fault(500, told, is_own=True), None, Request("GET", "/"))
        entries = [*(diagnostic("request", one) for one in sent), *(diagnostic("response", one) for one in made)]
        return reported(response, entries)

    def write(self, fault: Fault, operation: Operation | None, request: Request) -> Response:
        """The response that tells a fault."""
        if fault.is_own:
            operation = None
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
        def tell(value: Json, shape: Shape | None, is_valid: Callable[[Json], bool]) -> Json:
            if shape is None and value == {}:
                return _problem(fault)
            filled = with_facts(value, shape, fault, _reason(fault.status))
            bare = without_fiction(value, filled, shape)
            return bare if is_valid(bare) else kept_valid(value, filled, is_valid)

        response = self._answerer.example(operation, promise, fault.status, request, tell=tell)
        return replace(response, headers=Headers((*response.headers.pairs, *fault.headers.items())))

    def _invalid_status(self, operation: Operation, violations: Iterable[Violation]) -> int:
        stated = self._template.get("invalid-status")
        if isinstance(stated, int):
            return stated
        chosen = choose_refusal(operation, statuses_of(violations))
        return chosen.status if chosen else statuses_of(violations)[0]

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


def statuses_of(violations: Iterable[Violation]) -> tuple[int, ...]:
    """The statuses that a request with such violations may get, the first one before the others."""
    wrong_type = any(violation.keyword == "mediaType" for violation in violations)
    return (*((_WRONG_MEDIA_TYPE,) if wrong_type else ()), _UNPROCESSABLE, _BAD_REQUEST)


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
    """The members of a problem."""
    body: dict[str, Json] = {"type": "about:blank", "title": _reason(fault.status), "status": fault.status}
    body["detail"] = "; ".join(fault.messages)
    if fault.violations:
        body["violations"] = [_told(one) for one in fault.violations[:_MOST_MESSAGES]]
    return {**body, **fault.members}


def _told(violation: Violation) -> dict[str, Json]:
    """One violation as a client is told: where and why, what was found there, and what may stand there."""
    told: dict[str, Json] = {
        "where": violation.where,
        "location": violation.location,
        "path": [int(step) if isinstance(step, int) else step for step in violation.path],
        "message": violation.message,
        "keyword": violation.keyword,
    }
    if _is_short(violation.found):
        told["found"] = violation.found
    if violation.allowed is not None and _is_short(violation.allowed):
        told["allowed"] = violation.allowed
    return told | ({"hint": violation.hint} if violation.hint else {})


def _is_short(value: Json) -> bool:
    """Whether a value can be told again: it is JSON, and does not fill pages."""
    if value is MISSING:
        return False
    try:
        return len(json.dumps(value)) <= _MOST_FOUND_CHARACTERS
    except (TypeError, ValueError):
        return False


def _json(fault: Fault, content_type: str, body: Json) -> Response:
    content = json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode()
    return Response(fault.status, Headers((("content-type", content_type), *fault.headers.items())), content)


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
