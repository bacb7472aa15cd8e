"""Bodies written and read back, by media type; and bodies that are not what they say."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn.openapi.coding import media
from syncdyn.openapi.coding.files import File, Upload, as_file, read_content, replayable, size_of
from syncdyn.openapi.document import Document
from syncdyn.openapi.messages import Part
from syncdyn.openapi.operations import Encoding, MediaType
from syncdyn.openapi.schemas.shapes import Shape, Shapes

if TYPE_CHECKING:
    from pathlib import Path

JSON = MediaType("application/json")
LINES = MediaType("application/jsonl")
FORM = MediaType("application/x-www-form-urlencoded")
MULTIPART = MediaType("multipart/form-data")
BOUNDARY = "multipart/form-data; boundary=x"

TEXT = st.text(st.characters(codec="utf-8"))
LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUE = st.recursive(LEAF, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=20)

PET: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer"},
        "weight": {"type": "number"},
        "is_tame": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "integer"}},
        "owner": {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}},
    },
}
PETS = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXT,
        "age": st.integers(),
        "weight": st.floats(allow_nan=False, allow_infinity=False),
        "is_tame": st.booleans(),
        "tags": st.lists(st.integers()),
        "owner": st.fixed_dictionaries({"name": TEXT, "age": st.integers()}),
    },
)


def shape_of(schema: dict[str, Any]) -> Shape:
    root = {"openapi": "3.1.0", "components": {"schemas": {"It": schema}}}
    return Shapes(Document(root)).at("#/components/schemas/It")


def through(kind: MediaType, schema: dict[str, Any] | None, value: Any) -> Any:
    shape = shape_of(schema) if schema else None
    body, content_type = media.encode_body(kind, shape, value)
    if isinstance(body, tuple):
        content_type, body = rendered(body)
    return media.decode_body(kind, shape, content_type or "", body)


def rendered(parts: tuple[Part, ...]) -> tuple[str, bytes]:
    """The parts as an HTTP library writes them."""
    files = [(part.name, (part.file_name, part.content, part.content_type, dict(part.headers))) for part in parts]
    request = httpx.Request("POST", "http://test/", files=files)
    return request.headers.get("content-type", BOUNDARY), request.read() or b"--x--\r\n"


@given(value=VALUE)
def test_json_comes_back(value: Any) -> None:
    assert through(JSON, None, value) == value


@given(values=st.lists(VALUE))
def test_json_lines_come_back(values: list[Any]) -> None:
    assert through(LINES, None, values) == values


@given(pet=PETS)
def test_a_form_comes_back(pet: dict[str, Any]) -> None:
    assert through(FORM, PET, pet) == pet


@given(pet=PETS)
def test_a_multipart_body_comes_back(pet: dict[str, Any]) -> None:
    assert through(MULTIPART, PET, pet) == pet


@given(pet=PETS)
def test_a_form_in_brackets_comes_back(pet: dict[str, Any]) -> None:
    deep = Encoding(style="deepObject", explode=True)
    kind = MediaType(FORM.name, encoding={"owner": deep, "tags": deep})
    assert through(kind, PET, pet) == pet


@given(content=st.binary())
def test_a_file_comes_back_byte_for_byte(content: bytes) -> None:
    schema = {"properties": {"photo": {"type": "string", "format": "binary"}}}
    found = through(MULTIPART, schema, {"photo": ('a "b".png', content)})
    assert found == {"photo": Upload("photo", 'a "b".png', "image/png", content, (("Content-Type", "image/png"),))}


BROKEN_JSON = {
    "empty": b" ",
    "cut": b'{"a": ',
    "deep": b"[" * 10_000,
    "deep-and-closed": b"[" * 10_000 + b"]" * 10_000,
    "deep-objects": b'{"a":' * 300 + b"1" + b"}" * 300,
    "digits": b"9" * 100_000,
    "range": b"1e999",
    "not-utf-8": b'"\xff"',
    "nan": b"[NaN]",
    "half-a-pair": rb'"\ud800"',
}


@pytest.mark.parametrize("body", BROKEN_JSON.values(), ids=BROKEN_JSON)
def test_broken_json_is_malformed_and_no_crash(body: bytes) -> None:
    with pytest.raises(media.MalformedBody):
        media.decode_body(JSON, None, "application/json", body)


def test_brackets_in_strings_are_no_nesting() -> None:
    body = b'["' + b'[\\"' * 10_000 + b'"]'
    assert media.decode_body(JSON, None, "application/json", body) == ['["' * 10_000]


def test_a_broken_line_is_named() -> None:
    with pytest.raises(media.MalformedBody, match="line 3"):
        media.decode_body(LINES, None, "application/jsonl", b'{"a":1}\n\n{"a"\n')


CIRCLE: list[Any] = []
CIRCLE.append(CIRCLE)


@pytest.mark.parametrize("value", [float("nan"), CIRCLE, {1j: 2}, "\ud800"], ids=["nan", "circle", "complex", "half"])
def test_what_json_cannot_say_is_a_value_error(value: Any) -> None:
    with pytest.raises(ValueError, match=r"JSON|UTF-8"):
        media.encode_body(JSON, None, value)


@pytest.mark.parametrize(
    ("name", "is_json", "is_lines"),
    [
        ("application/json", True, False),
        ("Application/SCIM+JSON; charset=utf-8", True, False),
        ("text/json", True, False),
        ("application/jsonl", False, True),
        ("application/x-ndjson", False, True),
        ("application/json-seq", False, False),
    ],
)
def test_the_kinds_of_json(name: str, is_json: bool, is_lines: bool) -> None:
    kind = media.essence(name)
    assert (media.is_json(kind), media.is_json_lines(kind)) == (is_json, is_lines)


def test_the_most_specific_media_type_is_meant() -> None:
    content = [MediaType(name) for name in ("*/*", "image/*", "image/png", "video/*, audio/*")]
    wanted = {"image/png; q=1": 2, "image/gif": 1, "audio/mp3": 3, "text/plain": 0}
    for content_type, index in wanted.items():
        assert media.best_match(content, content_type) is content[index]
    assert media.best_match(content[1:], "text/plain") is None


@pytest.mark.parametrize(
    ("content_type", "index"),
    [
        ("application/json", 0),
        ("Application/JSON;Version=2", 2),
        ('application/json; charset=utf-8; version="1"', 1),
        ("application/json; version=3", 0),
        ("text/html;q=1", 4),
        ("text/plain; charset=latin-1", 3),
    ],
)
def test_parameters_tell_media_types_of_one_name_apart(content_type: str, index: int) -> None:
    """ASP.NET writes the versions of an API so."""
    names = ("application/json", "application/json; version=1", "application/json; version=2", "text/plain", "text/*")
    content = [MediaType(name) for name in names]
    assert media.best_match(content, content_type) is content[index]


def parts_of(value: Any, encoding: dict[str, Encoding], schema: dict[str, Any]) -> tuple[Part, ...]:
    parts, content_type = media.encode_body(MediaType(MULTIPART.name, encoding=encoding), shape_of(schema), value)
    assert content_type is None
    assert isinstance(parts, tuple)
    return parts


def test_multipart_defaults_go_by_the_type() -> None:
    photos = {"type": "array", "items": {"format": "binary"}}
    schema = {"properties": {**PET["properties"], "photos": photos}}
    value = {"name": "Rex", "tags": [1, 2], "owner": {"age": 3}, "photos": [b"1", ("b.png", b"2")]}
    assert parts_of(value, {}, schema) == (
        Part("name", b"Rex"),
        Part("tags", b"1"),
        Part("tags", b"2"),
        Part("owner", b'{"age":3}', content_type="application/json"),
        Part("photos", b"1", "photos", "application/octet-stream"),
        Part("photos", b"2", "b.png", "image/png"),
    )


def test_a_property_encoded_as_json_takes_json_text_too() -> None:
    schema = {"properties": {"input": {"type": "array", "items": {"type": "object"}}}}
    encoding = {"input": Encoding("application/json")}
    expected = (Part("input", b'[{"a":1}]', content_type="application/json"),)
    assert parts_of({"input": [{"a": 1}]}, encoding, schema) == expected
    assert parts_of({"input": '[{"a":1}]'}, encoding, schema) == expected


def test_a_list_becomes_a_file_of_json_lines() -> None:
    encoding = {"input": Encoding("application/jsonl")}
    schema = {"properties": {"input": {"type": "string", "format": "binary"}}}
    (part,) = parts_of({"input": [{"a": 1}, {"a": 2}]}, encoding, schema)
    assert part == Part("input", b'{"a":1}\n{"a":2}\n', "input.jsonl", "application/jsonl")


@pytest.mark.parametrize(
    ("given", "allowed", "expected"),
    [
        (File("a.png", b"", "image/x"), "image/*", "image/x"),
        (("a.png", b""), "image/*", "image/png"),
        (("a.png", b""), "video/mp4, audio/*", "video/mp4"),
        (b"", "video/*, audio/mpeg", "audio/mpeg"),
        (b"", "video/*", "application/octet-stream"),
    ],
    ids=["given", "guessed", "guess-not-allowed", "first-concrete", "nothing-concrete"],
)
def test_the_content_type_of_a_file(given: Any, allowed: str, expected: str) -> None:
    (part,) = parts_of({"it": given}, {"it": Encoding(allowed)}, {"properties": {"it": {}}})
    assert part.content_type == expected


def test_files_come_in_many_forms(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"it")
    with path.open("rb") as opened:
        assert as_file(opened) == File("a.bin", opened)
    assert as_file(bytearray(b"it")) == File(None, b"it")
    named = as_file(("b", path, "x/y", {"X": "1"}))
    assert (named.name, named.content_type, named.headers) == ("b", "x/y", (("X", "1"),))
    assert read_content(named.content) == b"it"


def test_a_path_is_read_again_for_each_attempt_and_held_open_for_none(tmp_path: Path) -> None:
    """Its size is told without reading it; what stands there when it is sent is sent."""
    path = tmp_path / "a.bin"
    path.write_bytes(b"0123456789")
    content = as_file(path).content
    assert size_of(as_file(path)) == 10
    assert content.read(4) == b"0123"
    assert (content.read(), content.tell()) == (b"456789", 10)
    content.seek(0)
    path.unlink()
    path.write_bytes(b"anew")
    assert content.read() == b"anew"


@pytest.mark.parametrize("value", ["a.png", io.StringIO("a"), 5], ids=["str", "text-mode", "number"])
def test_what_is_no_file_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match=r"bytes|rb"):
        as_file(value)


def test_a_file_can_be_sent_again_from_where_it_stood() -> None:
    class Pipe:
        def read(self) -> bytes:
            return b"once"

    assert replayable(as_file(Pipe())).content == b"once"
    opened = io.BytesIO(b"12345")
    opened.seek(2)
    again = replayable(as_file(opened)).content
    assert [again.read(), again.seek(0), again.read()] == [b"345", 0, b"345"]
    opened.seek(2)
    assert size_of(as_file(opened)) == 3


def part(headers: str, content: str = "1") -> bytes:
    return f"--x\r\n{headers}\r\n\r\n{content}\r\n--x--\r\n".encode()


def test_a_file_needs_no_content_type() -> None:
    body = part('Content-Disposition: form-data; name="a"; filename="f.mp4"')
    assert media.decode_body(MULTIPART, None, BOUNDARY, body) == {"a": Upload("a", "f.mp4", None, b"1")}


def test_a_file_input_left_empty_is_no_part() -> None:
    left_empty = part('Content-Disposition: form-data; name="a"; filename=""', "")
    assert media.decode_body(MULTIPART, None, BOUNDARY, left_empty) == {}
    empty_file = part('Content-Disposition: form-data; name="a"; filename="f"', "")
    assert media.decode_body(MULTIPART, None, BOUNDARY, empty_file) == {"a": Upload("a", "f", None, b"")}


@pytest.mark.parametrize("kind", ["string", "integer", "boolean", "object"])
def test_a_field_that_may_come_once_is_refused_when_it_comes_again(kind: str) -> None:
    field = 'Content-Disposition: form-data; name="a"'
    twice = part(field).removesuffix(b"--x--\r\n") + part(field)
    shape = shape_of({"properties": {"a": {"type": kind}}})
    with pytest.raises(media.MalformedBody, match="part 'a': sent 2 times, allowed once"):
        media.decode_body(MULTIPART, shape, BOUNDARY, twice)


BROKEN_PARTS = {
    "no-boundary": ("multipart/form-data", part('Content-Disposition: form-data; name="a"')),
    "no-end": (BOUNDARY, part('Content-Disposition: form-data; name="a"')[:-8]),
    "no-name": (BOUNDARY, part("Content-Disposition: form-data")),
    "no-header": (BOUNDARY, part("X: y")),
    "empty": (BOUNDARY, b""),
    "junk": (BOUNDARY, b"junk"),
    "long-boundary": (BOUNDARY + "x" * 10_000, b"--x"),
}


@pytest.mark.parametrize(("content_type", "body"), BROKEN_PARTS.values(), ids=BROKEN_PARTS)
def test_a_broken_multipart_body_is_malformed(content_type: str, body: bytes) -> None:
    with pytest.raises(media.MalformedBody):
        media.decode_body(MULTIPART, None, content_type, body)


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (media.Limits(max_parts=1), "max_parts"),
        (media.Limits(max_field_bytes=2), "'a'.*max_field_bytes"),
        (media.Limits(max_file_bytes=2), "'b'.*max_file_bytes"),
    ],
    ids=["parts", "field", "file"],
)
def test_a_limit_is_named(limits: media.Limits, told: str) -> None:
    content_type, body = rendered((Part("a", b"123"), Part("b", b"123", "f")))
    with pytest.raises(media.BodyTooLarge, match=told):
        media.decode_body(MULTIPART, None, content_type, body, limits=limits)


@given(
    body=st.binary(max_size=200),
    name=st.sampled_from(["application/json", FORM.name, BOUNDARY, "text/plain"]),
)
def test_any_bytes_are_read_or_malformed(body: bytes, name: str) -> None:
    try:
        media.decode_body(None, None, name, body)
    except media.MalformedBody:
        return


def test_text_and_bytes_pass() -> None:
    assert through(MediaType("text/plain"), None, "héllo") == "héllo"
    assert through(MediaType("video/mp4"), None, b"\x00\xff") == b"\x00\xff"
    assert media.decode_body(None, None, "text/plain; charset=latin-1", b"\xe9") == "é"


# ---- bodies whose type is left to the value ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allowed", "value", "expected"),
    [
        ("*/*", "é", ("é".encode(), "text/plain; charset=utf-8")),
        ("video/*", "é", ("é".encode(), "application/octet-stream")),
        ("*/*", {"a": 1}, (b'{"a":1}', "application/json")),
        ("*/*", b"\x00", (b"\x00", "application/octet-stream")),
    ],
    ids=["text", "text-where-none-is-allowed", "object", "bytes"],
)
def test_a_range_of_types_leaves_the_type_to_the_value(allowed: str, value: Any, expected: Any) -> None:
    assert media.encode_body(MediaType(allowed), None, value) == expected


UNFIT_VALUES: dict[str, tuple[MediaType, Any, str]] = {
    "object-as-text": (MediaType("text/plain"), {"a": 1}, "cannot be written as text/plain"),
    "half-a-pair-as-text": (MediaType("text/plain"), "\ud800", "lone surrogate"),
    "object-as-lines": (LINES, {"a": 1}, "from a list of values, this is a dict"),
    "list-as-form": (FORM, [1], "a form body is an object, this is a list"),
    "list-as-multipart": (MULTIPART, [1], "a multipart body is an object, this is a list"),
}


@pytest.mark.parametrize(("kind", "value", "told"), UNFIT_VALUES.values(), ids=UNFIT_VALUES)
def test_a_value_that_a_type_cannot_carry_is_refused(kind: MediaType, value: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        media.encode_body(kind, None, value)


def test_a_value_nested_without_end_is_a_value_error() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(ValueError, match="nested too deeply"):
        media.encode_body(JSON, None, value)


@pytest.mark.parametrize(
    ("content_type", "told"),
    [("text/plain; charset=klingon", "the charset 'klingon' is not known"), ("text/plain", "the text is not utf-8")],
)
def test_text_in_another_charset_than_it_says_is_malformed(content_type: str, told: str) -> None:
    with pytest.raises(media.MalformedBody, match=told):
        media.decode_body(None, None, content_type, b"\xff")


@pytest.mark.parametrize(
    ("limits", "told"),
    [(media.Limits(max_parts=1), "max_parts"), (media.Limits(max_field_bytes=2), "'a b'.*max_field_bytes")],
    ids=["fields", "bytes"],
)
def test_a_limit_of_a_form_is_named(limits: media.Limits, told: str) -> None:
    with pytest.raises(media.BodyTooLarge, match=told):
        media.decode_body(FORM, None, FORM.name, b"a+b=123&c=1" if limits.max_parts == 1 else b"a+b=123", limits=limits)


def test_a_boundary_that_no_header_holds_is_none() -> None:
    with pytest.raises(media.MalformedBody, match="names no boundary"):
        media.decode_body(MULTIPART, None, "multipart/form-data; boundary=\u2603", b"")


# ---- parts ------------------------------------------------------------------------------------------------------


def test_arrays_in_an_array_are_parts_of_json() -> None:
    schema = {"properties": {"rows": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}}}
    kind = "application/json"
    assert parts_of({"rows": [[1], [2, 3]]}, {}, schema) == (
        Part("rows", b"[1]", content_type=kind),
        Part("rows", b"[2,3]", content_type=kind),
    )


def test_text_that_is_no_json_is_quoted_where_json_is_stated() -> None:
    encoding = {"input": Encoding("application/json")}
    (sent,) = parts_of({"input": "it's"}, encoding, {"properties": {"input": {"type": "object"}}})
    assert sent.content == b'"it\'s"'


def test_one_text_of_an_array_is_its_only_item() -> None:
    """`[a]` is a text like any other, unless it is said to be JSON."""
    shape = shape_of({"properties": {"a": {"type": "array", "items": {"type": "string"}}}})
    plain = part('Content-Disposition: form-data; name="a"', '["x"]')
    assert media.decode_body(MULTIPART, shape, BOUNDARY, plain) == {"a": ['["x"]']}
    as_json = part('Content-Disposition: form-data; name="a"\r\nContent-Type: application/json', '["x"]')
    assert media.decode_body(MULTIPART, shape, BOUNDARY, as_json) == {"a": ["x"]}


def test_json_lines_in_a_part_are_an_array() -> None:
    shape = shape_of({"properties": {"a": {"type": "array", "items": {"type": "object"}}}})
    lines = part('Content-Disposition: form-data; name="a"\r\nContent-Type: application/jsonl', '{"b":1}\n{"b":2}')
    assert media.decode_body(MULTIPART, shape, BOUNDARY, lines) == {"a": [{"b": 1}, {"b": 2}]}


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        ("application/json", b'{"b"', "part 'a': the body is not JSON"),
        ("text/plain", b"a\xff", "offset 1 is not UTF-8"),
    ],
    ids=["json", "text"],
)
def test_a_part_that_cannot_be_read_is_named(kind: str, content: bytes, told: str) -> None:
    head = f'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: {kind}\r\n\r\n'.encode()
    with pytest.raises(media.MalformedBody, match=told):
        media.decode_body(MULTIPART, None, BOUNDARY, head + content + b"\r\n--x--\r\n")


# ---- files ------------------------------------------------------------------------------------------------------


def test_a_file_that_came_can_be_sent_on() -> None:
    assert as_file(Upload("a", "f.png", "image/x", b"1")) == File("f.png", b"1", "image/x")


def test_the_size_of_a_stream_is_not_known() -> None:
    class Pipe:
        def read(self) -> bytes:
            raise AssertionError("it was read")

    assert size_of(as_file(Pipe())) is None


def test_a_file_on_disk_is_sent_again_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"12345")
    again = replayable(as_file(path)).content
    assert [again.read(), again.seek(0), again.read()] == [b"12345", 0, b"12345"]
