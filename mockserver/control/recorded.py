"""The journal as JSON: which exchanges are meant, and what is told of each."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mockserver.control.masking import Mask
from mockserver.control.seeing import Refusal
from mockserver.journal import Exchange, by_name, query_pairs
from syncdyn.openapi.coding import media
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.errors import UnknownOperation, Violation
from syncdyn.openapi.messages import Headers, Json
from syncdyn.openapi.moments import moment_text

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which exchanges are meant: None for what does not matter.

    `operation` is an operationId or a key; `status` a number or a range such as `4XX`; `since` the number of the
    exchange before the first.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | str | None = None
    valid: bool | None = None
    since: int = 0

    def among(self, exchanges: Iterable[Exchange], contract: Contract) -> tuple[Exchange, ...]:
        """The exchanges that are meant. Raises Refusal for an operation that the document does not have."""
        key = None if self.operation is None else key_of(contract, self.operation)
        return tuple(each for each in exchanges if self._means(each, key))

    def _means(self, exchange: Exchange, key: str | None) -> bool:
        return (
            exchange.number > self.since
            and (key is None or exchange.operation == key)
            and (self.method is None or exchange.method == self.method.upper())
            and (self.path is None or exchange.path == self.path)
            and (self.status is None or _fits(exchange.status, str(self.status)))
            and (self.valid is None or exchange.is_valid is self.valid)
        )


def key_of(contract: Contract, name: str) -> str:
    """The key of an operation by its operationId or key. Raises Refusal for what is neither."""
    try:
        return contract.operations[name].key
    except UnknownOperation as error:
        raise Refusal(422, str(error)) from None


def exchange_json(exchange: Exchange, contract: Contract, mask: Mask) -> dict[str, Json]:
    """All that is known of an exchange, without its secrets."""
    request, response, key = exchange.request, exchange.response, exchange.operation
    return {
        "number": exchange.number,
        "at": moment_text(exchange.at),
        "operation": contract.operations[key].name if key and key in contract.operations else key,
        "operation_key": key,
        "path_parameters": exchange.path_parameters,
        "valid": exchange.is_valid,
        "violations": [violation_json(each) for each in exchange.violations],
        "milliseconds": round(exchange.seconds * 1000, 3),
        "fault": exchange.fault,
        "request": {
            "method": exchange.method,
            "url": mask.url(request.url),
            "path": exchange.path,
            "query": by_name(mask.pairs(query_pairs(request.url))),
            **_content(request.headers, exchange.body, exchange.request_bytes, mask),
        },
        "response": {
            "status": response.status,
            **_content(response.headers, response.body, exchange.response_bytes, mask),
        },
    }


def violation_json(violation: Violation) -> dict[str, Json]:
    """What is told of a violation."""
    return {"where": violation.where, "message": violation.message, "keyword": violation.keyword}


def body_text(headers: Headers, body: bytes, mask: Mask) -> str | None:
    """A body's text without its secrets, None for what is no text."""
    name = media.essence(headers.get("content-type") or "")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    if media.is_json(name):
        value = _json_or_none(text)
        return text if value is None else json.dumps(mask.json(value), ensure_ascii=False, separators=(",", ":"))
    return mask.form(text) if name == _FORM else text


def _content(headers: Headers, body: bytes, size: int, mask: Mask) -> dict[str, Json]:
    return {"headers": mask.headers_of(headers), "bytes": size, **dict(_body(headers, body, size, mask))}


def _body(headers: Headers, body: bytes, size: int, mask: Mask) -> Iterator[tuple[str, Json]]:
    if len(body) < size:
        yield "kept_bytes", len(body)
    if not body:
        return
    text = body_text(headers, body, mask)
    if text is None:
        yield "base64", base64.b64encode(body).decode()
    elif media.is_json(media.essence(headers.get("content-type") or "")) and (value := _json_or_none(text)) is not None:
        yield "json", value
    else:
        yield "text", text


def _json_or_none(text: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _fits(status: int, wanted: str) -> bool:
    return str(status) == wanted or (wanted[1:].upper() == "XX" and str(status)[0] == wanted[0])
