"""Server-sent events <-> the bytes of a `text/event-stream`.

Source: WHATWG HTML, section 9.2, "Server-sent events".
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from syncdyn.openapi.coding.json_text import encode_json
from syncdyn.openapi.coding.lines import MAX_LINE_BYTES, TextLines
from syncdyn.openapi.coding.malformed import BodyTooLarge

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json


@dataclass(frozen=True, slots=True)
class Event:
    """A server-sent event. `event` is its type, `retry` milliseconds; what it does not state is None.

    `data` is what its JSON says, as any result, where it is JSON, else its text. `id` is the last one stated.
    """

    data: Json
    event: str | None = None
    id: str | None = None
    retry: int | None = None

    def __getattr__(self, name: str) -> NoReturn:
        inside = "" if name.startswith("_") or not hasattr(self.data, name) else f"; its data has: .data.{name}"
        raise AttributeError(f"an Event has no {name!r}{inside}", name=name, obj=self)


class EventReader:
    """Reads events, their data as text, from the pieces of a stream.

    Comments and events without data count for nothing, and an event that the end cuts off is dropped. An event
    whose data is longer than the bound is refused: BodyTooLarge.
    """

    def __init__(self, most_bytes: int = MAX_LINE_BYTES) -> None:
        self._lines = TextLines(most_bytes=most_bytes)
        self._most_bytes = most_bytes
        self._is_first = True
        self._last_id: str | None = None
        self._begin()

    def feed(self, chunk: bytes) -> list[Event]:
        """The events that the chunk completes."""
        found = (self._take(line) for line in self._lines.feed(chunk))
        return [event for event in found if event is not None]

    def end(self) -> list[Event]:
        """Nothing: without the blank line after it an event is not whole."""
        return []

    def _begin(self) -> None:
        self._data: list[str] = []
        self._size = 0
        self._event: str | None = None
        self._retry: int | None = None

    def _take(self, line: bytes) -> Event | None:
        if self._is_first:
            self._is_first = False
            line = line.removeprefix(BOM_UTF8)
        if not line:
            return self._dispatch()
        name, _, value = line.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._add(value)
        elif name == "event":
            self._event = value
        elif name == "id" and "\0" not in value:
            self._last_id = value or None
        elif name == "retry" and value.isascii() and value.isdigit() and len(value) < 10:
            self._retry = int(value)
        return None

    def _add(self, text: str) -> None:
        self._size += len(text)
        if self._size > self._most_bytes:
            raise BodyTooLarge(f"the data of an event is longer than {self._most_bytes:,} bytes")
        self._data.append(text)

    def _dispatch(self) -> Event | None:
        has_data = bool(self._data)
        event = Event("\n".join(self._data), self._event or None, self._last_id, self._retry)
        self._begin()
        return event if has_data else None


def read_events(body: bytes) -> list[Event]:
    """The events of a whole stream, their data as text."""
    return EventReader().feed(body)


def encode_events(events: Iterable[Event]) -> bytes:
    """The stream of some events; data that is no text is written as JSON.

    Raises ValueError for a type or an id with a line end in it.
    """
    return "".join(map(_written, events)).encode()


def _written(event: Event) -> str:
    text = event.data if isinstance(event.data, str) else encode_json(event.data)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    fields = [("event", event.event), ("id", event.id), ("retry", event.retry)]
    stated = [f"{name}: {_one_line(name, str(value))}\n" for name, value in fields if value is not None]
    return "".join([*stated, *(f"data: {line}\n" for line in lines), "\n"])


def _one_line(name: str, text: str) -> str:
    if set(text) & set("\r\n\0"):
        raise ValueError(f"the {name} of an event cannot hold a line end: {text[:40]!r}")
    return text
