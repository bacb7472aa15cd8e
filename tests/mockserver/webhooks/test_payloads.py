"""What the body of a webhook tells: an example of the document with what is known of the thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.behaviour.payloads import Telling
from syncdyn.openapi.messages import Json
from tests.mockserver.webhooks.conftest import EVENT, JOB, Jobs, content, hook

THING = {"id": "j1", "status": "completed", "title": "A"}
AT = 1_717_200_000.0


@pytest.fixture
def body(open_jobs: Callable[..., Jobs]) -> Callable[..., Any]:
    """The body of a webhook with a schema (and an example) that tells of a thing."""

    def make(schema: Json, names: tuple[str, ...] = ("job.completed",), example: Json = None) -> Any:
        def change(document: Any) -> None:
            document["webhooks"]["ping"] = hook(schema)
            if example is not None:
                document["webhooks"]["ping"]["post"]["requestBody"]["content"] = content(schema, example=example)

        jobs = open_jobs(change)
        operation = jobs.contract.webhooks["ping"]
        payload = jobs.core.webhooks.payloads.make(operation, Telling(THING, AT, names))
        assert not jobs.core.webhooks.payloads.violations(operation, payload)
        return payload[0]

    return make


def test_a_body_of_the_things_own_schema_is_the_thing(body: Callable[..., Any]) -> None:
    assert body(JOB) == THING


def test_an_event_holds_the_thing_and_keeps_an_id_of_its_own(body: Callable[..., Any]) -> None:
    assert body(EVENT) == {
        "id": "evt_1",
        "type": "job.completed",
        "created_at": "2024-06-01T00:00:00.000Z",
        "data": THING,
    }


def test_an_event_that_knows_the_id_alone_is_told_the_id(body: Callable[..., Any]) -> None:
    data = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string"}},
        "additionalProperties": False,
    }
    schema = {"type": "object", "required": ["id", "data"], "properties": {"id": {"type": "string"}, "data": data}}
    made = body(schema)
    assert (made["data"], made["id"] != "j1") == ({"id": "j1"}, True)


def test_the_things_members_take_their_places_in_a_flat_body(body: Callable[..., Any]) -> None:
    properties = {"event": {"type": "string"}, "id": {"type": "string"}, "status": {"enum": ["completed", "failed"]}}
    schema = {"type": "object", "required": [*properties], "properties": properties, "additionalProperties": False}
    assert body(schema) == {"event": "job.completed", "id": "j1", "status": "completed"}


def test_a_member_that_would_break_the_schema_stays_as_it_was(body: Callable[..., Any]) -> None:
    properties = {"id": {"type": "integer", "const": 5}, "title": {"type": "string"}}
    schema = {"type": "object", "required": [*properties], "properties": properties, "additionalProperties": False}
    assert body(schema) == {"id": 5, "title": "A"}


def test_an_example_of_the_document_is_the_ground(body: Callable[..., Any]) -> None:
    schema = {"type": "object", "properties": {"job": JOB, "version": {"type": "integer"}}}
    example = {"job": {"id": "x", "status": "queued"}, "version": 3}
    assert body(schema, example=example) == {"job": THING, "version": 3}


def test_a_time_in_seconds_stays_one(body: Callable[..., Any]) -> None:
    schema = {"type": "object", "required": ["created"], "properties": {"created": {"type": "integer"}}}
    assert body(schema)["created"] == int(AT)
