"""The proxy as functions of plain values: is this request, is this response as the document promises, and if not?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from mockserver.answering.answerer import Answerer
from mockserver.plans import Plan, Plans
from mockserver.problems import Fault, Problems, Refused
from mockserver.problems.reporting import diagnostic, reported
from mockserver.settings import Settings
from syncdyn.openapi import checking
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.messages import Request, Response
from syncdyn.openapi.routing import Route, Router
from syncdyn.openapi.sampling import Sampler

_NOT_FOUND, _NOT_ALLOWED, _BAD_GATEWAY = 404, 405, 502


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as judged: the plan of the operation meant, None where it met none; what is wrong with it; and what it
    is to be answered with instead of being passed on."""

    plan: Plan | None = None
    violations: tuple[Violation, ...] = ()
    refusal: Response | None = None

    @property
    def operation(self) -> str | None:
        """The key of the operation meant."""
        return self.plan.operation.key if self.plan else None


@dataclass(frozen=True, slots=True)
class Answered:
    """A response as judged: what is wrong with it, and what goes back instead of it."""

    violations: tuple[Violation, ...] = ()
    refusal: Response | None = None


class Judge:
    """Judges the messages that pass.

    With `refuses` a message with violations is answered by a problem, and not passed on. Without `checks_requests` of
    a request its credentials alone are judged.
    """

    def __init__(
        self, contract: Contract, settings: Settings, *, refuses: bool = False, checks_requests: bool = True
    ) -> None:
        self._contract = contract
        self._refuses = refuses
        self._checks_requests = checks_requests
        self._router = Router(contract.operations, [server.fill() for server in contract.servers])
        # Credentials are asked for whatever is passed on; what operations do is the server's affair.
        self._plans = Plans(contract, replace(settings, errors=True), lambda _operation: None)
        answerer = Answerer(contract, Sampler(contract), settings.seed)
        self._problems = Problems(contract.extension("x-mock-errors"), answerer)

    def asked(self, request: Request, *, is_whole: bool = True) -> Asked:
        """What is said of a request; where its body is not at hand whole, all but that is judged."""
        url = urlsplit(request.url)
        route = self._router.find(url.path or "/")
        target = _target(route, request.method, url.query)
        if target is None:
            return self._unknown(request, route)
        plan = self._plans.at(target[0])
        violations, fault = self._judged(plan, request, target[1], is_whole)
        refusal = self._problems.write(fault, plan.operation, request) if fault and self._refuses else None
        return Asked(plan, violations, refusal and told(refusal, violations))

    def answered(self, asked: Asked, response: Response, *, is_whole: bool = True) -> Answered:
        """What is said of a response; where its body is not at hand whole, all but that is judged."""
        found = self._found(asked.plan, response, is_whole)
        worst = tuple(one for one in found if not one.is_tolerated)
        if not worst or not self._refuses:
            return Answered(found)
        lines = tuple(f"the server's response is not as documented: {one}" for one in worst)
        refusal = self._own(Fault(_BAD_GATEWAY, lines, violations=worst, is_own=True))
        return Answered(found, told(refusal, asked.violations, found))

    def problem(self, status: int, detail: str) -> Response:
        """The response that tells why there is none of the server."""
        return self._own(Fault(status, (detail,), is_own=True))

    def _own(self, fault: Fault) -> Response:
        return self._problems.write(fault, None, Request("GET", "/"))

    def _unknown(self, request: Request, route: Route | None) -> Asked:
        """What is said of a request that the document does not know."""
        if route is None:
            what, headers, status = f"no path of the document is {urlsplit(request.url).path[:200]}", {}, _NOT_FOUND
        else:
            known = ", ".join(route.methods)
            what, headers, status = f"{request.method[:20]} is not one of {known}", {"allow": known}, _NOT_ALLOWED
        violations = (Violation("path" if route is None else "method", (), what, "route"),)
        refusal = self._own(Fault(status, (what,), headers=headers, is_own=True)) if self._refuses else None
        return Asked(None, violations, refusal and told(refusal, violations))

    def _judged(
        self, plan: Plan, request: Request, path_values: Mapping[str, str], is_whole: bool
    ) -> tuple[tuple[Violation, ...], Fault | None]:
        """The violations of a request, and the fault that they are when they count."""
        try:
            plan.admit(request)
            violations = plan.read(request, path_values).violations if self._checks_requests else ()
        except Refused as refused:
            why = "; ".join(refused.fault.messages)
            return (Violation("security", (), why, str(refused.fault.status)),), refused.fault
        if not is_whole:
            violations = tuple(one for one in violations if one.location != "body")
        return violations, self._problems.invalid(plan.operation, violations) if violations else None

    def _found(self, plan: Plan | None, response: Response, is_whole: bool) -> tuple[Violation, ...]:
        if plan is None:
            return ()
        if is_whole:
            return plan.violations(response, MISSING)
        return checking.check_head(self._contract, plan.operation, response)[1]


def _target(route: Route | None, method: str, query: str) -> tuple[str, Mapping[str, str]] | None:
    """The operation meant; what can be read can be asked about: RFC 9110, section 9.3.2."""
    if route is None:
        return None
    target = route.target(method, query)
    return route.target("GET", query) if target is None and method == "HEAD" else target


def told(response: Response, sent: tuple[Violation, ...], found: tuple[Violation, ...] = ()) -> Response:
    """The response with a field that tells the violations of request and response, where there are any."""
    return reported(response, [*_entries("request", sent), *_entries("response", found)])


def _entries(side: str, violations: tuple[Violation, ...]) -> Iterator[dict[str, object]]:
    return (diagnostic(side, one) for one in violations)
