"""Values -> request. What an operation takes is compiled once, into a plan.

All that is wrong with the values is found before anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote

from syncdyn.arguments import Arguments, Collector, sentence, slots_of
from syncdyn.choosing import default_media_type, named_media_type, takes_iterators
from syncdyn.credentials import NOWHERE, Placed, Secret
from syncdyn.openapi import checking
from syncdyn.openapi.coding import media, styles
from syncdyn.openapi.coding.querystrings import encode_querystring
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.hints import kind_of
from syncdyn.openapi.messages import TOKEN, Headers, Json, Pairs, Request
from syncdyn.openapi.operations import MediaType, Operation, Parameter
from syncdyn.options import Options

IDEMPOTENCY_KEY = "idempotency-key"
_TEMPLATE = re.compile(r"\{([^{}]*)\}")


class Plan:
    """How the arguments of a method become requests of one operation, with a body of one media type."""

    def __init__(self, contract: Contract, operation: Operation, media_type: str | None = None) -> None:
        self.contract = contract
        self.operation = operation
        self.media_type = named_media_type(operation, media_type) if media_type else default_media_type(operation)
        self.body_shape = contract.shape(self.media_type.schema) if self.media_type else None
        self.slots = slots_of(contract, operation, self.media_type)
        collector = Collector(
            self.slots,
            self.body_shape,
            has_body=self.media_type is not None,
            takes_iterators=takes_iterators(self.media_type),
        )
        self.collect = collector.collect
        self.whole_body = collector.whole_body
        self._pieces = _TEMPLATE.split(operation.path)
        self._in_path = {one.name: one for one in operation.parameters if one.location == "path"}
        self._in_query = tuple(one for one in operation.parameters if one.location == "query")
        self._in_headers = tuple(one for one in operation.parameters if one.location in ("header", "cookie"))
        self._whole_query = next((one for one in operation.parameters if one.location == "querystring"), None)

    @cached_property
    def idempotency_parameter(self) -> Parameter | None:
        """The header parameter by which a repeated request is told from a new one, where it is declared."""
        named = (one for one in self.operation.parameters if one.name.lower() == IDEMPOTENCY_KEY)
        return next((one for one in named if one.location == "header"), None)

    @cached_property
    def _names(self) -> frozenset[str | None]:
        return frozenset((self.whole_body, *(name for slot in self.slots for name in (slot.name, slot.wire))))

    def takes(self, named: Iterable[str]) -> bool:
        """Whether every name is one of an argument."""
        return all(name in self._names for name in named)

    @cached_property
    def accept(self) -> str:
        """The media types promised for success, for the Accept field."""
        promised = (
            media_type.name
            for status, promise in self.operation.responses.items()
            if status.startswith("2")
            for media_type in promise.content
        )
        return ", ".join(dict.fromkeys(promised)) or "*/*"

    def check(self, arguments: Arguments) -> tuple[Violation, ...]:
        """Every violation of the operation's promises in the arguments."""
        found = list(arguments.faults)
        if any(fault.keyword in ("positional", "whole") for fault in found):
            # What was given without a name, or under that of another, is not known to be missing under any.
            return tuple(found)
        faulty = {violation.path[:1] for violation in found if violation.location != "arguments"}
        for parameter in self.operation.parameters:
            value = arguments.parameters.get((parameter.location, parameter.name), MISSING)
            if (parameter.name,) not in faulty:
                found += checking.check_parameter(self.contract, parameter, value)
        faults: tuple[Violation, ...] = ()
        if arguments.body is not MISSING and self.media_type is not None:
            faults = checking.check_body(self.contract, self.media_type, arguments.body)
        elif self.operation.is_body_required and self.media_type is not None:
            faults = self._missing_body(self.media_type)
        return (*found, *(fault for fault in faults if fault.path[:1] not in faulty))

    def _missing_body(self, media_type: MediaType) -> tuple[Violation, ...]:
        if self.body_shape is not None and self.body_shape.all_fields:
            return checking.check_body(self.contract, media_type, {})
        return (Violation("body", (), "missing (required)", "required"),)

    def write(
        self, arguments: Arguments, base_url: str, options: Options, user_agent: str, placed: Placed = NOWHERE
    ) -> Request:
        """The request, with credentials where they belong; a header field that the caller gave stands.

        Raises ValueError for what cannot be put into a request, with the place in `args[1]`.
        """
        body, content_type = self._body(arguments, options)
        headers = [("User-Agent", user_agent), ("Accept", self.accept)]
        if content_type is not None:
            headers.append(("Content-Type", content_type))
        if self._in_headers or options.headers:
            headers += self._headers(arguments, options)
        url = base_url + self._path(arguments)
        if self._in_query or options.query or self._whole_query:
            query = self._query(arguments, options)
            # A few documents tell operations apart by a query in the path.
            url = f"{url}{'&' if '?' in self.operation.path else '?'}{query}" if query else url
        request = Request(self.operation.method, url, Headers(headers), body)
        return with_credentials(request, placed, bool(options.headers) or self._states(placed))

    def _states(self, placed: Placed) -> bool:
        """Whether a header parameter is declared that carries credentials as well."""
        names = self._header_names
        return bool(names) and any(name.lower() in names for name, _ in placed.headers)

    @cached_property
    def _header_names(self) -> frozenset[str]:
        return frozenset(one.name.lower() for one in self._in_headers if one.location == "header")

    def _body(self, arguments: Arguments, options: Options) -> tuple[Any, str | None]:
        value = _with_members(arguments.body, options.body, self.media_type) if options.body else arguments.body
        if self.media_type is None:
            return b"", None
        if value is MISSING:
            # A form whose fields are all left out is a form still, where there must be one.
            if not (self.operation.is_body_required and self.media_type.name.startswith("multipart/")):
                return b"", None
            value = {}
        try:
            return media.encode_body(self.media_type, self.body_shape, value)
        except (OSError, TypeError, ValueError) as error:
            raise Misfit(Violation("body", (), sentence(error), "encoding")) from None

    def _path(self, arguments: Arguments) -> str:
        pieces = list(self._pieces)
        for index in range(1, len(pieces), 2):
            name = pieces[index]
            parameter = self._in_path.get(name)
            value = arguments.parameters.get(("path", name), MISSING)
            if parameter is None or value is MISSING:
                raise _misfit("path", name, "missing (required)")
            try:
                pieces[index] = styles.encode_path(parameter, value)
            except ValueError as error:
                raise _misfit("path", name, str(error)) from None
        return "".join(pieces)

    def _query(self, arguments: Arguments, options: Options) -> str:
        pairs: list[tuple[str, str]] = []
        for parameter in self._in_query:
            value = arguments.parameters.get(("query", parameter.name), MISSING)
            if value is not MISSING:
                pairs += _pairs(parameter, value)
        for name, value in options.query.items():
            if value is None:
                continue
            for item in value if isinstance(value, list | tuple) else (value,):
                pairs.append((quote(str(name), safe=""), quote(_text(item), safe="")))
        written = styles.query_string(pairs) if pairs else ""
        return written if self._whole_query is None else "&".join(filter(None, (self._whole(arguments), written)))

    def _whole(self, arguments: Arguments) -> str:
        """The query that one argument gives as a whole."""
        assert self._whole_query is not None
        value = arguments.parameters.get(("querystring", self._whole_query.name), MISSING)
        try:
            return "" if value is MISSING else encode_querystring(self._whole_query, value)
        except ValueError as error:
            raise _misfit("querystring", self._whole_query.name, str(error)) from None

    def _headers(self, arguments: Arguments, options: Options) -> Iterator[tuple[str, str]]:
        given = {str(name): value for name, value in options.headers.items() if value is not None}
        overridden = {name.lower() for name in given}
        cookies: list[tuple[str, str]] = []
        for parameter in self._in_headers:
            value = arguments.parameters.get((parameter.location, parameter.name), MISSING)
            if value is MISSING:
                continue
            if parameter.location == "header" and parameter.name.lower() not in overridden:
                yield parameter.name, _header(parameter, value)
            elif parameter.location == "cookie":
                cookies += styles.encode_cookie(parameter, value)
        if cookies:
            yield "Cookie", "; ".join(f"{name}={value}" for name, value in cookies)
        for name, value in given.items():
            if not TOKEN.fullmatch(name):
                raise _misfit("header", name, "no name of a header field")
            yield name, _header(Parameter(name, "header", style="simple", explode=False), _text(value))


