"""Webhooks on their way: when they are due, whether the host may be called, what became of them."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mockserver.addresses import is_loopback
from mockserver.app import Delivered
from mockserver.control.webhooks import AWAITED, is_under_way, settled
from mockserver.host import Host

if TYPE_CHECKING:
    from mockserver.app import Delivery
    from syncdyn.openapi.messages import Response

#: Sends one webhook and gives the status of the answer; raises whatever went wrong.
Send = Callable[["Delivery"], Awaitable[int]]

ANY_HOST = "*"
_LOG = logging.getLogger("mockserver")
_TIMEOUT_SECONDS = 10.0
# The host's clock may stand still or jump, so a wait on the real one is cut short and looked at again.
_LOOK_AGAIN_SECONDS = 0.05
_IDLE_SECONDS = 0.5
_POLL_SECONDS = 0.005


class NotAllowed(Exception):
    """A webhook's receiver may not be called. Raised by senders, for names that lead elsewhere than they say."""


def is_allowed(url: str, webhook_hosts: Collection[str] = ()) -> bool:
    """Whether a webhook may go to a URL: an HTTP one of this machine or of a host that was allowed.

    No name is looked up: `localhost` and loopback addresses are this machine. `*` allows every host.
    """
    try:
        parts = urlsplit(url)
        name = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not name:
        return False
    return ANY_HOST in webhook_hosts or name in {host.lower() for host in webhook_hosts} or is_loopback(name)


class Deliverer:
    """Takes due webhooks from a host and sends them, until it is cancelled."""

    def __init__(self, host: Host, send: Send | None = None, webhook_hosts: Collection[str] = ()) -> None:
        self._host = host
        self._send = send if send is not None else _send_over_http()
        self._webhook_hosts = frozenset(webhook_hosts)
        self._woken = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Look now whether something is due. To be called in the event loop's thread."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled; what is under way then is given up."""
        try:
            while True:
                self.begin()
                await self._rest()
        finally:
            for task in tuple(self._under_way):
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def drain(self) -> None:
        """Deliver what is due now, and return when that is done."""
        self.begin()
        while self._under_way:
            await asyncio.gather(*self._under_way)
            self.begin()

    def begin(self) -> None:
        """Send what is due, each delivery in a task of its own; those to one place in their order."""
        places: dict[str, list[Delivery]] = {}
        for delivery in self._take_due():
            places.setdefault(delivery.url, []).append(delivery)
        for deliveries in places.values():
            task = asyncio.create_task(self._deliver_all(deliveries))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _deliver_all(self, deliveries: list[Delivery]) -> None:
        for delivery in deliveries:
            await self.deliver(delivery)

    async def deliver(self, delivery: Delivery) -> Delivered:
        """What became of one webhook, which the host keeps as well. Failures are logged, never raised."""
        delivered = await self._try(delivery)
        self._host.record_delivery(delivered)
        if delivered.error is not None:
            _LOG.warning("webhook %s not delivered: %s", delivery.webhook, delivered.error)
        elif not delivered.is_success:
            _LOG.warning("webhook %s not taken: the receiver answered %s", delivery.webhook, delivered.status)
        return delivered

    async def _try(self, delivery: Delivery) -> Delivered:
        if not is_allowed(delivery.url, self._webhook_hosts):
            return Delivered(delivery, error=_refusal(delivery.url), is_refused=True)
        try:
            status = await asyncio.wait_for(self._send(delivery), _TIMEOUT_SECONDS)
        except NotAllowed as error:
            return Delivered(delivery, error=str(error), is_refused=True)
        except (asyncio.TimeoutError, TimeoutError):
            return Delivered(delivery, error=f"no answer within {_TIMEOUT_SECONDS:.0f} seconds")
        except Exception as error:  # a receiver can fail in any way, and the mock goes on
            return Delivered(delivery, error=f"{type(error).__name__}: {error}")
        return Delivered(delivery, status)

    def _take_due(self) -> tuple[Delivery, ...]:
        try:
            return self._host.take_due()
        except Exception:
            _LOG.exception("the mock failed on its queued webhooks")
            return ()

    async def _rest(self) -> None:
        seconds = self._host.seconds_to_next()
        wait_seconds = _IDLE_SECONDS if seconds is None else min(max(seconds, 0.001), _LOOK_AGAIN_SECONDS)
        with suppress(asyncio.TimeoutError, TimeoutError):
            await asyncio.wait_for(self._woken.wait(), wait_seconds)
        self._woken.clear()


async def until_delivered(host: Host, response: Response) -> Response:
    """The answer to a wish for webhooks, with what became of those that are to be sent at once."""
    ids = response.headers[AWAITED].split(", ")
    give_up = time.monotonic() + _TIMEOUT_SECONDS + _IDLE_SECONDS
    # What happens to a delivery happens in the state, maybe by another process.
    while time.monotonic() < give_up and is_under_way(host.state, ids, host.now()):  # noqa: ASYNC110
        await asyncio.sleep(_POLL_SECONDS)
    return settled(host.state, ids)


def deliver_due(host: Host, send: Send | None = None, webhook_hosts: Collection[str] = ()) -> None:
    """Send what is due now, from any thread, also one in which an event loop runs; returns when that is done."""

    async def drain() -> None:
        await Deliverer(host, send, webhook_hosts).drain()

    # A loop of its own: a caller may stand in one already.
    thread = threading.Thread(target=lambda: asyncio.run(drain()), name="mockserver-webhooks", daemon=True)
    thread.start()
    thread.join()


def _refusal(url: str) -> str:
    try:
        name = urlsplit(url).hostname
    except ValueError:
        name = None
    shown = f"the host {name!r}" if name else "that URL"
    return f"{shown} may not be called: only this machine may, unless webhook_hosts (--webhook-allow) allows more"


def _send_over_http() -> Send:
    """A sender that imports and makes its HTTP client with the first webhook."""
    sender: list[Send] = []

    async def send(delivery: Delivery) -> int:
        if not sender:
            sender.append(await asyncio.to_thread(_http_sender))
        return await sender[0](delivery)

    return send


def _http_sender() -> Send:
    from mockserver.serving.transport import WebhookSender

    return WebhookSender()
