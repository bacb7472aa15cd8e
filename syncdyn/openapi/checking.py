"""Does this message keep the operation's promise? Requests and responses, as values and as sent.

The client checks values before it writes them; the mock reads what was sent and checks that. The rules
and the words are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from syncdyn.openapi import media, styles
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.messages import Headers, Json, Request, Response
from syncdyn.openapi.normalise import Direction
from syncdyn.openapi.operations import Header, MediaType, Operation, Parameter, RequestBody, ResponsePromise
from syncdyn.openapi.records import body_rules, stand_in

_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE

#: Statuses that never have a body, whatever the document promises. Source: RFC 9110, section 6.4.1.
_WITHOUT_BODY = frozenset({204, 205, 304})


@dataclass(frozen=True, slots=True)
class CheckedRequest:
    """A request as read: parameter values by (location, name), the body's value, and what is wrong."""

    parameters: Mapping[tuple[str, str], Json] = field(default_factory=dict)
    body: Json = MISSING
    media_type: MediaType | None = None
    violations: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedResponse:
    """A response as read: what was promised for it, the body's value, and what is wrong."""

    promise: ResponsePromise | None
    media_type: MediaType | None = None
    body: Json = MISSING
    violations: tuple[Violation, ...] = ()


def check_parameter(contract: Contract, parameter: Parameter, value: Json) -> tuple[Violation, ...]:
    """The violations of one parameter's value; MISSING stands for a parameter that was not given."""
    if value is MISSING:
        if not parameter.is_required:
            return ()
        return (Violation(parameter.location, (parameter.name,), "missing (required)", "required"),)
    if parameter.schema is None:
        return ()
    found = contract.schemas.violations(parameter.schema, value, _REQUEST, parameter.location)
    return tuple(_below(parameter.name, violation) for violation in found)


def check_body(
    contract: Contract, media_type: MediaType, value: Json, direction: Direction = _REQUEST
) -> tuple[Violation, ...]:
    """The violations of a body's value, the rules for its files and records included."""
    found: tuple[Violation, ...] = ()
    if media_type.schema is not None:
        if isinstance(value, bytes):
            return ()  # not JSON: a schema has nothing to say of it
        if not media_type.name.startswith("multipart/"):
            return contract.schemas.violations(media_type.schema, value, direction, "body")
        found = contract.schemas.violations(media_type.schema, stand_in(value), direction, "body")
        found += tuple(body_rules(contract, contract.shapes.at(media_type.schema), value))
    return found


def read_request(
    contract: Contract,
    operation: Operation,
    request: Request,
    path_values: Mapping[str, str],
    limits: media.Limits | None = None,
) -> CheckedRequest:
    """A request as it was sent, read and checked. `path_values` are the raw texts of the path's templates.

    Raises media.BodyTooLarge for a body over the limits.
    """
    parameters, violations = _read_parameters(contract, operation, request, path_values)
    media_type, body, faults = _read_request_body(contract, operation.request_body, request, limits)
    return CheckedRequest(parameters, body, media_type, (*violations, *faults))


def _read_parameters(
    contract: Contract, operation: Operation, request: Request, path_values: Mapping[str, str]
) -> tuple[dict[tuple[str, str], Json], list[Violation]]:
    values: dict[tuple[str, str], Json] = {}
    violations: list[Violation] = []
    query = _raw_pairs(urlsplit(request.url).query)
    for parameter in operation.parameters:
        value = _read_parameter(contract, parameter, query, request.headers, path_values)
        if value is not MISSING:
            values[parameter.location, parameter.name] = value
        violations += check_parameter(contract, parameter, value)
    return values, violations


def _read_parameter(
    contract: Contract,
    parameter: Parameter,
    query: Sequence[tuple[str, str]],
    headers: Headers,
    path_values: Mapping[str, str],
) -> Json:
    shape = contract.shape(parameter.schema)
    match parameter.location:
        case "query":
            return styles.decode_query(parameter, shape, query)
        case "path":
            text = path_values.get(parameter.name)
            return MISSING if text is None else styles.decode_path(parameter, shape, text)
        case "header":
            text = headers.get(parameter.name)
            return MISSING if text is None else styles.decode_header(parameter, shape, text)
        case "cookie":
            return styles.decode_cookie(parameter, shape, headers.get("cookie", ""))
    return MISSING


