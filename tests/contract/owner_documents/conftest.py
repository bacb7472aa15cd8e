"""One mock for all snippets of the owner's documents, begun anew for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver import Mock, VirtualClock, clip, tone
from tests.contract.owner_documents.stage import JOB_SECONDS, Stage


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Mock, VirtualClock, str]]:
    clock = VirtualClock()
    mock = Mock(clock=clock, job_seconds=JOB_SECONDS)
    with mock.serve() as url:
        yield mock, clock, url


@pytest.fixture
def stage(served: tuple[Mock, VirtualClock, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A mock without memory; key and address in the environment, the documents' files in the working folder."""
    mock, clock, url = served
    mock.reset()
    monkeypatch.setenv("SYNC_BASE_URL", url)
    monkeypatch.setenv("SYNC_API_KEY", "key-of-the-environment")
    monkeypatch.chdir(tmp_path)
    tmp_path.joinpath("video.mp4").write_bytes(clip(2.0))
    tmp_path.joinpath("audio.wav").write_bytes(tone(2.0))
    stage = Stage(mock, clock, url)
    yield stage
    stage.tidy()
