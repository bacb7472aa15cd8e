"""The text of a big JSON document -> where the pieces lie that are worth reading alone.

A piece is a path item, a component, or another member of the root. Each is parsed once, to find its end
and what is wrong with it, and dropped again: of the paths an outline is kept, which names their operations.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from syncdyn.openapi.opening.parsing import is_deeper, is_json

if TYPE_CHECKING:
    from syncdyn.openapi.messages import Json

#: By name, where a piece begins and ends, in bytes (with a checksum, where it is kept);
#: or the same of what lies below.
Spans: TypeAlias = "dict[str, list[int] | Spans]"

#: Smaller documents are read whole.
LEAST_BYTES = 256 * 1024
#: The members of the root that are taken apart, and how many levels down.
_LEVELS = {"paths": 1, "webhooks": 1, "components": 2}
_OUTLINED = ("paths", "webhooks")
#: Stands in an outlined operation for its extensions that are long, with their names.
LEFT_OUT = " left out"
#: What can be told of all operations without reading them.
_OUTLINED_WORDS = frozenset({"operationId", "tags", "security"})
_LONGEST_EXTENSION = 80
#: A piece of so many levels, with those above it, is within what a document may have.
_SAFE_LEVELS = 490
_CHUNK_BYTES = 1 << 16

_BLANKS = re.compile(r"[ \t\n\r]*")


@dataclass(frozen=True, slots=True)
class Index:
    """Where the pieces of a text lie, and by `paths` and `webhooks` the outline of each path item."""

    spans: Spans
    outlines: dict[str, dict[str, Json]]


def index_of(data: bytes) -> Index | None:
    """The index of a JSON object in UTF-8; None for any other text, and for one with a fault.

    Offsets are those of bytes: the text is scanned as Latin-1, where each byte is a character.
    """
    text = data.decode("latin-1")
    if not is_json(text) or not _is_utf8(data):
        return None
    try:
        return _Scan(text).index()
    except (ValueError, LookupError, RecursionError):
        # Whoever reads the text whole says what is wrong with it, and where.
        return None


class _Scan:
    """One walk over a text. Raises ValueError or LookupError where it is not as it should be."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parse = json.JSONDecoder(parse_constant=_refuse).raw_decode
        self.outlines: dict[str, dict[str, Json]] = {}

    def index(self) -> Index:
        spans, end = self.object((), self.skip(0))
        if end != len(self.text):
            raise ValueError("there is more behind it")
        return Index(spans, self.outlines)

    def object(self, place: tuple[str, ...], at: int) -> tuple[Spans, int]:
        """Where the members lie of the object that begins at an index, and where what follows it begins."""
        spans: Spans = {}
        at = self.skip(at + 1)
        while self.text[at] != "}" or spans:
            name, at = self.name(at)
            spans[name], at = self.value((*place, name), self.after(":", at))
            if self.text[at] == "}":
                break
            at = self.after(",", at)
        return spans, self.skip(at + 1)

    def value(self, place: tuple[str, ...], at: int) -> tuple[list[int] | Spans, int]:
        if len(place) == 1:
            # Of a member that stands there twice, the last one counts.
            self.outlines.pop(place[0], None)
        if self.text[at] == "{" and len(place) <= _LEVELS.get(place[0], 0):
            return self.object(place, at)
        value, end = self.parse(self.text, at)
        if self.has_many_brackets(at, end) and is_deeper(value, _SAFE_LEVELS):
            raise ValueError("nested too deep, perhaps")
        if len(place) == 2 and place[0] in _OUTLINED:
            self.outlines.setdefault(place[0], {})[place[1]] = outline(self.read(at, end, value))
        return [at, end], self.skip(end)

    def name(self, at: int) -> tuple[str, int]:
        name, end = self.parse(self.text, self.expect('"', at))
        return self.read(at, end, name), self.skip(end)

    def read(self, at: int, end: int, value: Json) -> Json:
        """What was parsed from Latin-1, as it reads in UTF-8."""
        piece = self.text[at:end]
        return value if piece.isascii() else json.loads(piece.encode("latin-1"))

    def has_many_brackets(self, at: int, end: int) -> bool:
        return end - at > _SAFE_LEVELS and self.text.count("{", at, end) + self.text.count("[", at, end) > _SAFE_LEVELS

    def after(self, mark: str, at: int) -> int:
        return self.skip(self.expect(mark, at) + 1)

    def expect(self, mark: str, at: int) -> int:
        if self.text[at] != mark:
            raise ValueError(f"no {mark}")
        return at

    def skip(self, at: int) -> int:
        return _BLANKS.match(self.text, at).end()  # type: ignore[union-attr]  # it matches anywhere


def outline(item: Json) -> Json:
    """A path item with what can be told without reading its operations, and its `$ref`.

    Of an operation that is the operationId, tags, security and `x-` members.
    """
    if not isinstance(item, dict):
        return item
    return {name: _outline_of(name, value) for name, value in item.items() if isinstance(value, dict) or name == "$ref"}


def _outline_of(name: str, value: Json) -> Json:
    if not isinstance(value, dict):
        return value
    if name == "additionalOperations":
        return {method: _outline_of("", operation) for method, operation in value.items()}
    kept = {word: stated for word, stated in value.items() if word in _OUTLINED_WORDS or word.startswith("x-")}
    long = [word for word, stated in kept.items() if word not in _OUTLINED_WORDS and _is_long(stated)]
    for word in long:
        del kept[word]
    return {**kept, LEFT_OUT: long} if long else kept


def _is_long(value: Json) -> bool:
    return isinstance(value, dict | list | str) and len(str(value)) > _LONGEST_EXTENSION


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _CHUNK_BYTES):
            decoder.decode(data[start : start + _CHUNK_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
