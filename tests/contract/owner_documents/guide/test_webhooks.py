"""Webhooks: have an address called when the job finishes."""

from __future__ import annotations

import pytest

from tests.contract.owner_documents.guide.playing import Guide
from tests.contract.owner_documents.stage import JOB_SECONDS

LISTING = """\
response = sync.generations.create(
    input=[
        Video(url="https://your-cdn.com/video.mp4"),
        Audio(url="https://your-cdn.com/audio.wav"),
    ],
    model="lipsync-2",
    webhook_url="https://your-server.com/webhook",
)
"""


def test_the_webhook_is_due_when_the_job_ends(guide: Guide) -> None:
    played = guide.play(LISTING, **guide.names())
    assert played.calls == ["POST /v2/generate 201"]
    assert played.names["response"].webhook_url == "https://your-server.com/webhook"
    assert guide.stage.mock.host.next_due() == pytest.approx(guide.stage.clock() + JOB_SECONDS)
