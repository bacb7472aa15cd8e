"""A small receiver of webhooks on this machine, for as long as a block runs."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from syncdyn.openapi.messages import Headers

#: What every webhook is answered with.
STATUS = 204
_MOST_BYTES = 1 << 20
_LONGEST_READ_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Received:
    """A webhook as it came: the raw body, and the header fields."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where webhooks are to be sent, and those that came."""

    url: str
    _arrived: queue.Queue[Received] = field(repr=False)

    def take(self, timeout_seconds: float) -> Received | None:
        """The next webhook; None when none came in time."""
        try:
            return self._arrived.get(timeout=timeout_seconds)
        except queue.Empty:
            return None


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port of the loopback address. It answers STATUS to every POST."""
    arrived: queue.Queue[Received] = queue.Queue()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(arrived))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Receiver(f"http://127.0.0.1:{server.server_address[1]}/webhook", arrived)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(arrived: queue.Queue[Received]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _LONGEST_READ_SECONDS

        def do_POST(self) -> None:
            length = self.headers.get("content-length", "")
            size = int(length) if length.isascii() and length.isdigit() else _MOST_BYTES + 1
            if size > _MOST_BYTES:
                self._answer(413)
                return
            arrived.put(Received(self.rfile.read(size), Headers(self.headers.items())))
            self._answer(STATUS)

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Connection", "close")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: what came is told by whoever takes it."""

    return Handler
