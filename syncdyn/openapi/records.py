"""Rules for what stands inside files: their size, and JSON Lines of which each is a value of its own.

They are told by extensions on the property: `x-syncdyn-max-bytes`, `x-syncdyn-item-schema` (a pointer to
the schema of a line), `x-syncdyn-max-records`, `x-syncdyn-unique` (pointers to members that may not repeat).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import read_pointer, steps_of
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.files import is_file, read_content, size_of
from syncdyn.openapi.json_text import decode_json
from syncdyn.openapi.malformed import MalformedBody
from syncdyn.openapi.messages import Json
from syncdyn.openapi.normalise import Direction
from syncdyn.openapi.shapes import Shape
from syncdyn.openapi.wording import show


class Line(int):
    """A step of a path: the line of a text, counted from 1."""

    def __str__(self) -> str:
        return f"line {int(self)}"


def stand_in(value: Json) -> Json:
    """The value with an empty text for each file, which is how a schema sees one."""
    if not isinstance(value, Mapping):
        return "" if is_file(value) else value
    return {name: _stand_in(entry) for name, entry in value.items()}


def _stand_in(entry: Json) -> Json:
    if isinstance(entry, list):
        return ["" if is_file(item) else item for item in entry]
    return "" if is_file(entry) else entry


def body_rules(contract: Contract, shape: Shape, value: Json) -> Iterator[Violation]:
    """The violations of the rules for files and records in the value of a multipart form."""
    if not isinstance(value, Mapping):
        return
    for wire, entry in shape.all_fields.items():
        rules = entry.shape.schema
        if wire in value and any(name.startswith("x-syncdyn-") for name in rules):
            yield from _file_rules(contract, rules, wire, value[wire])


def _file_rules(contract: Contract, rules: Mapping[str, Json], wire: str, content: Json) -> Iterator[Violation]:
    most = rules.get("x-syncdyn-max-bytes")
    size = size_of(content)
    if isinstance(most, int) and size is not None and size > most:
        yield Violation("body", (wire,), f"{size:,} bytes, more than the maximum, {most:,}", "maxBytes", size, most)
        return
    if "x-syncdyn-item-schema" in rules:
        yield from check_records(contract, rules, _text_of(content), (wire,))


def _text_of(value: Json) -> str:
    """The text of a file, left as it stood."""
    if not is_file(value):
        return str(value)
    if isinstance(value.content, bytes):
        return value.content.decode("utf-8", "replace")
    here = value.content.tell()
    content = read_content(value.content)
    value.content.seek(here)
    return content.decode("utf-8", "replace")


def check_records(
    contract: Contract, rules: Mapping[str, Json], text: str, path: tuple[str | int, ...] = ()
) -> Iterator[Violation]:
    """The violations in JSON Lines, each with the number of its line."""
    if text.startswith("\ufeff"):
        message = "begins with a byte order mark; save it as UTF-8 without one"
        yield Violation("body", (*path, Line(1)), message, "malformed")
    lines = [(Line(number), line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    most = rules.get("x-syncdyn-max-records")
    if isinstance(most, int) and len(lines) > most:
        message = f"{len(lines):,} records, more than the maximum, {most:,}"
        yield Violation("body", path, message, "maxRecords", len(lines), most)
    if not lines:
        yield Violation("body", path, "no records in it", "minRecords", 0)
    records: list[tuple[Line, Json]] = []
    for number, line in lines:
        try:
            record = decode_json(line)
        except MalformedBody as error:
            message = f"not JSON: {str(error).removeprefix('the body is not JSON: ').replace('line 1 ', '')}"
            yield Violation("body", (*path, number), message, "malformed", line[:80])
            continue
        records.append((number, record))
        found = contract.schemas.violations(rules["x-syncdyn-item-schema"], record, Direction.REQUEST, "body")
        yield from (replace(violation, path=(*path, number, *violation.path)) for violation in found)
    yield from _repeated(rules, records, path)


def _repeated(
    rules: Mapping[str, Json], records: list[tuple[Line, Json]], path: tuple[str | int, ...]
) -> Iterator[Violation]:
    for pointer in rules.get("x-syncdyn-unique", ()):
        first: dict[str, Line] = {}
        for number, record in records:
            value = read_pointer(record, pointer)
            if not isinstance(value, str):
                continue
            if value in first:
                message = f"{show(value)} stands in {first[value]} already"
                yield Violation("body", (*path, number, *steps_of("#" + pointer)), message, "unique", value)
            first.setdefault(value, number)
