"""The server's end of a connection, which answers in the same breath what comes whole.

Most requests to a mock arrive in one piece and are answered in some microseconds. A task for each, ASGI's messages
and the coroutines on their way cost several times that. What takes longer goes that way as ever.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from mockserver.serving.asgi import Ready
from mockserver.serving.guarding import Guarded
from mockserver.serving.incoming import Scope
from mockserver.serving.outgoing import KEPT, RawPairs, length_told, raw_pairs, sent_body
from syncdyn.openapi.messages import Pairs

_LONG_TARGET_BYTES = 8192
#: Of more requests in one read, the next waits for the loop to come round, and keeps those behind it waiting: one
#: client that sends without end must not keep out the others.
_MOST_AT_ONCE = 64


class Prompt(Guarded):
    """A connection to an application that may have answers `at_once`; see Asgi.

    A request that is whole when the bytes at hand have been read, and answered then, never becomes a cycle of the
    server's; any other does when its head is known to need more, or the bytes are at their end.
    """

    #: The body so far of a request of which the server has made no cycle.
    _held: bytes | None = None
    _at_once: Callable[[Scope, bytes], Ready | None] | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._at_once = getattr(self.app, "at_once", None)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        held, self._held = self._held, None
        if held is not None:
            self._hand_over(held, self.app)

    def on_headers_complete(self) -> None:
        if self._at_once is None or not self._is_plain():
            super().on_headers_complete()
            return
        self.note_head()
        self._held = b""

    def on_body(self, body: bytes) -> None:
        if self._held is None:
            super().on_body(body)
        else:
            self._held = self._held + body if self._held else body

    def on_message_complete(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            try:
                rest = self._answered(held)
            except Exception as error:
                rest = partial(_fail, error)
            if rest is None:
                return
            self._hand_over(held, rest)
        super().on_message_complete()

    def _is_plain(self) -> bool:
        """Whether nothing is to be done but to answer, on a connection that is free and stays."""
        parser = self.parser
        return (
            self.is_between
            and self.transport.writes < _MOST_AT_ONCE  # type: ignore[attr-defined]  # it is a Joining
            and b"#" not in self.url
            and self.url[:1] == b"/"
            and len(self.url) < _LONG_TARGET_BYTES
            and not self.expect_100_continue
            and not self.flow.write_paused
            and bool(parser.should_keep_alive())
            and parser.get_http_version() == "1.1"
        )

    def _answered(self, body: bytes) -> Any:
        """None for a request that was answered, else the application that is to answer it."""
        scope: Any = self.scope
        scope["method"] = self.parser.get_method().decode("ascii")
        scope["raw_path"], _, scope["query_string"] = self.url.partition(b"?")
        ready = self._at_once(scope, body) if self._at_once is not None else None
        if ready is None:
            return self.app
        request, response, is_plain, rest = ready
        if is_plain:
            told = length_told(response, request)
            head = _head(response.status, response.headers.pairs, told, tuple(self.server_state.default_headers))
            if head is not None:
                self.transport.write(head + sent_body(response, request))
                return None
        return rest

    def _hand_over(self, held: bytes, app: Any) -> None:
        """Let the server make a cycle, for an application, of what was held."""
        self.headers = self.scope["headers"]  # type: ignore[assignment]  # without those that came behind the body
        own, self.app = self.app, app
        try:
            super().on_headers_complete()
        finally:
            self.app = own
        if held:
            super().on_body(held)


async def _fail(error: Exception, *_: object) -> None:
    """An application that fails: what that comes to is the server's business."""
    raise error


def _head(status: int, pairs: Pairs, length: str | None, leading: tuple[tuple[bytes, bytes], ...]) -> bytes | None:
    """The head of a response on a connection that stays; `leading` are the server's own fields.

    None for one that says something else of its connection.
    """
    fields = _fields(pairs, length)
    return None if fields is None else STATUS_LINE[status] + _leading(leading) + fields


@lru_cache(maxsize=1)
def _leading(fields: tuple[tuple[bytes, bytes], ...]) -> bytes:
    # It changes once a second, with the date.
    return _written(fields)


@lru_cache(maxsize=1024)
def _fields(pairs: Pairs, length: str | None) -> bytes | None:
    raw = raw_pairs(pairs, length)
    if any(name == b"connection" for name, _ in raw):
        return None
    return _written([*raw, KEPT]) + b"\r\n"


def _written(fields: RawPairs | tuple[tuple[bytes, bytes], ...]) -> bytes:
    return b"".join(b"%s: %s\r\n" % field for field in fields)
