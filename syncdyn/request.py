"""Arguments -> request. What an operation takes is compiled once, into a plan.

Arguments go by their Python or their wire names. All that is wrong with them is found before
anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from os import PathLike
from typing import Any
from urllib.parse import quote

from syncdyn.credentials import NOWHERE, Placed
from syncdyn.openapi import checking, media, styles
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.files import File, as_file, is_binary, is_binary_type, replayable
from syncdyn.openapi.messages import Headers, Json, Request
from syncdyn.openapi.operations import MediaType, Operation, Parameter
from syncdyn.openapi.shapes import Shape
from syncdyn.openapi.wire import to_wire
from syncdyn.options import Options

IDEMPOTENCY_KEY = "idempotency-key"
_RESERVED = frozenset({"request_options", "self"})
#: A token, RFC 9110, section 5.6.2.
_FIELD_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_TEMPLATE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Slot:
    """One argument of a method: a parameter, a property of the body, or the body as a whole (no `wire`)."""

    name: str
    wire: str
    parameter: Parameter | None = None
    shape: Shape | None = None
    is_required: bool = False
    is_file: bool = False

    @property
    def is_in_path(self) -> bool:
        return self.parameter is not None and self.parameter.location == "path"

    @property
    def takes_null(self) -> bool:
        """Whether null is among the types that the document names for it."""
        return self.shape is not None and "null" in self.shape.types and len(self.shape.types) < 7

    @property
    def takes_one_as_list(self) -> bool:
        """Whether a single value stands for a list of one: in a parameter it is written the same way."""
        return self.parameter is not None and self.shape is not None and self.shape.types == {"array"}


@dataclass(slots=True)
class Arguments:
    """The arguments of one call by where they go, and what is wrong with them so far."""

    parameters: dict[tuple[str, str], Json] = field(default_factory=dict)
    body: Json = MISSING
    faults: list[Violation] = field(default_factory=list)


class Plan:
    """How the arguments of a method become requests of one operation, with a body of one media type."""

    def __init__(self, contract: Contract, operation: Operation, media_type: str | None = None) -> None:
        self.contract = contract
        self.operation = operation
        self.media_type = _chosen(operation, media_type)
        self.body_shape = contract.shape(self.media_type.schema) if self.media_type else None
        self.slots: tuple[Slot, ...] = tuple(self._slots())
        self._by_name = {name: slot for slot in reversed(self.slots) for name in (slot.wire, slot.name) if name}
        self._positional = tuple(slot for slot in self.slots if slot.is_in_path)
        self._pieces = _TEMPLATE.split(operation.path)
        self._in_query = tuple(one for one in operation.parameters if one.location == "query")
        self._in_headers = tuple(one for one in operation.parameters if one.location in ("header", "cookie"))

    def _slots(self) -> Iterator[Slot]:
        taken = set(_RESERVED)
        for slot in sorted(self._all_slots(), key=lambda slot: not slot.is_in_path):
            name = slot.name
            while name in taken:
                name += "_"
            taken.add(name)
            yield Slot(name, slot.wire, slot.parameter, slot.shape, slot.is_required, slot.is_file)

    def _all_slots(self) -> Iterator[Slot]:
        name_of = self.contract.shapes.name_of
        for parameter in self.operation.parameters:
            shape = self.contract.shape(parameter.schema)
            yield Slot(name_of(parameter.name), parameter.name, parameter, shape, parameter.is_required)
        shape = self.body_shape
        if shape is None or self.media_type is None:
            return
        if not shape.all_fields:
            required = self.operation.request_body is not None and self.operation.request_body.is_required
            yield Slot("body", "", None, shape, required)
        for entry in shape.all_fields.values():
            is_file = _is_file(entry.shape, self.media_type, entry.wire)
            yield Slot(entry.name, entry.wire, None, entry.shape, entry.is_required, is_file)

    @cached_property
    def idempotency_parameter(self) -> Parameter | None:
        """The header parameter by which a repeated request is told from a new one, where it is declared."""
        named = (one for one in self.operation.parameters if one.name.lower() == IDEMPOTENCY_KEY)
        return next((one for one in named if one.location == "header"), None)

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

    def collect(self, positional: tuple[Any, ...], named: Mapping[str, Any]) -> Arguments:
        """The arguments sorted by where they go and turned into JSON values."""
        arguments = Arguments()
        for index, value in enumerate(positional):
            if index < len(self._positional):
                self._put(arguments, self._positional[index], self._positional[index].name, value)
            else:
                arguments.faults.append(self._one_too_many(index, len(positional)))
                break
        for name, value in named.items():
            slot = self._by_name.get(name)
            if slot is not None:
                self._put(arguments, slot, name, value)
            elif name == "body" and self.media_type is not None:
                arguments.body = to_wire(value, self.body_shape, "body", arguments.faults)
            else:
                arguments.faults.append(self._unknown(name))
        return arguments

    def _put(self, arguments: Arguments, slot: Slot, name: str, value: Any) -> None:
        if value is ... or (value is None and not slot.takes_null):
            return
        location = slot.parameter.location if slot.parameter else "body"
        path = (slot.wire,) if slot.wire else ()
        if slot.is_file:
            written = self._file(arguments, value, path)
        else:
            written = to_wire(value, slot.shape, location, arguments.faults, path)
            if slot.takes_one_as_list and not isinstance(written, list | dict) and written is not MISSING:
                written = [written]
        if written is MISSING:
            return
        if slot.parameter is not None:
            target: dict[Any, Json] = arguments.parameters
            key: Any = (slot.parameter.location, slot.wire)
        elif not slot.wire:
            arguments.body = written
            return
        else:
            arguments.body = {} if arguments.body is MISSING else arguments.body
            target, key = arguments.body, slot.wire
        if key in target:
            arguments.faults.append(Violation(location, path, f"given twice, once as {name!r}", "duplicate"))
        target[key] = written

    def _file(self, arguments: Arguments, value: Any, path: tuple[str | int, ...]) -> Any:
        if isinstance(value, list) and not any(_is_handed_over(item) for item in value):
            records = to_wire(value, None, "body", arguments.faults, path)
            return File(f"{path[-1]}.jsonl", media.encode_lines(records))
        try:
            return [_sendable(item) for item in value] if isinstance(value, list) else _sendable(value)
        except (OSError, TypeError, ValueError) as error:
            arguments.faults.append(Violation("body", path, _sentence(error), "file"))
            return MISSING

    def _one_too_many(self, index: int, count: int) -> Violation:
        names = ", ".join(slot.name for slot in self._positional)
        taken = f"only {names} may be given without a name" if names else "all arguments are given by name"
        return Violation("arguments", (index,), f"{count} without a name; {taken}", "positional")

    def _unknown(self, name: str) -> Violation:
        known = [slot.name for slot in self.slots] + ["request_options"]
        close = get_close_matches(name, known, n=1)
        known_text = "" if close else f"; known: {', '.join(known)}"
        hint = f"did you mean {close[0]!r}?" if close else None
        return Violation("arguments", (name,), f"unknown argument{known_text}", "unknown", None, tuple(known), hint)

    def check(self, arguments: Arguments) -> tuple[Violation, ...]:
        """Every violation of the operation's promises in the arguments."""
        found = list(arguments.faults)
        faulty = {violation.path[:1] for violation in found if violation.location != "arguments"}
        for parameter in self.operation.parameters:
            value = arguments.parameters.get((parameter.location, parameter.name), MISSING)
            if (parameter.name,) not in faulty:
                found += checking.check_parameter(self.contract, parameter, value)
        body = self.operation.request_body
        if arguments.body is not MISSING and self.media_type is not None:
            found += (one for one in checking.check_body(self.contract, self.media_type, arguments.body)
                      if one.path[:1] not in faulty)  # fmt: skip
        elif body is not None and body.is_required and self.media_type is not None:
            found += self._missing_body(self.media_type)
        return tuple(found)

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
        if self._in_query or options.query:
            query = self._query(arguments, options)
            url = f"{url}?{query}" if query else url
        request = Request(self.operation.method, url, Headers(headers), body)
        return with_credentials(request, placed, bool(options.headers))

    def _body(self, arguments: Arguments, options: Options) -> tuple[Any, str | None]:
        if self.media_type is None:
            return b"", None
        value = arguments.body
        if options.body:
            value = {**(value if isinstance(value, Mapping) else {}), **options.body}
        if value is MISSING:
            if not self.media_type.name.startswith("multipart/"):
                return b"", None
            value = {}
        return media.encode_body(self.media_type, self.body_shape, value)

    def _path(self, arguments: Arguments) -> str:
        pieces = list(self._pieces)
        for index in range(1, len(pieces), 2):
            name = pieces[index]
            parameter = next((slot.parameter for slot in self._positional if slot.wire == name), None)
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
                pairs += styles.encode_query(parameter, value)
        for name, value in options.query.items():
            for item in value if isinstance(value, list | tuple) else (value,):
                pairs.append((quote(str(name), safe=""), quote(_text(item), safe="")))
        return styles.query_string(pairs) if pairs else ""

    def _headers(self, arguments: Arguments, options: Options) -> Iterator[tuple[str, str]]:
        overridden = {str(name).lower() for name in options.headers}
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
        for name, value in options.headers.items():
            if not _FIELD_NAME.fullmatch(str(name)):
                raise _misfit("header", str(name), "no name of a header field")
            yield str(name), _header(Parameter(str(name), "header", style="simple", explode=False), _text(value))


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


