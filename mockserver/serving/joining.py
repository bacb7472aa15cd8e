"""What a server writes, on its way to the network in as few pieces as may be."""

from __future__ import annotations

from typing import Any

_MANY_BYTES = 64 * 2**10


class Joining:
    """A transport that sends in one piece, when the loop comes round, what is written until then.

    A head goes with its body, and an answer with those to the requests behind it. All connections that have something
    to say then speak in one go: a client that waits for each is woken once, which else costs as much as an answer.
    """

    def __init__(self, transport: Any, loop: Any) -> None:
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        #: How often something was written since the loop came round.
        self.writes = 0

    def write(self, data: bytes) -> None:
        """Send bytes when the loop comes round; many at once, so that the transport can tell when it has enough."""
        if not self.writes:
            self._loop.call_soon(self._come_round)
        self.writes += 1
        self._waiting.append(data)
        self._waiting_bytes += len(data)
        if self._waiting_bytes > _MANY_BYTES:
            self.flush()

    def close(self) -> None:
        """Send what waits, and hang up."""
        self.flush()
        self._transport.close()

    def flush(self) -> None:
        """Send what waits, unless nobody is there any more."""
        waiting, self._waiting, self._waiting_bytes = self._waiting, [], 0
        if waiting and not self._transport.is_closing():
            self._transport.write(waiting[0] if len(waiting) == 1 else b"".join(waiting))

    def _come_round(self) -> None:
        self.writes = 0
        self.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
