"""The HTTP library, twice: a blocking driver of flows and an awaiting one. Nothing else imports it.

A client of the caller's own may come from httpx or from its maintained fork; whichever it is, it is
recognised without importing the other.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from functools import cache, cached_property
from inspect import isawaitable
from types import ModuleType
from typing import Any, ClassVar, TypeVar

import httpx

from syncdyn.errors import ConfigurationError
from syncdyn.flow import Close, Emit, Flow, Now, Read, Send, Tell, Wait
from syncdyn.openapi.messages import Headers, Part, Request, Response
from syncdyn.retry import Failure

T = TypeVar("T")

DEFAULT_TIMEOUT_SECONDS = 60.0
_PHASES = ("connect", "read", "write", "pool")
_LIBRARY_SECONDS: dict[str, float | None] = dict.fromkeys(_PHASES, 5.0)
_LIBRARIES = ("httpx", "httpx2")
_HARMLESS = frozenset(
    {
        "host", "content-length", "content-type", "transfer-encoding", "accept", "accept-encoding",
        "user-agent", "connection",
    }
)  # fmt: skip


@cache
def _ssl_context() -> Any:
    """One for all clients: making it costs more than all else in a client."""
    return httpx.create_ssl_context()


def clock() -> Callable[[], float]:
    """Tells the seconds since the epoch and never runs backwards."""
    offset = time.time() - time.monotonic()
    return lambda: time.monotonic() + offset


class _Transport:
    """What is the same for both: the client, the requests made for it, and what its errors mean.

    A client of our own is made when the first request is sent.
    """

    client_name: ClassVar[str]

    def __init__(self, client: Any, now: Callable[[], float] | None) -> None:
        self.is_own = client is None
        self.module: ModuleType = httpx if client is None else _library_of(client, self.client_name)
        self._given = client
        self.now = now or clock()
        self._making = threading.Lock()
        # The library's own default is nobody's wish: ours holds then.
        is_unset = client is None or _seconds(client.timeout) == _LIBRARY_SECONDS
        self.default_timeout = self.module.Timeout(DEFAULT_TIMEOUT_SECONDS) if is_unset else None

    @property
    def is_open(self) -> bool:
        return "client" in self.__dict__

    @cached_property
    def client(self) -> Any:
        with self._making:
            if self._given is None:
                self._given = getattr(httpx, self.client_name)(verify=_ssl_context())
            return self._given

    @cached_property
    def errors(self) -> tuple[type[Exception], ...]:
        return (self.module.HTTPError, self.module.InvalidURL, self.module.StreamError, OSError)

    def build(self, step: Send) -> Any:
        """The library's request. Raises ConfigurationError when the client is closed."""
        if self.client.is_closed:
            raise ConfigurationError("the client is closed; make a new one, or close it after the last call")
        request = step.request
        content: dict[str, Any] = {"content": request.body or None}
        if isinstance(request.body, tuple):
            content = {"files": [_field(part) for part in request.body]}
        timeout = self._timeout(step)
        if timeout is not None:
            content["timeout"] = timeout
        built = self.client.build_request(request.method, request.url, headers=request.headers.pairs, **content)
        if not step.is_trusted:
            _forget(built, request)
        return built

    def auth(self, step: Send) -> dict[str, Any]:
        return {} if step.is_trusted else {"auth": None}

    def _timeout(self, step: Send) -> Any:
        timeout = step.timeout if step.timeout is not None else self.default_timeout
        if step.most_seconds is None:
            return timeout
        stated = _seconds(timeout if timeout is not None else self.client.timeout)
        most = max(step.most_seconds, 0.001)
        bounded = {name: most if value is None else min(value, most) for name, value in stated.items()}
        return self.module.Timeout(**bounded)

    def within(self, ends: float, chunk: bytes) -> bytes:
        """The piece of a body, if it came in time."""
        if self.now() > ends:
            raise self.module.ReadTimeout("the deadline passed while the answer was being read")
        return chunk

    def failure(self, error: Exception) -> Failure:
        """The failure that an error of the library stands for."""
        module = self.module
        hopeless = (module.UnsupportedProtocol, module.InvalidURL, module.StreamError, module.TooManyRedirects)
        never_left = (module.ConnectError, module.ConnectTimeout, module.PoolTimeout, module.ProxyError)
        return Failure(
            error,
            is_timeout=isinstance(error, module.TimeoutException),
            was_sent=not isinstance(error, (*never_left, *hopeless)),
            is_final=isinstance(error, hopeless),
        )


def _forget(built: Any, request: Request) -> None:
    """Takes out what the caller's client adds by itself: to another origin only what the flow chose may go."""
    kept = _HARMLESS | {name.lower() for name, _ in request.headers.pairs}
    for name in list(built.headers):
        if name.lower() not in kept:
            del built.headers[name]


def _library_of(client: Any, wanted: str) -> ModuleType:
    """The library that a client belongs to; raises ConfigurationError for what is no client of the kind."""
    for library in _LIBRARIES:
        module = sys.modules.get(library)
        if module is not None and isinstance(client, getattr(module, wanted)):
            return module
    found = f"{type(client).__module__.partition('.')[0]}.{type(client).__name__}"
    raise ConfigurationError(f"httpx_client must be an httpx.{wanted} here, not {found}")


def _seconds(timeout: Any) -> dict[str, float | None]:
    if isinstance(timeout, int | float) or timeout is None:
        return dict.fromkeys(_PHASES, timeout)
    return {name: getattr(timeout, name) for name in _PHASES}


def _field(part: Part) -> tuple[str, tuple[Any, ...]]:
    if part.content_type is None and part.file_name is None and not part.headers:
        return part.name, (None, part.content)
    return part.name, (part.file_name, part.content, part.content_type, dict(part.headers))


