"""An application as part of a larger one: below a path that the larger one has, and the part need not know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from mockserver.serving.incoming import Receive, Scope

Send: TypeAlias = "Callable[[dict[str, Any]], Awaitable[None]]"
App: TypeAlias = "Callable[[Scope, Receive, Send], Awaitable[None]]"


def mountable(app: App) -> App:
    """The application, to which its `root_path` is no part of a path. Source: ASGI, "HTTP Connection Scope"."""

    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        root = scope.get("root_path", "").rstrip("/")
        await app(below(scope), receive, _leading_below(send, root.encode()) if root else send)

    return mounted


def _leading_below(send: Send, root: bytes) -> Send:
    """Sends answers whose `Location` leads to a path of the whole application."""

    async def emit(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            pairs = [(name, root + text if _is_path(name, text) else text) for name, text in message["headers"]]
            message = {**message, "headers": pairs}
        await send(message)

    return emit


def _is_path(name: bytes, text: bytes) -> bool:
    return name.lower() == b"location" and text.startswith(b"/") and not text.startswith(b"//")


def below(scope: Scope) -> Scope:
    """The scope of a request without its root path. Older frameworks have taken it off the path already."""
    root = scope.get("root_path", "").rstrip("/")
    if not root or not f"{scope['path']}/".startswith(f"{root}/"):
        return scope
    raw = scope.get("raw_path") or b""
    left = raw[len(root) :] if raw.startswith(root.encode()) else None
    return {**scope, "path": scope["path"][len(root) :] or "/", "raw_path": left}
