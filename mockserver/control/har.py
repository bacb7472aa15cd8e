"""The journal as an HTTP Archive, which browsers' developer tools and many others read.

Source: HAR 1.2 Spec, http://www.softwareishard.com/blog/har-12-spec/.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie

from mockserver.control.masking import MASKED, Mask
from mockserver.control.recorded import body_text
from mockserver.journal import Exchange, query_pairs
from syncdyn.openapi.messages import Headers, Json
from syncdyn.openapi.moments import moment_text

_UNKNOWN = -1
_HTTP_VERSION = "HTTP/1.1"


def har(exchanges: Iterable[Exchange], mask: Mask) -> dict[str, Json]:
    """The archive of some exchanges, without their secrets."""
    entries = [_entry(each, mask) for each in exchanges]
    return {"log": {"version": "1.2", "creator": {"name": "syncdyn mock", "version": "1"}, "entries": entries}}


def _entry(exchange: Exchange, mask: Mask) -> dict[str, Json]:
    milliseconds = round(exchange.seconds * 1000, 3)
    entry: dict[str, Json] = {
        "startedDateTime": moment_text(exchange.at),
        "time": milliseconds,
        "request": _request(exchange, mask),
        "response": _response(exchange, mask),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
    }
    told = [*([f"operation: {exchange.operation}"] if exchange.operation else []), *map(str, exchange.violations)]
    return {**entry, "comment": "\n".join(told)} if told else entry


def _request(exchange: Exchange, mask: Mask) -> dict[str, Json]:
    request = exchange.request
    told: dict[str, Json] = {
        "method": request.method,
        "url": mask.url(request.url),
        "httpVersion": _HTTP_VERSION,
        "cookies": _cookies(request.headers.all("cookie")),
        "headers": _headers(request.headers, mask),
        "queryString": _named(mask.pairs(query_pairs(request.url))),
        "headersSize": _UNKNOWN,
        "bodySize": exchange.request_bytes,
    }
    if not exchange.body:
        return told
    text = body_text(request.headers, exchange.body, mask)
    media_type = request.content_type or ""
    # An archive has no way to tell a request's bytes; what reads archives takes the usual one of responses.
    posted = {"text": text} if text is not None else {"text": _base64(exchange.body), "encoding": "base64"}
    return {**told, "postData": {"mimeType": media_type, **posted, **_cut_note(exchange.body, exchange.request_bytes)}}


def _response(exchange: Exchange, mask: Mask) -> dict[str, Json]:
    response = exchange.response
    content: dict[str, Json] = {
        "size": exchange.response_bytes,
        "mimeType": response.content_type or "",
        **_cut_note(response.body, exchange.response_bytes),
    }
    if response.body:
        text = body_text(response.headers, response.body, mask)
        content |= {"text": text} if text is not None else {"text": _base64(response.body), "encoding": "base64"}
    return {
        "status": response.status,
        "statusText": _phrase(response.status),
        "httpVersion": _HTTP_VERSION,
        "cookies": _cookies(response.headers.all("set-cookie")),
        "headers": _headers(response.headers, mask),
        "content": content,
        "redirectURL": mask.url(response.headers.get("location", "")),
        "headersSize": _UNKNOWN,
        "bodySize": exchange.response_bytes,
    }


def _headers(headers: Headers, mask: Mask) -> list[dict[str, str]]:
    return _named((name, mask.header(name, text)) for name, text in headers.pairs)


def _named(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": text} for name, text in pairs]


def _cookies(fields: Iterable[str]) -> list[dict[str, str]]:
    names: list[str] = []
    for field in fields:
        try:
            names += SimpleCookie(field)
        except CookieError:
            continue
    return [{"name": name, "value": MASKED} for name in names]


def _cut_note(kept: bytes, size: int) -> dict[str, str]:
    return {"comment": f"the first {len(kept)} of {size} bytes"} if len(kept) < size else {}


def _base64(body: bytes) -> str:
    return base64.b64encode(body).decode("ascii")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
