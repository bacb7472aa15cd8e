"""A mock behind a real socket: uvicorn in a daemon thread."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Collection
from typing import Any, TypeAlias

from mockserver.errors import MockError
from mockserver.host import Host
from mockserver.serving.asgi import MAX_BODY_BYTES, Asgi
from mockserver.serving.delivering import Send
from mockserver.serving.incoming import Receive, Scope
from mockserver.serving.outgoing import Emit

#: An ASGI application.
App: TypeAlias = Callable[[Scope, Receive, Emit], Awaitable[None]]

_START_SECONDS = 10.0
_GRACE_SECONDS = 0.4
#: uvicorn ticks ten times a second; connections are looked at each second.
_TICKS_BETWEEN_LOOKS = 10
_BACKLOG = 2048
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}
_BIND_FAULTS = {
    errno.EADDRINUSE: "it is in use by another program; choose another with --port, or any free one with --port 0",
    errno.EACCES: "this user may not open it; choose one from 1024 on with --port, or any free one with --port 0",
    errno.EADDRNOTAVAIL: "no such address on this machine; --host 127.0.0.1 is this machine alone",
}


class Serving:
    """A server that runs: `url`, `stop()`."""

    def __init__(self, url: str, stop: Callable[[], None]) -> None:
        self.url = url
        self.stop = stop

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url!r})"


class Running(Serving):
    """A server with one mock behind it: `url`, its `host`, `stop()`."""

    def __init__(self, url: str, host: Host, stop: Callable[[], None]) -> None:
        super().__init__(url, stop)
        self.host = host


def open_socket(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises MockError, naming the address, when it cannot be had."""
    where = f"port {port} on {host or 'all addresses'}"
    try:
        return _listening(host, port)
    except OverflowError as error:
        raise MockError(f"{where} cannot be opened: a port is a number from 0 to 65535") from error
    except OSError as error:
        why = _BIND_FAULTS.get(error.errno or 0, error.strerror or str(error))
        raise MockError(f"{where} cannot be opened: {why}") from error


def _listening(host: str, port: int) -> socket.socket:
    # The protocol is named because asyncio switches Nagle's algorithm off for sockets that name it only, and
    # with the algorithm on a response in two writes takes 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.bind((host, port))
        sock.listen(_BACKLOG)
    except BaseException:
        sock.close()
        raise
    return sock


def url_of(sock: socket.socket) -> str:
    """The URL by which this machine reaches a listening socket."""
    return url_at(*sock.getsockname()[:2])


def url_at(host: str, port: int) -> str:
    """The URL by which this machine reaches a server that listens at an address."""
    name = _ANY_ADDRESS.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def run(
    sock: socket.socket,
    host: Host,
    *,
    max_body_bytes: int = MAX_BODY_BYTES,
    send_webhook: Send | None = None,
    webhook_hosts: Collection[str] = (),
) -> Running:
    """A running server of a mock on a socket, which it closes when it is stopped; ready for requests on return."""
    app = Asgi(host, max_body_bytes=max_body_bytes, send_webhook=send_webhook, webhook_hosts=webhook_hosts)
    return run_app(sock, app, host)


def run_app(sock: socket.socket, app: App, host: Host) -> Running:
    """The same for any ASGI application, behind which a host keeps the journal."""
    serving = serve_app(sock, app)
    return Running(serving.url, host, serving.stop)


def serve_app(sock: socket.socket, app: App) -> Serving:
    """The same for any ASGI application."""
    server, is_ready = _uvicorn(app)
    thread = threading.Thread(target=server.run, args=([sock],), name="mockserver", daemon=True)
    thread.start()
    if not is_ready.wait(_START_SECONDS):
        server.should_exit = True
        sock.close()
        raise MockError(f"the server did not start within {_START_SECONDS:.0f} seconds")

    def stop() -> None:
        server.should_exit = True
        thread.join(_GRACE_SECONDS)
        if thread.is_alive():
            server.drop_connections()
            thread.join(_GRACE_SECONDS)
        server.force_exit = True
        thread.join(_GRACE_SECONDS)
        sock.close()

    return Serving(url_of(sock), stop)


def _uvicorn(app: App) -> tuple[Any, threading.Event]:
    try:
        import uvicorn

        from mockserver.serving.guarding import SILENCE_SECONDS, end_overdue
        from mockserver.serving.prompt import Prompt
    except ImportError as error:
        raise MockError('the mock\'s server needs uvicorn: pip install "syncdyn[mock]"') from error
    is_ready = threading.Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            self._loop = asyncio.get_running_loop()
            is_ready.set()

        async def on_tick(self, counter: int) -> bool:
            if counter % _TICKS_BETWEEN_LOOKS == 0:
                end_overdue(self.server_state.connections, time.monotonic())
            return await super().on_tick(counter)

        def drop_connections(self) -> None:
            """End the requests that are still under way, as if their clients had left."""
            for connection in tuple(self.server_state.connections):
                transport: Any = connection.transport
                self._loop.call_soon_threadsafe(transport.abort)

    config = uvicorn.Config(
        app,
        log_config=None,
        # What a client did wrong is not the user's concern; uvicorn would warn of each broken request.
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        http=Prompt,
        ws="none",
        lifespan="on",
        timeout_keep_alive=int(SILENCE_SECONDS),
    )
    return Server(config), is_ready
