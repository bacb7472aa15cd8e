from __future__ import annotations

import io
import math
import wave
from array import array
from itertools import pairwise

import av
import pytest

from mockserver.media.clips import FRAMES_PER_SECOND, LONGEST_SECONDS, clip, tone
from mockserver.media.faststart import faststart
from mockserver.media.media_facts import facts_of


@pytest.mark.parametrize("seconds", [0.04, 0.5, 1.0, 3.3, 7.77, 10.0, 61.5])
def test_a_clip_has_the_length_asked_for_to_the_frame(seconds: float) -> None:
    facts = facts_of(clip(seconds))
    assert facts is not None
    assert facts.duration_seconds == pytest.approx(seconds, abs=1 / FRAMES_PER_SECOND)
    assert (facts.format, facts.frames_per_second, facts.width, facts.height) == ("mp4", 25.0, 320, 180)


def test_a_clip_is_h264_and_aac_that_decode_to_the_end() -> None:
    with av.open(io.BytesIO(clip(4.0))) as container:
        assert [stream.codec_context.name for stream in container.streams] == ["h264", "aac"]
        assert container.streams.video[0].codec_context.pix_fmt == "yuv420p"
        frames = list(container.decode(video=0))
    assert len(frames) == 100
    assert [round(float(frame.time or 0) * FRAMES_PER_SECOND) for frame in frames] == list(range(100))


def test_the_picture_moves() -> None:
    with av.open(io.BytesIO(clip(4.0))) as container:
        pictures = [bytes(frame.planes[0]) for frame in container.decode(video=0)]
    assert all(before != after for before, after in pairwise(pictures))


def test_the_sound_is_a_steady_tone() -> None:
    with av.open(io.BytesIO(clip(4.0))) as container:
        samples = [sample for frame in container.decode(audio=0) for sample in array("f", bytes(frame.planes[0]))]
    middle = samples[8000:40000]
    jumps = max(abs(after - before) for before, after in pairwise(middle))
    assert 0.02 < max(middle) < 0.2
    # A sine of 437.5 Hz and that loudness changes by no more from sample to sample; a click would.
    assert jumps < 1.5 * max(middle) * 2 * math.pi * 437.5 / 16_000


def test_the_index_stands_before_the_film() -> None:
    content = clip(1.0)
    assert content.index(b"moov") < content.index(b"mdat")
    assert faststart(content) is content


def test_a_clip_is_made_once() -> None:
    assert clip(2.0) is clip(2.001)
    assert clip(2.0) is not clip(2.0, label="another")


@pytest.mark.parametrize("seconds", [0.0, -3.0, float("nan")], ids=["none", "negative", "not a number"])
def test_a_clip_without_a_length_is_one_frame(seconds: float) -> None:
    facts = facts_of(clip(seconds))
    assert facts is not None
    assert facts.duration_seconds == pytest.approx(0.04)


def test_a_label_is_the_title() -> None:
    with av.open(io.BytesIO(clip(0.2, label="Take 7"))) as container:
        assert container.metadata["title"] == "Take 7"


def test_an_endless_clip_ends_after_an_hour() -> None:
    content = clip(float("inf"))
    facts = facts_of(content)
    assert facts is not None
    assert facts.duration_seconds == pytest.approx(LONGEST_SECONDS, abs=0.05)
    assert len(content) < 64 * 2**20


@pytest.mark.parametrize(
    "content", [b"", b"abc", b"\0\0\0\4moov", b"\0\0\0\x08mdat"], ids=["", "text", "broken", "bare"]
)
def test_what_is_no_film_is_left_as_it_is(content: bytes) -> None:
    assert faststart(content) == content


def test_a_tone_is_a_wav_of_that_length() -> None:
    with wave.open(io.BytesIO(tone(1.5))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        assert file.getnframes() == 24_000
        samples = array("h", file.readframes(24_000))
    assert max(samples) > 1000
