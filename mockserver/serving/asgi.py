"""The mock as a bare ASGI 3 application: bytes of a server to our messages and back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress

from mockserver.control.webhooks import AWAITED
from mockserver.host import Host, Reply
from mockserver.manners import AT_ONCE
from mockserver.serving.delivering import Deliverer, Send, until_delivered
from mockserver.serving.incoming import Gone, Receive, Scope, has_no_body, headers_of, linger, read_body, url_of
from mockserver.serving.outgoing import Emit, write, write_in_manner
from syncdyn.openapi.messages import Request, Response

MAX_BODY_BYTES = 64 * 2**20
# What may take long goes to a thread: large bodies to check, media files to make, a journal that others write.
_LARGE_BODY_BYTES = 64 * 2**10
_ACCEPTED = 202
#: What begins so, `requests` and `reset`, is about the exchanges of all workers.
_OF_ALL = "/_mock/re"
_MEDIA_SUFFIXES = (".mp4", ".mov", ".webm", ".wav", ".mp3", ".ogg", ".flac", ".m4a")


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

    async def _http(self, scope: Scope, receive: Receive, send: Emit) -> None:
        headers = headers_of(scope)
        url = url_of(scope, headers)
        try:
            body = b"" if has_no_body(scope, headers) else await read_body(headers, receive, self._max_body_bytes)
        except Gone:
            return
        if body is None:
            await self._refuse(Request(scope["method"], url, headers), receive, send)
            return
        request = Request(scope["method"], url, headers, body)
        is_kept = scope.get("http_version") == "1.1" and "connection" not in headers
        reply = await self._answer(request, _peer_of(scope))
        if reply.manner is AT_ONCE:
            response = reply.response
            if response.status == _ACCEPTED and AWAITED in response.headers:
                response = await until_delivered(self._host, response)
            await write(send, request, response, is_kept=is_kept)
        else:
            await write_in_manner(send, receive, request, reply.response, reply.manner)

    async def _answer(self, request: Request, peer: str) -> Reply:
        path = request.url.partition("?")[0].lower()
        if len(request.body) > _LARGE_BODY_BYTES or path.endswith(_MEDIA_SUFFIXES) or _OF_ALL in path:
            return await asyncio.to_thread(self._host.reply, request, peer)
        return self._host.reply(request, peer)

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
