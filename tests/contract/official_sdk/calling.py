"""What the tests of the vendor's SDK share: a mock that serves, a client to call, things to send."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sync.common import Audio, ElevenLabs, GenerationOptions, GenerationSegment, SegmentAudioInput, Tts, Video

from mockserver import Mock, VirtualClock

JOB_SECONDS = 60.0
VIDEO_ASSET = "0b6e7c1a-1111-4222-8333-444455556666"
AUDIO_ASSET = "0b6e7c1a-1111-4222-8333-444455557777"
URLS = [
    Video(url="https://media.example.com/talk.mp4?seconds=4"),
    Audio(url="https://media.example.com/a.wav?seconds=3"),
]
SPOKEN = Tts(provider=ElevenLabs(voice_id="EXAVITQu4vr4xnSDxMaL", script="Hello there.", stability=0.5))
BATCH = b"".join(
    json.dumps({
        "request_id": f"r-{number}",
        "endpoint": "/v2/generate",
        "payload": {"model": "lipsync-2", "input": [{"type": "video", "url": url}, {"type": "audio", "url": url}]},
    }).encode()
    + b"\n"
    for number, url in enumerate(("https://m.example.com/1", "https://m.example.com/2", "https://m.example.com/failed"))
)  # fmt: skip


INPUTS: dict[str, dict[str, Any]] = {
    "by URL": {"input": URLS},
    "by asset id": {"input": [Video(asset_id=VIDEO_ASSET), Audio(asset_id=AUDIO_ASSET)]},
    "text to speech": {"input": [URLS[0], SPOKEN]},
    "options": {
        "input": URLS,
        "options": GenerationOptions(sync_mode="loop", temperature=0.3),
        "output_file_name": "mine",
    },
    "segments": {
        "input": [
            Video(url="https://media.example.com/two.mp4?seconds=9"),
            Tts(provider=SPOKEN.provider, ref_id="a"),
            Audio(url="https://media.example.com/b.wav?seconds=8", ref_id="b"),
        ],
        "segments": [
            GenerationSegment(start_time=0, end_time=3.5, audio_input=SegmentAudioInput(ref_id="a")),
            GenerationSegment(
                start_time=3.5, end_time=9, audio_input=SegmentAudioInput(ref_id="b", start_time=1, end_time=6.5)
            ),
        ],
    },
}


@dataclass(frozen=True)
class Service:
    """A mock that serves, its clock and its address."""

    mock: Mock
    clock: VirtualClock
    url: str

    def assert_all_clean(self, *operations: str) -> None:
        """Nothing that was sent broke the contract, and the operations called were these."""
        assert [(one.operation, one.violations) for one in self.mock.journal if one.violations] == []
        assert {one.operation for one in self.mock.journal} - {None} == set(operations)


@dataclass(frozen=True)
class Caller:
    """A client of the SDK: `call("assets.get", id)` gives the result, awaited where it must be."""

    client: Any
    finish: Callable[[Any], Any]

    def __call__(self, method: str, *arguments: Any, **named: Any) -> Any:
        return self.finish(attrgetter(method)(self.client)(*arguments, **named))
