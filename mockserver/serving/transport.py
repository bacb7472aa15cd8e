"""The HTTP library: a mock called in process, and webhooks sent over the network."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

import httpx

from mockserver.addresses import is_own_name
from mockserver.app import Delivered
from mockserver.host import Host, Reply
from mockserver.manners import AT_ONCE, Ending, Manner
from mockserver.serving.delivering import NotAllowed
from syncdyn.openapi.messages import Headers, Request

if TYPE_CHECKING:
    from mockserver.app import Delivery

#: Takes a webhook; the status of its answer, None for taken.
OnWebhook = Callable[["Delivery"], "int | None"]
Sleep = Callable[[float], None]
AsyncSleep = Callable[[float], Awaitable[None]]
_TIMEOUT_SECONDS = 10.0
_TAKEN = 200


class HostTransport(httpx.BaseTransport):
    """A transport for `httpx.Client` behind which a mock answers, without a socket.

    Any URL leads to the mock. After each request the webhooks that are due go to `on_webhook`, if given;
    else they stay queued. A fault's delays pass by `sleep(seconds)`; a client's read timeout holds for them.
    """

    def __init__(self, host: Host, on_webhook: OnWebhook | None = None, *, sleep: Sleep = time.sleep) -> None:
        self._host = host
        self._on_webhook = on_webhook
        self._sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The mock's answer. Raises what httpx raises for a connection that fails."""
        reply = _exchange(self._host, request, request.read(), self._on_webhook)
        if reply.manner is AT_ONCE:
            return _whole(reply, request)
        self._sleep(_seconds_waited(reply.manner, request))
        _raise_for(reply.manner, request)
        return _streamed(reply, request, _Stream(reply, request, self._sleep))


class AsyncHostTransport(httpx.AsyncBaseTransport):
    """The same for `httpx.AsyncClient`."""

    def __init__(self, host: Host, on_webhook: OnWebhook | None = None, *, sleep: AsyncSleep = asyncio.sleep) -> None:
        self._host = host
        self._on_webhook = on_webhook
        self._sleep = sleep

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The mock's answer. Raises what httpx raises for a connection that fails."""
        reply = _exchange(self._host, request, await request.aread(), self._on_webhook)
        if reply.manner is AT_ONCE:
            return _whole(reply, request)
        await self._sleep(_seconds_waited(reply.manner, request))
        _raise_for(reply.manner, request)
        return _streamed(reply, request, _AsyncStream(reply, request, self._sleep))


class WebhookSender:
    """Sends webhooks: no redirects, no proxies, 10 seconds; gives the status of the answer.

    The answer's body is not read. A name of this machine is called at a loopback address, whatever the network says
    of it. Raises NotAllowed for one that leads elsewhere, and what httpx raises.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        # No connection outlives its webhook, so nothing is left open when the event loop ends.
        self._client = httpx.AsyncClient(
            follow_redirects=False,
            timeout=_TIMEOUT_SECONDS,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),
            transport=transport,
        )

    async def __call__(self, delivery: Delivery) -> int:
        url, name = httpx.URL(delivery.url), httpx.URL(delivery.url).host
        addresses = [name] if not is_own_name(name) else await asyncio.to_thread(_own_addresses, name)
        for address in addresses[:-1]:
            try:
                return await self._post(delivery, url, address)
            except httpx.ConnectError:  # the receiver may listen at another address of this machine
                continue
        return await self._post(delivery, url, addresses[-1])

    async def _post(self, delivery: Delivery, url: httpx.URL, address: str) -> int:
        pairs = list(delivery.headers.pairs)
        if address != url.host:
            pairs.append(("host", url.netloc.decode("ascii")))
        extensions = {"sni_hostname": url.host}
        target = url.copy_with(host=address)
        sent = self._client.stream(delivery.method, target, headers=pairs, content=delivery.body, extensions=extensions)
        async with sent as answer:
            return answer.status_code


def _own_addresses(name: str) -> list[str]:
    """The loopback addresses of a name. Raises NotAllowed where it leads to others."""
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)}
    except OSError:  # RFC 6761, 6.3: such names are this machine's, known to the network or not
        return ["127.0.0.1"]
    if not all(ipaddress.ip_address(one.partition("%")[0]).is_loopback for one in found):
        raise NotAllowed(f"the name {name!r} leads to an address that is not this machine's")
    return sorted(found)


class _Stream(httpx.SyncByteStream):
    """A body that comes slowly, or ends too early."""

    def __init__(self, reply: Reply, request: httpx.Request, sleep: Sleep) -> None:
        self._reply, self._request, self._sleep = reply, request, sleep

    def __iter__(self) -> Iterator[bytes]:
        for piece, seconds in self._reply.manner.pieces(self._reply.response.body):
            self._sleep(seconds)
            yield piece
        _raise_if_truncated(self._reply, self._request)


class _AsyncStream(httpx.AsyncByteStream):
    def __init__(self, reply: Reply, request: httpx.Request, sleep: AsyncSleep) -> None:
        self._reply, self._request, self._sleep = reply, request, sleep

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece, seconds in self._reply.manner.pieces(self._reply.response.body):
            await self._sleep(seconds)
            yield piece
        _raise_if_truncated(self._reply, self._request)


def _seconds_waited(manner: Manner, request: httpx.Request) -> float:
    return min(manner.delay_seconds, _read_timeout(request))


def _raise_for(manner: Manner, request: httpx.Request) -> None:
    if manner.delay_seconds > _read_timeout(request):
        raise httpx.ReadTimeout("timed out", request=request)
    if manner.ending is Ending.RESET:
        raise httpx.ReadError("[Errno 104] Connection reset by peer", request=request)


def _read_timeout(request: httpx.Request) -> float:
    stated = request.extensions.get("timeout", {}).get("read")
    return float("inf") if stated is None else float(stated)


def _raise_if_truncated(reply: Reply, request: httpx.Request) -> None:
    if reply.manner.ending is Ending.TRUNCATED:
        whole = len(reply.response.body)
        told = f"peer closed connection without sending complete message body (received {whole // 2} bytes, "
        raise httpx.RemoteProtocolError(f"{told}expected {whole})", request=request)


def _exchange(host: Host, request: httpx.Request, body: bytes, on_webhook: OnWebhook | None) -> Reply:
    reply = host.reply(_read(request, body))
    if on_webhook is not None:
        for delivery in host.take_due():
            status = on_webhook(delivery)
            host.record_delivery(Delivered(delivery, _TAKEN if status is None else status))
    return reply


def _read(request: httpx.Request, body: bytes) -> Request:
    pairs = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    return Request(request.method, str(request.url), Headers(pairs), body)


def _whole(reply: Reply, request: httpx.Request) -> httpx.Response:
    response = reply.response
    return httpx.Response(response.status, headers=list(response.headers.pairs), content=response.body, request=request)


def _streamed(
    reply: Reply, request: httpx.Request, stream: httpx.SyncByteStream | httpx.AsyncByteStream
) -> httpx.Response:
    response = reply.response
    headers = response.headers.replace(content_length=str(len(response.body)))
    return httpx.Response(response.status, headers=list(headers.pairs), stream=stream, request=request)
