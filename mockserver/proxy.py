"""The validation proxy as users hold it: made from a document and the URL of a server, then served."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mockserver.facade import Mock
from mockserver.journal import MOST_EXCHANGES
from mockserver.making import Overlays, Source
from mockserver.proxying.judging import Judge

if TYPE_CHECKING:
    from mockserver.journal import Exchange
    from mockserver.serving.forwarding import Forwarder
    from mockserver.serving.server import Running
    from syncdyn.openapi.contract import Contract
    from syncdyn.openapi.messages import Request, Response


class Proxy:
    """A proxy before the server at `upstream`, which tells where requests and responses break a document.

        with Proxy("openapi.yaml", "https://api.example.com").serve() as url:
            httpx.get(f"{url}/pets").headers.get("sl-violations")

    With `refuses` a request that breaks the document is not passed on, and a response that does is not passed back:
    each is answered by a problem. Without `checks_requests` of requests their credentials alone are checked.
    `upstream_proxy` is the URL of a proxy that leads to the upstream. A response may take `timeout_seconds` to begin.
    What the upstream answers with 501 is mocked, by `settings_fields` of Settings.
    Raises DocumentError for a document that cannot be used, MockError for a setting or URL that is none.
    """

    def __init__(
        self,
        document: Source,
        upstream: str,
        *,
        overlays: Overlays = (),
        remote_hosts: Collection[str] = (),
        refuses: bool = False,
        checks_requests: bool = True,
        upstream_proxy: str | None = None,
        timeout_seconds: float = 60.0,
        on_exchange: Callable[[Exchange], None] | None = None,
        journal_size: int = MOST_EXCHANGES,
        **settings_fields: Any,
    ) -> None:
        from mockserver.serving.upstream import Upstream

        self._mock = Mock(
            document,
            overlays=overlays,
            remote_hosts=remote_hosts,
            on_exchange=on_exchange,
            journal_size=journal_size,
            **settings_fields,
        )
        self.upstream = Upstream(upstream, proxy=upstream_proxy, timeout_seconds=timeout_seconds)
        self._judge = Judge(self._mock.contract, self._mock.settings, refuses=refuses, checks_requests=checks_requests)

    @contextmanager
    def serve(self, port: int = 0, host: str = "127.0.0.1") -> Iterator[str]:
        """The URL of a proxy that runs until the block ends. Raises MockError for a port that is taken."""
        running = self.start(port, host)
        try:
            yield running.url
        finally:
            running.stop()

    def start(self, port: int = 0, host: str = "127.0.0.1") -> Running:
        """A proxy that runs until it is told to `stop()`."""
        from mockserver.serving import server

        return server.run_app(server.open_socket(host, port), self.asgi(), self._mock.host)

    def asgi(self) -> Forwarder:
        """The proxy as an ASGI application."""
        from mockserver.serving.asgi import Asgi
        from mockserver.serving.forwarding import Forwarder

        host = self._mock.host
        return Forwarder(
            Asgi(host), host, self._judge, self.upstream, self._mocked, is_shared=self._mock.settings.has_cors
        )

    @property
    def contract(self) -> Contract:
        """What the document promises."""
        return self._mock.contract

    @property
    def journal(self) -> tuple[Exchange, ...]:
        """The latest exchanges, oldest first; the violations of a response are of a `response ...` location."""
        return self._mock.journal

    def _mocked(self, request: Request) -> Response:
        """What the mock answers to a request that finds nothing done before it."""
        host = self._mock.host
        return host.core.answer(host.initial_state(), host.now(), request).response

    def __repr__(self) -> str:
        return f"Proxy({self.contract.document.origin!r}, {self.upstream.url!r})"
