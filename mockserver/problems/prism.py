"""Faults as Prism writes them: the document's own error response, else a problem in its types and words.

What of a request is wrong stands in `validation` of the problem, or where it is answered in `sl-violations`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from mockserver.answering.choosing import Choice, choose_refusal
from mockserver.answering.prism import PrismAnswerer
from mockserver.answering.wishes import Unavailable, wishes_of
from mockserver.problems.ajv import RESERVED, Told, told
from mockserver.problems.faults import UNASKED_BODY, Fault
from mockserver.problems.reporting import reported
from mockserver.problems.writing import Problems, statuses_of
from syncdyn.openapi import checking
from syncdyn.openapi.checking import CheckedRequest
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.coding.media_types import essence
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Headers, Json, Request, Response
from syncdyn.openapi.operations import Operation

_RESERVED = re.compile(r"[/?#\[\]@!$&'()*+,;=]")
_TYPE = "https://stoplight.io/prism/errors#"
_NO_RESPONSE = "was found in the spec, so Prism is generating this error for you."
_MEANT = "Your request/response is not valid and the --errors flag is set, so Prism is generating this error for you."
#: What Prism calls each kind of fault, and how it is told: `{path}` and `{method}` are those of the request.
_KINDS: Mapping[str, tuple[str, str]] = {
    "UNAUTHORIZED": (
        "Invalid security scheme used",
        f"Your request does not fullfil the security requirements and no HTTP unauthorized response {_NO_RESPONSE}",
    ),
    "UNPROCESSABLE_ENTITY": (
        "Invalid request",
        f"Your request is not valid and no HTTP validation response {_NO_RESPONSE}",
    ),
    "INVALID_CONTENT_TYPE": ("Invalid content type", ""),
    "VIOLATIONS": ("Request/Response not valid", _MEANT),
    "NOT_FOUND": ("The server cannot find the requested content", ""),
    "NOT_ACCEPTABLE": ("The server cannot produce a representation for your accept header", ""),
    "NO_RESPONSE_RESPONSE_DEFINED": ("No response defined for the selected operation", ""),
    "SCHEMA_TOO_COMPLEX": ("Schema too complex", ""),
    "NO_PATH_MATCHED_ERROR": (
        "Route not resolved, no path matched",
        "The route {path} hasn't been found in the specification file",
    ),
    "NO_METHOD_MATCHED_ERROR": (
        "Route resolved, but no method matched",
        'The route {path} has been matched, but it does not have "{method}" method defined',
    ),
    "NO_SERVER_MATCHED_ERROR": ("Route not resolved, no server matched", ""),
    "NO_SERVER_CONFIGURATION_PROVIDED_ERROR": ("Route not resolved, no server configuration provided", ""),
}


class PrismProblems(Problems):
    """Writes faults as Prism does. With `refuses` an own answer that breaks the document is one (`--errors`)."""

    def __init__(self, contract: Contract, answerer: PrismAnswerer, *, refuses: bool = False) -> None:
        super().__init__(None, answerer)
        self._contract = contract
        self._prism = answerer
        self._refuses = refuses

    def invalid(self, operation: Operation, violations: Sequence[Violation]) -> Fault:
        """The fault of a request that breaks its contract."""
        entries = told(self._contract, violations, operation=operation)
        wrong_type = next((one.message for one in entries if one.code == 415), None)
        if wrong_type is not None:
            return Fault(415, (wrong_type,), kind="INVALID_CONTENT_TYPE", violations=tuple(violations))
        detail = _KINDS["UNPROCESSABLE_ENTITY"][1]
        members = {"validation": [one.entry() for one in entries]}
        return Fault(422, (detail,), kind="UNPROCESSABLE_ENTITY", members=members, violations=tuple(violations))

    def refuses(self, violations: Sequence[Violation]) -> bool:
        """Whether there is more among the violations than warnings."""
        return not all(one.is_tolerated for one in violations)

    def reviewed(self, response: Response, sent: Sequence[Violation], made: Sequence[Violation]) -> Response:
        """The response with what breaks the document told of in a field, or instead of it where that is refused."""
        entries = [one.entry("request") for one in told(self._contract, sent)]
        # A field that says `null`, as Prism has it of what is no text, fits any schema there.
        counted = [one for one in made if one.location != "header" or response.headers.get(str(one.path[0])) != "null"]
        own = [one.entry("response") for one in told(self._contract, counted, "Response")]
        if self._refuses and own:
            fault = Fault(500, (_MEANT,), kind="VIOLATIONS", members={"validation": own})
            response = self._problem(fault, None)
        return reported(response, [*entries, *own])

    def write(self, fault: Fault, operation: Operation | None, request: Request) -> Response:
        """The response that tells a fault."""
        if operation is not None and not fault.is_own:
            statuses = (401,) if fault.status == 401 else statuses_of(fault.violations)
            choice = choose_refusal(operation, statuses) if fault.violations or fault.status == 401 else None
            if choice is not None and choice.promise is not None:
                return self._documented(fault, operation, choice, request)
        return self._problem(fault, request)

    def _documented(self, fault: Fault, operation: Operation, choice: Choice, request: Request) -> Response:
        wishes = wishes_of(request)
        # The example that is wished for counts where its code is one that the fault may have.
        is_meant = wishes.code is not None and int(wishes.code) in (fault.status, *statuses_of(fault.violations))
        try:
            response = self._prism.refusal(operation, choice, wishes if is_meant else replace(wishes, example=None))
        except Unavailable as error:
            return self._problem(Fault(error.status, (str(error),), kind=error.kind, is_own=True), request)
        made = checking.read_response(self._contract, operation, response).violations
        return self._refused(response, fault, made)

    def _refused(self, response: Response, fault: Fault, made: Sequence[Violation]) -> Response:
        if fault.status != 401:
            return self.reviewed(response, fault.violations, made)
        unauthorised = Told(None, 401, _KINDS["UNAUTHORIZED"][0]).entry("request")
        own = [one.entry("response") for one in told(self._contract, made, "Response")]
        return reported(response, [unauthorised, *own])

    def _problem(self, fault: Fault, request: Request | None) -> Response:
        title, detail = _KINDS.get(fault.kind, ("", ""))
        message = fault.messages[0] if fault.messages else ""
        if not title:
            title, message = message, message if fault.kind == "NO_COMPLEX_OBJECT_TEXT" else ""
        body: dict[str, Json] = {
            "type": _TYPE + (fault.kind or "UNKNOWN"),
            "title": title,
            "status": fault.status,
            "detail": message if fault.is_own or not detail else _filled(detail, request),
            **fault.members,
        }
        headers = {_spelled(name): value for name, value in fault.headers.items() if fault.status == 401}
        if headers:
            body["headers"] = headers
        pairs = (("content-type", "application/problem+json"), *fault.headers.items())
        return Response(fault.status, Headers(pairs), encode_json(body).encode())


def seen_by_prism(
    operation: Operation, request: Request, path_values: Mapping[str, str], checked: CheckedRequest
) -> tuple[Violation, ...]:
    """The violations of a request that Prism sees: none in cookies, but bodies that nobody asked for, and warnings.

    A text that is empty is one that is missing. A form with characters that its encoding reserves is not looked at
    further.
    """
    reserved, empty = [*_reserved(request, checked)], {*_empty(operation, request, path_values)}
    told = (
        one for one in checked.violations if one.location != "cookie" and (one.location, *one.path[:1]) not in empty
    )
    seen = [*reserved, *(one for one in told if not reserved or one.location != "body")]
    required = {(one.location, one.name) for one in operation.parameters if one.is_required}
    seen += [Violation(place, (name,), "missing (required)", "required") for place, name in sorted(empty & required)]
    if operation.request_body is None and request.body:
        seen.append(UNASKED_BODY)
    return (*seen, *_deprecated(operation, request))


def _empty(operation: Operation, request: Request, path_values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The parameters of the path and the query that are there without a text, by place and name."""
    query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    texts = {("query", name): text for name, text in query} | {
        ("path", name): text for name, text in path_values.items()
    }
    declared = ((one.location, one.name) for one in operation.parameters)
    return (key for key in declared if texts.get(key) == "")


