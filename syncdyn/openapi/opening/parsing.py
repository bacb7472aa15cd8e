"""The bytes of a source -> the value in them: how they are encoded, JSON or YAML, how deep."""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, NoReturn

from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.opening.foreign import foreign_text
from syncdyn.openapi.opening.places import fault_after, fault_at
from syncdyn.openapi.opening.yaml_text import MAX_DEPTH, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from syncdyn.openapi.messages import Json

#: The longer marks first: that of UTF-32-LE begins with that of UTF-16-LE.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: An object as JSON writes it; `{openapi: 3.1.0}` is YAML.
_JSON_OBJECT = re.compile(r'\s*\{\s*["}]')


def decode(data: bytes, label: str) -> str:
    """The text of bytes in UTF-8, or in the encoding that a byte order mark names.

    Raises DocumentError for bytes in another encoding, and where there is no text.
    """
    mark, encoding = next((known for known in _BYTE_ORDER_MARKS if data.startswith(known[0])), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        before = data[len(mark) : len(mark) + error.start].decode(encoding, "replace")
        raise DocumentError(
            f"{label}, line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}: "
            f"these bytes are not {encoding.upper()} text; save the file as UTF-8"
        ) from None
    if not text.strip():
        raise DocumentError(f"{label}: empty")
    return text


def is_json(text: str) -> bool:
    """Whether a text is read as JSON; any other is YAML."""
    return _JSON_OBJECT.match(text) is not None


def parse(text: str, label: str) -> Json:
    """The value in a text of JSON or YAML.

    Raises DocumentError, with line and column, for faults of syntax; also for what is nested
    deeper than 500 levels and for YAML without a value.
    """
    if is_json(text):
        return _parse_json(text, label)
    foreign = foreign_text(text)
    if foreign is not None:
        raise DocumentError(f"{label}: {foreign}")
    value = read_yaml(text, label)
    if value is None:
        raise DocumentError(f"{label}: empty")
    return value


def check_depth(value: Json, label: str) -> None:
    """Raises DocumentError for a value nested deeper than 500 levels."""
    if is_deeper(value, MAX_DEPTH):
        raise _too_deep(label)


def is_deeper(value: Json, levels: int) -> bool:
    """Whether arrays and objects are nested in a value deeper than so many levels."""
    level: Iterable[Json] = [value] if isinstance(value, dict | list) else []
    for _ in range(levels):
        # By identity: what is shared is walked once on each level, however often it is named there.
        level = {
            id(inner): inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        }.values()
        if not level:
            return False
    return bool(level)


def _parse_json(text: str, label: str) -> Json:
    def refuse(constant: str) -> NoReturn:
        raise DocumentError(f"{label}: {constant} is not JSON; a number there, or null")

    try:
        value = json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(text.rstrip()) or (
            error.msg.startswith("Unterminated") and "\n" not in text[error.pos :].rstrip()
        )
        problem = "the text ends in the middle of it; was it cut off?" if is_cut else error.msg
        raise fault_at(label, text, error.lineno, error.colno, problem) from None
    except RecursionError:
        raise _too_deep(label) from None
    except ValueError:
        raise _too_many_digits(text, label) from None
    check_depth(value, label)
    return value


def _too_deep(label: str) -> DocumentError:
    return DocumentError(f"{label}: nested deeper than {MAX_DEPTH} levels")


def _too_many_digits(text: str, label: str) -> DocumentError:
    found = re.search(r"[0-9]{4001}", text)
    return fault_after(label, text, found.start() if found else 0, "a number of more than 4000 digits")
