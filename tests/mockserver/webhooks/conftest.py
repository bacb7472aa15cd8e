"""A document with webhooks and callbacks whose jobs move on, and a mock of it with its state."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import pytest

from mockserver.app import Answer, Delivered, Delivery, Mock
from mockserver.faults.keeping import added
from mockserver.faults.reading import known_of
from mockserver.settings import Settings
from syncdyn.openapi.contract import Contract
from syncdyn.openapi.loading import load_shared
from syncdyn.openapi.messages import Headers, Json, Request

HOOK = "http://127.0.0.1:9/hook"


def content(schema: Json, **more: Json) -> dict[str, Json]:
    return {"application/json": {"schema": schema, **more}}


def hook(schema: Json, **more: Json) -> dict[str, Json]:
    return {"post": {"requestBody": {"content": content(schema)}, "responses": {"200": {"description": "ok"}}, **more}}


JOB = {
    "type": "object",
    "required": ["id", "status"],
    "properties": {"id": {"type": "string"}, "status": {"type": "string"}, "title": {"type": "string"}},
}
EVENT = {
    "type": "object",
    "required": ["id", "type", "created_at", "data"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "examples": ["evt_1"]},
        "type": {"type": "string", "enum": ["job.created", "job.completed", "job.failed"]},
        "created_at": {"type": "string", "format": "date-time"},
        "data": {"$ref": "#/components/schemas/Job"},
    },
}
DOCUMENT: Mapping[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Jobs", "version": "1"},
    "components": {"schemas": {"Job": JOB}},
    "x-mock-collections": {
        "jobs": {
            "members": {"id": "id", "status": "'queued'", "title": "body.title"},
            "default-outcome": "DONE",
            "outcome-when": [{"outcome": "BAD", "when": "body.title == 'bad'"}],
            "outcomes": {
                "DONE": [
                    {"after": 0.5, "set": {"status": "'running'"}},
                    {"after": 1, "set": {"status": "'completed'"}},
                ],
                "BAD": [{"after": 1, "set": {"status": "'failed'"}}],
            },
        }
    },
    "paths": {
        "/jobs": {
            "post": {
                "operationId": "createJob",
                "x-mock": {"create": "jobs", "status": 201},
                "requestBody": {
                    "content": content(
                        {
                            "type": "object",
                            "properties": {"title": {"type": "string"}, "callbackUrl": {"type": "string"}},
                        }
                    )
                },
                "responses": {"201": {"description": "Made.", "content": content(JOB)}},
                "callbacks": {
                    "onProgress": {"{$request.body#/callbackUrl}/{$response.body#/id}": hook(JOB)},
                },
            }
        },
        "/jobs/{id}": {
            "get": {
                "operationId": "readJob",
                "x-mock": {"read": "jobs", "by": "id"},
                "responses": {"200": {"description": "One.", "content": content(JOB)}},
            }
        },
    },
    "webhooks": {"jobCreated": hook(EVENT), "job.completed": hook(EVENT), "job_failed": hook(JOB), "ping": hook({})},
}


class Jobs:
    """The jobs' mock with its state."""

    def __init__(self, document: Mapping[str, Any], **settings: Any) -> None:
        self.contract = Contract(load_shared(document))
        self.core = Mock(self.contract, Settings(job_seconds=10, **settings))
        self.now = 1_717_200_000.0
        self.state = self.core.initial_state(self.now)

    def call(self, method: str, target: str, body: Json = None) -> Answer:
        sent = b"" if body is None else json.dumps(body).encode()
        headers = Headers([("content-type", "application/json")] if body is not None else [])
        answer = self.core.answer(self.state, self.now, Request(method, f"http://mock.test{target}", headers, sent))
        self.state = answer.state
        return answer

    def create(self, **body: Json) -> dict[str, Any]:
        created: dict[str, Any] = json.loads(self.call("POST", "/jobs", body).response.body)
        return created

    def due(self, seconds: float = 0.0) -> tuple[Delivery, ...]:
        """What is due after so many seconds more."""
        self.now += seconds
        self.state, deliveries = self.core.due(self.state, self.now)
        return deliveries

    def told(self, delivery: Delivery, status: int | None = 200, error: str | None = None, **more: Any) -> None:
        self.state = self.core.delivered(self.state, self.now, Delivered(delivery, status, error, **more))

    def add_fault(self, **words: Json) -> None:
        self.state, _ = added(self.state, [words], known_of(self.contract))


@pytest.fixture
def open_jobs() -> Callable[..., Jobs]:
    """Makes the mock, of a document that `change` has changed."""

    def make(change: Callable[[Any], None] | None = None, **settings: Any) -> Jobs:
        document = deepcopy(dict(DOCUMENT))
        if change is not None:
            change(document)
        return Jobs(document, **settings)

    return make


@pytest.fixture
def jobs(open_jobs: Callable[..., Jobs]) -> Jobs:
    """The mock whose webhooks all go to one place."""
    return open_jobs(webhook_urls=(HOOK,))


def body_of(delivery: Delivery) -> Any:
    return json.loads(delivery.body)
