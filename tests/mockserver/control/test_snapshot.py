from __future__ import annotations

import json

import pytest

from mockserver import Mock
from syncdyn.openapi.messages import Json
from tests.mockserver.control.pets import ask, pets, problem, told

VIDEO = {"type": "video", "url": "https://media.example/v.mp4"}
AUDIO = {"type": "audio", "url": "https://media.example/a.wav"}
JOB = {"model": "lipsync-2", "input": [VIDEO, AUDIO]}
KEY = {"x-api-key": "a-key"}


def _status(mock: Mock, id_: str) -> str:
    return str(json.loads(mock.handle("GET", f"/v2/generate/{id_}", headers=KEY).body)["status"])


def test_a_job_goes_on_from_where_it_was() -> None:
    mock = Mock(clock="2030-01-01T00:00:00Z", speed=0, job_seconds=10)
    made = json.loads(mock.handle("POST", "/v2/generate", json=JOB, headers=KEY).body)
    mock.advance(5)
    snapshot = told(mock, "GET", "/snapshot")
    mock.advance(5)
    assert _status(mock, made["id"]) == "COMPLETED"
    assert ask(mock, "PUT", "/snapshot", snapshot).status == 204
    assert (_status(mock, made["id"]), told(mock, "GET", "/clock")["now"]) == ("PROCESSING", "2030-01-01T00:00:05.000Z")
    mock.advance(5)
    assert _status(mock, made["id"]) == "COMPLETED"


def test_a_snapshot_serves_another_mock_of_the_same_document() -> None:
    mock, other = pets(), pets()
    mock.handle("POST", "/pets", json={"name": "Rex"})
    ask(other, "PUT", "/snapshot", told(mock, "GET", "/snapshot"))
    assert other.handle("GET", "/pets").body == mock.handle("GET", "/pets").body


def test_a_snapshot_has_no_credentials() -> None:
    mock = Mock(rate_limit=True, plan="free")
    mock.handle("POST", "/v2/generate", json=JOB, headers={"x-api-key": "s3cret-key"})
    assert b"s3cret-key" not in ask(mock, "GET", "/snapshot").body


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"document": "Shop"}, "body.document: the snapshot is one of 'Shop', and this mock is of 'Pets'"),
        ({"content": "%"}, "no snapshot of this version"),
        ({"state": {"pace": 5}}, "no snapshot of this version"),
        ({"state": {"collections": {"/pets": {"1": 5}}}}, "no snapshot of this version"),
    ],
    ids=repr,
)
def test_what_is_no_snapshot_is_refused_and_changes_nothing(change: dict[str, Json], why: str) -> None:
    mock = pets()
    before = mock.host.state
    status, detail = problem(mock, "PUT", "/snapshot", {**told(mock, "GET", "/snapshot"), **change})
    assert status == 422
    assert why in detail
    assert mock.host.state is before
