"""Async Usage: the quick start, awaited."""

from __future__ import annotations

from tests.contract.owner_documents.guide.playing import Guide

LISTING = """\
import asyncio
from sync import AsyncSync
from sync.common import Audio, Video

async def main():
    sync = AsyncSync()

    response = await sync.generations.create(
        input=[
            Video(url="https://your-cdn.com/video.mp4"),
            Audio(url="https://your-cdn.com/audio.wav"),
        ],
        model="lipsync-2",
    )

    job_id = response.id
    print(f"Job submitted: {job_id}")

    # Poll until complete
    generation = await sync.generations.get(job_id)
    while generation.status not in ["COMPLETED", "FAILED", "REJECTED"]:
        await asyncio.sleep(10)
        generation = await sync.generations.get(job_id)

    if generation.status == "COMPLETED":
        print(f"Output: {generation.output_url}")

asyncio.run(main())
"""


def test_the_output_is_printed_at_the_end(guide: Guide) -> None:
    played = guide.play(LISTING)
    assert played.calls == ["POST /v2/generate 201", *["GET /v2/generate/{id} 200"] * 4]
    submitted, output = played.printed
    assert submitted.startswith("Job submitted: ")
    assert output.startswith(f"Output: {guide.stage.url}")
