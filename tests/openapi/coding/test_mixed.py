"""Multipart bodies whose parts have no names: written from arrays, and read back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn.openapi.coding.files import File
from syncdyn.openapi.coding.malformed import MalformedBody
from syncdyn.openapi.coding.media import decode_body, encode_body
from syncdyn.openapi.operations import Encoding, MediaType

MIXED = MediaType("multipart/mixed")


def written(value: Any, media: MediaType = MIXED) -> tuple[bytes, str]:
    body, content_type = encode_body(media, None, value)
    assert isinstance(body, bytes)
    assert content_type is not None
    return body, content_type


def read(body: bytes, content_type: str, media: MediaType = MIXED) -> Any:
    return decode_body(media, None, content_type, body)


@given(st.lists(st.text() | st.dictionaries(st.text(), st.integers()) | st.lists(st.integers())))
def test_what_is_written_is_read_back(value: list[Any]) -> None:
    assert read(*written(value)) == value


def test_each_item_is_a_part_by_its_place() -> None:
    media = MediaType(
        "multipart/related",
        prefix_encoding=(Encoding("application/json"),),
        item_encoding=Encoding("image/png"),
    )
    body, content_type = written([{"a": 1}, File("a.png", b"PNG"), b"raw"], media)
    boundary = content_type.partition("; boundary=")[2].encode()
    assert body.split(b"--" + boundary) == [
        b"",
        b'\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n',
        b'\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="a.png"\r\n\r\nPNG\r\n',
        b"\r\nContent-Type: image/png\r\n\r\nraw\r\n",
        b"--\r\n",
    ]
    first, second, third = read(body, content_type, media)
    assert (first, second.file_name, second.content, third.content) == ({"a": 1}, "a.png", b"PNG", b"raw")


def test_a_part_of_another_type_comes_as_a_file() -> None:
    body = b"--x\r\nContent-Type: image/png\r\n\r\n\xff\xd8\r\n--x\r\n\r\nplain\r\n--x--\r\n"
    image, text = read(body, "multipart/mixed; boundary=x")
    assert (image.content, image.content_type, text) == (b"\xff\xd8", "image/png", "plain")


def test_a_body_without_its_end_is_malformed() -> None:
    with pytest.raises(MalformedBody, match="before its closing boundary"):
        read(b"--x\r\n\r\na\r\n", "multipart/mixed; boundary=x")


def test_an_object_has_no_parts_without_names() -> None:
    with pytest.raises(ValueError, match="multipart/mixed"):
        written({"a": 1})


def test_a_body_that_no_document_promised_is_read_by_its_own_types() -> None:
    body, content_type = written([{"a": 1}, "text"])
    assert decode_body(None, None, content_type, body) == [{"a": 1}, "text"]
