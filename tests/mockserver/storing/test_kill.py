"""A process is killed at any moment, and what it has answered for is there."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver import Mock, VirtualClock
from mockserver.app import Delivered
from tests.mockserver.webhooks.conftest import DOCUMENT, HOOK

ROOT = Path(__file__).parents[3]
POSTING = """
import sys
from mockserver import Mock, VirtualClock
from mockserver.app import Delivered
from tests.mockserver.webhooks.conftest import DOCUMENT, HOOK
mock = Mock(sys.argv[1], state=sys.argv[2])
while True:
    response = mock.handle("POST", "/pets", json={"name": "x" * 500})
    assert response.status == 201
    sys.stdout.write(response.body.decode() + "\\n")
    sys.stdout.flush()
"""


def document() -> dict[str, object]:
    pet = {"type": "object", "properties": {"id": {"type": "string", "readOnly": True}, "name": {"type": "string"}}}
    content = {"application/json": {"schema": pet}}
    answer = {"description": "a pet", "content": content}
    id_ = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "paths": {
            "/pets": {"post": {"requestBody": {"required": True, "content": content}, "responses": {"201": answer}}},
            "/pets/{id}": {"parameters": [id_], "get": {"responses": {"200": answer}}},
        },
    }


def killed_after(lines: int, document: Path, state: Path) -> list[str]:
    """The ids of the pets that a process had made when it was killed, soon after so many of them."""
    words = [sys.executable, "-c", POSTING, str(document), str(state)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        told += process.stdout.readlines()
    return [json.loads(line)["id"] for line in told if line.endswith("\n")]


@pytest.mark.skipif(os.name != "posix", reason="signals as of POSIX")
def test_no_accepted_change_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    path, state = tmp_path / "pets.json", tmp_path / "state.db"
    path.write_text(json.dumps(document()))
    made: list[str] = []
    for round_ in range(2):
        made += killed_after(random.Random(round_).randrange(1, 300), path, state)
        with Mock(str(path), state=state, unknown="refused") as mock:
            assert {mock.handle("GET", f"/pets/{id_}").status for id_ in made} == {200}
    assert len(set(made)) == len(made)


def test_a_webhook_that_was_under_way_then_is_sent_by_the_next(tmp_path: Path) -> None:
    state, clock = tmp_path / "state.db", VirtualClock()
    with Mock(DOCUMENT, state=state, clock=clock, webhook_urls=(HOOK,), job_seconds=0) as killed:
        for title in ("told", "under way"):
            assert killed.handle("POST", "/jobs", json={"title": title}).status == 201
        told, *lost = killed.host.take_due()
        killed.host.record_delivery(Delivered(told, 204))
    with Mock(DOCUMENT, state=state, clock=clock) as mock:
        assert mock.host.take_due() == ()
        clock.advance(20)
        again = mock.host.take_due()
        assert [(one.id, one.body) for one in again] == [(one.id, one.body) for one in lost]
        for one in again:
            mock.host.record_delivery(Delivered(one, 204))
        assert not [one for one in mock.host.deliveries if one.is_pending]
    with Mock(DOCUMENT, state=state, clock=clock) as mock:
        clock.advance(20)
        assert mock.host.take_due() == ()


def test_a_webhook_that_another_process_has_in_hand_is_sent_by_that_alone(tmp_path: Path) -> None:
    state, clock = tmp_path / "state.db", VirtualClock()
    with Mock(DOCUMENT, state=state, clock=clock, webhook_urls=(HOOK,), job_seconds=0) as first:
        assert first.handle("POST", "/jobs", json={"title": "a"}).status == 201
        under_way = first.host.take_due()
        with Mock(DOCUMENT, state=state, clock=clock) as second:
            for one in under_way:
                first.host.record_delivery(Delivered(one, 204))
            clock.advance(20)
            assert (first.host.take_due(), second.host.take_due()) == ((), ())
