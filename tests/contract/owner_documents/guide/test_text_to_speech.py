"""Creating Generations: video and text to speech."""

from __future__ import annotations

from tests.contract.owner_documents.guide.playing import Guide

LISTING = """\
from sync import Sync
from sync.common import Video, TTS, GenerationOptions

sync = Sync()

response = sync.generations.create(
    input=[
        Video(url="https://your-cdn.com/video.mp4"),
        TTS(
            provider={
                "name": "elevenlabs",
                "voiceId": "EXAVITQu4vr4xnSDxMaL",
                "script": "Hello, this is a demo of the Sync lip sync API.",
                "stability": 0.5,
                "similarityBoost": 0.75,
            }
        ),
    ],
    model="lipsync-2",
    options=GenerationOptions(sync_mode="cut_off"),
)
"""


def test_the_voice_is_sent_as_it_is_written(guide: Guide) -> None:
    played = guide.play(LISTING)
    assert played.calls == ["POST /v2/generate 201"]
    spoken = played.sent["input"][1]
    assert (spoken["type"], spoken["provider"]) == (
        "text",
        {
            "name": "elevenlabs",
            "voiceId": "EXAVITQu4vr4xnSDxMaL",
            "script": "Hello, this is a demo of the Sync lip sync API.",
            "stability": 0.5,
            "similarityBoost": 0.75,
        },
    )
    assert played.names["response"].input[1].provider.voice_id == "EXAVITQu4vr4xnSDxMaL"
