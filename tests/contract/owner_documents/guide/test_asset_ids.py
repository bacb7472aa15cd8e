"""Working with Files: inputs by asset id."""

from __future__ import annotations

from tests.contract.owner_documents.guide.playing import Guide

LISTING = """\
from sync.common import Video, Audio

Video(asset_id="550e8400-e29b-41d4-a716-446655440000")
Audio(asset_id="660e8400-e29b-41d4-a716-446655440001")
"""


def test_both_assets_are_there_for_a_generation(guide: Guide) -> None:
    # The listing keeps neither of its values; its last two lines are evaluated once more to have them.
    classes = guide.play(LISTING).names
    video, audio = (eval(line, classes) for line in LISTING.splitlines()[-2:])
    made = guide.names()["sync"].generations.create(model="lipsync-2", input=[video, audio])
    assert [item.asset_id for item in made.input] == [
        "550e8400-e29b-41d4-a716-446655440000",
        "660e8400-e29b-41d4-a716-446655440001",
    ]
