"""Streams of events and records, and when a request asks for one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from syncdyn.openapi.coding.events import read_events
from tests.mockserver.answering.asking import PET, REX, TOM, answers, ask, content, one, read

EVENTS = "text/event-stream"
SWITCH = {"type": "object", "properties": {"stream": {"type": "boolean"}, "mode": {"type": "object"}}}


def stream(**stated: Any) -> dict[str, Any]:
    return one(get=answers(s200=content(name=EVENTS, **stated)))


def test_an_example_of_text_is_the_stream_as_it_stands() -> None:
    assert ask(stream(example="event: hi\ndata: 1\n\n")).body == b"event: hi\ndata: 1\n\n"


def test_each_item_of_an_example_is_an_event() -> None:
    answer = ask(stream(schema={"type": "array", "items": PET}, example=[REX, TOM]))
    assert answer.content_type == EVENTS
    assert [json.loads(event.data) for event in read_events(answer.body)] == [REX, TOM]


def test_events_are_made_of_the_schema_of_an_item() -> None:
    events = read_events(ask(stream(itemSchema=PET)).body)
    assert len(events) == 3
    assert all(isinstance(json.loads(event.data)["id"], int) for event in events)


def test_a_schema_that_tells_whole_events_makes_whole_ones() -> None:
    whole = {
        "type": "object",
        "required": ["event", "data"],
        "properties": {"event": {"const": "pet"}, "data": {"type": "string", "const": "Rex"}},
    }
    events = read_events(ask(stream(itemSchema=whole)).body)
    assert {(event.event, event.data) for event in events} == {("pet", "Rex")}


@pytest.mark.parametrize("name", ["application/jsonl", "application/x-ndjson"])
def test_lines_of_json_are_made_as_well(name: str) -> None:
    lines = ask(one(get=answers(s200=content(PET, name=name)))).body.splitlines()
    assert [isinstance(json.loads(line)["id"], int) for line in lines] == [True] * 3


def chat(**operation: Any) -> dict[str, Any]:
    """An operation that answers at once or by a stream."""
    both = {"application/json": {"example": REX}, EVENTS: {"example": "data: 1\n\n"}}
    body = {"requestBody": content(SWITCH), "responses": {"200": {"description": "d", "content": both}}}
    return one(post={**body, **operation})


def test_the_body_asks_for_a_stream_by_its_member_of_that_name() -> None:
    assert read(ask(chat(), "POST", body={"stream": False})) == REX
    assert ask(chat(), "POST", body={"stream": True}).content_type == EVENTS
    accepting = ask(chat(), "POST", body={"stream": True}, headers={"accept": "application/json"})
    assert accepting.content_type == EVENTS


def test_accept_asks_for_a_stream_too() -> None:
    assert ask(chat(), "POST", body={}, headers={"accept": EVENTS}).content_type == EVENTS


def test_the_overlay_says_which_member_asks() -> None:
    root = chat(**{"x-mock-stream": {"when": "body.mode.live"}})
    assert ask(root, "POST", body={"mode": {"live": True}}).content_type == EVENTS
    assert ask(root, "POST", body={"stream": True}).content_type == "application/json"
