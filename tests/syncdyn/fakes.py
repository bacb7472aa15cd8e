"""Stand-ins for the world: a scripted service, a clock that only tests move, and example objects of the API."""

from __future__ import annotations

import asyncio
import email
import inspect
import json as json_module
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from syncdyn import AsyncClient, AsyncSync, Client, Sync
from syncdyn.openapi.bundled import load_bundled
from syncdyn.openapi.messages import Json
from syncdyn.sync import bundled_types
from syncdyn.transport import AwaitingTransport, BlockingTransport

KEY = "sk-test-71c2f9e0"
HOME = "https://api.sync.so"
START = 1_717_200_000.0

VIDEO = {"type": "video", "url": "https://media.example.com/talk.mp4"}
AUDIO = {"type": "audio", "url": "https://media.example.com/talk.wav"}
CREATE: dict[str, Any] = {"model": "lipsync-2", "input": [VIDEO, AUDIO]}
GENERATION: dict[str, Any] = {
    "id": "6f1e2d3c-0000-4000-8000-000000000001",
    "createdAt": "2024-06-01T00:00:00.000Z",
    "status": "COMPLETED",
    "model": "lipsync-2",
    "input": [VIDEO, AUDIO],
    "outputUrl": "https://media.example.com/out.mp4",
    "outputDuration": 8.64,
    "error": None,
}
GENERATION_ID: str = GENERATION["id"]
BATCH: dict[str, Any] = {
    "id": "batch_9f2",
    "created_at": "2024-06-01T00:00:00Z",
    "status": "PROCESSING",
    "metrics": {"total_generations": 20, "success_count": 3, "failed_count": 0, "pending_count": 17},
    "webhookUrl": None,
    "outputUrl": "",
}
ASSET: dict[str, Any] = {
    "id": "a1",
    "createdAt": "2024-06-01T00:00:00Z",
    "updatedAt": "2024-06-01T00:00:00Z",
    "name": "talk.mp4",
    "type": "VIDEO",
    "visibility": "USER",
}
RECORD: dict[str, Any] = {"request_id": "r-1", "endpoint": "/v2/generate", "payload": CREATE}

#: What the service does with a request: answers it, or raises for a network that fails.
Answer = Callable[[httpx.Request], httpx.Response]


def answer(status: int = 200, json: Json = None, *, headers: dict[str, str] | None = None, **content: Any) -> Answer:
    """Answers with a new response each time."""
    body = {"json": json} if json is not None else content
    return lambda request: httpx.Response(status, headers=headers, **body)


def failure(kind: type[Exception], *arguments: str) -> Answer:
    """Fails as the HTTP library does when there is no answer."""

    def fail(request: httpx.Request) -> httpx.Response:
        raise kind(*arguments)

    return fail


@dataclass
class Service:
    """Plays its answers in order, the last one for ever, and keeps what it was sent."""

    answers: tuple[Answer, ...]
    requests: list[httpx.Request] = field(default_factory=list)

    def __init__(self, *answers: Answer) -> None:
        self.answers = answers
        self.requests = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answers[min(len(self.requests), len(self.answers)) - 1](request)

    @property
    def last(self) -> httpx.Request:
        return self.requests[-1]

    @property
    def sent(self) -> Json:
        """The JSON of the last request."""
        return json_module.loads(self.last.content)


def form_of(request: httpx.Request) -> dict[str, bytes]:
    """The parts of a multipart request by name."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parts: Any = email.message_from_bytes(head + request.content).get_payload()
    return {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in parts}


@dataclass
class Clock:
    """Time that passes only when somebody sleeps, or a test says so."""

    time: float = START
    naps: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.time += seconds

    async def sleep_awaited(self, seconds: float) -> None:
        self.sleep(seconds)

    def passing(self, seconds: float, then: Answer) -> Answer:
        """The same answer, after so many seconds."""

        def late(request: httpx.Request) -> httpx.Response:
            self.time += seconds
            return then(request)

        return late


class Awaited:
    """An asynchronous object seen as a blocking one: what it wants awaited is run to its end."""

    def __init__(self, target: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._target = target
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, name)
        return Awaited(value, self._loop) if callable(value) or hasattr(value, "with_raw_response") else value

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        result = self._target(*args, **kwargs)
        if inspect.isawaitable(result):
            return self._loop.run_until_complete(_awaited(result))
        return self._items(result) if hasattr(result, "__aiter__") else result

    def __enter__(self) -> Awaited:
        self._loop.run_until_complete(self._target.__aenter__())
        return self

    def __exit__(self, *facts: Any) -> None:
        self._loop.run_until_complete(self._target.__aexit__(*facts))

    def _items(self, iterator: Any) -> Any:
        try:
            while True:
                yield self._loop.run_until_complete(_awaited(anext(iterator)))
        except StopAsyncIteration:
            return
        finally:
            self._loop.run_until_complete(iterator.aclose())


async def _awaited(value: Any) -> Any:
    return await value


@dataclass
class Connect:
    """Makes clients of one kind, blocking or awaited, that talk to a service in the same process.

    Whatever the kind, they are used as blocking ones.
    """

    clock: Clock
    loop: asyncio.AbstractEventLoop | None = None

    @property
    def is_async(self) -> bool:
        return self.loop is not None

    def http(self, service: Answer, **options: Any) -> Any:
        """The HTTP library's client in front of a service."""
        kind = httpx.AsyncClient if self.is_async else httpx.Client
        return kind(transport=httpx.MockTransport(service), **options)

    def transport(self, http: Any) -> Any:
        if self.is_async:
            return AwaitingTransport(http, sleep=self.clock.sleep_awaited, now=self.clock.now)
        return BlockingTransport(http, sleep=self.clock.sleep, now=self.clock.now)

    def __call__(self, service: Answer, *, http: Any = None, **options: Any) -> Any:
        """A client of the bundled API; without jitter, so that waits can be told beforehand."""
        transport = self.transport(self.http(service) if http is None else http)
        stated = {"auth": KEY, "types": bundled_types(), "transport": transport, "random": float, **options}
        return self._as_blocking((AsyncClient if self.is_async else Client)(load_bundled(), **stated))

    def sync(self, **options: Any) -> Any:
        """A client by its public name, made with exactly these arguments."""
        return self._as_blocking((AsyncSync if self.is_async else Sync)(**options))

    def _as_blocking(self, client: Any) -> Any:
        return client if self.loop is None else Awaited(client, self.loop)
