"""Every operation's requests and responses by several seeds, and each of them changed in every way there is."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace

from mockserver.answering.answerer import Answerer
from mockserver.answering.wishes import Unavailable, Wishes
from syncdyn.arguments import Arguments
from syncdyn.examples import example_arguments
from syncdyn.openapi import checking
from syncdyn.openapi.coding import media, styles
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import Headers, Json, Request, Response
from syncdyn.openapi.operations import MediaType, Operation, Parameter
from syncdyn.openapi.sampling import Sampler
from syncdyn.request import Plan
from tests.contract.mutating import mutants
from tests.travelling import BASE, read, sent

_SEEDS = range(4)
#: Statuses of no document, one for each way to be answered for: by a range, by `default`, by nothing.
_STATUSES = (299, 418, 599)
_UNKNOWN = "application/vnd.unheard-of"
_HEADER_TEXTS = ("wrong", "-1", "1.5", "7", "")


@dataclass(frozen=True)
class Case:
    """One message, what was changed in it, and where. Of cases with one key, one is enough."""

    plan: Plan
    kind: str
    request: Request
    response: Response | None = None
    key: Hashable = None


def thinned(cases: Iterator[Case]) -> Iterator[Case]:
    """One case of each key; those without a key are all wanted."""
    seen: set[Hashable] = set()
    for case in cases:
        if case.key is None or case.key not in seen:
            seen.add(case.key)
            yield case


def plans(contract: Contract) -> Iterator[Plan]:
    """How each operation is called, with each media type that it takes."""
    for operation in contract.operations.values():
        content = operation.request_body.content if operation.request_body else ()
        names: list[str | None] = [one.name for one in content]
        for name in names or [None]:
            yield Plan(contract, operation, name)


def requests(contract: Contract) -> Iterator[Case]:
    """Requests as they should be, and changed: their parameters, their bodies, what the bodies are said to be."""
    for plan in plans(contract):
        for seed in _SEEDS:
            arguments = plan.collect((), example_arguments(plan, seed))
            valid = sent(plan, arguments)
            yield Case(plan, "as it should be", valid)
            yield from _changed_parameters(plan, valid)
            if plan.media_type is not None and arguments.body is not MISSING:
                yield from _changed_bodies(plan, plan.media_type, arguments)
                yield from _changed_bytes(plan, plan.media_type, valid)


def _changed_bodies(plan: Plan, media_type: MediaType, arguments: Arguments) -> Iterator[Case]:
    for mutant in mutants(plan.body_shape, arguments.body) if plan.body_shape else ():
        try:
            request = sent(plan, replace(arguments, body=mutant.value))
        except ValueError:
            continue  # what the media type cannot carry is no message
        yield Case(plan, mutant.kind, request, key=(plan.operation.key, media_type.name, mutant.place))


def _changed_bytes(plan: Plan, media_type: MediaType, valid: Request) -> Iterator[Case]:
    for kind, content_type in _changed_types(valid.content_type):
        request = replace(valid, headers=valid.headers.replace(content_type=content_type))
        yield Case(plan, kind, request, key=(plan.operation.key, media_type.name, kind))
    nothing = replace(valid, body=b"")
    yield Case(plan, "no bytes", nothing)
    yield Case(plan, "no body", replace(nothing, headers=nothing.headers.replace(content_type=None)))
    if media.is_json(media_type.name):
        yield Case(plan, "cut off", replace(valid, body=valid.body[:-1]))


def _changed_types(content_type: str | None) -> Iterator[tuple[str, str | None]]:
    yield "no media type", None
    yield "another media type", _UNKNOWN
    if content_type is not None:
        name, _, parameters = content_type.partition(";")
        yield "a media type in upper case", f"{name.upper()};{parameters}" if parameters else name.upper()
        yield "a media type with a parameter", f"{content_type}; x=y"


def _changed_parameters(plan: Plan, valid: Request) -> Iterator[Case]:
    given = read(plan, valid).parameters
    for parameter in plan.operation.parameters:
        value = given.get((parameter.location, parameter.name), MISSING)
        shape = plan.contract.shape(parameter.schema)
        if value is MISSING or shape is None:
            continue
        yield from _dropped(plan, parameter, valid)
        for mutant in mutants(shape, value):
            request = _with(plan, given, parameter, mutant.value, valid)
            if request is not None:
                yield Case(plan, mutant.kind, request, key=(plan.operation.key, parameter.pointer, mutant.place))
    url = f"{valid.url}{'&' if '?' in valid.url else '?'}never_declared=1"
    yield Case(plan, "undeclared parameter", replace(valid, url=url))


def _dropped(plan: Plan, parameter: Parameter, valid: Request) -> Iterator[Case]:
    path, _, query = valid.url.partition("?")
    kept = [pair for pair in styles.split_query(query) if pair[0] != parameter.name]
    if parameter.location == "query":
        url = f"{path}?{styles.query_string(kept)}" if kept else path
        yield Case(plan, "parameter dropped", replace(valid, url=url))
    elif parameter.location == "header":
        fields = [pair for pair in valid.headers.pairs if pair[0].lower() != parameter.name.lower()]
        yield Case(plan, "parameter dropped", replace(valid, headers=Headers(fields)))


def _with(
    plan: Plan, given: Mapping[tuple[str, str], Json], parameter: Parameter, value: Json, valid: Request
) -> Request | None:
    """The request with another value of one parameter; None where its style cannot carry it."""
    parameters = {**given, (parameter.location, parameter.name): value}
    try:
        request = sent(plan, Arguments(parameters))
    except ValueError:
        return None
    headers = request.headers.replace(content_type=valid.content_type)
    return replace(request, body=valid.body, headers=headers)


def responses(contract: Contract) -> Iterator[Case]:
    """Responses as they should be, of every status and media type, and changed: status, header fields, body."""
    for operation in contract.operations.values():
        plan = Plan(contract, operation)
        request = sent(plan, plan.collect((), example_arguments(plan)))
        for status in operation.responses:
            for response in _answers(contract, operation, status):
                yield Case(plan, "as it should be", request, response)
                yield from _changed_answers(plan, request, response)


def _answers(contract: Contract, operation: Operation, status: str) -> Iterator[Response]:
    code = int(status) if status.isdecimal() else _STATUSES[0]
    promise = operation.promise_for(code)
    assert promise is not None
    for seed in _SEEDS:
        answerer = Answerer(contract, Sampler(contract), seed)
        for accept in [one.name for one in promise.content] or ["*/*"]:
            asked = Request(operation.method, BASE, Headers([("accept", accept)]))
            try:
                yield answerer.example(operation, promise, code, asked, Wishes(is_dynamic=seed > 0))
            except Unavailable:
                assert accept.startswith("multipart/")


def _changed_answers(plan: Plan, request: Request, valid: Response) -> Iterator[Case]:
    for status in _STATUSES:
        other = replace(valid, status=status)
        yield Case(plan, "another status", request, other, key=(plan.operation.key, status))
    checked = checking.read_response(plan.contract, plan.operation, valid)
    assert checked.promise is not None
    for header in checked.promise.headers:
        for text in (None, *_HEADER_TEXTS):
            other = replace(valid, headers=valid.headers.replace(**{header.name: text}))
            key = (plan.operation.key, valid.status, header.name, text)
            yield Case(plan, "another header field", request, other, key=key)
    if checked.promise.content:
        yield from _changed_answer_bytes(plan, request, valid)
    if checked.media_type is not None and media.is_json(checked.media_type.name):
        yield from _changed_answer_bodies(plan, checked.media_type, checked.body, request, valid)


def _changed_answer_bytes(plan: Plan, request: Request, valid: Response) -> Iterator[Case]:
    for kind, content_type in _changed_types(valid.content_type):
        other = replace(valid, headers=valid.headers.replace(content_type=content_type))
        yield Case(plan, kind, request, other, key=(plan.operation.key, valid.status, valid.content_type, kind))
    key = (plan.operation.key, valid.status, valid.content_type)
    yield Case(plan, "no bytes", request, replace(valid, body=b""), key=(*key, "no bytes"))
    if media.is_json(valid.content_type or ""):
        yield Case(plan, "cut off", request, replace(valid, body=valid.body[:-1]), key=(*key, "cut off"))


def _changed_answer_bodies(
    plan: Plan, media_type: MediaType, body: Json, request: Request, valid: Response
) -> Iterator[Case]:
    if media_type.schema is None:
        return
    shape = plan.contract.shapes.at(media_type.schema)
    for mutant in mutants(shape, body):
        other = replace(valid, body=encode_json(mutant.value).encode())
        # Many operations promise one schema.
        yield Case(plan, mutant.kind, request, other, key=(shape.pointer, mutant.place))
