"""The mock as a bare ASGI 3 application: bytes of a server to our messages and back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

from mockserver.host import Host
from mockserver.journal import Exchange
from mockserver.serving.delivering import Deliverer, Send
from syncdyn.openapi.messages import Headers, Request, Response

Scope: TypeAlias = Mapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Mapping[str, Any]]]
Emit: TypeAlias = Callable[[dict[str, Any]], Awaitable[None]]

MAX_BODY_BYTES = 64 * 2**20
_LINGER_SECONDS = 1.0
# What may take long goes to a thread: large bodies to check, and media files to make.
_LARGE_BODY_BYTES = 64 * 2**10
_MEDIA_SUFFIXES = (".mp4", ".mov", ".webm", ".wav", ".mp3", ".ogg", ".flac", ".m4a")
_BODILESS = frozenset({204, 304})
_LINE_BREAKS = str.maketrans("\r\n\0", "   ")
_AUTHORITY = re.compile(r"https?://[^/?#]*", re.IGNORECASE)


class Asgi:
    """An ASGI application over a host.

    A body of more than `max_body_bytes` is answered with 413 as soon as that is known, and not kept.
    While the server's lifespan lasts, due webhooks go to `send_webhook` (None: over HTTP), to this
    machine and to `webhook_hosts` only.
    """

    def __init__(
        self,
        host: Host,
        *,
        max_body_bytes: int = MAX_BODY_BYTES,
        send_webhook: Send | None = None,
        webhook_hosts: Collection[str] = (),
    ) -> None:
        self._host = host
        self._max_body_bytes = max_body_bytes
        self._send_webhook = send_webhook
        self._webhook_hosts = webhook_hosts
        self._deliverer: Deliverer | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Emit) -> None:
        """Serve one connection scope."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1003})

    async def _http(self, scope: Scope, receive: Receive, send: Emit) -> None:
        headers = _headers(scope)
        request = Request(scope["method"], _url(scope, headers), headers)
        try:
            body = await _read_body(headers, receive, self._max_body_bytes)
        except _Gone:
            return
        if body is None:
            await _write(send, request, self._refuse(request), is_last=False)
            await _linger(headers, receive)
            await send({"type": "http.response.body", "body": b""})
            return
        request = Request(request.method, request.url, headers, body)
        await _write(send, request, await self._answer(request))
        if self._deliverer is not None:
            self._deliverer.wake()

    async def _answer(self, request: Request) -> Response:
        if len(request.body) > _LARGE_BODY_BYTES or _path(request).endswith(_MEDIA_SUFFIXES):
            return await asyncio.to_thread(self._host.handle, request)
        return self._host.handle(request)

    def _refuse(self, request: Request) -> Response:
        detail = f"the body is larger than the maximum, {self._max_body_bytes:,} bytes"
        told = self._host.problem(413, detail)
        response = Response(told.status, told.headers.replace(connection="close"), told.body)
        self._host.record(Exchange(request, response, at=self._host.clock()))
        return response

    async def _lifespan(self, receive: Receive, send: Emit) -> None:
        await receive()
        self._deliverer = Deliverer(self._host, self._send_webhook, self._webhook_hosts)
        task = asyncio.create_task(self._deliverer.run())
        await send({"type": "lifespan.startup.complete"})
        try:
            await receive()
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await send({"type": "lifespan.shutdown.complete"})


class _Gone(Exception):
    """The client left before its request was whole."""


async def _read_body(headers: Headers, receive: Receive, most: int) -> bytes | None:
    """The whole body, or None when it is larger than `most`."""
    stated = headers.get("content-length", "")
    if stated.isdecimal() and int(stated[:20]) > most:
        return None
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > most:
            return None
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def _linger(headers: Headers, receive: Receive) -> None:
    """Throw away what still comes, for a moment: who closes on a client that sends takes the answer away from it.

    Source: RFC 9112, section 9.6.
    """
    if "expect" in headers:  # it has sent nothing, and reading on would tell it to
        return
    with suppress(asyncio.TimeoutError, TimeoutError):
        await asyncio.wait_for(_drain(receive), _LINGER_SECONDS)


async def _drain(receive: Receive) -> None:
    message = await receive()
    while message["type"] == "http.request" and message.get("more_body", False):
        message = await receive()


async def _write(send: Emit, request: Request, response: Response, *, is_last: bool = True) -> None:
    await send({"type": "http.response.start", "status": response.status, "headers": _raw_headers(response, request)})
    body = b"" if request.method == "HEAD" or response.status in _BODILESS else response.body
    await send({"type": "http.response.body", "body": body, "more_body": not is_last})


def _raw_headers(response: Response, request: Request) -> list[tuple[bytes, bytes]]:
    """The header fields as bytes, with the length of the body that is, or for HEAD would be, sent."""
    pairs = [
        (_latin(name).lower(), _latin(value))
        for name, value in response.headers.pairs
        if name.lower() not in ("content-length", "transfer-encoding")
    ]
    if response.status in _BODILESS or response.status < 200:
        return pairs
    length = str(len(response.body))
    if request.method == "HEAD" and not response.body:
        length = response.headers.get("content-length", length)
    return [*pairs, (b"content-length", length.encode("ascii"))]


def _latin(text: str) -> bytes:
    # A line break in a field would begin another one: RFC 9112, section 2.2; RFC 9110, section 5.5.
    return text.translate(_LINE_BREAKS).encode("latin-1", "replace")


def _headers(scope: Scope) -> Headers:
    return Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])


def _path(request: Request) -> str:
    return request.url.partition("?")[0].lower()


def _url(scope: Scope, headers: Headers) -> str:
    """The absolute URL, percent-encoded as it came."""
    raw = scope.get("raw_path")
    path = _ascii(raw) if raw else quote(scope["path"])
    path = _AUTHORITY.sub("", path, count=1) if not path.startswith("/") else path
    if not path.startswith("/"):
        path = "/" + path
    query = _ascii(scope.get("query_string", b""))
    return f"{scope.get('scheme', 'http')}://{_host_name(scope, headers)}{path}{'?' + query if query else ''}"


def _ascii(raw: bytes) -> str:
    return raw.decode("ascii") if raw.isascii() else quote(raw, safe="%/?:@!$&'()*+,;=[]")


def _host_name(scope: Scope, headers: Headers) -> str:
    stated: str = headers.get("host", "")
    try:
        if stated and urlsplit(f"//{stated}").netloc == stated:
            return stated
    except ValueError:
        pass
    name, port = scope.get("server") or ("localhost", None)
    return f"{name}:{port}" if port else str(name)
