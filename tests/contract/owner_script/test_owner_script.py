"""The owner's batch script as plain Python, run as its users run it, against a mock behind a socket."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mockserver import Exchange, Mock, VirtualClock

SCRIPT = Path(__file__).with_name("main.py")
REQUESTS = ("video_001", "video_002")
# Runs the script as it is, but its naps: the time of the mock passes with its requests.
WITHOUT_NAPS = f"import runpy, time; time.sleep = lambda _: None; runpy.run_path({str(SCRIPT)!r}, run_name='__main__')"


def line(request_id: str) -> str:
    media = [{"type": kind, "url": f"https://example.com/{request_id}.{kind}"} for kind in ("video", "audio")]
    payload = {"model": "lipsync-2", "input": media}
    return json.dumps({"request_id": request_id, "endpoint": "/v2/generate", "payload": payload})


@dataclass(frozen=True)
class Desk:
    """A folder with an input file, in which the script is run against a mock."""

    folder: Path
    mock: Mock
    url: str

    def run(self, *words: str, program: tuple[str, ...] = (str(SCRIPT),)) -> subprocess.CompletedProcess[str]:
        settings = {"SYNC_BASE_URL": self.url, "PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.run(
            [sys.executable, *program, *words],
            cwd=self.folder,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            timeout=50,
        )

    def results(self) -> dict[str, str]:
        """The status of each request in output.jsonl."""
        lines = map(json.loads, self.folder.joinpath("output.jsonl").read_text(encoding="utf-8").splitlines())
        return {line["request_id"]: line["status"] for line in lines}

    @property
    def calls(self) -> list[str]:
        return [f"{one.operation} {one.response.status}" for one in self.mock.journal if one.operation]


@pytest.fixture
def job_seconds() -> float:
    return 60


@pytest.fixture
def plan() -> str:
    return "scale"


@pytest.fixture
def desk(tmp_path: Path, job_seconds: float, plan: str) -> Iterator[Desk]:
    clock = VirtualClock()

    def pass_a_minute(_: Exchange) -> None:
        clock.advance(60)

    mock = Mock(clock=clock, job_seconds=job_seconds, plan=plan, on_exchange=pass_a_minute)
    tmp_path.joinpath("input.jsonl").write_text("\n".join(map(line, REQUESTS)), encoding="utf-8")
    with mock.serve() as url:
        yield Desk(tmp_path, mock, url)


def test_a_batch_is_created_and_monitored(desk: Desk) -> None:
    done = desk.run("--input-file", "input.jsonl", "--monitor")
    assert (done.returncode, done.stderr) == (0, "")
    assert desk.results() == dict.fromkeys(REQUESTS, "COMPLETED")
    assert desk.calls == ["POST /v2/batch 201", "GET /v2/batch/{id} 200"]


@pytest.mark.parametrize("job_seconds", [150])
def test_a_batch_is_asked_for_until_it_has_ended(desk: Desk) -> None:
    done = desk.run("--input-file", "input.jsonl", "--monitor", program=("-c", WITHOUT_NAPS))
    assert (done.returncode, done.stderr) == (0, "")
    assert desk.results() == dict.fromkeys(REQUESTS, "COMPLETED")
    assert desk.calls == ["POST /v2/batch 201", *["GET /v2/batch/{id} 200"] * 3]


def test_a_batch_is_created_alone_then_monitored_by_its_id(desk: Desk) -> None:
    created = desk.run("--input-file", "input.jsonl")
    assert (created.returncode, created.stderr, desk.calls) == (0, "", ["POST /v2/batch 201"])
    assert not desk.folder.joinpath("output.jsonl").exists()
    sent = json.loads(desk.mock.journal[0].response.body)
    done = desk.run("--batch-id", sent["id"], "--monitor")
    assert (done.returncode, done.stderr) == (0, "")
    assert desk.results() == dict.fromkeys(REQUESTS, "COMPLETED")


def test_a_dry_run_creates_nothing(desk: Desk) -> None:
    done = desk.run("--input-file", "input.jsonl", "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    assert desk.calls == ["POST /v2/batch 200"]
    assert desk.mock.journal[0].response.body == b'{"status":"VALIDATED"}'


@pytest.mark.parametrize("plan", ["creator"])
def test_a_plan_that_is_too_low_ends_the_script_with_a_word(desk: Desk) -> None:
    done = desk.run("--input-file", "input.jsonl", "--monitor")
    assert (done.returncode, desk.calls) == (1, ["POST /v2/batch 402"])
    assert done.stderr.startswith("Sync answered 402")


def test_a_batch_that_is_not_there_ends_the_script_with_a_word(desk: Desk) -> None:
    done = desk.run("--batch-id", "no-such-batch", "--monitor")
    assert (done.returncode, desk.calls) == (1, ["GET /v2/batch/{id} 404"])
    assert done.stderr.startswith("Sync answered 404")


@pytest.mark.parametrize(
    "words",
    [(), ("--monitor",), ("--batch-id", "b"), ("--batch-id", "b", "--monitor", "--dry-run")],
    ids=["nothing", "monitor what?", "id alone", "dry run of a batch"],
)
def test_a_command_without_effect_is_refused(desk: Desk, words: tuple[str, ...]) -> None:
    assert desk.run(*words).returncode == 2
    assert desk.calls == []
