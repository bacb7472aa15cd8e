"""Error Handling: ApiError."""

from __future__ import annotations

from ast import literal_eval

import pytest

from tests.contract.owner_documents.guide.playing import Guide

LISTING = """\
from sync import Sync
from sync.core.api_error import ApiError

sync = Sync()

try:
    response = sync.generations.create(
        input=[
            Video(url="https://your-cdn.com/video.mp4"),
            Audio(url="https://your-cdn.com/audio.wav"),
        ],
        model="lipsync-2",
    )
except ApiError as e:
    print(f"Status: {e.status_code}")
    print(f"Error: {e.body}")
"""


def test_a_refusal_is_printed(guide: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    names = guide.names()
    monkeypatch.setenv("SYNC_API_KEY", "invalid")
    played = guide.play(LISTING, **names)
    assert played.calls == ["POST /v2/generate 401"]
    status, body = played.printed
    assert status == "Status: 401"
    assert literal_eval(body.removeprefix("Error: ")) == {"message": "Unauthorized", "statusCode": 401}


def test_nothing_is_printed_when_all_is_well(guide: Guide) -> None:
    played = guide.play(LISTING, **guide.names())
    assert (played.calls, played.printed) == (["POST /v2/generate 201"], [])
