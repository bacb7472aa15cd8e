"""The mock as one pure function: a state, a moment and a request give a response and a state.

Made from a contract; what the document cannot say of behaviour is in its `x-mock-*` extensions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any
from urllib.parse import urlsplit

from mockserver.answering.answerer import Answerer, Unavailable, wishes_of
from mockserver.behaviour import files, idempotency, limits
from mockserver.behaviour.actions import Call, FactsOf, World, act, numbered_records
from mockserver.behaviour.expressions import Scope
from mockserver.behaviour.lifecycle import Nursery, seeded
from mockserver.behaviour.webhooks import Delivery, take_due
from mockserver.manners import AT_ONCE, Manner
from mockserver.media.caching import ByteCache
from mockserver.problems import Fault, Problems, Refused, fault_of
from mockserver.security import Access, Visitor, identify
from mockserver.settings import Settings
from mockserver.state import Resource, State, StoredFile
from syncdyn.openapi import checking
from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.messages import Headers, Json, Request, Response
from syncdyn.openapi.operations import Operation
from syncdyn.openapi.routing import Route, Router
from syncdyn.openapi.sampling import Sampler

__all__ = ["Answer", "Delivery", "Mock"]

_EMPTY: Mapping[str, Json] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request came to.

    `violations` are those of the request; `operation` is the key of the one meant; `manner` tells how the response
    is to be sent.
    """

    response: Response
    state: State
    operation: str | None = None
    violations: tuple[Violation, ...] = ()
    manner: Manner = AT_ONCE


def no_clip(_duration_seconds: float) -> bytes:
    """An empty file, where nobody makes videos."""
    return b""


def no_facts(_content: bytes, _file_name: str) -> None:
    """Nothing is known of a file, where nobody reads media."""


_PLAIN = Settings()


