"""Flows driven by awaiting the HTTP library, in whatever event loop is running."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, ClassVar, TypeVar

from syncdyn.driving import AwaitingDriver, Stream
from syncdyn.errors import ConfigurationError
from syncdyn.flow import Close, Now, Read, Send, Tell, Wait
from syncdyn.openapi.coding.files import Once, pieces_of
from syncdyn.openapi.messages import Response
from syncdyn.retry import Failure
from syncdyn.transport.library import Transport, headers_of

T = TypeVar("T")


class AwaitingTransport(Transport, AwaitingDriver):
    """Drives flows by awaiting."""

    client_name = "AsyncClient"

    def __init__(
        self,
        client: Any = None,
        *,
        sleep: Callable[[float], Awaitable[None]] | None = None,
        now: Callable[[], float] | None = None,
    ) -> None:
        super().__init__(client, now)
        self._sleep = sleep or _sleep

    def _where(self) -> Any:
        return _event_loop()

    def pieces(self, body: Any) -> Any:
        pieces = body.pieces if isinstance(body, Once) else pieces_of(body)
        return pieces if hasattr(pieces, "__aiter__") else _awaited_pieces(pieces)

    def _send(self, step: Send) -> Awaitable[Response | Stream | Failure]:
        sent = self._sent(step)
        return sent if step.most_seconds is None else self._in_time(sent, step.most_seconds)

    async def _in_time(self, answer: Awaitable[T], most_seconds: float) -> T | Failure:
        import anyio

        with anyio.move_on_after(max(most_seconds, 0.001)):
            return await answer
        return self.failure(self.module.ReadTimeout("the deadline passed before the whole answer was there"))

    async def _sent(self, step: Send) -> Response | Stream | Failure:
        response: Any = None
        ends = None if step.most_seconds is None else self.now() + step.most_seconds
        try:
            request = self.build(step)
            response = await self.client.send(request, stream=True, follow_redirects=False, **self.auth(step))
            if step.is_stream:
                return Stream(response, headers_of(response))
            async with contextlib.aclosing(response):
                return Response(response.status_code, headers_of(response), await self._read_all(response, ends))
        except self.errors as error:
            return self.outcome(error, step, response)
        except RuntimeError as error:
            # What the loops say of a connection that belongs to another: "Event loop is closed" and the like.
            if self.is_own or "loop" not in str(error):
                raise
            raise ConfigurationError(
                "the httpx_client has connections of another event loop: give each loop a client of its own, "
                "or leave httpx_client out"
            ) from error

    async def _read_all(self, response: Any, ends: float | None) -> bytes:
        if ends is None:
            body: bytes = await response.aread()
            return body
        async with contextlib.aclosing(response.aiter_bytes()) as chunks:
            return b"".join([self.within(ends, chunk) async for chunk in chunks])

    def _read(self, step: Read) -> Awaitable[bytes | Failure | None]:
        read = self._read_on(step)
        return read if step.most_seconds is None else self._in_time(read, step.most_seconds)

    async def _read_on(self, step: Read) -> bytes | Failure | None:
        stream = step.stream
        try:
            stream.chunks = stream.chunks or stream.response.aiter_bytes(step.most_bytes)
            return await anext(stream.chunks, None)
        except self.errors as error:
            return self.failure(error)

    steps: ClassVar[dict[type, Callable[[Any, Any], Any]]] = {
        Send: _send,
        Wait: lambda self, step: self._sleep(step.seconds),
        Now: lambda self, _: self.now(),
        Read: _read,
        Close: lambda self, step: self.close_stream(step.stream),
        Tell: lambda _, step: step.callback(*step.arguments),
    }

    async def close(self) -> None:
        """Closes the connections of the running loop, and the client for good, unless it is the caller's own."""
        self.is_closed = self.is_own
        client = self._own.pop(self._where(), None)
        if client is not None:
            await client.aclose()


async def _awaited_pieces(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def _sleep(seconds: float) -> None:
    """Sleeps in whatever event loop is running, as the HTTP library does."""
    import anyio

    await anyio.sleep(seconds)


def _event_loop() -> Any:
    """What tells the running loop from every other, of asyncio or of trio."""
    import asyncio

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        trio = sys.modules.get("trio")
        return trio and trio.lowlevel.current_trio_token()
