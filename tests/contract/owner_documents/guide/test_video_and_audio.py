"""Creating Generations: video and audio."""

from __future__ import annotations

from tests.contract.owner_documents.guide.playing import Guide
from tests.contract.owner_documents.stage import JOB_SECONDS

LISTING = """\
from sync import Sync
from sync.common import Audio, Video, GenerationOptions

sync = Sync()

response = sync.generations.create(
    input=[
        Video(url="https://your-cdn.com/video.mp4"),
        Audio(url="https://your-cdn.com/audio.wav"),
    ],
    model="lipsync-2",
    options=GenerationOptions(sync_mode="cut_off"),
    output_file_name="my_output",
)
"""


def test_the_output_has_the_name_asked_for(guide: Guide) -> None:
    played = guide.play(LISTING)
    assert played.calls == ["POST /v2/generate 201"]
    guide.stage.clock.advance(JOB_SECONDS)
    ended = played.names["sync"].generations.get(played.names["response"].id)
    assert ended.output_url.endswith("/my_output.mp4")
    assert ended.options.sync_mode == "cut_off"