def _with_members(body: Any, members: Mapping[str, Any], media_type: MediaType | None) -> dict[str, Any]:
    """The body with more members; raises Misfit for one that can have none."""
    if media_type is not None and (body is MISSING or isinstance(body, Mapping)):
        return {**({} if body is MISSING else body), **members}
    told = "the operation takes no body" if media_type is None else f"cannot be added to {kind_of(body)}"
    raise Misfit(Violation("request_options", ("additional_body_parameters",), told, "type"))


class Misfit(ValueError):
    """A value that cannot be put into a request; `violation` says where and why."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(str(violation))
        self.violation = violation


def _misfit(location: str, name: str, message: str) -> Misfit:
    return Misfit(Violation(location, (name,), message, "encoding"))


def _header(parameter: Parameter, value: Json) -> str:
    try:
        return styles.encode_header(parameter, value)
    except ValueError as error:
        raise _misfit("header", parameter.name, str(error)) from None


def _text(value: object) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _pairs(parameter: Parameter, value: Json) -> Pairs:
    try:
        return styles.encode_query(parameter, value)
    except ValueError as error:
        raise _misfit("query", parameter.name, str(error)) from None


def with_credentials(request: Request, placed: Placed, may_have_own: bool = True) -> Request:
    """The request with credentials where they belong; where it may have its own, those stand.

    There is one field for all cookies. Source: RFC 6265, section 5.4.
    """
    if placed is NOWHERE:
        return request
    headers = [pair for pair in placed.headers if not (may_have_own and pair[0] in request.headers)]
    url, kept = request.url, request.headers.pairs
    if placed.query:
        url += ("&" if "?" in url else "?") + styles.query_string(placed.query)
    if placed.cookies:
        own = [value for name, value in kept if name.lower() == "cookie"]
        kept = tuple(pair for pair in kept if pair[0].lower() != "cookie")
        headers.append(("Cookie", Secret("; ".join((*own, *(f"{name}={value}" for name, value in placed.cookies))))))
    return Request(request.method, url, Headers((*kept, *headers)), request.body)


#: Makes a key that no other call has.
NewKey = Callable[[], str]


def with_key(plan: Plan, arguments: Arguments, options: Options, new_key: NewKey) -> bool:
    """Gives the call an idempotency key where the document declares one; whether it now has one.

    The key is made once for the call and kept through all its tries.
    Source: draft-ietf-httpapi-idempotency-key-header.
    """
    parameter = plan.idempotency_parameter
    for name, value in options.headers.items():
        if str(name).lower() == IDEMPOTENCY_KEY and value is not None:
            return bool(value)
    if parameter is None:
        return False
    place = ("header", parameter.name)
    if place not in arguments.parameters:
        arguments.parameters[place] = new_key()
    return True
