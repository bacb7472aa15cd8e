"""Does this message keep the operation's promise? Requests and responses, as values and as sent.

The client checks values before it writes them; the mock reads what was sent and checks that. The rules
and the words are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from syncdyn.openapi.coding import media, styles
from syncdyn.openapi.coding.querystrings import decode_querystring
from syncdyn.openapi.coding.texts import is_only
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.items import is_sequence, item_shape, read_items
from syncdyn.openapi.messages import Headers, Json, Request, Response
from syncdyn.openapi.operations import MediaType, Operation, Parameter, RequestBody, ResponsePromise
from syncdyn.openapi.promised_headers import check_headers, header_rules
from syncdyn.openapi.records import body_rules, part_header_rules, stand_in
from syncdyn.openapi.schemas.normalise import Direction

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
    if parameter.schema is None or (parameter.allow_empty_value and value in ("", None)):
        return ()
    found = contract.schemas.violations(parameter.schema, value, _REQUEST, parameter.location)
    return tuple(_below(parameter.name, violation) for violation in found)


def check_body(
    contract: Contract, media_type: MediaType, value: Json, direction: Direction = _REQUEST
) -> tuple[Violation, ...]:
    """The violations of a body's value, the rules for its files, records and parts included."""
    if isinstance(value, list) and is_sequence(media_type.name) and _is_by_item(contract, media_type):
        return _check_items(contract, media_type, value, direction)
    if isinstance(value, list) and media.is_multipart(media_type.name) and media_type.item_schema is not None:
        return _check_items(contract, media_type, stand_in(value), direction)
    if media_type.schema is None or _is_opaque(media_type, value):
        return ()
    if not media_type.name.startswith("multipart/"):
        return contract.schemas.violations(media_type.schema, value, direction, "body")
    found = contract.schemas.violations(media_type.schema, stand_in(value), direction, "body")
    found += tuple(body_rules(contract, contract.shapes.at(media_type.schema), value))
    return found + tuple(part_header_rules(media_type, value))


def _is_opaque(media_type: MediaType, value: Json) -> bool:
    """Whether a schema has nothing to say of a value: bytes, files, and texts of a language that is not read here."""
    if isinstance(value, str):
        return media.is_xml(media.essence(media_type.name))
    return not isinstance(value, dict | list | float | int | None) and media.is_content(value)


def _is_by_item(contract: Contract, media_type: MediaType) -> bool:
    return media_type.item_schema is not None or not is_only(contract.shape(media_type.schema), "array")


def _check_items(
    contract: Contract, media_type: MediaType, values: Sequence[Json], direction: Direction
) -> tuple[Violation, ...]:
    shape = item_shape(contract, media_type)
    if shape is None:
        return ()
    return tuple(
        replace(violation, path=(index, *violation.path))
        for index, value in enumerate(values)
        for violation in contract.schemas.violations(shape.pointer, value, direction, "body")
    )


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
    query = urlsplit(request.url).query
    for parameter in operation.parameters:
        value = _read_parameter(contract, parameter, query, request.headers, path_values)
        if value is not MISSING:
            values[parameter.location, parameter.name] = value
        violations += check_parameter(contract, parameter, value)
    return values, violations


def _read_parameter(
    contract: Contract,
    parameter: Parameter,
    query: str,
    headers: Headers,
    path_values: Mapping[str, str],
) -> Json:
    shape = contract.shape(parameter.schema)
    match parameter.location:
        case "query":
            return styles.decode_query(parameter, shape, styles.split_query(query))
        case "querystring":
            return decode_querystring(parameter, shape, query)
        case "path":
            text = path_values.get(parameter.name)
            return MISSING if text is None else styles.decode_path(parameter, shape, text)
        case "header":
            text = headers.get(parameter.name)
            return MISSING if text is None else styles.decode_header(parameter, shape, text)
        case _:
            return styles.decode_cookie(parameter, shape, headers.get("cookie", ""))


def _read_request_body(
    contract: Contract, promised: RequestBody | None, request: Request, limits: media.Limits | None
) -> tuple[MediaType | None, Json, tuple[Violation, ...]]:
    if promised is None:
        return None, MISSING, ()
    assert isinstance(request.body, bytes)
    content_type = request.content_type
    if not request.body and (content_type is None or not media.may_be_empty(content_type)):
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
    violations = _check_start(contract, operation, promise, response)
    is_bodiless = operation.method == "HEAD" or response.status in _WITHOUT_BODY
    media_type, body, faults = _read_response_body(contract, None if is_bodiless else promise, response)
    return CheckedResponse(promise, media_type, body, (*violations, *faults))


def check_head(
    contract: Contract, operation: Operation, response: Response
) -> tuple[MediaType | None, tuple[Violation, ...]]:
    """The media type that is promised for a response's body, and the violations in all that comes before it."""
    promise = operation.promise_for(response.status)
    violations = _check_start(contract, operation, promise, response)
    content = promise.content if promise else ()
    media_type = media.best_match(content, response.content_type or "")
    if media_type is None and content:
        violations = (*violations, _wrong_media_type("header", response.content_type, content))
    return media_type, violations


def _check_start(
    contract: Contract, operation: Operation, promise: ResponsePromise | None, response: Response
) -> tuple[Violation, ...]:
    if promise is not None:
        return tuple(check_headers(header_rules(contract, promise), response.headers))
    known = tuple(operation.responses)
    message = f"{response.status} is not documented; documented: {', '.join(known) or 'none'}"
    return (Violation("status", (), message, "status", response.status, known),)


def _read_response_body(
    contract: Contract, promise: ResponsePromise | None, response: Response
) -> tuple[MediaType | None, Json, tuple[Violation, ...]]:
    content = promise.content if promise else ()
    content_type = response.content_type
    media_type = media.best_match(content, content_type or "")
    if not response.body and (media_type is None or not media.may_be_empty(content_type or "")):
        return None, MISSING, (Violation("body", (), "empty, but a body is promised", "required"),) if content else ()
    faults: tuple[Violation, ...] = ()
    if media_type is None and content:
        faults = (_wrong_media_type("header", content_type, content),)
    shape = contract.shape(media_type.schema) if media_type else None
    try:
        if is_sequence(content_type or ""):
            items = list(read_items(contract, media_type, content_type or "", response.body))
            found = (violation for item in items for violation in item.violations)
            return media_type, [item.value for item in items], (*faults, *found)
        body = media.decode_body(media_type, shape, content_type or "", response.body)
    except media.MalformedBody as error:
        text = response.body.decode("utf-8", "replace")
        return media_type, text, (*faults, Violation("body", (), str(error), "malformed"))
    if media_type is not None:
        faults = check_body(contract, media_type, body, _RESPONSE)
    return media_type, body, faults


def _below(name: str, violation: Violation) -> Violation:
    """The same violation, one step deeper: seen from the message, not from the value."""
    return replace(violation, path=(name, *violation.path))
