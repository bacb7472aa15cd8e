"""What an overlay of the user's own adds to any document: an end of streams, pages, waiters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from syncdyn import Client
from syncdyn.errors import JobFailedError
from tests.syncdyn.fakes import Answer, Service, answer

DATA = Path(__file__).parents[1] / "data"


def client(*answers: Answer) -> Any:
    http = httpx.Client(transport=httpx.MockTransport(Service(*answers)))
    return Client(DATA / "jobs.openapi.yaml", overlays=[DATA / "jobs.overlay.yaml"], httpx_client=http)


def test_events_end_where_the_overlay_says() -> None:
    body = b'data: {"text": "a"}\n\ndata: [END]\n\ndata: {"text": "b"}\n\n'
    calls = client(answer(200, content=body, headers={"content-type": "text/event-stream"}))
    assert [event.data.text for event in calls.chat.with_streaming_response.stream()] == ["a"]


def test_pages_are_one_iterator() -> None:
    calls = client(
        answer(json={"jobs": [{"id": "a"}], "next": "a"}), answer(json={"jobs": [{"id": "b"}], "next": None})
    )
    assert [job.id for job in calls.jobs.iterate()] == ["a", "b"]


def test_a_job_is_waited_for() -> None:
    calls = client(answer(json={"id": "a", "state": "busy"}), answer(json={"id": "a", "state": "done"}))
    assert calls.jobs.wait("a", interval=0).state == "done"
    with pytest.raises(JobFailedError):
        client(answer(json={"id": "a", "state": "failed"})).jobs.wait("a")


def test_without_the_overlay_there_are_the_operations_alone() -> None:
    assert not {"iterate", "wait"} & set(dir(Client(DATA / "jobs.openapi.yaml").jobs))
