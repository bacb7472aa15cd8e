"""The mock as one pure function: a state, a moment and a request give a response and a state.

A request is routed, met by the plan of its operation, admitted, read, and answered: by the operation's behaviour where
it has one, else by what the document says alone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mockserver.answering.answerer import Answerer
from mockserver.answering.cors import preflight, shared
from mockserver.answering.servers import check_server
from mockserver.answering.wishes import NO_WISHES, Unavailable, Wishes, wishes_of, without_wishes
from mockserver.behaviour import files, idempotency, limits
from mockserver.behaviour.actions import act
from mockserver.behaviour.calls import Call, call_of, values_in
from mockserver.behaviour.overlay import Overlay
from mockserver.behaviour.webhooks import Delivered, Delivery, Trigger, Webhooks
from mockserver.faults.deciding import Seen, decide
from mockserver.faults.keeping import with_rules
from mockserver.manners import AT_ONCE, Manner
from mockserver.memo import Memo
from mockserver.plans import Plan, Plans
from mockserver.problems import Fault, Problems, Refused
from mockserver.recalling import Recall, Span, key_of
from mockserver.routing import Routes
from mockserver.security import Access
from mockserver.settings import Settings
from mockserver.state import State, StoredFile
from syncdyn.openapi.checking import CheckedRequest
from syncdyn.openapi.coding.runtime_expressions import Exchanged
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.messages import Json, Request, Response
from syncdyn.openapi.operations import Operation
from syncdyn.openapi.sampling import Sampler
from syncdyn.openapi.schemas.formats import KNOWN
from syncdyn.openapi.urls import path_and_query

if TYPE_CHECKING:
    from mockserver.faults.striking import Striker

__all__ = ["Answer", "Delivered", "Delivery", "Mock", "Trigger"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request came to.

    `violations` are those of the request; `operation` is the key of the one meant; `manner` tells how the response
    is to be sent; `fault` names the rules that struck.
    """

    response: Response
    state: State
    operation: str | None = None
    violations: tuple[Violation, ...] = ()
    manner: Manner = AT_ONCE
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """An answer without the state that it was given on."""

    response: Response
    operation: str | None
    violations: tuple[Violation, ...]


def _no_clip(_duration_seconds: float) -> bytes:
    """An empty file, where nobody makes videos."""
    return b""


def _no_facts(_content: bytes, _file_name: str) -> None:
    """Nothing is known of a file, where nobody reads media."""


_PLAIN = Settings()
#: What was read of requests is kept in so many bytes; a value takes several times those of its text.
_MOST_BYTES_READ, _READ_BYTES_PER_BYTE, _READ_BYTES = 16 * 2**20, 10, 1024


