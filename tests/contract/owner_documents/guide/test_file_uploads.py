"""Working with Files: uploads."""

from __future__ import annotations

from tests.contract.owner_documents.guide.playing import Guide

LISTING = """\
with open("video.mp4", "rb") as video_file, open("audio.wav", "rb") as audio_file:
    response = sync.generations.create_with_files(
        video=video_file,
        audio=audio_file,
        model="lipsync-2",
    )
"""


def test_the_files_are_in_the_library_afterwards(guide: Guide) -> None:
    played = guide.play(LISTING, **guide.names())
    assert played.calls == ["POST /v2/generate 201"]
    sync, made = played.names["sync"], played.names["response"]
    assets = [sync.assets.get(item.asset_id) for item in made.input]
    assert [(one.type, one.name, one.duration_seconds) for one in assets] == [
        ("VIDEO", "video.mp4", 2.0),
        ("AUDIO", "audio.wav", 2.0),
    ]
