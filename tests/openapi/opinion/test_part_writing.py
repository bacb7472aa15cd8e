"""Parts as bytes, and back."""

from __future__ import annotations

from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from syncdyn.openapi.coding.malformed import Limits
from syncdyn.openapi.coding.part_reading import read_parts
from syncdyn.openapi.messages import Part
from syncdyn.openapi.opinion.part_writing import render_parts

_NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('"\r\n;='), min_size=1).filter(
    lambda name: "%" not in name and "\\" not in name
)
_PARTS = st.builds(
    Part, _NAMES, st.binary(), st.none() | _NAMES, st.none() | st.sampled_from(["text/plain", "application/json"])
)


@given(st.lists(_PARTS, min_size=1))
def test_parts_that_are_written_are_read_back(parts: list[Part]) -> None:
    body, content_type = render_parts(parts)
    read = [
        (part.name, part.content, part.file_name, part.content_type)
        for part in read_parts(content_type, body, Limits())
    ]
    assert read == [(part.name, part.content, part.file_name, part.content_type) for part in parts]


def test_file_object_is_read_from_where_it_stands_and_put_back() -> None:
    file = BytesIO(b"head body")
    file.seek(5)
    body, _ = render_parts([Part("video", file, "a.mp4", "video/mp4", (("X-Note", "1"),))])
    assert b"X-Note: 1\r\n\r\nbody\r\n" in body
    assert file.tell() == 5


def test_same_parts_give_the_same_bytes() -> None:
    assert render_parts([Part("a", b"1")]) == render_parts([Part("a", b"1")])
