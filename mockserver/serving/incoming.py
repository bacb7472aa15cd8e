"""What an ASGI server tells of a request, as our own: its URL whole, its fields as text, its body in one piece."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

from syncdyn.openapi.messages import Headers

Scope: TypeAlias = Mapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Mapping[str, Any]]]

_LINGER_SECONDS = 1.0
_AUTHORITY = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
_RAW_SAFE = "%/?:@!$&'()*+,;=[]"


class Gone(Exception):
    """The client left before its request was whole."""


def head_of(scope: Scope) -> tuple[str, Headers]:
    """The absolute URL of a request, percent-encoded as it came, and its fields."""
    fields = scope["headers"]
    path = scope.get("raw_path") or quote(scope["path"]).encode()
    # What a server states as lists is as good.
    server = tuple(scope.get("server") or ("localhost", None))
    query, scheme = scope.get("query_string") or b"", scope.get("scheme", "http")
    try:
        return _head(tuple(fields), path, query, scheme, server)
    except TypeError:
        return _head(tuple((bytes(name), bytes(value)) for name, value in fields), path, query, scheme, server)


@lru_cache(maxsize=128)
def _head(
    fields: tuple[tuple[bytes, bytes], ...], raw_path: bytes, query: bytes, scheme: str, server: tuple[Any, ...]
) -> tuple[str, Headers]:
    headers = _headers(fields)
    path = _ascii(raw_path)
    if path[:1] != "/":
        path = _AUTHORITY.sub("", path, count=1)
        path = path if path.startswith("/") else f"/{path}"
    host = headers.get("host", "")
    authority = host if host and _is_authority(host) else ":".join(str(part) for part in server if part)
    return f"{scheme}://{authority}{path}{'?' + _ascii(query) if query else ''}", headers


@lru_cache(maxsize=128)
def _headers(fields: tuple[tuple[bytes, bytes], ...]) -> Headers:
    # Who asks again sends the same fields.
    return Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields])


def has_no_body(scope: Scope, headers: Headers) -> bool:
    """Whether no body can come, so that none need be waited for. Source: RFC 9112, section 6.3."""
    is_framed = "content-length" in headers or "transfer-encoding" in headers
    return not is_framed and scope.get("http_version", "")[:2] == "1."


async def read_body(headers: Headers, receive: Receive, most: int) -> bytes | None:
    """The whole body, or None when it is larger than `most`. Raises Gone."""
    stated = headers.get("content-length", "")
    if stated.isdecimal() and int(stated[:20]) > most:
        return None
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > most:
            return None
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def linger(headers: Headers, receive: Receive) -> None:
    """Throw away what still comes, for a moment: who closes on a client that sends takes the answer away from it.

    Source: RFC 9112, section 9.6.
    """
    if "expect" in headers:  # it has sent nothing, and reading on would tell it to
        return
    with suppress(asyncio.TimeoutError, TimeoutError):
        await asyncio.wait_for(_drain(receive), _LINGER_SECONDS)


async def until_gone(receive: Receive, seconds: float = _LINGER_SECONDS) -> bool:
    """Wait until the connection is known to be closed, or for so long: whether it is closed."""
    try:
        await asyncio.wait_for(_until_disconnect(receive), seconds)
    except (asyncio.TimeoutError, TimeoutError):
        return False
    return True


async def _drain(receive: Receive) -> None:
    message = await receive()
    while message["type"] == "http.request" and message.get("more_body", False):
        message = await receive()


async def _until_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _ascii(raw: bytes) -> str:
    return raw.decode("ascii") if raw.isascii() else quote(raw, safe=_RAW_SAFE)


@lru_cache(maxsize=256)
def _is_authority(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").netloc == host
    except ValueError:
        return False
