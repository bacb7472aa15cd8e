"""Answers read as they come: events, records or pieces of bytes, one by one, for both drivers.

Source: WHATWG HTML, section 9.2 (of which reconnecting is left to the caller); jsonlines.org; RFC 7464.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from syncdyn.errors import ApiConnectionError, ApiError, ApiTimeoutError, UnexpectedResponseError
from syncdyn.flow import NOW, Close, Emit, Flow, Read
from syncdyn.openapi.coding.malformed import BodyTooLarge
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.items import Cut, Item, Raw, cutter_for, item_reader
from syncdyn.openapi.messages import Headers, Json, Request, Response
from syncdyn.options import Options
from syncdyn.response import ResponseReader
from syncdyn.retry import Failure

if TYPE_CHECKING:
    from typing_extensions import Self


@dataclass(frozen=True, slots=True)
class Head:
    """The start of an answer that is read as it comes: the first thing that its flow emits."""

    status_code: int
    headers: Headers


def read_stream(
    reader: ResponseReader, request: Request, stream: Any, options: Options, ends: float | None
) -> Flow[None]:
    """Emits the Head of an open answer, then its items: Events, records, else bytes as they come.

    Items are checked each by itself, and told of as a whole answer is. An event whose data is a text of the
    operation's `x-syncdyn-stream-end` is the end. Raises the error that an error status stands for,
    ApiConnectionError where the stream breaks off, ApiTimeoutError at the deadline (what the receiver does
    meanwhile counts), UnexpectedResponseError for an item that is too long.
    """
    reading = _Reading(reader, request, stream, options, ends)
    if not reader.is_success(stream.status):
        response = Response(stream.status, stream.headers, (yield from reading.rest()))
        raise reader.reporter.error(request, response)
    media_type, violations = reader.check_head(reading.start)
    reading.tell(violations, None, None)
    yield Emit(Head(stream.status, stream.headers))
    cut = cutter_for(reading.start.content_type or "")
    if cut is None:
        yield from reading.pieces()
    else:
        yield from reading.items(cut, item_reader(reader.contract, media_type))
    yield Close(stream)


class _Reading:
    """One answer while it is read."""

    def __init__(
        self, reader: ResponseReader, request: Request, stream: Any, options: Options, ends: float | None
    ) -> None:
        self.start = Response(stream.status, stream.headers)
        self._reader = reader
        self._reporter = reader.reporter
        self._request = request
        self._stream = stream
        self._options = options
        self._ends = ends
        self._count = 0

    def rest(self) -> Flow[bytes]:
        """What is left of the body, as a whole; of one that breaks off or is late, what came."""
        pieces = []
        with suppress(ApiConnectionError, ApiTimeoutError):
            while (chunk := (yield from self._next(None))) is not None:
                pieces.append(chunk)
        yield Close(self._stream)
        return b"".join(pieces)

    def pieces(self) -> Flow[None]:
        """Emits the body piece by piece."""
        while (chunk := (yield from self._next(self._options.chunk_size))) is not None:
            self._count += 1
            yield Emit(chunk)

    def items(self, cut: Cut, read: Callable[[Raw, int], Item]) -> Flow[None]:
        """Emits the items of the body, typed and checked."""
        chunk: bytes | None = b""
        while chunk is not None:
            chunk = yield from self._next(None)
            for raw in self._cut(cut, chunk):
                if self._reader.is_end(raw):
                    return
                item = read(raw, self._count)
                self._count += 1
                value = self._reader.typed(item)
                self.tell(item.violations, value, item.value)
                yield Emit(value)

    def tell(self, violations: tuple[Violation, ...], value: Any, body: Json) -> None:
        """Complains of violations as strictly as the call asks."""
        strictness = self._options.strictness.response
        if violations and strictness != "off":
            self._reporter.complain(strictness, self._request, self.start, violations, value, body)

    def _next(self, most_bytes: int | None) -> Flow[bytes | None]:
        left = None if self._ends is None else self._ends - (yield NOW)
        if left is not None and left <= 0:
            raise self._broken(None)
        chunk = yield Read(self._stream, most_bytes, left)
        if isinstance(chunk, Failure):
            is_late = self._ends is not None and (yield NOW) >= self._ends
            raise self._broken(None if is_late else chunk) from chunk.error
        found: bytes | None = chunk
        return found

    def _cut(self, cut: Cut, chunk: bytes | None) -> Iterator[Raw]:
        try:
            yield from cut.end() if chunk is None else cut.feed(chunk)
        except BodyTooLarge as error:
            raise UnexpectedResponseError(f"{self._so_far}: {error}", **self._facts) from None

    def _broken(self, failure: Failure | None) -> ApiError:
        """The error of a stream that broke off; without a failure, of one that came to its deadline."""
        if failure is None:
            return ApiTimeoutError(f"{self._so_far}: the deadline passed", **self._facts)
        kind = ApiTimeoutError if failure.is_timeout else ApiConnectionError
        reason = str(failure.error) or type(failure.error).__name__
        return kind(f"{self._so_far}: it broke off: {reason}", **self._facts)

    @property
    def _so_far(self) -> str:
        count = f"{self._count:,} item" + ("" if self._count == 1 else "s")
        return f"the stream of {self._reporter.name} was not read to its end, after {count}"

    @property
    def _facts(self) -> dict[str, Any]:
        return {**self._reporter.facts(self.start, None), "request": self._reporter.shown(self._request)}


class _Streaming:
    """What is the same for both kinds of streaming answers."""

    def __init__(self, values: Any) -> None:
        self._values = values
        self._head: Head | None = None

    @property
    def status_code(self) -> int:
        return self._opened.status_code

    @property
    def headers(self) -> Headers:
        """The header fields, as texts."""
        return self._opened.headers

    @property
    def _opened(self) -> Head:
        if self._head is None:
            raise RuntimeError("the answer is not there yet: open it by `with` (or `async with`), or begin to iterate")
        return self._head

    def _checked(self) -> Self:
        if self._head is None:
            raise RuntimeError("the answer was closed, or failed, before it was opened; call the operation again")
        return self

    def __repr__(self) -> str:
        state = "not opened" if self._head is None else f"status {self._head.status_code}"
        return f"<{type(self).__name__}, {state}>"


class StreamingResponse(_Streaming):
    """An answer read as it comes: an iterator of its items, and a context manager that closes it.

    The request is sent by `with` or by the first step, and the errors of the call are raised there.
    """

    def __enter__(self) -> StreamingResponse:
        self._head = self._head or next(self._values, None)
        return self._checked()

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> StreamingResponse:
        return self

    def __next__(self) -> Any:
        self.__enter__()
        return next(self._values)

    def close(self) -> None:
        """Closes the answer, read to its end or not."""
        self._values.close()


class AsyncStreamingResponse(_Streaming):
    """The same as StreamingResponse, awaited."""

    async def __aenter__(self) -> AsyncStreamingResponse:
        self._head = self._head or await anext(self._values, None)
        return self._checked()

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        await self.__aenter__()
        return await anext(self._values)

    async def aclose(self) -> None:
        """Closes the answer, read to its end or not."""
        await self._values.aclose()

    close = aclose


def streaming(values: Any) -> StreamingResponse | AsyncStreamingResponse:
    """The streaming answer around what a driver iterates over: blocking or awaited, as that is."""
    return AsyncStreamingResponse(values) if hasattr(values, "__anext__") else StreamingResponse(values)
