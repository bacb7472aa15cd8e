"""Flows driven by blocking calls of the HTTP library."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any, ClassVar

from syncdyn.driving import BlockingDriver, Stream
from syncdyn.errors import ConfigurationError
from syncdyn.flow import Close, Now, Read, Send, Tell, Wait
from syncdyn.openapi.coding.files import Once, pieces_of
from syncdyn.openapi.messages import Response
from syncdyn.retry import Failure
from syncdyn.transport.library import Transport, headers_of


class _Left(dict[str, Any]):
    """The timeouts of a request, each cut to what is left of a deadline when the library asks for it."""

    def __init__(self, stated: Any, ends: float, now: Callable[[], float]) -> None:
        super().__init__(stated)
        self._ends = ends
        self._now = now

    def get(self, phase: str, default: Any = None) -> Any:
        left = max(self._ends - self._now(), 0.001)
        stated = super().get(phase, default)
        return left if stated is None else min(stated, left)


class BlockingTransport(Transport, BlockingDriver):
    """Drives flows by blocking calls."""

    client_name = "Client"

    def __init__(
        self,
        client: Any = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] | None = None,
    ) -> None:
        super().__init__(client, now)
        self._sleep = sleep

    def pieces(self, body: Any) -> Any:
        if not isinstance(body, Once):
            return pieces_of(body)
        if hasattr(body.pieces, "__aiter__"):
            raise ConfigurationError("a body that is an asynchronous iterator needs an AsyncClient")
        return body.pieces

    def _send(self, step: Send) -> Response | Stream | Failure:
        response: Any = None
        ends = None if step.most_seconds is None else self.now() + step.most_seconds
        try:
            request = self.build(step)
            if ends is not None:
                request.extensions["timeout"] = _Left(request.extensions["timeout"], ends, self.now)
            response = self.client.send(request, stream=True, follow_redirects=False, **self.auth(step))
            if step.is_stream:
                return Stream(response, headers_of(response))
            with contextlib.closing(response):
                return Response(response.status_code, headers_of(response), self._read_all(response, ends))
        except self.errors as error:
            return self.outcome(error, step, response)

    def _read_all(self, response: Any, ends: float | None) -> bytes:
        if ends is None:
            body: bytes = response.read()
            return body
        return b"".join(self.within(ends, chunk) for chunk in response.iter_bytes())

    def _read(self, step: Read) -> bytes | Failure | None:
        stream = step.stream
        try:
            stream.chunks = stream.chunks or stream.response.iter_bytes(step.most_bytes)
            return next(stream.chunks, None)
        except self.errors as error:
            return self.failure(error)

    steps: ClassVar[dict[type, Callable[[Any, Any], Any]]] = {
        Send: _send,
        Wait: lambda self, step: self._sleep(step.seconds),
        Now: lambda self, _: self.now(),
        Read: _read,
        Close: lambda _, step: step.stream.response.close(),
        Tell: lambda _, step: step.callback(*step.arguments),
    }

    def close(self) -> None:
        """Closes the connections, for good, unless the client is the caller's own."""
        self.is_closed = self.is_own
        for client in self._own.values():
            client.close()
