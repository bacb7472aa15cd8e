"""The server that a proxy stands before: one request there, its answer as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

import httpx

from mockserver.errors import MockError
from syncdyn.openapi.messages import Headers, Pairs

_CONNECT_SECONDS = 10.0
_BAD_GATEWAY, _GATEWAY_TIMEOUT = 502, 504
#: A connection that has been idle for longer is not used again: the server may just be closing it.
_IDLE_SECONDS = 2.0

Content: TypeAlias = "bytes | AsyncIterator[bytes]"


class NoAnswer(Exception):
    """The upstream gave no answer: the status that says so, and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


@dataclass(frozen=True, slots=True)
class Arriving:
    """An answer whose body is still to come, as it is on the wire."""

    status: int
    headers: Headers
    chunks: AsyncIterator[bytes]


class Upstream:
    """A server by its base URL, asked by one event loop: no redirects, no cookies, no proxies of the environment.

    `proxy` is the URL of a proxy that leads there. An answer may take `timeout_seconds` to begin.
    Raises MockError for a URL that is none.
    """

    def __init__(
        self,
        url: str,
        *,
        proxy: str | None = None,
        timeout_seconds: float = 60.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = _checked(url, "upstream")
        self.timeout_seconds = timeout_seconds
        self._proxy = None if proxy is None else _checked(proxy, "upstream proxy")
        self._transport = transport

    @asynccontextmanager
    async def send(self, method: str, url: str, headers: Pairs, content: Content) -> AsyncIterator[Arriving]:
        """The answer to a request, whose connection is given back when the block ends.

        Raises NoAnswer; in the block also while the body comes.
        """
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        timeout = {"connect": _CONNECT_SECONDS, "pool": _CONNECT_SECONDS, "write": self.timeout_seconds}
        try:
            request = httpx.Request(method, url, headers=raw, content=content, extensions={"timeout": timeout})
            # How long it takes to begin is bounded here; how long a stream may be silent is not.
            answer = await asyncio.wait_for(self._opened().handle_async_request(request), self.timeout_seconds)
            try:
                yield Arriving(answer.status_code, _headers(answer), answer.aiter_raw())
            finally:
                await answer.aclose()
        except (httpx.TimeoutException, asyncio.TimeoutError, TimeoutError) as error:
            raise NoAnswer(_GATEWAY_TIMEOUT, "the server did not answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            raise NoAnswer(_BAD_GATEWAY, f"the server cannot be asked: {_why(error)}") from error

    async def aclose(self) -> None:
        """Close the connections kept."""
        if self._transport is not None:
            await self._transport.aclose()
            self._transport = None

    def _opened(self) -> httpx.AsyncBaseTransport:
        if self._transport is None:
            limits = httpx.Limits(max_connections=None, keepalive_expiry=_IDLE_SECONDS)
            self._transport = httpx.AsyncHTTPTransport(trust_env=False, limits=limits, proxy=self._proxy)
        return self._transport


def _headers(answer: httpx.Response) -> Headers:
    return Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw)


def _checked(text: str, what: str) -> str:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError):
        url = None
    if url is None or url.scheme not in ("http", "https") or not url.host:
        raise MockError(f"{what}: {text!r} is no absolute URL, such as https://api.example.com")
    return text


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__
