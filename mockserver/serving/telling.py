"""Lines for standard output that never keep a request waiting: a queue, and one thread that writes."""

from __future__ import annotations

import json
import os
import queue
import re
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from mockserver.journal import Exchange
    from syncdyn.openapi.messages import Response

_MOST_VIOLATIONS, _MOST_CHARACTERS = 20, 300
_CLOSE_SECONDS = 0.5
#: What would move a terminal's cursor or begin another line.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

#: Writes one text with its line ends; raises OSError when nobody can read it any more.
Write: TypeAlias = Callable[[str], None]


def lines_of(exchange: Exchange) -> str:
    """One line for a request, and its violations below, indented."""
    request, milliseconds = exchange.request, exchange.seconds * 1000
    first = f"{request.method} {_path(request.url)} {exchange.response.status} {milliseconds:.1f} ms"
    told = [first, *(f"    {violation}" for violation in exchange.violations[:_MOST_VIOLATIONS])]
    if len(told) == 1 and (reason := _reason(exchange.response)):
        told.append(f"    {reason}")
    return "".join(f"{printable(line)}\n" for line in told)


def _reason(response: Response) -> str:
    """What a problem says of itself. Source: RFC 9457, section 3.1.4."""
    if response.status < 400 or response.content_type != "application/problem+json":
        return ""
    try:
        detail = json.loads(response.body)["detail"]
    except (ValueError, LookupError, TypeError):
        return ""
    return detail[:_MOST_CHARACTERS] if isinstance(detail, str) else ""


def printable(text: str) -> str:
    """The text with its control characters as escapes."""
    return _CONTROLS.sub(lambda found: repr(found.group())[1:-1], text)


def write_out(text: str) -> None:
    """Write to standard output past Python's buffer, whose lock a thread that hangs would hold for ever."""
    try:
        number = sys.stdout.fileno()
    except (AttributeError, OSError, ValueError):  # a stand-in for a file, or none at all
        print(text, end="", flush=True)
        return
    raw = text.encode(sys.stdout.encoding or "utf-8", "backslashreplace")
    while raw:
        raw = raw[os.write(number, raw) :]


class Teller:
    """Prints what it is told of in a thread of its own.

    When nobody reads, what does not fit into the queue is dropped and its number told later. When the reader
    is gone, nothing is printed any more.
    """

    def __init__(self, write: Write = write_out, size: int = 1000) -> None:
        self._write = write
        self._queue: queue.Queue[str | None] = queue.Queue(size)
        self._dropped = 0
        self._is_on = True
        self._thread = threading.Thread(target=self._run, name="mockserver-teller", daemon=True)
        self._thread.start()

    def __call__(self, exchange: Exchange) -> None:
        """Have an exchange printed; returns at once."""
        if self._is_on:
            self.say(lines_of(exchange))

    def say(self, text: str) -> None:
        """Have a text printed; returns at once."""
        try:
            self._queue.put_nowait(text)
        except queue.Full:
            self._dropped += 1

    def close(self) -> None:
        """Print what is left, as far as it takes no time to speak of."""
        try:
            self._queue.put(None, timeout=_CLOSE_SECONDS)
        except queue.Full:
            return
        self._thread.join(_CLOSE_SECONDS)

    def _run(self) -> None:
        try:
            while (text := self._queue.get()) is not None:
                self._write(text)
                if self._queue.empty():
                    self._tell_dropped()
            self._tell_dropped()
        except OSError:
            self._is_on = False

    def _tell_dropped(self) -> None:
        if self._dropped:
            number, self._dropped = self._dropped, 0
            self._write(f"({number} requests are not shown, since nobody read the lines)\n")


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return url
