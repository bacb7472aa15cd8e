"""The bytes of a `multipart/form-data` body -> its parts, within limits; python-multipart parses.

Source: RFC 7578; RFC 2046, section 5.1.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from syncdyn.openapi.coding.malformed import BodyTooLarge, MalformedBody
from syncdyn.openapi.messages import Headers, Pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from syncdyn.openapi.coding.malformed import Limits

# Its warnings of malformed bodies are told to who sent them; nobody who set up no logging wants them on stderr, too.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())

# What browsers and HTTP libraries escape in names, and nothing else: WHATWG HTML, "multipart/form-data".
_ESCAPES = (("%22", '"'), ("%0D", "\r"), ("%0A", "\n"))


@dataclass(frozen=True, slots=True)
class ReadPart:
    """A part as it came."""

    name: str
    content: bytes = field(repr=False)
    file_name: str | None = None
    content_type: str | None = None
    headers: Pairs = ()


def read_parts(content_type: str, body: bytes, limits: Limits, *, has_names: bool = True) -> list[ReadPart]:
    """The parts of a body in order; where they have no names, these are their numbers, from 1.

    Raises MalformedBody also for a missing boundary or end, BodyTooLarge naming the part and the limit.
    """
    from python_multipart import MultipartParser
    from python_multipart.exceptions import FormParserError

    boundary = parameter_of(content_type, "boundary")
    if not boundary:
        raise MalformedBody("the Content-Type names no boundary")
    reader = _Reader(limits, has_names)
    try:
        parser = MultipartParser(boundary.encode("latin-1"), reader.callbacks())  # type: ignore[arg-type]
        parser.write(body)
    except MalformedBody:
        raise
    except (FormParserError, UnicodeError) as error:
        raise MalformedBody(f"the multipart body cannot be read: {error}") from None
    if not reader.is_ended:
        raise MalformedBody("the multipart body ends before its closing boundary")
    return reader.parts


def parameter_of(header: str, name: str) -> str | None:
    """A parameter of a header such as Content-Type, or None."""
    from python_multipart.multipart import parse_options_header

    try:
        found = parse_options_header(header)[1].get(name.encode())
    except UnicodeEncodeError:
        return None
    return found.decode("latin-1") if found is not None else None


class _Reader:
    """What the parser tells, gathered into parts."""

    def __init__(self, limits: Limits, has_names: bool) -> None:
        self.limits = limits
        self.has_names = has_names
        self.parts: list[ReadPart] = []
        self.is_ended = False
        self._begin()

    def callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def _begin(self) -> None:
        if len(self.parts) >= self.limits.max_parts:
            raise BodyTooLarge(f"the body has more than {self.limits.max_parts} parts (max_parts)")
        self._fields: list[tuple[str, str]] = []
        self._field = self._value = b""
        self._name = ""
        self._file_name: str | None = None
        self._content = bytearray()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._fields.append((self._field.decode("latin-1"), self._value.decode("latin-1").strip()))
        self._field = self._value = b""

    def _headers_finished(self) -> None:
        disposition = Headers(self._fields).get("content-disposition", "")
        name = parameter_of(disposition, "name") if self.has_names else str(len(self.parts) + 1)
        if name is None:
            raise MalformedBody(f"part {len(self.parts) + 1} has no name in its Content-Disposition")
        file_name = parameter_of(disposition, "filename")
        self._name = _unescaped(name)
        self._file_name = None if file_name is None else _unescaped(file_name)

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]
        is_field = self._file_name is None
        which = "max_field_bytes" if is_field else "max_file_bytes"
        most = self.limits.max_field_bytes if is_field else self.limits.max_file_bytes
        if len(self._content) > most:
            raise BodyTooLarge(f"part {self._name!r} is larger than {most} bytes ({which})")

    def _end(self) -> None:
        kept = tuple(pair for pair in self._fields if pair[0].lower() != "content-disposition")
        content_type = Headers(self._fields).get("content-type")
        self.parts.append(ReadPart(self._name, bytes(self._content), self._file_name, content_type, kept))

    def _finish(self) -> None:
        self.is_ended = True


def _unescaped(text: str) -> str:
    text = text.encode("latin-1").decode(errors="replace")
    for escaped, plain in _ESCAPES:
        text = text.replace(escaped, plain)
    return text