class Mock:
    """A mock of one document; it keeps no state of its own. For `clip` and `facts_of` see Overlay."""

    def __init__(
        self,
        contract: Contract,
        settings: Settings = _PLAIN,
        *,
        clip: Callable[[float], bytes] = _no_clip,
        facts_of: Callable[[bytes, str], Any] = _no_facts,
    ) -> None:
        # Prism's validator knows the formats, and asserts them.
        contract = contract.with_formats(KNOWN) if settings.prism else contract
        self.contract = contract
        self.settings = settings
        self._routes = Routes(contract, as_prism=settings.prism)
        self._overlay = Overlay(contract, settings, clip, facts_of)
        self._plans = Plans(contract, settings, self._overlay.behaviour)
        self._has_cors = settings.has_cors
        self._recall: Recall[_Known] = Recall()
        self._readings: Memo[tuple[Plan, CheckedRequest]] = Memo(_MOST_BYTES_READ)
        self._proven_last: dict[str, Response] = {}
        self._answerer, self._problems = _voice(contract, settings)
        overlay, sampler = self._overlay, Sampler(contract)
        self.webhooks = Webhooks(contract, settings, overlay.collections, overlay.scope, sampler)

    @cached_property
    def _striker(self) -> Striker:
        """What carries out rules of faults, of which most mocks have none."""
        from mockserver.faults.striking import Striker

        return Striker(self.contract, self._answerer, self._problems, self.settings.seed)

    def initial_state(self, now: float) -> State:
        """The state before the first request: what the document says is there from the start."""
        return with_rules(self._overlay.initial_state(now), self.settings.faults)

    def answer(self, state: State, now: float, request: Request) -> Answer:
        """The answer to a request; bad input is answered, never raised."""
        if self._has_cors:
            early = preflight(request)
            if early is not None:
                return Answer(early, state)
            answer = self._found(state, now, request)
            return replace(answer, response=shared(request, answer.response))
        return self._found(state, now, request)

    def _found(self, state: State, now: float, request: Request) -> Answer:
        """The answer as it was given before, else worked out."""
        if state.faults:
            return self._work_out(state, now, request)
        key = key_of(request)
        if key is None:
            return self._work_out(state, now, request)
        known = self._recall.find(key, state)
        if known is not None:
            return Answer(known.response, state, known.operation, known.violations)
        reading = self._readings.get(key)
        if reading is not None:
            plan, checked = reading
            return self._kept(key, plan, state, request, self._settled(plan, state, now, request, checked))
        return self._work_out(state, now, request, key)

    def _work_out(self, state: State, now: float, request: Request, key: Hashable = None) -> Answer:
        """The answer made anew, and kept under a key for the next who asks the same."""
        try:
            path, query = path_and_query(request.url)
            if path.startswith(files.PREFIX):
                return Answer(self._overlay.serve_file(state, now, request), state)
            below = path.removeprefix(self.settings.prefix) or "/"
            operation, path_values = self._routes.find(below, query, request.method)
            plan = self._plans.at(operation)
        except Refused as refused:
            fault = refused.fault
            return self._struck(None, state, now, request, lambda seen: self._refusal(fault, seen, None, request))
        except ValueError:
            return self._refusal(Fault(400, ("the URL is malformed",)), state, None, request)
        if state.faults:
            return self._struck(
                plan.operation, state, now, request, lambda seen: self._call(plan, seen, now, request, path_values)
            )
        return self._kept(key, plan, state, request, self._call(plan, state, now, request, path_values, key))

    def _kept(self, key: Hashable, plan: Plan, state: State, request: Request, answer: Answer) -> Answer:
        """The answer, kept for who asks the same while it stays the same."""
        if key is not None and answer.state is state and plan.span is not Span.MOMENT:
            self._keep(key, plan.span, answer, request)
        return answer

    def _keep(self, key: Hashable, span: Span, answer: Answer, request: Request) -> None:
        response = answer.response
        weight = len(request.url) + len(request.body) + len(response.body)
        known = _Known(response, answer.operation, answer.violations)
        self._recall.keep(key, answer.state, span, known, weight)

    def _struck(
        self,
        operation: Operation | None,
        state: State,
        now: float,
        request: Request,
        answer_on: Callable[[State], Answer],
    ) -> Answer:
        """The answer where there are rules of faults: they count the request, and may change what becomes of it."""
        key, template = (operation.key, operation.path) if operation else (None, None)
        rules, struck = decide(state.faults, Seen(request, key, template), self.settings.seed)
        counted = replace(state, faults=rules) if rules is not state.faults else state
        if not struck:
            return answer_on(counted)
        manner, fault = self._striker.manner(struck), ", ".join(rule.name or rule.id for rule in struck)
        instead = self._striker.instead(struck, operation, request, now)
        if instead is not None:
            return Answer(instead, counted, key, manner=manner, fault=fault)
        answer = answer_on(counted)
        after = self._striker.held(struck, counted, answer.state)
        response = self._striker.upon(answer.response, struck, operation, now)
        return replace(answer, response=response, state=after, manner=manner, fault=fault)

    def due(self, state: State, now: float) -> tuple[State, tuple[Delivery, ...]]:
        """The webhooks whose time has come, and the state in which they are taken."""
        return self.webhooks.due(state, now)

    def delivered(self, state: State, now: float, delivered: Delivered) -> State:
        """The state that knows what came of a webhook."""
        return self.webhooks.delivered(state, now, delivered)

    def problem(self, status: int, detail: str) -> Response:
        """The response that tells a fault which no operation has, in the words of the document."""
        return self._problems.write(Fault(status, (detail,)), None, Request("GET", "/"))

    def next_due(self, state: State) -> float | None:
        """When the next webhook is due, in seconds since 1970; None when none is queued."""
        return state.queued[0].due if state.queued else None

    def _call(
        self,
        plan: Plan,
        state: State,
        now: float,
        request: Request,
        path_values: Mapping[str, str],
        key: Hashable = None,
    ) -> Answer:
        """The answer to a request; what was read of it is kept under a key, where it hangs on the request alone."""
        try:
            wishes = wishes_of(request)
            if wishes is not NO_WISHES:
                request = without_wishes(request)
                check_server(self.contract, plan.operation, wishes.server)
            visitor = plan.admit(request)
            if plan.rate is not None:
                # The request counts, whatever comes of it.
                state = limits.count_request(state, now, plan.rate, visitor.credential)
            checked = plan.read(request, path_values)
            violations = checked.violations
            if visitor.access is not Access.GRANTED:
                violations = (*visitor.violations, *violations)
            if violations and self._problems.refuses(violations):
                raise Refused(self._problems.invalid(plan.operation, violations))
        except (Unavailable, Refused) as error:
            answer = self._refusal(_fault_of(error), state, plan.operation, request)
            if key is not None and plan.rate is None and answer.violations:
                # It is wrong in any state and at any time.
                self._keep(key, Span.ALWAYS, answer, request)
            return answer
        if key is not None and plan.behaviour and plan.rate is None and wishes is NO_WISHES and not violations:
            self._readings.put(key, (plan, checked), _READ_BYTES + _READ_BYTES_PER_BYTE * len(request.body))
        # What breaks the document changes nothing: it is answered by what the document says alone.
        sound = replace(plan, behaviour=None) if checked.violations else plan
        answer = self._settled(sound, state, now, request, checked, wishes)
        return self._noted(answer, violations) if violations else answer

    def _settled(
        self,
        plan: Plan,
        state: State,
        now: float,
        request: Request,
        checked: CheckedRequest,
        wishes: Wishes = NO_WISHES,
    ) -> Answer:
        """The answer to a request that may be answered."""
        try:
            return self._respond(plan, state, now, request, checked, wishes)
        except (Unavailable, Refused) as error:
            return self._refusal(_fault_of(error), state, plan.operation, request)

    def _noted(self, answer: Answer, violations: tuple[Violation, ...]) -> Answer:
        """The answer to a request that was let through, with what breaks the document told of in it."""
        return replace(answer, response=self._problems.reviewed(answer.response, violations, ()), violations=violations)

    def _refusal(self, fault: Fault, state: State, operation: Operation | None, request: Request) -> Answer:
        response = self._problems.write(fault, operation, request)
        return Answer(response, state, operation.key if operation else None, fault.violations)

    def _respond(
        self, plan: Plan, state: State, now: float, request: Request, checked: CheckedRequest, wishes: Wishes
    ) -> Answer:
        before, is_given, value = state, False, MISSING
        # Who wishes for a certain answer asks the document.
        behaviour = None if wishes.code or wishes.example or wishes.is_dynamic else plan.behaviour
        if behaviour is None or self._answerer.is_streamed(plan.operation, request, checked.body):
            response, value = self._answerer.answer(plan.operation, request, wishes, checked.body)
        else:
            call = call_of(plan.operation, behaviour, request, now, checked, wishes.outcome)
            state, response, value, is_given = self._behave(plan, state, request, call)
        is_wished = wishes.example is not None and not self.settings.prism
        proven = response if is_wished or is_given else self._proven(plan, response, value)
        answer = Answer(proven, state, plan.operation.key)
        return self._told(before, answer, now, plan.operation, request, checked)

    def _told(
        self, before: State, answer: Answer, now: float, operation: Operation, request: Request, checked: CheckedRequest
    ) -> Answer:
        """The answer with the webhooks and callbacks queued that it leads to."""
        queueing = self.webhooks.queueing
        has_news = answer.state.collections is not before.collections and bool(queueing.wanted)
        if not has_news and not queueing.callbacks_of(operation):
            return answer
        exchanged = Exchanged(request, answer.response, values_in(checked, "path"))
        after = queueing.after(before, answer.state, now, operation, exchanged)
        return answer if after is answer.state else replace(answer, state=after)

    def _behave(self, plan: Plan, state: State, request: Request, call: Call) -> tuple[State, Response, Json, bool]:
        """What the operation's behaviour makes of a call: the value that the response shows, and whether it is one
        that was put by hand.

        It is done once only, where the call has an idempotency key.
        """
        stated: Mapping[str, Json] = call.data.get("idempotency") or {}
        claim = idempotency.claim_of(stated, plan.operation.key, request, call.body) if stated else None
        if claim is not None and (repeated := idempotency.replay(state, call.now, stated, claim)) is not None:
            return state, repeated, MISSING, False
        done = act(self._overlay.world, state, call)
        response = self._answerer.showing(
            plan.operation, request, done.status, done.body, done.headers, has_all_fields=done.has_all_fields
        )
        after = idempotency.remember(done.state, call.now, stated, claim, response) if claim else done.state
        return after, response, MISSING if isinstance(done.body, StoredFile) else done.body, done.is_given

    def _proven(self, plan: Plan, response: Response, value: Json) -> Response:
        """The response itself where it keeps the document's promises, else a 500 that says what it breaks.

        `value` is what it shows, if that is known.
        """
        key = plan.operation.key
        # Examples are the same object each time.
        if not self.settings.strict_responses or self._proven_last.get(key) is response:
            return response
        found = plan.violations(response, value)
        if not found:
            self._proven_last[key] = response
            return response
        if all(code.startswith("1") for code in plan.operation.responses):
            return response  # a mistake of the document, which promises no answer
        return self._problems.reviewed(response, (), found)


def _fault_of(error: Unavailable | Refused) -> Fault:
    if isinstance(error, Refused):
        return error.fault
    return Fault(error.status, (str(error),), kind=error.kind, is_own=True)


def _voice(contract: Contract, settings: Settings) -> tuple[Answerer, Problems]:
    """What gives answers and what tells faults: in our words, or in Prism's."""
    sampler, is_dynamic, has_examples = Sampler(contract), settings.dynamic, not settings.ignore_examples
    if settings.prism:
        from mockserver.answering.prism import PrismAnswerer
        from mockserver.problems.prism import PrismProblems

        prism = PrismAnswerer(contract, sampler, settings.seed, is_dynamic=is_dynamic, has_examples=has_examples)
        return prism, PrismProblems(contract, prism, refuses=settings.refuses)
    answerer = Answerer(contract, sampler, settings.seed, is_dynamic=is_dynamic, has_examples=has_examples)
    template = contract.extension("x-mock-errors")
    return answerer, Problems(template, answerer, lets_through=settings.lets_through)
