"""Cost Estimation: before a generation is submitted."""

from __future__ import annotations

from tests.contract.owner_documents.guide.playing import Guide

LISTING = """\
estimates = sync.generations.estimate_cost(
    input=[
        Video(url="https://your-cdn.com/video.mp4"),
        Audio(url="https://your-cdn.com/audio.wav"),
    ],
    model="lipsync-2",
)

for estimate in estimates:
    print(f"Estimated frames: {estimate.estimated_frame_count}")
    print(f"Estimated cost: ${estimate.estimated_generation_cost:.2f}")
"""


def test_frames_and_cost_are_printed(guide: Guide) -> None:
    played = guide.play(LISTING, **guide.names())
    assert played.calls == ["POST /v2/analyze/cost 200"]
    frames, cost = (line.partition(": ")[2] for line in played.printed)
    assert int(frames) > 0
    assert cost == f"${int(frames) * 0.002:.2f}"
