"""The HTTP library: a mock called in process, and webhooks sent over the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx

from mockserver.host import Host
from syncdyn.openapi.messages import Headers, Request, Response

if TYPE_CHECKING:
    from mockserver.app import Delivery

OnWebhook = Callable[["Delivery"], None]
_TIMEOUT_SECONDS = 10.0


class HostTransport(httpx.BaseTransport):
    """A transport for `httpx.Client` behind which a mock answers, without a socket.

    Any URL leads to the mock. After each request the webhooks that are due go to `on_webhook`, if given;
    else they stay queued.
    """

    def __init__(self, host: Host, on_webhook: OnWebhook | None = None) -> None:
        self._host = host
        self._on_webhook = on_webhook

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The mock's answer."""
        return _exchange(self._host, request, request.read(), self._on_webhook)


class AsyncHostTransport(httpx.AsyncBaseTransport):
    """The same for `httpx.AsyncClient`."""

    def __init__(self, host: Host, on_webhook: OnWebhook | None = None) -> None:
        self._host = host
        self._on_webhook = on_webhook

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The mock's answer."""
        return _exchange(self._host, request, await request.aread(), self._on_webhook)


class WebhookSender:
    """Sends webhooks: no redirects, no proxies, 10 seconds; gives the status of the answer.

    The answer's body is not read. Raises what httpx raises.
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
        pairs = list(delivery.headers.pairs)
        async with self._client.stream("POST", delivery.url, headers=pairs, content=delivery.body) as answer:
            return answer.status_code

    async def aclose(self) -> None:
        """Close the connections kept."""
        await self._client.aclose()


def _exchange(host: Host, request: httpx.Request, body: bytes, on_webhook: OnWebhook | None) -> httpx.Response:
    response = host.handle(_read(request, body))
    if on_webhook is not None:
        for delivery in host.take_due():
            on_webhook(delivery)
    return _write(response, request)


def _read(request: httpx.Request, body: bytes) -> Request:
    pairs = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    return Request(request.method, str(request.url), Headers(pairs), body)


def _write(response: Response, request: httpx.Request) -> httpx.Response:
    return httpx.Response(response.status, headers=list(response.headers.pairs), content=response.body, request=request)
