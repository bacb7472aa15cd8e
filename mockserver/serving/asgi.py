"""The mock as a bare ASGI 3 application: bytes of a server to our messages and back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from functools import lru_cache, partial
from typing import NamedTuple
from urllib.parse import unquote

from mockserver.control.webhooks import AWAITED
from mockserver.host import Host, Reply
from mockserver.manners import AT_ONCE
from mockserver.serving.delivering import Deliverer, Send, until_delivered
from mockserver.serving.incoming import Gone, Receive, Scope, has_no_body, head_of, linger, read_body
from mockserver.serving.outgoing import Emit, write, write_in_manner
from syncdyn.openapi.messages import Request, Response

MAX_BODY_BYTES = 64 * 2**20
_LARGE_BODY_BYTES = 64 * 2**10
_ACCEPTED = 202
#: What has such a path is about the exchanges of all workers.
_OF_ALL_WORKERS = re.compile(r"/_mock/re(quests|set)")
_MEDIA_SUFFIXES = (".mp4", ".mov", ".webm", ".wav", ".mp3", ".ogg", ".flac", ".m4a")


class Ready(NamedTuple):
    """A request and its response. One that `is_plain` need only be written; `send` does so for any, as ASGI has it."""

    request: Request
    response: Response
    is_plain: bool
    send: Callable[[Scope, Receive, Emit], Awaitable[None]]


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

    async def __call__(self, scope: Scope, receive: Receive, send: Emit) -> None:
        """Serve one connection scope."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1003})

    def at_once(self, scope: Scope, body: bytes) -> Ready | None:
        """The answer to a request of HTTP/1.1 that is whole; None where that takes so long that others would wait."""
        url, headers = head_of(scope)
        request = Request(scope["method"], url, headers, body)
        if len(body) > self._max_body_bytes or _takes_long(request):
            return None
        reply = self._host.reply(request, _peer_of(scope))
        is_plain = reply.manner is AT_ONCE and not _is_to_be_awaited(reply.response)
        return Ready(request, reply.response, is_plain, partial(self._send, request, reply))

    async def _http(self, scope: Scope, receive: Receive, send: Emit) -> None:
        url, headers = head_of(scope)
        try:
            body = b"" if has_no_body(scope, headers) else await read_body(headers, receive, self._max_body_bytes)
        except Gone:
            return
        if body is None:
            await self._refuse(Request(scope["method"], url, headers), receive, send)
            return
        request, peer = Request(scope["method"], url, headers, body), _peer_of(scope)
        if _takes_long(request):
            reply = await asyncio.to_thread(self._host.reply, request, peer)
        else:
            reply = self._host.reply(request, peer)
        await self._send(request, reply, scope, receive, send)

    async def _send(self, request: Request, reply: Reply, scope: Scope, receive: Receive, send: Emit) -> None:
        if reply.manner is not AT_ONCE:
            await write_in_manner(send, receive, request, reply.response, reply.manner)
            return
        response = reply.response
        if _is_to_be_awaited(response):
            response = await until_delivered(self._host, response)
        is_kept = scope.get("http_version") == "1.1" and "connection" not in request.headers
        await write(send, request, response, is_kept=is_kept)

    async def _refuse(self, request: Request, receive: Receive, send: Emit) -> None:
        detail = f"the body is larger than the maximum, {self._max_body_bytes:,} bytes"
        told = self._host.problem(413, detail)
        response = Response(told.status, told.headers.replace(connection="close"), told.body)
        self._host.record(request, response)
        await write(send, request, response, is_last=False)
        await linger(request.headers, receive)
        await send({"type": "http.response.body", "body": b""})

    async def _lifespan(self, receive: Receive, send: Emit) -> None:
        await receive()
        deliverer = Deliverer(self._host, self._send_webhook, self._webhook_hosts)
        stop_waking = self._host.on_wake(_in_loop(deliverer.wake))
        task = asyncio.create_task(deliverer.run())
        await send({"type": "lifespan.startup.complete"})
        try:
            await receive()
        finally:
            stop_waking()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await send({"type": "lifespan.shutdown.complete"})


def _takes_long(request: Request) -> bool:
    """Whether others should not wait: large bodies to check, media files to make, a journal that others write."""
    return len(request.body) > _LARGE_BODY_BYTES or _is_long_way(request.url)


@lru_cache(maxsize=128)
def _is_long_way(url: str) -> bool:
    path = unquote(url.partition("?")[0]).lower()
    return path.endswith(_MEDIA_SUFFIXES) or _OF_ALL_WORKERS.search(path) is not None


def _is_to_be_awaited(response: Response) -> bool:
    return response.status == _ACCEPTED and AWAITED in response.headers


def _in_loop(call: Callable[[], None]) -> Callable[[], None]:
    """The same call, in the thread of the loop that runs now."""
    loop = asyncio.get_running_loop()

    def later() -> None:
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(call)

    return later


def _peer_of(scope: Scope) -> str:
    """The client's address; empty where the server does not tell, which is nobody trusted."""
    client = scope.get("client")
    return str(client[0]) if client else ""
