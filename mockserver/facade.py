"""The mock as users hold it: made from a document, then served or called in process."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from mockserver.control.asserting import Assertions
from mockserver.control.handles import Faults, WebhookHandle
from mockserver.host import Host
from mockserver.journal import MOST_EXCHANGES, Exchange, Recorder
from mockserver.making import (
    Fault,
    Overlays,
    Source,
    check_lists,
    contract_from,
    core_from,
    mistakes_in,
    moment_from,
    settings_from,
    speed_from,
    store_at,
    title_of,
    with_faults,
)
from mockserver.settings import Settings
from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.errors import MISSING
from syncdyn.openapi.messages import Headers, Json, Request, Response

if TYPE_CHECKING:
    from mockserver.serving.delivering import Send
    from mockserver.serving.mounting import App
    from mockserver.serving.server import Running
    from mockserver.serving.transport import AsyncHostTransport, HostTransport, OnWebhook
    from mockserver.serving.watching import Watcher


#: Longer than anybody tries to deliver a webhook: of what is under way still, nobody knows any more.
_LONGEST_DELIVERY_SECONDS = 12.0
#: So many lines are told of things that no longer fit.
_MOST_MISFITS = 5


class Mock(Assertions):
    """A mock of a document (None: the bundled API).

        with Mock("openapi.yaml").serve() as url:
            httpx.get(f"{url}/pets")

        client = httpx.Client(transport=Mock("openapi.yaml").transport(), base_url="http://mock")

    References of the document may lead to `remote_hosts`, by https.
    `settings_fields` are fields of Settings (`seed=7`, `rate_limit=True`). `clock` is the moment at which the mock's
    time begins (`"2030-01-01T00:00:00Z"`, or seconds since 1970), or a function that gives the host's time in seconds
    since 1970 (`VirtualClock()` in tests); time passes `speed` times as fast as the host's, 0 stands still. `state`
    is a file in which the state is kept, and outlives the mock; unless `is_state_shared`, what other processes change
    in it is seen up to a tenth of a second later. Webhooks go to this machine and to `webhook_hosts` only, by
    `send_webhook` if given. `journal` keeps the latest exchanges, by itself `journal_size` of them; `on_exchange` is
    told of each request answered. `faults` are rules, or YAML files of them, that hold from the start.
    Raises DocumentError for a document that cannot be used, MockError for a setting that is none.
    """

    def __init__(
        self,
        document: Source = None,
        *,
        overlays: Overlays = (),
        remote_hosts: Collection[str] = (),
        settings: Settings | None = None,
        clock: Callable[[], float] | float | str | None = None,
        speed: float = 1.0,
        state: str | os.PathLike[str] | None = None,
        is_state_shared: bool = True,
        webhook_hosts: Collection[str] = (),
        send_webhook: Send | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
        journal_size: int = MOST_EXCHANGES,
        journal: Recorder | None = None,
        faults: Sequence[Fault] = (),
        **settings_fields: Any,
    ) -> None:
        check_lists(remote_hosts=remote_hosts, webhook_hosts=webhook_hosts, faults=faults)
        self._source = (document, tuple(overlays))
        self._remote_hosts = tuple(remote_hosts)
        self.contract = contract_from(document, overlays, self._remote_hosts)
        self.settings = with_faults(settings_from(settings, settings_fields), faults, self.contract)
        # A base URL that was asked for stays; otherwise it follows the server.
        self._has_base_url = "base_url" in settings_fields or self.settings.base_url != Settings().base_url
        self.clock = clock if callable(clock) else time.time
        self._webhook_hosts = tuple(webhook_hosts)
        self._send_webhook = send_webhook
        core = core_from(self.contract, self.settings)
        self.host = Host(
            core,
            clock=self.clock,
            at=None if clock is None or callable(clock) else moment_from(clock),
            speed=speed_from(speed),
            store=store_at(state, self.contract, is_shared=is_state_shared),
            control=_control,
            journal_size=journal_size,
            journal=journal,
            on_exchange=on_exchange,
        )
        #: The rules of faults, and the webhooks and callbacks.
        self.faults = Faults(self.host)
        self.faults.begin(self.settings.faults)
        if state is not None:
            self.host.change(
                lambda now, real: core.webhooks.resumed(now, now.pace.at(real + _LONGEST_DELIVERY_SECONDS))
            )
        self.webhooks = WebhookHandle(self.host, self._deliver)

    def handle(
        self,
        request: Request | str,
        path: str = "/",
        *,
        json: Json = MISSING,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The response to a request, or to a method and a path (`"POST", "/pets?dry=1"`), with a body or JSON."""
        if isinstance(request, Request):
            return self.host.handle(request)
        sent = dict(headers or {})
        if json is not MISSING:
            body = encode_json(json).encode()
            sent = {"content-type": "application/json", **sent}
        url = path if "://" in path else f"http://mock{path if path.startswith('/') else f'/{path}'}"
        return self.host.handle(Request(request.upper(), url, Headers(sent), body))

    @contextmanager
    def serve(self, port: int = 0, host: str = "127.0.0.1") -> Iterator[str]:
        """The URL of a server that runs until the block ends. Raises MockError for a port that is taken."""
        with self.running(port, host) as running:
            yield running.url

    @contextmanager
    def running(self, port: int = 0, host: str = "127.0.0.1") -> Iterator[Running]:
        """The same, as an object with `url`, `host` and `stop()`."""
        running = self.start(port, host)
        try:
            yield running
        finally:
            running.stop()

    def start(self, port: int = 0, host: str = "127.0.0.1") -> Running:
        """A server that runs until it is told to `stop()`."""
        from mockserver.serving import server

        return self.start_on(server.open_socket(host, port))

    def start_on(self, sock: socket.socket) -> Running:
        """The same on a socket that listens; it is closed when the server stops."""
        from mockserver.serving import server

        self.follow(server.url_of(sock))
        return server.run(
            sock,
            self.host,
            max_body_bytes=self.settings.max_body_bytes,
            send_webhook=self._send_webhook,
            webhook_hosts=self._webhook_hosts,
        )

    def transport(self, on_webhook: OnWebhook | None = None) -> HostTransport:
        """A transport for `httpx.Client`; webhooks that are due go to `on_webhook` after each request."""
        from mockserver.serving.transport import HostTransport

        return HostTransport(self.host, on_webhook)

    def async_transport(self, on_webhook: OnWebhook | None = None) -> AsyncHostTransport:
        """The same for `httpx.AsyncClient`."""
        from mockserver.serving.transport import AsyncHostTransport

        return AsyncHostTransport(self.host, on_webhook)

    def asgi(self) -> App:
        """An ASGI application, for a server or to mount; webhooks are delivered for as long as its lifespan runs."""
        from mockserver.serving.asgi import Asgi
        from mockserver.serving.mounting import mountable

        app = Asgi(
            self.host,
            max_body_bytes=self.settings.max_body_bytes,
            send_webhook=self._send_webhook,
            webhook_hosts=self._webhook_hosts,
        )
        return mountable(app)

    @property
    def journal(self) -> tuple[Exchange, ...]:
        """The latest exchanges, oldest first."""
        return self.host.journal

    def now(self) -> float:
        """The mock's time, in seconds since 1970."""
        return self.host.now()

    def advance(self, seconds: float) -> float:
        """The mock's new time, `seconds` later. Raises ValueError for a step back."""
        return self.host.advance(seconds)

    def reset(self) -> None:
        """Begin anew: the initial state, its time, an empty journal."""
        self.host.reset()

    def close(self) -> None:
        """Let go of the state's file."""
        self.host.close()

    def __enter__(self) -> Mock:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _deliver(self) -> None:
        from mockserver.serving.delivering import deliver_due

        deliver_due(self.host, self._send_webhook, self._webhook_hosts)

    def follow(self, url: str, prefix: str = "") -> None:
        """Have the URLs in answers begin with this one, unless one was asked for; paths are found below a prefix."""
        base_url = self.settings.base_url if self._has_base_url else f"{url}{prefix}"
        if (base_url, prefix) != (self.settings.base_url, self.settings.prefix):
            self.settings = replace(self.settings, base_url=base_url, prefix=prefix)
            self.host.use(core_from(self.contract, self.settings))

    def reload(self) -> None:
        """Read the document again, and serve what it says now; the state stays.

        Raises what the making of a mock raises; then all is as it was.
        """
        contract = contract_from(*self._source, self._remote_hosts)
        self.host.use(core_from(contract, self.settings))
        self.host.rename(title_of(contract))
        self.contract = contract

    def watch(self, tell: Callable[[str], None]) -> Watcher:
        """What reloads the document when it, its overlays or a file that it leads to has changed, until `stop()`.

        `tell` is given a line each time, and one for each mistake in what was read.
        """
        from mockserver.serving.watching import Watcher

        document, overlays = self._source

        def reload() -> tuple[str, ...]:
            self.reload()
            return (*(mistakes_in(self.contract, document) or ()), *self.misfits())

        return Watcher((document, *overlays), reload, tell)

    def misfits(self) -> tuple[str, ...]:
        """Where what is remembered is no longer as the document says, as lines; it is shown as far as it fits."""
        from mockserver.control.states import misfits

        found = tuple(islice(misfits(self.contract, self.host.state, self.now()), _MOST_MISFITS + 1))
        told = tuple(f"It no longer fits the document: {line}" for line in found[:_MOST_MISFITS])
        return (*told, "... and more") if len(found) > _MOST_MISFITS else told

    def __repr__(self) -> str:
        return f"Mock({self.contract.document.origin!r})"


def _control(host: Host, request: Request, peer: str | None) -> Response:
    """Imported with the first request to the mock itself, since a mock is to start quickly."""
    from mockserver.control.api import control

    return control(host, request, peer)


@contextmanager
def serve(
    document: Source = None,
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    settings: Settings | None = None,
    clock: Callable[[], float] | None = None,
    **options: Any,
) -> Iterator[Running]:
    """A mock of a document (None: the bundled API) that serves until the block ends.

    Port 0 is any free one; `options` are those of `mockserver.Mock`.
    Raises MockError when the address cannot be opened, DocumentError for a document that cannot be used.
    """
    with Mock(document, settings=settings, clock=clock, **options) as mock, mock.running(port, host) as running:
        yield running
