"""Working with Files: inputs by URL."""

from __future__ import annotations

from tests.contract.owner_documents.guide.playing import Guide

LISTING = """\
from sync.common import Video, Audio

Video(url="https://your-cdn.com/video.mp4")
Audio(url="https://your-cdn.com/audio.wav")
"""


def test_the_inputs_make_a_generation(guide: Guide) -> None:
    # The listing keeps neither of its values; its last two lines are evaluated once more to have them.
    classes = guide.play(LISTING).names
    video, audio = (eval(line, classes) for line in LISTING.splitlines()[-2:])
    made = guide.names()["sync"].generations.create(model="lipsync-2", input=[video, audio])
    assert [item.url for item in made.input] == ["https://your-cdn.com/video.mp4", "https://your-cdn.com/audio.wav"]
