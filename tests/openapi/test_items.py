"""Which schema an item of a sequential body is read and checked by."""

from __future__ import annotations

import json
from typing import Any

import pytest

from syncdyn.openapi.coding.events import Event, encode_events
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.document import Document
from syncdyn.openapi.items import Item, read_items
from syncdyn.openapi.messages import Json

TOKEN = {"type": "object", "title": "Token", "required": ["n"], "properties": {"n": {"type": "integer"}}}
TEXT = {"type": "string"}


def read(body: bytes, content_type: str = "text/event-stream", **media_type: Json) -> list[Item]:
    operation = {"responses": {"200": {"description": "", "content": {content_type: media_type}}}}
    contract = Contract(Document({"openapi": "3.2.0", "paths": {"/s": {"get": operation}}}))
    promise = contract.operations["GET /s"].responses["200"].content[0]
    return list(read_items(contract, promise, content_type, body))


def one(event: Event, **media_type: Json) -> Item:
    (item,) = read(encode_events([event]), **media_type)
    return item


def faults(items: list[Item]) -> list[str]:
    return [violation.where for item in items for violation in item.violations]


@pytest.mark.parametrize(
    "schema", [TOKEN, {"type": "array", "items": TOKEN}], ids=["schema-of-an-item", "schema-of-all"]
)
def test_the_data_of_an_event_is_checked_by_the_schema(schema: Json) -> None:
    items = read(encode_events([Event({"n": 1}), Event({"n": "1"})]), schema=schema)
    assert [item.value.data for item in items] == [{"n": 1}, {"n": "1"}]
    assert faults(items) == ["body[1].n"]
    assert items[0].shape is not None
    assert items[0].shape.name == "Token"


def test_data_that_is_no_json_is_text_and_told_of() -> None:
    item = one(Event("[DONE]"), schema=TOKEN)
    assert (item.value, faults([item])) == (Event("[DONE]"), ["body[0].data"])


@pytest.mark.parametrize("media_type", [{}, {"schema": TEXT}], ids=["no-schema", "stream-is-a-string"])
@pytest.mark.parametrize(("text", "data"), [('{"n":1}', {"n": 1}), ("12", "12"), ("[DONE]", "[DONE]")])
def test_without_a_schema_objects_alone_are_taken_for_json(media_type: Any, text: str, data: Json) -> None:
    item = one(Event(text), **media_type)
    assert (item.value.data, item.violations) == (data, ())


WHOLE = {
    "anyOf": [
        {
            "type": "object",
            "required": ["event", "data"],
            "properties": {"event": {"enum": ["token"]}, "data": TOKEN},
        },
        {
            "type": "object",
            "required": ["event", "data"],
            "properties": {"event": {"enum": ["done"]}, "data": {"enum": ["[DONE]"], "type": "string"}},
        },
    ]
}


def test_a_schema_with_event_and_data_describes_the_event() -> None:
    items = read(encode_events([Event({"n": 1}, "token"), Event("[DONE]", "done"), Event("x", "done")]), schema=WHOLE)
    assert [item.value.data for item in items] == [{"n": 1}, "[DONE]", "x"]
    assert items[0].shape is not None
    assert items[0].shape.name == "Token"
    assert faults(items) == ["body[2].data"]


def test_data_that_has_event_and_data_itself_is_what_the_schema_describes() -> None:
    item = one(Event({"event": "token", "data": {"n": 1}}), schema=WHOLE)
    assert (item.value.data, item.violations) == ({"event": "token", "data": {"n": 1}}, ())


# OpenAPI 3.2.0, Media Type Object: `itemSchema` sees data as a string, whose content has a schema of its own.
ITEM = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "string", "contentMediaType": "application/json", "contentSchema": TOKEN}},
}


@pytest.mark.parametrize(("data", "where"), [({"n": 1}, []), ({"n": "1"}, ["body[0].data.n"]), ("{", ["body[0].data"])])
def test_an_item_schema_leads_to_the_schema_of_the_content(data: Json, where: list[str]) -> None:
    item = one(Event(data), itemSchema=ITEM)
    assert (item.value.data, faults([item])) == (data, where)


def test_an_item_schema_without_content_leaves_the_text() -> None:
    item = one(Event('{"n":1}'), itemSchema={"type": "object", "properties": {"data": TEXT}})
    assert item.value.data == '{"n":1}'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/jsonl", b'{"n":1}\n{"n":"2"}\nx\n'),
        ("application/x-ndjson; charset=utf-8", b'{"n":1}\r\n{"n":"2"}\r\nx'),
        ("application/json-seq", b'\x1e{"n":1}\n\x1e{"n":"2"}\n\x1ex\n'),
        ("application/geo+json-seq", b'\x1e{"n":1}\n\x1e{"n":"2"}\n\x1ex\n'),
    ],
)
@pytest.mark.parametrize("word", ["itemSchema", "schema"])
def test_records_are_read_one_by_one(content_type: str, body: bytes, word: str) -> None:
    items = read(body, content_type, **{word: TOKEN})
    assert [item.value for item in items][:2] == [{"n": 1}, {"n": "2"}]
    assert str(items[2].value).strip() == "x"
    assert faults(items) == ["body[1].n", "body[2]"]


def test_a_long_stream_is_read_in_no_time() -> None:
    body = b"".join(json.dumps({"n": number}).encode() + b"\n" for number in range(20_000))
    assert len(read(body, "application/jsonl", schema=TOKEN)) == 20_000


def test_an_item_schema_may_be_an_array_itself() -> None:
    items = read(b"[1]\n1\n", "application/jsonl", itemSchema={"type": "array", "items": {"type": "integer"}})
    assert faults(items) == ["body[1]"]


@pytest.mark.parametrize("data", [{"event": "x"}, {"data": {"n": 1}}], ids=["event-alone", "data-alone"])
def test_data_that_has_but_one_of_the_names_is_data(data: Json) -> None:
    """It is no event inside an event: the whole one is what is at fault."""
    item = one(Event(data, "token"), schema=WHOLE)
    assert (item.value.data, faults([item])) == (data, ["body[0].data.n"])


def test_a_schema_with_a_member_data_describes_the_data_where_it_says_nothing_of_events() -> None:
    item = one(Event({"data": {"n": 1}}), schema={"type": "object", "properties": {"data": TOKEN}})
    assert (item.value.data, item.violations) == ({"data": {"n": 1}}, ())


def test_an_item_schema_speaks_of_every_field_of_an_event() -> None:
    fields = {"data": TEXT, "id": {"maxLength": 1}, "retry": {"maximum": 10}, "event": {"maxLength": 1}}
    item = one(Event("a", "type", "name", 11), itemSchema={"type": "object", "properties": fields})
    assert sorted(faults([item])) == ["body[0].event", "body[0].id", "body[0].retry"]
