"""What the HTTP library is asked for, and what its answers and errors come to, blocking or awaited.

A client of the caller's own may come from httpx or from its maintained fork; whichever it is, it is
recognised without importing the other.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from functools import cache, cached_property, lru_cache
from types import ModuleType
from typing import Any, ClassVar

import httpx

from syncdyn.driving import Stream
from syncdyn.errors import ConfigurationError
from syncdyn.flow import Send
from syncdyn.openapi.coding.files import File, Once, size_of
from syncdyn.openapi.messages import Headers, Part, Request, Response
from syncdyn.openapi.opinion.part_writing import render_parts
from syncdyn.options import PHASES
from syncdyn.retry import Failure

DEFAULT_TIMEOUT_SECONDS = 60.0
_LIBRARY_SECONDS: dict[str, float | None] = dict.fromkeys(PHASES, 5.0)
_LIBRARIES = ("httpx", "httpx2")
_HARMLESS = frozenset(
    {
        "host", "content-length", "content-type", "transfer-encoding", "accept", "accept-encoding",
        "user-agent", "connection",
    }
)  # fmt: skip
#: Said of a body on the wire, no longer true of one that was read.
_FRAMING = frozenset({"content-encoding", "content-length", "transfer-encoding"})


@cache
def _ssl_context() -> Any:
    """One for all clients: making it costs more than all else in a client."""
    return httpx.create_ssl_context()


def made(name: str, **options: Any) -> Any:
    """A client of the library. Raises ConfigurationError when its environment allows for none."""
    try:
        return getattr(httpx, name)(verify=_ssl_context(), **options)
    except ImportError:
        told = "name a SOCKS proxy, which needs another package: `pip install httpx[socks]`, or unset them"
    except (ValueError, httpx.InvalidURL):
        told = "name no proxy that can be used: give http://, https:// or socks5:// URLs, or unset them"
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigurationError(
            f"the certificates of SSL_CERT_FILE or SSL_CERT_DIR cannot be read ({reason}): correct or unset them"
        ) from None
    # No cause: its words may hold the password of a proxy.
    raise ConfigurationError(
        f"the environment variables for proxies (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY) {told}"
    ) from None


def clock() -> Callable[[], float]:
    """Tells the seconds since the epoch and never runs backwards."""
    offset = time.time() - time.monotonic()
    return lambda: time.monotonic() + offset


class Transport:
    """What is the same for both: the client, the requests made for it, and what its errors mean.

    A client of our own is made when the first request is sent, one for each place that `_where` tells apart.
    """

    client_name: ClassVar[str]

    def __init__(self, client: Any, now: Callable[[], float] | None) -> None:
        self.is_own = client is None
        self.is_closed = False
        self.module: ModuleType = httpx if client is None else _library_of(client, self.client_name)
        self._given = client
        self._own: dict[Any, Any] = {}
        self.now = now or clock()
        self._making = threading.Lock()
        # Most calls go to a few addresses, and reading one takes a tenth of a call.
        self._read_url = lru_cache(maxsize=256)(self.module.URL)
        # The library's own default is nobody's wish: ours holds then.
        is_unset = client is None or _seconds(client.timeout) == _LIBRARY_SECONDS
        self.default_timeout = self.module.Timeout(DEFAULT_TIMEOUT_SECONDS) if is_unset else None

    @property
    def is_open(self) -> bool:
        return bool(self._own) or not self.is_own

    @property
    def client(self) -> Any:
        """The caller's client, else our own."""
        if self._given is not None:
            return self._given
        return self._ours(self._where())

    def _where(self) -> Any:
        return None

    def _ours(self, where: Any) -> Any:
        with self._making:
            if where not in self._own:
                # Of a loop that has ended nothing can be closed any more.
                ended = [loop for loop in self._own if loop is not None and getattr(loop, "is_closed", bool)()]
                for loop in ended:
                    del self._own[loop]
                self._own[where] = made(self.client_name)
            return self._own[where]

    @cached_property
    def errors(self) -> tuple[type[Exception], ...]:
        return (self.module.HTTPError, self.module.InvalidURL, self.module.StreamError, OSError)

    def build(self, step: Send) -> Any:
        """The library's request. Raises ConfigurationError when the client is closed."""
        if self.is_closed or self.client.is_closed:
            raise ConfigurationError("the client is closed; make a new one, or close it after the last call")
        request = step.request
        body, headers = request.body, request.headers.pairs
        if body == ():
            # The library makes no form of nothing.
            body, content_type = render_parts(())
            headers = (*headers, ("Content-Type", content_type))
        content: dict[str, Any] = {"content": body or None}
        if isinstance(body, tuple):
            content = {"files": [_field(part) for part in body]}
        elif not isinstance(body, bytes):
            content = {"content": self.pieces(body)}
            headers = (*headers, *_length(body))
        timeout = self._timeout(step)
        if timeout is not None:
            content["timeout"] = timeout
        url = self._read_url(request.url)
        built = self.client.build_request(request.method, url, headers=headers, **content)
        if self._given is not None and self._given.params:
            built.url = self._queried(url, is_trusted=step.is_trusted)
        if not step.is_trusted:
            _forget(built, request)
        return built

    def _queried(self, url: Any, *, is_trusted: bool) -> Any:
        """The URL with what the caller's client adds to each query, and the library would put in place of the query."""
        given = self._given.params.multi_items() if is_trusted else ()
        added = self.module.QueryParams([pair for pair in given if pair[0] not in url.params])
        return url.copy_with(query=b"&".join(filter(None, (url.query, str(added).encode())))) if added else url

    def pieces(self, body: Any) -> Any:
        """A body that is read while it is sent, as the library's client takes it."""
        raise NotImplementedError

    def auth(self, step: Send) -> dict[str, Any]:
        if not step.is_trusted:
            return {"auth": None}
        if step.auth is not None:
            return {"auth": step.auth}
        if self._given is not None and self._given.auth is not None and "authorization" in step.request.headers:
            # What was given for the call stands; the auth of the caller's client would write over it.
            return {"auth": self.module.Auth()}
        return {}

    def _timeout(self, step: Send) -> Any:
        timeout = step.timeout if step.timeout is not None else self.default_timeout
        if step.most_seconds is None:
            is_known = timeout is self.default_timeout or isinstance(timeout, (int, float, self.module.Timeout))
            return timeout if is_known else self.module.Timeout(**_seconds(timeout))
        stated = _seconds(timeout if timeout is not None else self.client.timeout)
        most = max(step.most_seconds, 0.001)
        bounded = {name: most if value is None else min(value, most) for name, value in stated.items()}
        return self.module.Timeout(**bounded)

    def within(self, ends: float, chunk: bytes) -> bytes:
        """The piece of a body, if it came in time."""
        if self.now() > ends:
            raise self.module.ReadTimeout("the deadline passed while the answer was being read")
        return chunk

    def outcome(self, error: Exception, step: Send, response: Any = None) -> Response | Stream | Failure:
        """What an error of the library comes to; `response` is the answer that was being read."""
        if isinstance(error, self.module.HTTPStatusError):
            return self._carried(error.response, step)
        if isinstance(error, self.module.DecodingError) and response is not None:
            bare = Response(response.status_code, headers_of(response))
            # What is no success is told by its status; its body says no more than that.
            return bare if bare.status >= 300 else Failure(error, is_final=True, response=bare)
        return self.failure(error)

    def _carried(self, response: Any, step: Send) -> Response | Stream:
        """The answer that a hook of the caller's raised as an error, with its body where the hook had read it."""
        try:
            body = response.content
        except self.module.StreamError:
            body = b""
        found = Response(response.status_code, headers_of(response), body)
        if not step.is_stream:
            return found
        kept = [pair for pair in response.headers.multi_items() if pair[0].lower() not in _FRAMING]
        return Stream(self.module.Response(found.status, headers=kept, content=body), found.headers)

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
        return dict.fromkeys(PHASES, timeout)
    return {name: getattr(timeout, name) for name in PHASES}


def _field(part: Part) -> tuple[str, tuple[Any, ...]]:
    if part.content_type is None and part.file_name is None and not part.headers:
        return part.name, (None, part.content)
    return part.name, (part.file_name, part.content, part.content_type, dict(part.headers))


def _length(body: Any) -> tuple[tuple[str, str], ...]:
    """The Content-Length of a file; without one the pieces are sent in chunks."""
    size = None if isinstance(body, Once) else size_of(File(None, body))
    return () if size is None else (("Content-Length", str(size)),)


def headers_of(response: Any) -> Headers:
    # As raw bytes: the library's own reading guesses an encoding for every field.
    return Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw])
