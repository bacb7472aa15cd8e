"""The server's end of a connection, patient with what is slow and firm with what never ends.

uvicorn reads as long as somebody sends, and waits as long as nobody does: a head without an end fills the memory,
and a client that stays silent in the middle of a request keeps its connection for good.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterable
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from mockserver.serving.joining import Joining

#: What a head, a trailer or the frame of a chunk may have, in bytes; what else servers take is 8 to 80 KiB.
MAX_HEAD_BYTES = 64 * 2**10
#: How long a head may take from its first byte to its last, and a connection be silent where bytes are awaited: longer
#: than common clients keep one that is idle, since who closes first cannot be written to by mistake.
HEAD_SECONDS = 15.0
SILENCE_SECONDS = 30.0
#: Of more connections than these the one that has been idle longest is ended.
MOST_CONNECTIONS = 4096


class Guarded(HttpToolsProtocol):
    """A connection that remembers when it was heard of, and how much came without leading anywhere.

    Its times are those of `time.monotonic()`: that of the loop stands still while it has much to do.
    """

    def connection_made(self, transport: Any) -> None:
        super().connection_made(Joining(transport, self.loop))  # type: ignore[arg-type]  # it is one in all that is used
        self.heard = time.monotonic()
        #: When the head began that is being read; None between requests and in bodies.
        self.head_since: float | None = None
        self._idle_bytes = 0
        self._has_progressed = False
        self._begun: deque[Any] = deque()
        if len(self.connections) > MOST_CONNECTIONS:
            end_idlest(self.connections)

    def data_received(self, data: bytes) -> None:
        self.heard = time.monotonic()
        if self.head_since is None and self.is_between:
            self.head_since = self.heard
        self._has_progressed = False
        super().data_received(data)
        if self._has_progressed:
            self._idle_bytes = 0
            return
        self._idle_bytes += len(data)
        if self._idle_bytes > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.refuse(431, f"the head of a request may have {MAX_HEAD_BYTES:,} bytes")

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio asks whether to keep the own half open
        """Who has sent a whole request and closes the own half of the connection is still answered.

        Source: RFC 9112, section 9.6.
        """
        if is_awaited(self):
            # Who asked for this end to be closed does so past the transport that holds a head.
            self.transport.flush()  # type: ignore[attr-defined]
            return False
        self.cycle.keep_alive = False
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Every request that is being answered is told so, not the last alone: a slow answer ends then."""
        for cycle in self._begun:
            if not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        super().connection_lost(exc)

    def on_headers_complete(self) -> None:
        self.note_head()
        super().on_headers_complete()
        while self._begun and self._begun[0].response_complete:
            self._begun.popleft()
        self._begun.append(self.cycle)

    def note_head(self) -> None:
        """Know that a head is whole: what comes behind the body is no field of it (RFC 9110, section 6.5.1)."""
        self._has_progressed = True
        self.head_since = None
        self.scope["headers"] = list(self.headers)

    def on_body(self, body: bytes) -> None:
        self._has_progressed = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._has_progressed = True
        super().on_message_complete()

    @property
    def is_between(self) -> bool:
        """Whether no request is being read or answered."""
        cycle: Any = self.cycle
        return cycle is None or bool(cycle.response_complete)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's words are for its log
        """Answer what is no HTTP, and hang up."""
        self.refuse(400, "what came is no request that HTTP/1.1 allows")

    def refuse(self, status: int, detail: str) -> None:
        """Answer with a problem and hang up; where an answer has begun there is no room for another."""
        if self.is_between or not self.cycle.response_started:
            self.transport.write(_refusal(status, detail))
        self.transport.close()


def end_overdue(connections: Iterable[Any], now: float) -> None:
    """End the connections whose heads take too long, or that are silent where bytes are awaited."""
    for connection in tuple(connections):
        if not isinstance(connection, Guarded) or connection.transport.is_closing():
            continue
        head_since = connection.head_since
        if head_since is not None and now - head_since > HEAD_SECONDS:
            connection.refuse(408, f"the head of the request took more than {HEAD_SECONDS:.0f} seconds")
        elif now - connection.heard <= SILENCE_SECONDS or not is_awaited(connection):
            continue
        elif connection.is_between:
            connection.transport.close()
        else:
            connection.refuse(408, f"nothing of the body came for {SILENCE_SECONDS:.0f} seconds")


def end_idlest(connections: Iterable[Any]) -> None:
    """End the connection that has been silent longest and has no request to be answered."""
    idle = [one for one in connections if isinstance(one, Guarded) and is_awaited(one)]
    if idle:
        min(idle, key=lambda one: one.heard).transport.abort()


def is_awaited(connection: Guarded) -> bool:
    """Whether it is the client's turn."""
    return connection.is_between or bool(connection.cycle.more_body)


def _refusal(status: int, detail: str) -> bytes:
    line = STATUS_LINE[status]
    title = line.split(b" ", 2)[2].strip().decode()
    body = json.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail}).encode()
    head = b"content-type: application/problem+json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(body)
    return line + head + body
