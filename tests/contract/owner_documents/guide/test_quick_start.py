"""Quick Start: create, poll until it is finished, print the output."""

from __future__ import annotations

import httpx
import pytest

from mockserver import facts_of
from tests.contract.owner_documents.guide.playing import Guide

LISTING = """\
import time
from sync import Sync
from sync.common import Audio, Video, GenerationOptions
from sync.core.api_error import ApiError

sync = Sync()

try:
    response = sync.generations.create(
        input=[
            Video(url="https://assets.sync.so/docs/example-video.mp4"),
            Audio(url="https://assets.sync.so/docs/example-audio.wav"),
        ],
        model="lipsync-2",
        options=GenerationOptions(sync_mode="cut_off"),
    )
except ApiError as e:
    print(f"Request failed: {e.status_code} - {e.body}")
    exit()

job_id = response.id
print(f"Job submitted: {job_id}")

# Poll until complete
generation = sync.generations.get(job_id)
while generation.status not in ["COMPLETED", "FAILED", "REJECTED"]:
    time.sleep(10)
    generation = sync.generations.get(job_id)

if generation.status == "COMPLETED":
    print(f"Output: {generation.output_url}")
else:
    print(f"Generation {job_id} failed: {generation.error}")
"""


def test_the_output_can_be_downloaded(guide: Guide) -> None:
    played = guide.play(LISTING)
    # A job of 25 seconds is looked at after 0, 10, 20 and 30.
    assert played.calls == ["POST /v2/generate 201", *["GET /v2/generate/{id} 200"] * 4]
    submitted, output = played.printed
    assert submitted == f"Job submitted: {played.names['job_id']}"
    found = facts_of(httpx.get(output.removeprefix("Output: ")).content)
    assert found is not None
    assert found.is_video


def test_a_refusal_is_told_and_the_program_ends(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNC_API_KEY", "invalid")
    played = guide.play(LISTING)
    assert played.calls == ["POST /v2/generate 401"]
    assert played.has_exited
    assert [line[:21] for line in played.printed] == ["Request failed: 401 -"]
