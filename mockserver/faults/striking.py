"""What rules that strike make of an answer: another response, and how it is sent."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from email.utils import formatdate

from mockserver.answering.answerer import Answerer
from mockserver.fault_rules import Rule
from mockserver.faults.breaking import breaking_schema, malformed, wrongly_typed
from mockserver.manners import AT_ONCE, Ending, Manner
from mockserver.problems import Fault, Problems
from mockserver.state import State
from mockserver.tables import Table
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.messages import Headers, Request, Response
from syncdyn.openapi.operations import Operation

#: The field of an answer that names the rules which struck it.
_FIELD = "x-mock-fault"
_FIRST_ERROR = 400


class Striker:
    """Carries out rules on the answers of one contract. All of them must have struck the same request."""

    def __init__(self, contract: Contract, answerer: Answerer, problems: Problems, seed: int) -> None:
        self._contract = contract
        self._answerer = answerer
        self._problems = problems
        self._seed = seed

    def instead(
        self, rules: tuple[Rule, ...], operation: Operation | None, request: Request, now: float
    ) -> Response | None:
        """The response of the first rule that has one, so that nothing is done; None where all leave that alone."""
        rule = next((rule for rule in rules if rule.status is not None or "reset" in rule.do), None)
        if rule is None:
            return None
        response = self._stated(rule, operation, request) if rule.status is not None else Response(503)
        return self.upon(response, rules, operation, now)

    def upon(self, response: Response, rules: tuple[Rule, ...], operation: Operation | None, now: float) -> Response:
        """The response as the rules make it, with a field that names them."""
        for rule in rules:
            if rule.body is not None and rule.status is None:
                response = _with_body(rule, response.status)
            response = replace(response, headers=_headers(rule, response.headers, now))
            for deed in rule.do:
                response = self._done(deed, rule, operation, response)
        return replace(response, headers=response.headers.replace(**{_FIELD: ", ".join(rule.id for rule in rules)}))

    def held(self, rules: tuple[Rule, ...], before: State, after: State) -> State:
        """The state after an answer, in which what was made stays as it is where a rule says so."""
        return _stuck(before, after) if any("stuck" in rule.do for rule in rules) else after

    def manner(self, rules: tuple[Rule, ...]) -> Manner:
        """How an answer that the rules struck is sent."""
        delay_seconds = sum(
            random.Random(f"{self._draw(rule)}|latency").uniform(*rule.latency) for rule in rules if rule.latency
        )
        speeds = [rule.bytes_per_second for rule in rules if rule.bytes_per_second is not None]
        deeds = {deed for rule in rules for deed in rule.do}
        endings = (ending for deed, ending in _ENDINGS.items() if deed in deeds)
        manner = Manner(delay_seconds, min(speeds, default=None), next(endings, Ending.WHOLE))
        return AT_ONCE if manner == AT_ONCE else manner

    def _stated(self, rule: Rule, operation: Operation | None, request: Request) -> Response:
        """The response of a rule with a status: its own body, else the document's, else one that tells the status."""
        assert rule.status is not None
        if rule.body is not None:
            return _with_body(rule, rule.status)
        promise = operation.promise_for(rule.status) if operation else None
        if rule.status < _FIRST_ERROR:
            return (
                self._answerer.example(operation, promise, rule.status, request) if operation else Response(rule.status)
            )
        fault = Fault(rule.status, (rule.name or f"the fault {rule.id} was asked for",))
        return self._problems.write(fault, operation if promise is not None else None, request)

    def _done(self, deed: str, rule: Rule, operation: Operation | None, response: Response) -> Response:
        match deed:
            case "malformed":
                return malformed(response, self._draw(rule))
            case "breaks_schema":
                return breaking_schema(self._contract, operation, response, self._draw(rule))
            case "wrong_content_type":
                return wrongly_typed(operation, response)
            case _:
                return response

    def _draw(self, rule: Rule) -> str:
        """What is drawn by chance for a rule hangs on the mock's seed, the rule, and how often it was asked."""
        return f"{self._seed}|{rule.id}|{rule.seen}"


def _stuck(before: State, after: State) -> State:
    """The state in which what was made since another one stays as it is, and no webhook tells that it moved on."""
    state, held = after, set()
    for name, table in after.collections.items():
        known: Mapping[str, object] = before.collections.get(name, Table())
        if table is known:
            continue
        for id_, resource in table.items():
            if id_ not in known and resource.stages:
                state = state.with_resource(name, replace(resource, stages=()))
                held.add((name, id_))
    queued = tuple(one for one in state.queued if (one.collection, one.resource_id) not in held)
    return replace(state, queued=queued) if held else after


def _with_body(rule: Rule, status: int) -> Response:
    if isinstance(rule.body, str):
        return Response(status, Headers([("content-type", "text/plain; charset=utf-8")]), rule.body.encode())
    return Response(status, Headers([("content-type", "application/json")]), encode_json(rule.body).encode())


def _headers(rule: Rule, headers: Headers, now: float) -> Headers:
    changes = {name.lower(): value for name, value in rule.headers.items()}
    if rule.retry_after is not None:
        changes["retry-after"] = rule.retry_after
    if rule.retry_after_date is not None:
        changes["retry-after"] = formatdate(now + rule.retry_after_date, usegmt=True)
    return headers.replace(**changes) if changes else headers


_ENDINGS: Mapping[str, Ending] = {"reset": Ending.RESET, "lost": Ending.RESET, "truncated": Ending.TRUNCATED}
