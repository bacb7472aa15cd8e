"""Rules for what stands inside files: their size, and JSON Lines of which each is a value of its own.

They are told by extensions on the property: `x-syncdyn-min-bytes`, `x-syncdyn-max-bytes`,
`x-syncdyn-item-schema` (a pointer to the schema of a line), `x-syncdyn-max-records`, `x-syncdyn-unique`
(pointers to members that may not repeat).
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import replace

from syncdyn.openapi.coding.files import is_file, read_content, size_of
from syncdyn.openapi.coding.json_text import decode_json
from syncdyn.openapi.coding.malformed import MalformedBody
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import read_pointer, steps_of
from syncdyn.openapi.errors import Violation
from syncdyn.openapi.messages import Json
from syncdyn.openapi.operations import MediaType
from syncdyn.openapi.schemas.normalise import Direction
from syncdyn.openapi.schemas.shapes import Shape
from syncdyn.openapi.schemas.wording import show


class Line(int):
    """A step of a path: the line of a text, counted from 1."""

    def __str__(self) -> str:
        return f"line {int(self)}"


def stand_in(value: Json) -> Json:
    """The value with an empty text for each file, which is how a schema sees one."""
    if not isinstance(value, Mapping):
        return _stand_in(value)
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
    least = rules.get("x-syncdyn-min-bytes")
    if isinstance(least, int) and size is not None and size < least:
        told = "empty file" if size == 0 else f"{size:,} bytes, less than the minimum, {least:,}"
        yield Violation("body", (wire,), told, "minBytes", size, least)
        return
    if "x-syncdyn-item-schema" in rules:
        yield from check_records(contract, rules, _bytes_of(content), (wire,))


def part_header_rules(media_type: MediaType, value: Json) -> Iterator[Violation]:
    """The violations of the rules for the header fields of parts: those that a part must have, and has not."""
    for wire, encoding in media_type.encoding.items():
        required = tuple(header.name for header in encoding.headers if header.is_required)
        if required and isinstance(value, Mapping) and wire in value:
            for part in value[wire] if isinstance(value[wire], list) else (value[wire],):
                yield from _lacking(wire, required, part)


def _lacking(wire: str, required: tuple[str, ...], part: Json) -> Iterator[Violation]:
    own = {name.lower() for name, _ in part.headers} if is_file(part) else set()
    for name in required:
        if name.lower() not in own:
            message = f"its part lacks the header field {name}: give a File with headers"
            yield Violation("body", (wire,), message, "required")


def _bytes_of(value: Json) -> bytes:
    """The content of a file, left as it stood."""
    if not is_file(value):
        return str(value).encode("utf-8", "surrogatepass")
    if isinstance(value.content, bytes):
        return value.content
    here = value.content.tell()
    content = read_content(value.content)
    value.content.seek(here)
    return content


def numbered_lines(content: bytes) -> list[tuple[Line, bytes]]:
    """The lines of JSON Lines that are not blank, with their numbers. Source: jsonlines.org, RFC 8259 (blanks)."""
    return [(Line(number), line) for number, line in enumerate(content.split(b"\n"), 1) if line.strip(b" \t\r")]


def check_records(
    contract: Contract, rules: Mapping[str, Json], content: bytes, path: tuple[str | int, ...] = ()
) -> Iterator[Violation]:
    """The violations in JSON Lines, each with the number of its line."""
    if content.startswith(BOM_UTF8):
        message = "begins with a byte order mark; save it as UTF-8 without one"
        yield Violation("body", (*path, Line(1)), message, "malformed")
    lines = numbered_lines(content)
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
            yield Violation(
                "body", (*path, number), _fault_of(line, error), "malformed", line[:80].decode("utf-8", "replace")
            )
            continue
        records.append((number, record))
        found = contract.schemas.violations(rules["x-syncdyn-item-schema"], record, Direction.REQUEST, "body")
        yield from (replace(violation, path=(*path, number, *violation.path)) for violation in found)
    yield from _repeated(rules, records, path)


def _fault_of(line: bytes, error: MalformedBody) -> str:
    try:
        line.decode()
    except UnicodeDecodeError as wrong:
        return f"not UTF-8 (the byte at offset {wrong.start}); save the file as UTF-8"
    return f"not JSON: {str(error).removeprefix('the body is not JSON: ').replace('line 1 ', '')}"


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
