"""The validation proxy as an ASGI application: a request goes on to the upstream, its answer comes back, both judged.

What is small is judged whole before it goes on; what is large, or comes by and by, goes on as it comes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from mockserver.answering.cors import preflight, shared
from mockserver.host import Host
from mockserver.proxying.judging import Answered, Asked, Judge, told
from mockserver.proxying.passing import is_stream, legible, passed_on, target_at
from mockserver.serving.asgi import Asgi
from mockserver.serving.incoming import Gone, Receive, Scope, has_no_body, head_of, linger
from mockserver.serving.outgoing import Emit, break_off, write
from mockserver.serving.upstream import Arriving, NoAnswer, Upstream
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Headers, Request, Response

#: A longer body is not kept, and so not judged.
MOST_JUDGED_BYTES = 2 * 2**20
_OWN = "/_mock/"
_NOT_IMPLEMENTED, _GATEWAY_TIMEOUT = 501, 504
#: The client's length is told anew, and its host is not the upstream's.
_TOLD_ANEW = frozenset({"host", "content-length"})
#: Our own server says when it answered.
_TOLD_HERE = frozenset({"date"})


class Forwarder:
    """An ASGI application that forwards to `upstream` alone, whatever a request says.

    `own` answers below `/_mock/`; `mock` answers in the place of an upstream that has an operation not implemented.
    Exchanges go into the journal of `host`. With `is_shared` pages of other origins may read what it answers.
    """

    def __init__(
        self,
        own: Asgi,
        host: Host,
        judge: Judge,
        upstream: Upstream,
        mock: Callable[[Request], Response],
        *,
        is_shared: bool = False,
    ) -> None:
        self._own = own
        self.host = host
        self.judge = judge
        self.upstream = upstream
        self.mock = mock
        self.is_shared = is_shared

    async def __call__(self, scope: Scope, receive: Receive, send: Emit) -> None:
        """Serve one connection scope."""
        if scope["type"] == "http" and not scope["path"].startswith(_OWN):
            await self._forward(scope, receive, send)
            return
        try:
            await self._own(scope, receive, send)
        finally:
            if scope["type"] == "lifespan":
                await self.upstream.aclose()

    async def _forward(self, scope: Scope, receive: Receive, send: Emit) -> None:
        url, headers = head_of(scope)
        request = Request(scope["method"], url, headers)
        asked_first = preflight(request) if self.is_shared else None
        if asked_first is not None:
            await write(send, request, asked_first)
            return
        sent = _Sent(receive, is_whole=has_no_body(scope, headers))
        passage = _Passage(self, request, sent, receive, send)
        with suppress(Gone):
            await sent.begin(MOST_JUDGED_BYTES)
            await _unless_gone(passage.run(), sent)


class _Sent:
    """The body that a client sends: its beginning, `whole` when that is all, and the rest as it comes."""

    def __init__(self, receive: Receive, *, is_whole: bool) -> None:
        self.beginning = b""
        self.is_whole = is_whole
        self._receive = receive
        self._is_read = asyncio.Event()
        if is_whole:
            self._is_read.set()

    async def begin(self, most: int) -> None:
        """Read until the end, or until there is more than `most`. Raises Gone."""
        read = []
        size = 0
        while not self._is_read.is_set() and size <= most:
            read.append(await self._next())
            size += len(read[-1])
        self.beginning = b"".join(read)
        self.is_whole = self._is_read.is_set()

    async def chunks(self) -> AsyncIterator[bytes]:
        """All of it, from the beginning. Raises Gone."""
        yield self.beginning
        while not self._is_read.is_set():
            yield await self._next()

    async def client_gone(self) -> None:
        """Wait until the client has left."""
        await self._is_read.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _next(self) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise Gone
        if not message.get("more_body", False):
            self._is_read.set()
        return bytes(message.get("body", b""))


async def _unless_gone(work: Awaitable[None], sent: _Sent) -> None:
    """Do the work, and give it up when the client leaves."""
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(sent.client_gone())
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


class _Passage:
    """One request on its way to the upstream, and the answer on its way back."""

    def __init__(self, proxy: Forwarder, request: Request, sent: _Sent, receive: Receive, send: Emit) -> None:
        self._proxy = proxy
        self._request = request
        self._sent = sent
        self._receive = receive
        self._send = send
        self._asked = Asked()
        self._started = time.perf_counter()
        self._has_begun = False

    async def run(self) -> None:
        """Pass the request on unless it is refused, and answer it in any case."""
        if self._sent.is_whole:
            self._request = replace(self._request, body=self._sent.beginning)
        self._asked = self._proxy.judge.asked(self._request, is_whole=self._sent.is_whole)
        if self._asked.refusal is not None:
            await self._answer(self._asked.refusal)
            return
        try:
            await self._pass_on()
        except NoAnswer as error:
            if self._has_begun:
                await break_off(self._send, self._receive, is_reset=False)
            else:
                problem = self._proxy.judge.problem(error.status, error.why)
                await self._answer(told(problem, self._asked.violations))

    async def _pass_on(self) -> None:
        request, upstream = self._request, self._proxy.upstream
        length = request.headers.get("content-length")
        content = self._sent.beginning if self._sent.is_whole else self._sent.chunks()
        fields = passed_on(request.headers, _TOLD_ANEW)
        if not self._sent.is_whole and length is not None:
            fields = (*fields, ("content-length", length))
        async with upstream.send(request.method, target_at(upstream.url, request.url), fields, content) as arriving:
            if arriving.status == _NOT_IMPLEMENTED and self._asked.plan and self._sent.is_whole:
                await self._answer(told(self._proxy.mock(request), self._asked.violations))
            else:
                await self._pass_back(arriving)

    async def _pass_back(self, arriving: Arriving) -> None:
        response = Response(arriving.status, Headers(passed_on(arriving.headers, _TOLD_HERE)))
        is_head = self._request.method == "HEAD"
        chunks = arriving.chunks
        read, is_whole = b"", is_head
        if not is_head and not is_stream(arriving.headers):
            read, is_whole = await self._collected(chunks)
        response = replace(response, body=read)
        judged = self._judged(response, is_whole and not is_head)
        if judged.refusal is not None:
            await self._answer(judged.refusal, judged)
        elif is_whole:
            await self._answer(told(response, self._asked.violations, judged.violations), judged)
        else:
            await self._stream(told(response, self._asked.violations, judged.violations), chunks, judged)

    async def _collected(self, chunks: AsyncIterator[bytes]) -> tuple[bytes, bool]:
        """The beginning of a body, and whether that is all of it."""
        read = bytearray()

        async def collect() -> bool:
            async for chunk in chunks:
                read.extend(chunk)
                if len(read) > MOST_JUDGED_BYTES:
                    return False
            return True

        try:
            is_whole = await asyncio.wait_for(collect(), self._proxy.upstream.timeout_seconds)
        except (asyncio.TimeoutError, TimeoutError) as error:
            raise NoAnswer(_GATEWAY_TIMEOUT, "the server's answer did not end in time") from error
        return bytes(read), is_whole

    def _judged(self, response: Response, is_whole: bool) -> Answered:
        seen = legible(response, MOST_JUDGED_BYTES) if is_whole else None
        return self._proxy.judge.answered(self._asked, seen or response, is_whole=seen is not None)

    async def _stream(self, response: Response, chunks: AsyncIterator[bytes], judged: Answered) -> None:
        """Send the answer as it comes; what is kept of it is judged in the end, for the journal."""
        response = self._readable(response)
        pairs = [(name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in response.headers.pairs]
        self._has_begun = True
        await self._send({"type": "http.response.start", "status": response.status, "headers": pairs})
        kept = bytearray(response.body)
        if response.body:
            await self._send({"type": "http.response.body", "body": response.body, "more_body": True})
        async for chunk in chunks:
            await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
            if len(kept) <= MOST_JUDGED_BYTES:
                kept += chunk
        await self._send({"type": "http.response.body", "body": b""})
        if len(kept) <= MOST_JUDGED_BYTES:
            response = replace(response, body=bytes(kept))
            judged = self._judged(response, is_whole=True)
        self._record(response, judged.violations)

    def _readable(self, response: Response) -> Response:
        return shared(self._request, response) if self._proxy.is_shared else response

    async def _answer(self, response: Response, judged: Answered | None = None) -> None:
        response = self._readable(response)
        self._record(response, judged.violations if judged else ())
        self._has_begun = True
        if self._sent.is_whole:
            await write(self._send, self._request, response)
            return
        response = replace(response, headers=response.headers.replace(connection="close"))
        await write(self._send, self._request, response, is_last=False)
        await linger(self._request.headers, self._receive)
        await self._send({"type": "http.response.body", "body": b""})

    def _record(self, response: Response, found: tuple[Violation, ...]) -> None:
        of_response = (replace(one, location=f"response {one.location}") for one in found)
        seconds = time.perf_counter() - self._started
        violations = (*self._asked.violations, *of_response)
        self._proxy.host.record(self._request, response, self._asked.operation, violations, seconds)