def _reserved(request: Request, checked: CheckedRequest) -> Iterator[Violation]:
    """Each property of a form whose text holds what must be encoded, where the document names its style."""
    media_type = checked.media_type
    if media_type is None or not media_type.encoding:
        return
    kind = essence(media_type.name)
    if kind == "application/x-www-form-urlencoded":
        pairs = [pair.partition("=")[::2] for pair in _text_of(request).split("&")]
    elif kind == "multipart/form-data" and isinstance(checked.body, Mapping):
        pairs = [(name, text) for name, text in checked.body.items() if isinstance(text, str)]
    else:
        return
    texts = dict(pairs)
    for name, encoding in media_type.encoding.items():
        is_styled = encoding.style is not None and not encoding.allow_reserved
        if is_styled and _RESERVED.search(texts.get(name, "")):
            yield Violation("body", (name,), "Reserved characters used in request body", RESERVED)


def _text_of(request: Request) -> str:
    return request.body.decode("utf-8", "replace") if isinstance(request.body, bytes) else ""


def _deprecated(operation: Operation, request: Request) -> Iterator[Violation]:
    sent = dict(parse_qsl(urlsplit(request.url).query))
    for one in operation.parameters:
        given = {"query": sent, "header": request.headers}.get(one.location, {})
        if one.is_deprecated and given.get(one.name):
            message = f"{one.location.capitalize()} param {one.name} is deprecated"
            yield Violation(one.location, (one.name,), message, "deprecated", is_tolerated=True)


def _filled(detail: str, request: Request | None) -> str:
    if request is None:
        return detail
    path = urlsplit(request.url).path or "/"
    return detail.replace("{path}", path).replace("{method}", request.method.lower())


def _spelled(name: str) -> str:
    return "WWW-Authenticate" if name == "www-authenticate" else name
