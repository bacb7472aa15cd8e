"""A request as it was sent, read and checked by what was made of its operation once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from syncdyn.openapi.checking.parameters import ParameterReader, Sent
from syncdyn.openapi.checking.values import check_body, is_of_many, wrong_media_type
from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.json_text import decode_json
from syncdyn.openapi.coding.xml_reading import decode_xml
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import MISSING, Violation
from syncdyn.openapi.messages import Json, Request
from syncdyn.openapi.operations import MediaType, Operation, RequestBody
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.schema import Validator

_EMPTY_XML = (Violation("body", (), "empty, but XML has a root", "malformed"),)
#: A parameter such as a boundary may be another one each time.
_MOST_KEPT = 64

#: A body as read: what it was taken for, its value, and what is wrong.
_Body: TypeAlias = "tuple[MediaType | None, Json, tuple[Violation, ...]]"


@dataclass(frozen=True, slots=True)
class CheckedRequest:
    """A request as read: parameter values by (location, name), the body's value, and what is wrong."""

    parameters: Mapping[tuple[str, str], Json] = field(default_factory=dict)
    body: Json = MISSING
    media_type: MediaType | None = None
    violations: tuple[Violation, ...] = ()


class RequestReader:
    """Reads and checks the requests of one operation."""

    __slots__ = ("_body", "_parameters")

    def __init__(self, contract: Contract, operation: Operation, limits: media.Limits | None = None) -> None:
        self._parameters = tuple(ParameterReader(contract, parameter) for parameter in operation.parameters)
        promised = operation.request_body
        self._body = None if promised is None else _BodyReader(contract, promised, limits)

    def read(self, request: Request, path_values: Mapping[str, str]) -> CheckedRequest:
        """A request, read and checked. `path_values` are the raw texts of the path's templates.

        Raises media.BodyTooLarge for a body over the limits.
        """
        values: dict[tuple[str, str], Json] = {}
        violations: tuple[Violation, ...] = ()
        if self._parameters:
            sent = Sent(_query_of(request.url), request.headers, path_values)
            for parameter in self._parameters:
                value = parameter.take(sent)
                if value is not MISSING:
                    values[parameter.key] = value
                violations += parameter.violations(value)
        if self._body is None:
            return CheckedRequest(values, MISSING, None, violations)
        assert isinstance(request.body, bytes)
        media_type, body, faults = self._body.read(request.body, request.content_type)
        return CheckedRequest(values, body, media_type, violations + faults)


def read_request(
    contract: Contract,
    operation: Operation,
    request: Request,
    path_values: Mapping[str, str],
    limits: media.Limits | None = None,
) -> CheckedRequest:
    """The same for a single request; who reads many of one operation keeps a RequestReader."""
    return RequestReader(contract, operation, limits).read(request, path_values)


def _query_of(url: str) -> str:
    before, _, query = url.partition("?")
    return "" if "#" in before else query.partition("#")[0]


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a Content-Type says of a body. `validator` is set for plain JSON, which is checked in one go."""

    media_type: MediaType | None
    content_type: str
    violations: tuple[Violation, ...] = ()
    validator: Validator | None = None


class _BodyReader:
    """Reads and checks the bodies of one operation."""

    __slots__ = ("_contract", "_limits", "_meant", "_missing", "_promised")

    def __init__(self, contract: Contract, promised: RequestBody, limits: media.Limits | None) -> None:
        self._contract = contract
        self._promised = promised
        self._limits = limits
        self._missing = (Violation("body", (), "missing (required)", "required"),) if promised.is_required else ()
        self._meant: dict[str | None, _Meant] = {}

    def read(self, body: bytes, content_type: str | None) -> _Body:
        if not body and (content_type is None or not media.may_be_empty(content_type)):
            is_said = content_type is not None and media.is_xml(media.essence(content_type))
            return None, MISSING, self._missing or (_EMPTY_XML if is_said else ())
        meant = self._meant_by(content_type)
        if meant.violations:
            return meant.media_type, MISSING, meant.violations
        try:
            if meant.validator is None:
                return self._read_slowly(meant, body)
            value = decode_json(body)
        except media.BodyTooLarge:
            raise
        except media.MalformedBody as error:
            return meant.media_type, MISSING, (Violation("body", (), str(error), "malformed"),)
        if meant.validator.is_valid(value):
            return meant.media_type, value, ()
        return meant.media_type, value, meant.validator.violations(value, "body")

    def _read_slowly(self, meant: _Meant, body: bytes) -> _Body:
        assert meant.media_type is not None
        shape = self._contract.shape(meant.media_type.schema)
        if meant.media_type.schema is not None and media.is_xml(media.essence(meant.content_type)):
            value = decode_xml(shape, body)
            found = self._contract.schemas.violations(meant.media_type.schema, value, Direction.REQUEST, "body")
            return meant.media_type, value, found
        value = media.decode_body(meant.media_type, shape, meant.content_type, body, limits=self._limits)
        return meant.media_type, value, check_body(self._contract, meant.media_type, value)

    def _meant_by(self, content_type: str | None) -> _Meant:
        found = self._meant.get(content_type)
        if found is None:
            if len(self._meant) >= _MOST_KEPT:
                self._meant.clear()
            found = self._meant[content_type] = self._work_out(content_type)
        return found

    def _work_out(self, content_type: str | None) -> _Meant:
        content = self._promised.content
        is_open = content_type is None and len(content) > 1
        media_type = None if is_open else media.best_match(content, content_type or "application/json")
        if media_type is None:
            return _Meant(None, "", (wrong_media_type("header", content_type, content),))
        charset = media.foreign_charset(content_type or "")
        if charset is not None:
            message = f"the charset {charset[:40]!r} is not utf-8, in which JSON is written"
            return _Meant(media_type, "", (Violation("header", ("content-type",), message, "malformed"),))
        sent_as = content_type or media_type.name
        is_plain = media.is_json(media.essence(sent_as)) and media_type.schema and not is_of_many(media_type)
        schema = media_type.schema if is_plain else None
        validator = self._contract.schemas.validator(schema, Direction.REQUEST) if schema else None
        return _Meant(media_type, sent_as, validator=validator)
