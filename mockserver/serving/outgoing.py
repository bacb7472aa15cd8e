"""A response on its way through an ASGI server, in the manner that it is to be sent."""

from __future__ import annotations

import socket
import struct
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, TypeAlias

from mockserver.manners import Ending, Manner
from mockserver.serving.incoming import Receive, until_gone
from syncdyn.openapi.messages import TOKEN, Pairs, Request, Response

Emit: TypeAlias = Callable[[dict[str, Any]], Awaitable[None]]
RawPairs: TypeAlias = "list[tuple[bytes, bytes]]"

_BODILESS = frozenset({204, 304})
# Scripts made for other mocks look for it, though HTTP/1.1 has it so without a word.
KEPT = (b"connection", b"keep-alive")
#: Control characters, of which a field may have a tab alone. Source: RFC 9110, section 5.5.
_CONTROLS = {code: " " for code in (*range(32), 127) if code != 9}
#: Closing resets the connection when nothing may linger.
_NO_LINGER = struct.pack("ii", 1, 0)


class Cut(Exception):
    """The connection is to be broken off, of which only the server has hold."""


async def write(
    send: Emit, request: Request, response: Response, *, is_last: bool = True, is_kept: bool = False
) -> None:
    """Send a response at once and whole; with `is_kept` it says that the connection stays."""
    headers = raw_headers(response, request)
    headers = [*headers, KEPT] if is_kept else headers
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": sent_body(response, request), "more_body": not is_last})


async def write_in_manner(send: Emit, receive: Receive, request: Request, response: Response, manner: Manner) -> None:
    """Send a response late, slowly, in part or not at all. Raises Cut where the connection cannot be broken off."""
    if manner.delay_seconds and await until_gone(receive, manner.delay_seconds):
        return
    if manner.ending is Ending.RESET:
        await break_off(send, receive, is_reset=True)
        return
    await send({"type": "http.response.start", "status": response.status, "headers": raw_headers(response, request)})
    for piece, seconds in manner.pieces(sent_body(response, request)):
        if seconds and await until_gone(receive, seconds):
            return
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    if manner.ending is Ending.WHOLE:
        await send({"type": "http.response.body", "body": b""})
    else:
        await break_off(send, receive, is_reset=False)


async def break_off(send: Emit, receive: Receive, *, is_reset: bool) -> None:
    """End the connection in the middle of a response. Raises Cut where that cannot be done from here."""
    # ASGI has no word for it; uvicorn's `send` is a method of what holds the transport.
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise Cut
    if is_reset:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        transport.abort()
    else:
        transport.close()
    await until_gone(receive)


def sent_body(response: Response, request: Request) -> bytes:
    """What is sent of the body."""
    return b"" if request.method == "HEAD" or response.status in _BODILESS else response.body


def raw_headers(response: Response, request: Request) -> RawPairs:
    """The header fields as bytes, with the length of the body that is, or for HEAD would be, sent."""
    return raw_pairs(response.headers.pairs, length_told(response, request))


def length_told(response: Response, request: Request) -> str | None:
    """What `Content-Length` says, where it may stand at all. Source: RFC 9110, section 8.6."""
    if response.status in _BODILESS or response.status < 200:
        return None
    length = str(len(response.body))
    if request.method == "HEAD" and not response.body:
        length = response.headers.get("content-length", length)
    return length


@lru_cache(maxsize=1024)
def raw_pairs(pairs: Pairs, length: str | None) -> RawPairs:
    """Header fields as bytes, but for those with a name that is none; those about the length are ours alone."""
    # Most answers of an operation have the same fields; servers only read the list.
    raw = [
        (_latin(name).lower(), _latin(value))
        for name, value in pairs
        if name.lower() not in ("content-length", "transfer-encoding") and TOKEN.fullmatch(name)
    ]
    return raw if length is None else [*raw, (b"content-length", _latin(length))]


def _latin(text: str) -> bytes:
    # A line break in a field would begin another one: RFC 9112, section 2.2.
    return text.translate(_CONTROLS).encode("latin-1", "replace")