class Mock:
    """A mock of one document; it keeps no state of its own.

    `clip(duration_seconds)` makes a playable video; `facts_of(content, file_name)` tells what it can of a media
    file, as an object whose attributes (or a mapping whose members) are numbers and texts.
    """

    def __init__(
        self,
        contract: Contract,
        settings: Settings = _PLAIN,
        *,
        clip: Callable[[float], bytes] = no_clip,
        facts_of: Callable[[bytes, str], Any] = no_facts,
    ) -> None:
        self.contract = contract
        self.settings = settings
        self._router = Router(contract.operations, [server.fill() for server in contract.servers])
        self._clip = ByteCache(_tagged(clip), lambda made: len(made[0]))
        self._answerer = Answerer(contract, Sampler(contract), settings.seed)
        self._problems = Problems(contract.extension("x-mock-errors"), self._answerer)
        self._security = contract.extension("x-mock-security") or _EMPTY
        self._rate = contract.extension("x-mock-rate") or _EMPTY
        self._collections: Mapping[str, Mapping[str, Json]] = contract.extension("x-mock-collections") or _EMPTY
        self._plan = (contract.extension("x-mock-plans") or _EMPTY).get(settings.plan or "")
        nursery = Nursery(self._collections, settings.seed, settings.job_seconds, self._scope)
        rules = contract.extension("x-mock-rules") or _EMPTY
        read_facts = _members_of(facts_of)
        most = settings.max_stored_bytes
        self._world = World(self._collections, rules, nursery, self._scope, read_facts, settings.seed, most)
        self._limits = media.Limits(max_file_bytes=settings.max_body_bytes)

    def initial_state(self, now: float) -> State:
        """The state before the first request: what the document says is there from the start."""
        state = State()
        for name, data in self._collections.items():
            state = seeded(state, now, name, data, self.settings.seed, self._scope)
        return state

    def answer(self, state: State, now: float, request: Request) -> Answer:
        """The answer to a request; bad input is answered, never raised."""
        try:
            url = urlsplit(request.url)
        except ValueError:
            return Answer(self._problems.write(Fault(400, ("the URL is malformed",)), None, request), state)
        path = url.path or "/"
        if path.startswith(files.PREFIX):
            return Answer(self._serve_file(state, now, request), state)
        route = self._router.find(path)
        target = route.target(request.method, url.query) if route else None
        if route is None or target is None:
            return Answer(self._problems.write(_no_target(path, request.method, route), None, request), state)
        operation = self.contract.operations[target[0]]
        try:
            return self._call(state, now, request, operation, target[1])
        except Refused as refused:
            fault = refused.fault
            response = self._problems.write(fault, operation, request)
            return Answer(response, state, operation.key, fault.violations)

    def due(self, state: State, now: float) -> tuple[State, tuple[Delivery, ...]]:
        """The webhooks whose time has come, and the state in which they are taken."""
        scheme = self.contract.signature_scheme
        return take_due(state, now, self._collections, scheme, self.settings.webhook_secret)

    def problem(self, status: int, detail: str) -> Response:
        """The response that tells a fault which no operation has, in the words of the document."""
        return self._problems.write(Fault(status, (detail,)), None, Request("GET", "/"))

    def next_due(self, state: State) -> float | None:
        """When the next webhook is due, in seconds since 1970; None when none is queued."""
        return state.queued[0].due if state.queued else None

    def _call(
        self, state: State, now: float, request: Request, operation: Operation, path_values: Mapping[str, str]
    ) -> Answer:
        visitor = self._admit(operation, request)
        if self.settings.rate_limit and self._rate:
            rate = {**self._rate, **operation.extensions.get("x-mock-rate", _EMPTY)}
            state = limits.count_request(state, now, rate, visitor.credential)
        try:
            checked = self._checked(operation, request, path_values)
            state, response = self._respond(state, now, request, operation, checked)
        except Refused as refused:
            # The request counts for its rate, whatever came of it.
            response = self._problems.write(refused.fault, operation, request)
            return Answer(response, state, operation.key, refused.fault.violations)
        is_wished = wishes_of(request).example is not None
        return Answer(response if is_wished else self._proven(operation, response), state, operation.key)

    def _admit(self, operation: Operation, request: Request) -> Visitor:
        refused = self._security.get("refused", ())
        visitor = identify(operation, self.contract.security_schemes, request, self.settings.api_keys, refused)
        if visitor.access is Access.GRANTED:
            return visitor
        headers = {"www-authenticate": ", ".join(visitor.challenges)} if visitor.challenges else {}
        default = {"message": f"the credentials are {visitor.access.value}"}
        stated = {**default, **self._security.get(visitor.access.value, _EMPTY), "status": 401}
        raise Refused(fault_of(stated, headers=headers))

    def _checked(
        self, operation: Operation, request: Request, path_values: Mapping[str, str]
    ) -> checking.CheckedRequest:
        most = self.settings.max_body_bytes
        if len(request.body) > most:
            raise Refused(Fault(413, (f"the body has more than {most:,} bytes",)))
        try:
            checked = checking.read_request(self.contract, operation, request, path_values, self._limits)
        except media.BodyTooLarge as error:
            raise Refused(Fault(413, (str(error),))) from None
        if checked.violations:
            raise Refused(self._problems.invalid(operation, checked.violations))
        return checked

    def _respond(
        self,
        state: State,
        now: float,
        request: Request,
        operation: Operation,
        checked: checking.CheckedRequest,
    ) -> tuple[State, Response]:
        data = operation.extensions.get("x-mock")
        wishes = wishes_of(request)
        if data is None or wishes.code or wishes.example or wishes.is_dynamic:
            try:
                return state, self._answerer.answer(operation, request, wishes)
            except Unavailable as error:
                raise Refused(Fault(error.status, (str(error),))) from None
        body = None if checked.body is MISSING else checked.body
        stated = data.get("idempotency")
        claim = idempotency.claim_of(stated, operation.key, request, body) if stated else None
        if claim is not None and (repeated := idempotency.replay(state, now, stated, claim)) is not None:
            return state, repeated
        call = Call(data, now, _values(checked, "path"), _values(checked, "query"), body, wishes.outcome)
        done = act(self._world, state, call)
        response = _json_response(done.status, done.body)
        return (idempotency.remember(done.state, now, stated, claim, response) if claim else done.state), response

    def _proven(self, operation: Operation, response: Response) -> Response:
        """The response itself where it keeps the document's promises, else a 500 that says what it breaks."""
        if not self.settings.strict_responses:
            return response
        found = checking.read_response(self.contract, operation, response).violations
        if not found:
            return response
        told = tuple(f"the mock's own answer is not as documented: {one}" for one in found)
        return self._problems.write(Fault(500, told), None, Request("GET", "/"))

    def _serve_file(self, state: State, now: float, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            fault = Fault(405, ("a file is read with GET or HEAD",), headers={"allow": "GET, HEAD"})
            return self._problems.write(fault, None, request)
        place = files.place_of(request)
        resource = files.find(state, place) if place else None
        found = self._file_at(state, now, place, resource) if place and resource else None
        if found is None:
            return self._problems.write(Fault(404, ("there is no such file",)), None, request)
        return files.serve(request, found)

    def _file_at(self, state: State, now: float, place: tuple[str, str, str], resource: Resource) -> StoredFile | None:
        collection, _, name = place
        data = self._collections.get(collection, _EMPTY)
        root = {**resource.at(now), "facts": resource.facts}
        scope = self._scope(state, now, root, f"{collection}/{resource.id}")
        children = data.get("children", _EMPTY).get("collection", "")

        def child_at(id_: str) -> Json:
            child = state.find(children, id_)
            return child.at(now) if child else None

        return files.content_of(resource, data, scope, child_at, self._clip, name)

    def _scope(self, state: State, now: float, root: Mapping[str, Json], place: str) -> Scope:
        """What expressions see: names at the root with `plan` and `variants` added, and the state's look-ups."""

        def find(collection: str, id_: str) -> Json:
            resource = state.find(collection, id_)
            return {**resource.at(now), "facts": resource.facts} if resource else None

        def active(collection: str) -> int:
            return sum(one.is_moving(now) and one.parent is None for one in state.all(collection))

        variants = self.contract.extension("x-mock-variants") or _EMPTY
        return Scope(
            root={"plan": self._plan, "variants": variants, **root},
            tables=self.contract.extension("x-mock-tables") or _EMPTY,
            find=find,
            active=active,
            records=lambda content: [record for _, record in numbered_records(content)],
            file_url=lambda name: files.file_url(self.settings.base_url, place, name),
            seed=self.settings.seed,
        )


def _no_target(path: str, method: str, route: Route | None) -> Fault:
    if route is None:
        return Fault(404, (f"Cannot {method[:20]} {path[:200]}",))
    allowed = ", ".join(route.methods)
    return Fault(405, (f"{method[:20]} is not one of {allowed}",), headers={"allow": allowed})


def _values(checked: checking.CheckedRequest, location: str) -> dict[str, Json]:
    return {name: value for (place, name), value in checked.parameters.items() if place == location}


def _json_response(status: int, body: Json) -> Response:
    return Response(status, Headers([("content-type", "application/json")]), encode_json(body).encode())


def _tagged(clip: Callable[[float], bytes]) -> files.Clip:
    def make(seconds: float) -> tuple[bytes, str]:
        content = clip(seconds)
        return content, files.tag_of(content)

    return make


def _members_of(facts_of: Callable[[bytes, str], Any]) -> FactsOf:
    def read(content: bytes, file_name: str) -> Mapping[str, Json] | None:
        facts = facts_of(content, file_name)
        if is_dataclass(facts) and not isinstance(facts, type):
            return {one.name: getattr(facts, one.name) for one in fields(facts)}
        return facts if isinstance(facts, Mapping) else None

    return read