def _read_request_body(
    contract: Contract, promised: RequestBody | None, request: Request, limits: media.Limits | None
) -> tuple[MediaType | None, Json, tuple[Violation, ...]]:
    if promised is None:
        return None, MISSING, ()
    assert isinstance(request.body, bytes)
    content_type = request.content_type
    if not request.body and (content_type is None or media.is_json(media.essence(content_type))):
        missing = Violation("body", (), "missing (required)", "required")
        return None, MISSING, (missing,) if promised.is_required else ()
    is_open = content_type is None and len(promised.content) > 1
    media_type = None if is_open else media.best_match(promised.content, content_type or "application/json")
    if media_type is None:
        return None, MISSING, (_wrong_media_type("header", content_type, promised.content),)
    charset = media.foreign_charset(content_type or "")
    if charset is not None:
        message = f"the charset {charset[:40]!r} is not utf-8, in which JSON is written"
        return media_type, MISSING, (Violation("header", ("content-type",), message, "malformed"),)
    try:
        shape = contract.shape(media_type.schema)
        body = media.decode_body(media_type, shape, content_type or media_type.name, request.body, limits=limits)
    except media.BodyTooLarge:
        raise
    except media.MalformedBody as error:
        return media_type, MISSING, (Violation("body", (), str(error), "malformed"),)
    return media_type, body, check_body(contract, media_type, body)


def _wrong_media_type(location: str, found: str | None, content: Sequence[MediaType]) -> Violation:
    allowed = tuple(entry.name for entry in content)
    message = f"{found or 'no media type'} is not one of {', '.join(allowed)}"
    return Violation(location, ("content-type",), message, "mediaType", found, allowed)


def read_response(contract: Contract, operation: Operation, response: Response) -> CheckedResponse:
    """A response read and checked: its status, media type, header fields and body.

    A body that cannot be read as promised is kept as text or bytes. A status that the document does not
    know is a violation with the keyword `status`; the body is then read by its media type alone.
    """
    promise = operation.promise_for(response.status)
    violations = list(_response_headers(contract, promise, response.headers)) if promise else []
    if promise is None:
        known = ", ".join(operation.responses)
        message = f"{response.status} is not documented; documented: {known or 'none'}"
        violations.append(Violation("status", (), message, "status", response.status, tuple(operation.responses)))
    is_bodiless = operation.method == "HEAD" or response.status in _WITHOUT_BODY
    media_type, body, faults = _read_response_body(contract, None if is_bodiless else promise, response)
    return CheckedResponse(promise, media_type, body, (*violations, *faults))


def _read_response_body(
    contract: Contract, promise: ResponsePromise | None, response: Response
) -> tuple[MediaType | None, Json, tuple[Violation, ...]]:
    content = promise.content if promise else ()
    content_type = response.content_type
    if not response.body:
        return None, MISSING, (Violation("body", (), "empty, but a body is promised", "required"),) if content else ()
    media_type = media.best_match(content, content_type or "")
    faults: tuple[Violation, ...] = ()
    if media_type is None and content:
        faults = (_wrong_media_type("header", content_type, content),)
    shape = contract.shape(media_type.schema) if media_type else None
    try:
        body = media.decode_body(media_type, shape, content_type or "", response.body)
    except media.MalformedBody as error:
        text = response.body.decode("utf-8", "replace")
        return media_type, text, (*faults, Violation("body", (), str(error), "malformed"))
    if media_type is not None:
        faults = check_body(contract, media_type, body, _RESPONSE)
    return media_type, body, faults


def _response_headers(contract: Contract, promise: ResponsePromise, headers: Headers) -> Iterator[Violation]:
    for header in promise.headers:
        text = headers.get(header.name)
        if text is None:
            if header.is_required:
                yield Violation("header", (header.name,), "missing (required)", "required")
        elif header.schema is not None:
            yield from _response_header(contract, header, header.schema, text)


def _response_header(contract: Contract, header: Header, schema: str, text: str) -> Iterator[Violation]:
    parameter = Parameter(header.name, "header", style="simple", explode=header.explode, schema=schema)
    value = styles.decode_header(parameter, contract.shapes.at(schema), text)
    for violation in contract.schemas.violations(schema, value, _RESPONSE, "header"):
        yield _below(header.name, violation)


def _below(name: str, violation: Violation) -> Violation:
    """The same violation, one step deeper: seen from the message, not from the value."""
    return replace(violation, path=(name, *violation.path))


def _raw_pairs(query: str) -> list[tuple[str, str]]:
    pairs = (piece.partition("=") for piece in query.split("&") if piece)
    return [(name, value) for name, _, value in pairs]
