"""The two drivers of flows, one blocking and one awaiting: what is written twice, and nothing else is.

They know nothing of the HTTP library: what each step takes is for the transports to do.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator, Iterator
from inspect import isawaitable
from typing import Any, ClassVar, TypeVar

from syncdyn.flow import Emit, Flow, Send
from syncdyn.openapi.messages import Headers

T = TypeVar("T")


class Stream:
    """An open answer: status and header fields are there, the body is to be read and closed."""

    def __init__(self, response: Any, headers: Headers) -> None:
        self.response = response
        self.status: int = response.status_code
        self.headers = headers
        self.chunks: Any = None


class BlockingDriver:
    """Carries out flows by blocking calls; `steps` says how each kind of step is done."""

    steps: ClassVar[dict[type, Callable[[Any, Any], Any]]]

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
                # Nothing else stands in here: a StopIteration of the caller's function is no end of the flow.
                try:
                    step = flow.send(answer)
                except StopIteration as stop:
                    value: T = stop.value
                    return value
                if type(step) is Emit:
                    answer = yield step.value
                    continue
                answer = self.steps[type(step)](self, step)
                if type(answer) is Stream:
                    streams.append(answer)
        finally:
            flow.close()
            for stream in streams:
                stream.response.close()


class AwaitingDriver:
    """Carries out flows by awaiting."""

    steps: ClassVar[dict[type, Callable[[Any, Any], Any]]]

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
                try:
                    step = flow.send(answer)
                except StopIteration as stop:
                    end(stop.value)
                    return
                if type(step) is Emit:
                    answer = yield step.value
                    continue
                answer = self.steps[type(step)](self, step)
                # Of the steps, sending alone is always to be awaited.
                if type(step) is Send or isawaitable(answer):
                    answer = await answer
                if type(answer) is Stream:
                    streams.append(answer)
        finally:
            flow.close()
            for stream in streams:
                await self.close_stream(stream)

    async def close_stream(self, stream: Stream) -> None:
        """Closes an open answer.

        Left to the garbage collector, an iteration is closed by a task for which the loop may not live long enough.
        """
        if stream.chunks is not None:
            await stream.chunks.aclose()
        await stream.response.aclose()
