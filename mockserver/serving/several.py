"""Several mocks behind one server, each below a prefix of its own: `/pets/...` and `/shop/...`."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from mockserver.errors import MockError
from mockserver.serving.incoming import Receive, Scope
from mockserver.serving.outgoing import Emit, write
from mockserver.undescribed import plain_problem
from syncdyn.openapi.messages import Headers, Request, Response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from mockserver.serving.server import App

#: `/pets=petstore.yaml`. Neither a URL nor a path with a drive is one: they have a colon before any `=`.
_PREFIXED = re.compile(r"/?(?P<prefix>[\w.~-]+(?:/[\w.~-]+)*)/?=(?P<document>.+)")
_CONTROL, _HEALTH = "/_mock", "/_mock/health"


def documents_of(words: Sequence[str]) -> dict[str, str]:
    """The documents that the words of a command name, by prefix; of a single word without one, the prefix is empty.

    `/pets=petstore.yaml` is a document below `/pets`; the first slash may be left out, since some shells make
    something else of it. A word that is the name of a file is that file.
    Raises MockError for several documents of which one has no prefix or two have the same.
    """
    split = [_split(word) for word in words]
    if len(words) == 1:
        return dict(split)
    found: dict[str, str] = {}
    for prefix, document in split:
        if not prefix:
            raise MockError(f"{document}: of several documents each needs a prefix: /{_name_of(document)}={document}")
        if prefix in found:
            raise MockError(f"{prefix} is the prefix of {found[prefix]} and of {document}; choose another for one")
        found[prefix] = document
    return found


def _split(word: str) -> tuple[str, str]:
    match = _PREFIXED.fullmatch(word)
    if match is None or Path(word).exists():
        return "", word
    return f"/{match['prefix']}", match["document"]


def _name_of(document: str) -> str:
    return re.sub(r"[^\w.~-]+", "-", Path(document).name.partition(".")[0]).strip("-") or "api"


class Several:
    """An ASGI application that leads to others by the prefix of the path.

    The longest one counts. They are asked for the whole path, so that what they tell of places is true, but for
    `/_mock/`, which is theirs. Of `titles` the root tells, in JSON, and `/_mock/health`.
    """

    def __init__(self, apps: Mapping[str, App], titles: Mapping[str, str]) -> None:
        self._apps = dict(sorted(apps.items(), key=lambda item: -len(item[0])))
        self._titles = titles

    async def __call__(self, scope: Scope, receive: Receive, send: Emit) -> None:
        """Serve one connection scope."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        path = _raw_path(scope)
        for prefix, app in self._apps.items():
            if path == prefix or path.startswith((f"{prefix}/", f"{prefix}?")):
                await app(_below(scope, path, prefix), receive, send)
                return
        await self._answer(scope, path, send)

    async def _answer(self, scope: Scope, path: str, send: Emit) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1003})
            return
        request = Request(scope["method"], path)
        await write(send, request, self._own_response(request.method, path))

    def _own_response(self, method: str, path: str) -> Response:
        if path not in ("/", _HEALTH):
            there = ", ".join(f"{prefix} ({self._titles[prefix]})" for prefix in sorted(self._apps))
            return plain_problem(404, f"no document is served at {path[:200]}; there are {there}")
        if method not in ("GET", "HEAD"):
            refused = plain_problem(405, f"{method[:20]} is not one of GET, HEAD")
            return Response(405, refused.headers.replace(allow="GET, HEAD"), refused.body)
        listed = [{"prefix": prefix, "title": self._titles[prefix]} for prefix in sorted(self._apps)]
        body = json.dumps({"status": "ok", "documents": listed}, ensure_ascii=False).encode()
        return Response(200, Headers([("content-type", "application/json")]), body)

    async def _lifespan(self, receive: Receive, send: Emit) -> None:
        await receive()
        async with AsyncExitStack() as stack:
            for app in self._apps.values():
                await stack.enter_async_context(_alive(app))
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


@asynccontextmanager
async def _alive(app: App) -> AsyncIterator[None]:
    """An application within its lifespan."""
    to_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    has_begun = asyncio.Event()

    async def send(_message: dict[str, Any]) -> None:
        has_begun.set()

    task = asyncio.ensure_future(app({"type": "lifespan", "asgi": {"version": "3.0"}}, to_app.get, send))
    to_app.put_nowait({"type": "lifespan.startup"})
    await has_begun.wait()
    try:
        yield
    finally:
        to_app.put_nowait({"type": "lifespan.shutdown"})
        await task


def _raw_path(scope: Scope) -> str:
    raw = scope.get("raw_path")
    path: str = raw.decode("latin-1") if raw else scope["path"]
    return path or "/"


def _below(scope: Scope, path: str, prefix: str) -> Scope:
    """The scope as the application below a prefix is to see it: without the prefix where the mock itself is asked."""
    left = path[len(prefix) :]
    if not left.startswith(_CONTROL):
        return scope
    raw = left.encode("latin-1") if scope.get("raw_path") else None
    return {**scope, "path": unquote(left), "raw_path": raw, "root_path": f"{scope.get('root_path', '')}{prefix}"}
