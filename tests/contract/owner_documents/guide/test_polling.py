"""Polling: look until the status is terminal."""

from __future__ import annotations

from tests.contract.owner_documents.guide.playing import Guide

LISTING = """\
import time

generation = sync.generations.get(job_id)
while generation.status not in ["COMPLETED", "FAILED", "REJECTED"]:
    time.sleep(10)
    generation = sync.generations.get(job_id)
"""


def test_polling_ends_with_the_job(guide: Guide) -> None:
    played = guide.play(LISTING, **guide.names(), job_id=guide.stage.create_generation())
    assert played.calls == ["GET /v2/generate/{id} 200"] * 4
    assert played.names["generation"].status == "COMPLETED"