async def _sleep(seconds: float) -> None:
    """Sleeps in whatever event loop is running, as the HTTP library does."""
    import anyio

    await anyio.sleep(seconds)


def _headers(response: Any) -> Headers:
    # As raw bytes: the library's own reading guesses an encoding for every field.
    return Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw])


class Stream:
    """An open answer: status and header fields are there, the body is to be read and closed."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status: int = response.status_code
        self.headers = _headers(response)
        self.chunks: Any = None


class BlockingTransport(_Transport):
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

    def run(self, flow: Flow[T]) -> T:
        """What the flow comes to."""
        driven = self._drive(flow)
        try:
            while True:
                next(driven)
        except StopIteration as stop:
            value: T = stop.value
            return value

    def iterate(self, flow: Flow[Any]) -> Iterator[Any]:
        """What the flow emits, as it goes on."""
        return self._drive(flow)

    def _drive(self, flow: Flow[T]) -> Generator[Any, None, T]:
        answer: Any = None
        streams: list[Stream] = []
        try:
            while True:
                step = flow.send(answer)
                if type(step) is Emit:
                    answer = yield step.value
                    continue
                answer = self._STEPS[type(step)](self, step)
                if type(answer) is Stream:
                    streams.append(answer)
        except StopIteration as stop:
            value: T = stop.value
            return value
        finally:
            flow.close()
            self._close_all(streams)

    def _close_all(self, streams: list[Stream]) -> None:
        for stream in streams:
            stream.response.close()

    def _send(self, step: Send) -> Response | Stream | Failure:
        try:
            request = self.build(step)
            response = self.client.send(request, stream=True, follow_redirects=False, **self.auth(step))
            if step.is_stream:
                return Stream(response)
            with contextlib.closing(response):
                return Response(response.status_code, _headers(response), self._read_all(response, step))
        except self.errors as error:
            return self.failure(error)

    def _read_all(self, response: Any, step: Send) -> bytes:
        if step.most_seconds is None:
            body: bytes = response.read()
            return body
        ends = self.now() + step.most_seconds
        return b"".join(self.within(ends, chunk) for chunk in response.iter_bytes())

    def _read(self, step: Read) -> bytes | Failure | None:
        stream = step.stream
        try:
            stream.chunks = stream.chunks or stream.response.iter_bytes(step.most_bytes)
            return next(stream.chunks, None)
        except self.errors as error:
            return self.failure(error)

    _STEPS: ClassVar[dict[type, Callable[[Any, Any], Any]]] = {
        Send: _send,
        Wait: lambda self, step: self._sleep(step.seconds),
        Now: lambda self, _: self.now(),
        Read: _read,
        Close: lambda _, step: step.stream.response.close(),
        Tell: lambda _, step: step.callback(*step.arguments),
    }

    def close(self) -> None:
        """Closes the connections, unless the client is the caller's own."""
        if self.is_own and self.is_open:
            self.client.close()


class AwaitingTransport(_Transport):
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

    async def run(self, flow: Flow[T]) -> T:
        """What the flow comes to."""
        ended: list[T] = []
        async for _ in self._drive(flow, ended.append):
            pass
        return ended[0]

    def iterate(self, flow: Flow[Any]) -> AsyncIterator[Any]:
        """What the flow emits, as it goes on."""
        return self._drive(flow, lambda _: None)

    async def _drive(self, flow: Flow[T], end: Callable[[T], None]) -> AsyncIterator[Any]:
        answer: Any = None
        streams: list[Stream] = []
        try:
            while True:
                step = flow.send(answer)
                if type(step) is Emit:
                    answer = yield step.value
                    continue
                answer = self._STEPS[type(step)](self, step)
                if isawaitable(answer):
                    answer = await answer
                if type(answer) is Stream:
                    streams.append(answer)
        except StopIteration as stop:
            end(stop.value)
        finally:
            flow.close()
            await self._close_all(streams)

    async def _close_all(self, streams: list[Stream]) -> None:
        for stream in streams:
            await self._close(stream)

    async def _close(self, stream: Stream) -> None:
        # Left to the garbage collector, an iteration is closed by a task for which the loop may not live long enough.
        if stream.chunks is not None:
            await stream.chunks.aclose()
        await stream.response.aclose()

    async def _send(self, step: Send) -> Response | Stream | Failure:
        try:
            request = self.build(step)
            response = await self.client.send(request, stream=True, follow_redirects=False, **self.auth(step))
            if step.is_stream:
                return Stream(response)
            async with contextlib.aclosing(response):
                return Response(response.status_code, _headers(response), await self._read_all(response, step))
        except self.errors as error:
            return self.failure(error)

    async def _read_all(self, response: Any, step: Send) -> bytes:
        if step.most_seconds is None:
            body: bytes = await response.aread()
            return body
        ends = self.now() + step.most_seconds
        async with contextlib.aclosing(response.aiter_bytes()) as chunks:
            return b"".join([self.within(ends, chunk) async for chunk in chunks])

    async def _read(self, step: Read) -> bytes | Failure | None:
        stream = step.stream
        try:
            stream.chunks = stream.chunks or stream.response.aiter_bytes(step.most_bytes)
            return await anext(stream.chunks, None)
        except self.errors as error:
            return self.failure(error)

    _STEPS: ClassVar[dict[type, Callable[[Any, Any], Any]]] = {
        Send: _send,
        Wait: lambda self, step: self._sleep(step.seconds),
        Now: lambda self, _: self.now(),
        Read: _read,
        Close: lambda self, step: self._close(step.stream),
        Tell: lambda _, step: step.callback(*step.arguments),
    }

    async def close(self) -> None:
        """Closes the connections, unless the client is the caller's own."""
        if self.is_own and self.is_open:
            await self.client.aclose()
