"""The README of the owner's batch script: its two lines for `main.py`, and its commands as `syncdyn batch`."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mockserver import Exchange, Mock, VirtualClock
from tests.contract.owner_documents.documents import document, fenced
from tests.contract.owner_documents.stage import Stage

_README = document("batch.md")
_INPUT = fenced(_README, "jsonl")[0]
_COMMANDS = [code for code in fenced(_README, "bash") if code.startswith("python main.py")]
_AND_MONITOR, _CREATE, _DRY_RUN, _MONITOR = _COMMANDS


def test_the_key_and_the_webhook_are_set_as_shown(stage: Stage) -> None:
    key, webhook = fenced(_README, "python")
    create = "made = sync.batch.create(input=input_file, webhook_url=webhook_url)"
    played = stage.play(
        f"from sync import Sync\n{key}\n{webhook}\n{create}", input_file=("input.jsonl", _INPUT.encode())
    )
    assert played.calls == ["POST /v2/batch 201"]
    assert played.exchanges[0].request.headers["x-api-key"] == "your-actual-api-key-here"
    assert played.names["made"].webhook_url == "https://your-webhook-endpoint.com/batch-complete"


@dataclass(frozen=True)
class Desk:
    """A folder with the README's input file, in which its commands are run against a mock."""

    folder: Path
    mock: Mock
    url: str

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """What came of one of the README's commands, run by `syncdyn batch`."""
        words = shlex.split(command)
        assert words[:2] == ["python", "main.py"]
        return subprocess.run(
            [sys.executable, "-m", "syncdyn.cli", "batch", *words[2:]],
            cwd=self.folder,
            env={**os.environ, "SYNC_API_KEY": "k", "SYNC_BASE_URL": self.url, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            timeout=60,
        )

    def results(self) -> dict[str, str]:
        """The status of each request in output.jsonl."""
        lines = map(json.loads, self.folder.joinpath("output.jsonl").read_text(encoding="utf-8").splitlines())
        return {line["request_id"]: line["status"] for line in lines}

    @property
    def calls(self) -> list[str]:
        return [str(one.operation) for one in self.mock.journal if one.operation]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    # Each request takes a minute of the mock's time, and a job no longer: nobody has to wait the script's 60 seconds.
    clock = VirtualClock()

    def pass_a_minute(_: Exchange) -> None:
        clock.advance(60)

    mock = Mock(clock=clock, job_seconds=60, on_exchange=pass_a_minute)
    tmp_path.joinpath("input.jsonl").write_text(_INPUT, encoding="utf-8")
    with mock.serve() as url:
        yield Desk(tmp_path, mock, url)


def test_a_batch_is_created_and_monitored(desk: Desk) -> None:
    done = desk.run(_AND_MONITOR)
    assert (done.returncode, done.stdout) == (0, "output.jsonl\n")
    assert desk.results() == {"video_001": "COMPLETED", "video_002": "COMPLETED"}
    assert desk.calls == ["POST /v2/batch", "GET /v2/batch/{id}"]


def test_a_batch_is_created_then_monitored_by_its_id(desk: Desk) -> None:
    created = desk.run(_CREATE)
    assert (created.returncode, desk.calls) == (0, ["POST /v2/batch"])
    done = desk.run(_MONITOR.replace("your_batch_id", created.stdout.strip()))
    assert (done.returncode, done.stdout) == (0, "output.jsonl\n")
    assert desk.results() == {"video_001": "COMPLETED", "video_002": "COMPLETED"}


def test_a_dry_run_creates_no_batch(desk: Desk) -> None:
    done = desk.run(_DRY_RUN)
    assert (done.returncode, done.stdout) == (0, "VALIDATED\n")
    assert [one.response.status for one in desk.mock.journal] == [200]
    assert not desk.folder.joinpath("output.jsonl").exists()


def test_a_command_without_effect_is_refused(desk: Desk) -> None:
    # Of the README's key features: no-op commands are prevented, such as an id of a batch without --monitor.
    done = desk.run(_MONITOR.removesuffix(" --monitor"))
    assert (done.returncode, done.stdout, desk.calls) == (2, "", [])
    assert "--monitor" in done.stderr
