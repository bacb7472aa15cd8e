"""Files and the JSON Lines in them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from syncdyn.openapi.coding.files import File, Upload
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.records import body_rules, check_records, numbered_lines, stand_in

LINE = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "body": {"properties": {"n": {"type": "integer"}}}},
}
RULES: dict[str, Any] = {
    "x-syncdyn-max-bytes": 100,
    "x-syncdyn-item-schema": "#/components/schemas/Line",
    "x-syncdyn-max-records": 3,
    "x-syncdyn-unique": ["/id", "/body/key"],
}
FORM = {
    "properties": {
        "file": RULES,
        "note": {"type": "string"},
        "small": {"x-syncdyn-max-bytes": 2},
        "least": {"x-syncdyn-min-bytes": 2},
    }
}
CONTRACT = Contract(Document({"openapi": "3.1.0", "components": {"schemas": {"Line": LINE, "Form": FORM}}}))


def lines(*values: Any) -> str:
    return "\n".join(value if isinstance(value, str) else json.dumps(value) for value in values)


def told(content: bytes) -> list[str]:
    return [str(violation) for violation in check_records(CONTRACT, RULES, content)]


def told_of_form(value: Any) -> list[str]:
    shape = CONTRACT.shapes.at("#/components/schemas/Form")
    return [str(violation) for violation in body_rules(CONTRACT, shape, value)]


RECORDS: dict[str, tuple[str, list[str]]] = {
    "right": (lines({"id": "a"}, "", {"id": "b"}, ""), []),
    "carriage returns": ('{"id": "a"}\r\n{"id": "b"}\r\n', []),
    "none": ("\n \n", ["body: no records in it"]),
    "too many": (lines(*({"id": name} for name in "abcd")), ["body: 4 records, more than the maximum, 3"]),
    "not JSON": (
        lines({"id": "a"}, "", '{"id": }'),
        ["body.line 3: not JSON: Expecting value at column 8"],
    ),
    "nested too deep": (
        "[" * 100_000,
        ["body.line 1: not JSON: the JSON is nested deeper than 200 levels"],
    ),
    "byte order mark": (
        "\ufeff" + lines({"id": "a"}),
        ["body.line 1: begins with a byte order mark; save it as UTF-8 without one"],
    ),
    "against the schema": (
        lines({"id": "a"}, {"body": {"n": "5"}}),
        [
            'body.line 2.body.n: expected an integer, found a string "5" (did you mean 5?)',
            "body.line 2.id: missing (required)",
        ],
    ),
    "repeated": (
        lines({"id": "a"}, {"id": "b"}, {"id": "a"}),
        ['body.line 3.id: "a" stands in line 1 already'],
    ),
    "repeated again": (
        lines({"id": "a"}, {"id": "a"}, {"id": "a"}),
        ['body.line 2.id: "a" stands in line 1 already', 'body.line 3.id: "a" stands in line 1 already'],
    ),
    "repeated deep within": (
        lines({"id": "a", "body": {"key": "k"}}, {"id": "b", "body": {"key": "k"}}),
        ['body.line 2.body.key: "k" stands in line 1 already'],
    ),
    "all at once": (
        lines({"id": "a"}, "{", {"id": "a"}),
        [
            "body.line 2: not JSON: Expecting property name enclosed in double quotes at column 2",
            'body.line 3.id: "a" stands in line 1 already',
        ],
    ),
}


@pytest.mark.parametrize("case", RECORDS)
def test_the_faults_of_records_are_told_by_line(case: str) -> None:
    text, faults = RECORDS[case]
    assert told(text.encode()) == faults


#: content -> the lines that are not blank; `\n` alone ends a line, and only what JSON calls blank is.
LINES: dict[str, tuple[bytes, list[tuple[int, bytes]]]] = {
    "blank lines": (b"a\n\n \t\r\nb", [(1, b"a"), (4, b"b")]),
    "a carriage return in a line": (b"a\rb\n", [(1, b"a\rb")]),
    "other spaces": (b"\x0b\n\x0c\n\x1c\n\xc2\x85", [(1, b"\x0b"), (2, b"\x0c"), (3, b"\x1c"), (4, b"\xc2\x85")]),
    "nothing": (b"", []),
}


@pytest.mark.parametrize("case", LINES)
def test_lines_are_parted_and_numbered(case: str) -> None:
    content, expected = LINES[case]
    assert numbered_lines(content) == expected


@pytest.mark.parametrize("space", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\xa0"], ids=ascii)
def test_a_line_of_other_spaces_is_no_json(space: str) -> None:
    assert told(f'{{"id": "a"}}\n{space}\n'.encode())[0].startswith("body.line 2: not JSON")


def test_a_line_that_is_not_utf_8_is_told() -> None:
    assert told(b'{"id": "a"}\n{"id": "caf\xe9"}') == [
        "body.line 2: not UTF-8 (the byte at offset 11); save the file as UTF-8"
    ]


def test_an_empty_file_is_told_where_a_least_size_is_stated() -> None:
    assert told_of_form({"least": File("f", b"")}) == ["body.least: empty file"]
    assert told_of_form({"least": File("f", b"a")}) == ["body.least: 1 bytes, less than the minimum, 2"]
    assert told_of_form({"least": File("f", b"ab")}) == []


def test_the_limits_hold_only_where_they_are_stated() -> None:
    rules = {"x-syncdyn-item-schema": "#/components/schemas/Line"}
    text = lines(*({"id": "a"} for _ in range(10)))
    assert list(check_records(CONTRACT, rules, text.encode())) == []


@pytest.mark.parametrize(
    "content",
    [
        File("f", b'{"id": 5}'),
        File("f", io.BytesIO(b'{"id": 5}')),
        Upload("file", "f", None, b'{"id": 5}'),
        '{"id": 5}',
    ],
    ids=["bytes", "file object", "upload", "text"],
)
def test_the_records_of_a_file_are_checked(content: Any) -> None:
    assert told_of_form({"file": content, "note": "a"}) == [
        'body.file.line 1.id: expected a string, found an integer 5 (did you mean "5"?)'
    ]


def test_a_file_object_is_left_where_it_was() -> None:
    file = File("f", io.BytesIO(b'skipped{"id": "a"}'))
    file.content.seek(7)
    assert told_of_form({"file": file}) == []
    assert file.content.read() == b'{"id": "a"}'


def test_of_a_file_that_is_too_large_the_records_are_not_read() -> None:
    assert told_of_form({"file": File("f", b"x" * 101)}) == ["body.file: 101 bytes, more than the maximum, 100"]


@pytest.mark.parametrize(
    ("content", "faults"), [(b"ab", []), (b"abc", ["body.small: 3 bytes, more than the maximum, 2"])]
)
def test_a_file_may_have_a_limit_alone(content: bytes, faults: list[str]) -> None:
    assert told_of_form({"small": File("f", content)}) == faults


def test_what_is_no_form_has_no_rules() -> None:
    assert told_of_form([File("f", b"x" * 101)]) == []


def test_a_schema_sees_an_empty_text_for_each_file() -> None:
    file = File("f", b"a")
    assert stand_in({"a": file, "b": [file, 1], "c": {"d": 2}}) == {"a": "", "b": ["", 1], "c": {"d": 2}}
    assert stand_in(file) == ""
    assert stand_in(5) == 5


def test_a_record_is_a_part_of_a_request() -> None:
    """What is read-only need not be in it, and what is undeclared may not."""
    closed = {
        "required": ["id"],
        "properties": {"id": {"readOnly": True}},
        "additionalProperties": False,
    }
    contract = Contract(Document({"openapi": "3.1.0", "components": {"schemas": {"Line": closed}}}))
    rules = {"x-syncdyn-item-schema": "#/components/schemas/Line"}
    assert [fault.where for fault in check_records(contract, rules, b'{"a": 1}')] == ["body.line 1.a"]
