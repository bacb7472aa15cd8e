"""Requests to the mock itself: let in, checked by the control API's own document, done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from mockserver.control.documents import PREFIX, control_contract
from mockserver.control.entries import OPERATIONS
from mockserver.control.guard import admit
from mockserver.control.recorded import violation_json
from mockserver.control.seeing import Asked, Refusal, Seen, Told
from mockserver.host import Host
from mockserver.undescribed import plain_problem, without_body
from syncdyn.openapi import checking
from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.hints import hint_clause
from syncdyn.openapi.messages import Headers, Json, Request, Response
from syncdyn.openapi.operations import Operation
from syncdyn.openapi.routing import Router

if TYPE_CHECKING:
    from mockserver.app import Mock as Core

_HEALTH = f"{PREFIX}/health"
_ALIVE = Told({"status": "ok"})
_NOT_VALID = "the request is not as the control API's description says"


def control(host: Host, request: Request, peer: str | None = None) -> Response:
    """The response to a request below `/_mock/`; `peer` is the client's address, None in process."""
    try:
        if not _is_admitted(host, request, peer):
            return _written(_ALIVE)
        operation, texts = _target(request)
        checked = checking.read_request(control_contract(), operation, _as_json(request), texts)
        faults = (*checked.violations, *_unknown_query(operation, request), *_unwanted_body(operation, request))
        if faults:
            return _problem(422, _NOT_VALID, violations=faults)
        asked = Asked(
            path={name: value for (place, name), value in checked.parameters.items() if place == "path"},
            query={name: value for (place, name), value in checked.parameters.items() if place == "query"},
            body=None if checked.body is MISSING else checked.body,
        )
        response = _written(do(host, operation.name, asked))
    except Refusal as refusal:
        response = _problem(refusal.status, refusal.detail, refusal.headers)
    return without_body(response) if request.method == "HEAD" else response


def _is_admitted(host: Host, request: Request, peer: str | None) -> bool:
    """Whether the caller may use the API; False where all it is told is that the mock is alive. Raises Refusal.

    What looks after containers asks from another machine, and knows no token.
    """
    try:
        admit(request, peer, cast("Core", host.core).settings.control_token)
    except Refusal:
        if request.method in ("GET", "HEAD") and urlsplit(request.url).path == _HEALTH:
            return False
        raise
    return True


def _as_json(request: Request) -> Request:
    """The request, its body as JSON: there is no other here, and curl calls what is sent with -d a form."""
    if not request.body or media.is_json(media.essence(request.content_type or "")):
        return request
    return replace(request, headers=request.headers.replace(content_type="application/json"))


@cache
def _router() -> Router:
    return Router(control_contract().operations)


def _target(request: Request) -> tuple[Operation, Mapping[str, str]]:
    """The operation that is asked for, and the raw texts of its path parameters."""
    path = urlsplit(request.url).path
    route = _router().find(path.removeprefix(PREFIX) or "/")
    if route is None:
        known = [f"{PREFIX}{each.path}" for each in control_contract().operations.values()]
        told = f"there is no {path[:200]}{hint_clause(path, known)}; GET {PREFIX}/ lists what there is"
        raise Refusal(404, told)
    target = route.target("GET" if request.method == "HEAD" else request.method)
    if target is None:
        allowed = ", ".join(route.methods)
        told = f"{request.method[:20]} {path[:200]} is not possible; {allowed} is"
        raise Refusal(405, told, {"allow": allowed})
    return control_contract().operations[target[0]], target[1]


def _unknown_query(operation: Operation, request: Request) -> list[Violation]:
    """A violation for each parameter of the query that the operation does not know: a filter misspelt finds all."""
    known = [each.name for each in operation.parameters if each.location == "query"]
    pairs = (pair.partition("=")[0] for pair in urlsplit(request.url).query.split("&") if pair)
    there_are = f"there are {', '.join(known)}" if known else "it takes none"
    return [
        Violation("query", (name,), f"no such parameter; {there_are}{hint_clause(name, known)}", "additionalProperties")
        for name in pairs
        if name not in known
    ]


def _unwanted_body(operation: Operation, request: Request) -> list[Violation]:
    """A violation for a body that says something where none is read: what it asks for would not be done."""
    if operation.request_body is not None or not request.body or request.body == b"{}":
        return []
    in_query = [each.name for each in operation.parameters if each.location == "query"]
    told = f"; the query takes {', '.join(in_query)}" if in_query else ""
    return [Violation("body", (), f"it takes none{told}", "unexpected")]


def do(host: Host, operation: str, asked: Asked) -> Told:
    """What an operation of this API does to a host, which keeps its state. Raises Refusal."""
    function = OPERATIONS[operation]
    core = cast("Core", host.core)
    told = Told()

    def step(state: Any, real: float) -> Any:
        nonlocal told
        seen = Seen(
            state,
            real,
            core.contract,
            core.settings,
            core.webhooks,
            journal=lambda: host.journal,
            initial_state=core.initial_state,
            first_pace=host.first_pace(),
        )
        told = function(seen, asked)
        return state if told.state is None else told.state

    host.change(step)
    if told.forgets:
        host.forget()
    return told


def _written(told: Told) -> Response:
    if told.body is None:
        return Response(told.status, Headers(told.headers))
    body = told.body if isinstance(told.body, bytes) else encode_json(told.body).encode()
    return Response(told.status, Headers({"content-type": told.content_type, **told.headers}), body)


def _problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    violations: Iterable[Violation] = (),
) -> Response:
    found = tuple(violations)
    listed: list[Json] = [violation_json(each) for each in found]
    detail = "; ".join([detail, *map(str, found)])
    problem = plain_problem(status, detail, **({"violations": listed} if listed else {}))
    return Response(status, Headers([*problem.headers.pairs, *(headers or {}).items()]), problem.body)
