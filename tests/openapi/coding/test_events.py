"""Server-sent events and records, cut from a stream whose pieces break off anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncdyn.openapi.coding.events import Event, EventReader, encode_events, read_events
from syncdyn.openapi.coding.json_text import decode_sequence, encode_lines, encode_sequence
from syncdyn.openapi.coding.lines import Cutter, Records, TextLines, json_sequence
from syncdyn.openapi.coding.malformed import BodyTooLarge

# WHATWG HTML, section 9.2.6: its examples, and its rules one by one.
STREAMS = {
    "two-lines-are-one-text": (b"data: YHOO\ndata: +2\ndata: 10\n\n", [Event("YHOO\n+2\n10")]),
    "ids-stay-until-another": (
        b": test stream\n\ndata: first\nid: 1\n\ndata:second\n\ndata:  third\nid\n\n",
        [Event("first", id="1"), Event("second", id="1"), Event(" third")],
    ),
    "empty-data-is-data": (b"data\n\ndata\ndata\n\ndata:", [Event(""), Event("\n")]),
    "one-space-goes": (b"data:test\n\ndata: test\n\n", [Event("test"), Event("test")]),
    "types": (b"event: add\ndata: 1\n\nevent:\ndata: 2\n\n", [Event("1", "add"), Event("2")]),
    "retry": (b"retry: 10\ndata: a\n\nretry: x\ndata: b\n\n", [Event("a", retry=10), Event("b")]),
    "retry-too-long-to-mean-it": (b"retry: 99999999999\ndata: a\n\n", [Event("a")]),
    "retry-in-other-digits": ("retry: \u00b2\ndata: a\n\n".encode(), [Event("a")]),
    "mark": (b"\xef\xbb\xbfdata: a\n\n", [Event("a")]),
    "ends-of-lines": (b"data: a\r\rdata: b\r\n\r\ndata: c\n\n", [Event("a"), Event("b"), Event("c")]),
    "unknown-fields": (b"size: 4\nbare\ndata: a\n\n", [Event("a")]),
    "id-with-null": (b"id: a\0\ndata: a\n\n", [Event("a")]),
    "not-utf-8": (b"data: \xff\n\n", [Event("\ufffd")]),
    "cut-off": (b"data: a\n\ndata: b\n", [Event("a")]),
    "no-data": (b"event: ping\n\nid: 4\n\ndata: a\n\n", [Event("a", id="4")]),
}


@pytest.mark.parametrize(("stream", "events"), STREAMS.values(), ids=STREAMS.keys())
def test_a_stream_of_events_is_read_by_the_rules(stream: bytes, events: list[Event]) -> None:
    assert read_events(stream) == events


@pytest.mark.parametrize(("stream", "events"), STREAMS.values(), ids=STREAMS.keys())
def test_events_are_the_same_byte_by_byte(stream: bytes, events: list[Event]) -> None:
    reader = EventReader()
    assert [event for index in range(len(stream)) for event in reader.feed(stream[index : index + 1])] == events


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r"))
LINE = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=1)
EVENTS = st.lists(st.builds(Event, TEXT, st.none() | LINE, LINE, st.none() | st.integers(0, 10**8)))


def pieces(body: bytes, cuts: Sequence[int]) -> list[bytes]:
    edges = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts)})
    return [body[start:end] for start, end in pairwise(edges)]


@given(events=EVENTS, cuts=st.lists(st.integers(0, 10**6)))
def test_events_come_back_however_they_are_cut(events: list[Event], cuts: list[int]) -> None:
    reader = EventReader()
    assert [event for piece in pieces(encode_events(events), cuts) for event in reader.feed(piece)] == events


def test_data_that_is_no_text_is_written_as_json() -> None:
    assert encode_events([Event({"a": 1}, "add")]) == b'event: add\ndata: {"a":1}\n\n'


@pytest.mark.parametrize("end", ["\n", "\r", "\0"], ids=ascii)
def test_an_event_type_with_a_line_end_is_refused(end: str) -> None:
    with pytest.raises(ValueError, match="line end"):
        encode_events([Event("", f"a{end}data: b")])


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"], ids=ascii)
def test_each_line_of_data_is_a_field(end: str) -> None:
    assert encode_events([Event(f"a{end}b")]) == b"data: a\ndata: b\n\n"


@pytest.mark.parametrize("pieces_", [[b"a\r", b"\n", b"\n"], [b"a\r", b"", b"\n\n"], [b"a\r\n", b"\r"]], ids=repr)
def test_a_return_and_its_line_feed_are_one_end_in_whatever_pieces(pieces_: list[bytes]) -> None:
    lines = TextLines()
    assert [line for piece in pieces_ for line in lines.feed(piece)] == [b"a", b""]


def test_an_event_without_an_end_is_refused_before_it_fills_the_memory() -> None:
    reader = EventReader(most_bytes=10)
    reader.feed(b"data: abcd\n")
    with pytest.raises(BodyTooLarge, match="the data of an event is longer than 10 bytes"):
        reader.feed(b"data: efg\ndata: hijk\n")


JSON = st.recursive(st.none() | st.integers() | TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner))


@pytest.mark.parametrize(
    ("encode", "cutter"), [(encode_lines, Records), (encode_sequence, json_sequence)], ids=["lines", "sequence"]
)
@given(values=st.lists(JSON), cuts=st.lists(st.integers(0, 10**6)))
def test_records_come_back_however_they_are_cut(encode: Any, cutter: Any, values: Any, cuts: list[int]) -> None:
    body, cut = encode(values), cutter()
    found = [record for piece in pieces(body, cuts) for record in cut.feed(piece)] + cut.end()
    assert decode_sequence(b"\x1e".join(found)) == values


def test_a_record_needs_no_line_end_at_the_end() -> None:
    cut = Records()
    assert (cut.feed(b"1\n\n \n2"), cut.end(), cut.end()) == ([b"1"], [b"2"], [])


def test_blanks_at_the_end_are_no_record() -> None:
    cut = Records()
    assert (cut.feed(b"1\n  "), cut.end()) == ([b"1"], [])


def test_a_line_over_the_bound_is_refused() -> None:
    cut = Cutter(most_bytes=4)
    assert cut.feed(b"1234\n12") == [b"1234"]
    with pytest.raises(BodyTooLarge, match="longer than 4 bytes"):
        cut.feed(b"345")
