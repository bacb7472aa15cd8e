"""The mock as users hold it: made from a document, then served or called in process."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mockserver.host import Host
from mockserver.making import Overlays, Source, contract_from, core_from, settings_from
from mockserver.settings import Settings

if TYPE_CHECKING:
    from mockserver.app import Delivery
    from mockserver.journal import Exchange
    from mockserver.serving.delivering import Send
    from mockserver.serving.server import Running
    from mockserver.serving.transport import AsyncHostTransport, HostTransport


class Mock:
    """A mock of a document (None: the bundled API).

        with Mock("openapi.yaml").serve() as url:
            httpx.get(f"{url}/pets")

        client = httpx.Client(transport=Mock("openapi.yaml").transport(), base_url="http://mock")

    `settings_fields` are fields of Settings (`seed=7`, `rate_limit=True`). `clock` gives seconds since
    1970 (`VirtualClock()` in tests). Webhooks go to this machine and to `webhook_hosts` only, by
    `send_webhook` if given. `on_exchange` is told of each request answered.
    Raises DocumentError for a document that cannot be used, MockError for a setting that is none.
    """

    def __init__(
        self,
        document: Source = None,
        *,
        overlays: Overlays = (),
        settings: Settings | None = None,
        clock: Callable[[], float] | None = None,
        webhook_hosts: Collection[str] = (),
        send_webhook: Send | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
        journal_size: int = 1000,
        **settings_fields: Any,
    ) -> None:
        self.settings = settings_from(settings, settings_fields)
        # A base URL that was asked for stays; otherwise it follows the server.
        self._has_base_url = "base_url" in settings_fields or self.settings.base_url != Settings().base_url
        self.contract = contract_from(document, overlays)
        self.clock = clock if clock is not None else time.time
        self._webhook_hosts = tuple(webhook_hosts)
        self._send_webhook = send_webhook
        core = core_from(self.contract, self.settings)
        self.host = Host(core, clock=self.clock, journal_size=journal_size, on_exchange=on_exchange)

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

        sock = server.open_socket(host, port)
        if not self._has_base_url:
            self._move_to(server.url_of(sock))
        return server.run(
            sock,
            self.host,
            max_body_bytes=self.settings.max_body_bytes,
            send_webhook=self._send_webhook,
            webhook_hosts=self._webhook_hosts,
        )

    def transport(self, on_webhook: Callable[[Delivery], None] | None = None) -> HostTransport:
        """A transport for `httpx.Client`; webhooks that are due go to `on_webhook` after each request."""
        from mockserver.serving.transport import HostTransport

        return HostTransport(self.host, on_webhook)

    def async_transport(self, on_webhook: Callable[[Delivery], None] | None = None) -> AsyncHostTransport:
        """The same for `httpx.AsyncClient`."""
        from mockserver.serving.transport import AsyncHostTransport

        return AsyncHostTransport(self.host, on_webhook)

    @property
    def journal(self) -> tuple[Exchange, ...]:
        """The latest exchanges, oldest first."""
        return self.host.journal

    def reset(self) -> None:
        """Begin anew: the initial state, an empty journal."""
        self.host.reset()

    def _move_to(self, url: str) -> None:
        self.settings = replace(self.settings, base_url=url)
        self.host.use(core_from(self.contract, self.settings))

    def __repr__(self) -> str:
        return f"Mock({self.contract.document.origin!r})"


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
    with Mock(document, settings=settings, clock=clock, **options).running(port=port, host=host) as running:
        yield running