def _is_file(shape: Shape, media_type: MediaType, wire: str) -> bool:
    """Whether a property of a form is sent as a file: by its schema, or by the type of its encoding."""
    if not media_type.name.startswith("multipart/"):
        return False
    encoding = media_type.encoding.get(wire)
    stated = encoding.content_type if encoding else None
    return is_binary(shape) or (stated is not None and is_binary_type(stated))


def _is_handed_over(value: object) -> bool:
    return isinstance(value, bytes | PathLike | tuple) or hasattr(value, "read")


def _sendable(value: object) -> File:
    return replayable(as_file(value))


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def _chosen(operation: Operation, media_type: str | None) -> MediaType | None:
    """The media type that was named, else the JSON one, else the first."""
    content = operation.request_body.content if operation.request_body else ()
    if media_type is not None:
        return next((one for one in content if one.name == media_type), None)
    return next((one for one in content if media.is_json(media.essence(one.name))), content[0] if content else None)


def with_credentials(request: Request, placed: Placed, may_have_own: bool = True) -> Request:
    """The request with credentials where they belong; where it may have its own, those stand."""
    if placed is NOWHERE:
        return request
    headers = [pair for pair in placed.headers if not (may_have_own and pair[0] in request.headers)]
    url = request.url
    if placed.query:
        url += ("&" if "?" in url else "?") + styles.query_string(placed.query)
    if placed.cookies:
        headers.append(("Cookie", "; ".join(f"{name}={value}" for name, value in placed.cookies)))
    return Request(request.method, url, Headers((*request.headers.pairs, *headers)), request.body)


def without_placed(request: Request, placed: Placed) -> Request:
    """The request as it may be shown: without the credentials that were put into its URL."""
    url = request.url
    for name, value in placed.query:
        url = url.replace(f"{name}={value}", f"{name}=***")
    return replace(request, url=url)


#: Makes a key that no other call has.
NewKey = Callable[[], str]


def with_key(plan: Plan, arguments: Arguments, options: Options, new_key: NewKey) -> bool:
    """Gives the call an idempotency key where the document declares one; whether it now has one.

    The key is made once for the call and kept through all its tries.
    Source: draft-ietf-httpapi-idempotency-key-header.
    """
    parameter = plan.idempotency_parameter
    if any(str(name).lower() == IDEMPOTENCY_KEY for name in options.headers):
        return True
    if parameter is None:
        return False
    arguments.parameters.setdefault(("header", parameter.name), new_key())
    return True
