"""What is made of an operation once, when it is first asked for: who may call it, how it is read, what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from mockserver.problems import Fault, Refused, fault_of
from mockserver.problems.faults import UNASKED_BODY
from mockserver.recalling import Span
from mockserver.security import Access, Visitor, identifier
from mockserver.settings import Settings
from syncdyn.openapi import checking
from syncdyn.openapi.checking import CheckedRequest
from syncdyn.openapi.coding import media
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Json, Request, Response
from syncdyn.openapi.operations import Operation
from syncdyn.openapi.schemas.formats import KNOWN

_EMPTY: Mapping[str, Json] = {}
_UNSUPPORTED = "415"


@dataclass(frozen=True, slots=True)
class Plan:
    """One operation, compiled.

    `admit` says who asks, `read` reads and checks a request with the texts of its path's templates; both raise
    Refused. `behaviour` is what the operation does to the state (`x-mock`), None where the document alone answers.
    `rate` is what its callers may ask in a minute, None where no one counts. `violations` are those of a response,
    written from a value if that is known (else MISSING); `span` is how long an answer stays the same.
    """

    operation: Operation
    admit: Callable[[Request], Visitor]
    read: Callable[[Request, Mapping[str, str]], CheckedRequest]
    violations: Callable[[Response, Json], tuple[Violation, ...]]
    span: Span = Span.MOMENT
    behaviour: Mapping[str, Json] | None = None
    rate: Mapping[str, Json] | None = None


class Plans:
    """The plans of a contract's operations by key, each made when it is first asked for."""

    def __init__(
        self,
        contract: Contract,
        settings: Settings,
        behaviour_of: Callable[[Operation], Mapping[str, Json] | None],
    ) -> None:
        self._contract = contract
        # Who sends is told of every format, unless the document says which count; what it answers itself is its own.
        self._strict = contract if contract.extension("x-syncdyn-formats") else contract.with_formats(KNOWN)
        self._behaviour_of = behaviour_of
        self._settings = settings
        self._security = contract.extension("x-mock-security") or _EMPTY
        self._rate = contract.extension("x-mock-rate") or _EMPTY
        self._limits = media.Limits(max_file_bytes=settings.max_body_bytes)
        self._made: dict[str, Plan] = {}

    def at(self, key: str) -> Plan:
        """The plan of the operation with a key."""
        found = self._made.get(key)
        if found is None:
            # Two threads may make the same plan; both are as good.
            found = self._made[key] = self._make(self._contract.operations[key])
        return found

    def _make(self, operation: Operation) -> Plan:
        counted = self._settings.rate_limit and self._rate
        behaviour = self._behaviour(operation)
        return Plan(
            operation,
            admit=self._admission(operation),
            read=self._reader(operation),
            violations=checking.ResponseChecker(self._contract, operation).violations,
            span=_span(behaviour) if not counted else Span.MOMENT,
            behaviour=behaviour,
            rate={**self._rate, **operation.extensions.get("x-mock-rate", _EMPTY)} if counted else None,
        )

    def _behaviour(self, operation: Operation) -> Mapping[str, Json] | None:
        """What the operation does, by its overlay data and what the document's paths lead one to expect."""
        return None if self._settings.is_stateless else self._behaviour_of(operation)

    def _admission(self, operation: Operation) -> Callable[[Request], Visitor]:
        refused = self._security.get("refused", ())
        schemes, accepted = self._contract.security_schemes, self._settings.api_keys
        is_prisms = self._settings.prism and not accepted
        # Keys that were given are asked for, whatever else is let through.
        is_open = self._settings.lets_through and not accepted
        identify: Callable[[Request], Visitor]
        if is_prisms:
            from mockserver.security.prism import identify as identify_as_prism

            identify = partial(identify_as_prism, operation, schemes)
        else:
            identify = identifier(operation, schemes, accepted, refused)
        if not operation.security or is_open:
            return identify

        def admit(request: Request) -> Visitor:
            visitor = identify(request)
            if visitor.access is not Access.GRANTED:
                raise Refused(self._unauthorised(visitor))
            return visitor

        return admit

    def _unauthorised(self, visitor: Visitor) -> Fault:
        between = "," if self._settings.prism else ", "
        headers = {"www-authenticate": between.join(visitor.challenges)} if visitor.challenges else {}
        default = {"message": f"the credentials are {visitor.access.value}"}
        stated = {**default, **self._security.get(visitor.access.value, _EMPTY), "status": 401}
        return fault_of(stated, headers=headers, kind="UNAUTHORIZED")

    def _reader(self, operation: Operation) -> Callable[[Request, Mapping[str, str]], CheckedRequest]:
        most = self._settings.max_body_bytes
        reader = checking.RequestReader(self._strict, operation, self._limits)

        def read(request: Request, path_values: Mapping[str, str]) -> CheckedRequest:
            if len(request.body) > most:
                raise Refused(Fault(413, (f"the body has more than {most:,} bytes",)))
            try:
                return reader.read(request, path_values)
            except media.BodyTooLarge as error:
                raise Refused(Fault(413, (str(error),))) from None

        def read_without_body(request: Request, path_values: Mapping[str, str]) -> CheckedRequest:
            checked = read(request, path_values)
            return replace(checked, violations=(*checked.violations, UNASKED_BODY)) if request.body else checked

        if not self._settings.prism:
            # A body that nobody asked for harms nobody, unless the document has an answer to it.
            is_refused = operation.request_body is None and _UNSUPPORTED in operation.responses
            return read_without_body if is_refused else read
        from mockserver.problems.ajv import in_full
        from mockserver.problems.prism import seen_by_prism

        def read_as_prism(request: Request, path_values: Mapping[str, str]) -> CheckedRequest:
            checked = read(request, path_values)
            if checked.violations:
                checked = replace(checked, violations=in_full(self._strict, checked))
            return replace(checked, violations=seen_by_prism(operation, request, path_values, checked))

        return read_as_prism


def _span(behaviour: Mapping[str, Json] | None) -> Span:
    """How long answers stay the same: what reads things that lie still hangs on the state alone."""
    if behaviour is None:
        return Span.ALWAYS
    return Span.STATE if behaviour.get("is-still") else Span.MOMENT
