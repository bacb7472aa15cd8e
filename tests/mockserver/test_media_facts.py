from __future__ import annotations

import io
from fractions import Fraction

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.media.clips import clip, tone
from mockserver.media.media_facts import MediaFacts, facts_of

MAGICS = [
    b"RIFF\0\0\0\0WAVE",
    b"RIFF\0\0\0\0AVI ",
    b"fLaC",
    b"OggS",
    b"ID3",
    b"\0\0\0\x20ftypisom",
    b"\x1aE\xdf\xa3",
    b"\xff\xfb",
]


def sound(container_format: str, codec: str, sample_format: str) -> bytes:
    """Two seconds of silence."""
    content = io.BytesIO()
    with av.open(content, "w", format=container_format) as container:
        stream = container.add_stream(codec, rate=48_000)
        stream.layout = "mono"
        frame = av.AudioFrame(format="s16", layout="mono", samples=96_000)
        frame.planes[0].update(bytes(192_000))
        frame.sample_rate = 48_000
        size = stream.codec_context.frame_size or 4096
        for part in av.AudioResampler(sample_format, "mono", 48_000, size).resample(frame):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return content.getvalue()


def film(container_format: str, codec: str) -> bytes:
    """Two seconds of black at 30 frames a second."""
    content = io.BytesIO()
    with av.open(content, "w", format=container_format) as container:
        stream = container.add_stream(codec, rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for index in range(60):
            frame = av.VideoFrame(64, 48, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            frame.pts, frame.time_base = index, Fraction(1, 30)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return content.getvalue()


@pytest.mark.parametrize(
    ("container_format", "codec", "sample_format", "name"),
    [("flac", "flac", "s16", "flac"), ("ogg", "libopus", "s16", "ogg"), ("mp3", "libmp3lame", "s16p", "mp3")],
    ids=["flac", "ogg", "mp3"],
)
def test_sound_has_a_kind_and_a_length(container_format: str, codec: str, sample_format: str, name: str) -> None:
    facts = facts_of(sound(container_format, codec, sample_format))
    assert facts is not None
    assert (facts.format, facts.is_video, facts.frames_per_second) == (name, False, None)
    assert facts.duration_seconds == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize(
    ("container_format", "codec", "name"),
    [
        ("mp4", "libx264", "mp4"),
        ("mov", "libx264", "mov"),
        ("webm", "libvpx", "webm"),
        ("avi", "mpeg4", "avi"),
    ],
    ids=["mp4", "mov", "webm", "avi"],
)
def test_film_has_a_rate_and_a_size_as_well(container_format: str, codec: str, name: str) -> None:
    facts = facts_of(film(container_format, codec))
    assert facts is not None
    assert (facts.format, facts.frames_per_second, facts.width, facts.height) == (name, 30.0, 64, 48)
    assert facts.duration_seconds == pytest.approx(2.0, abs=0.05)


def test_a_wav_is_measured_exactly() -> None:
    assert facts_of(tone(2.5)) == MediaFacts("wav", 2.5)


def test_the_name_tells_matroska_from_webm_and_nothing_else() -> None:
    content = film("matroska", "libx264")
    assert [(facts_of(content, name) or MediaFacts("")).format for name in ("a.mkv", "a.webm")] == [
        "mkv",
        "webm",
    ]
    assert facts_of(tone(1), "a.mp4") == facts_of(tone(1))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"hello", id="text"),
        pytest.param(b"{}", id="json"),
        pytest.param(b"%PDF-1.7", id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(50), id="picture"),
        pytest.param(b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", id="playlist"),
        pytest.param(b"ffconcat version 1.0\nfile /etc/passwd\n", id="list of files"),
        pytest.param(b"\xff\xfe\xff\xff" + bytes(200), id="text of two bytes"),
        *[pytest.param(magic, id=f"only {magic!r}") for magic in MAGICS],
    ],
)
def test_what_is_no_media_has_no_facts(content: bytes) -> None:
    assert facts_of(content) is None


@given(st.sampled_from(MAGICS), st.binary(max_size=300))
def test_garbage_is_never_raised_at(magic: bytes, rest: bytes) -> None:
    facts = facts_of(magic + rest)
    assert facts is None or facts.format


@given(st.integers(0, 12_000), st.binary(min_size=1, max_size=8))
def test_a_damaged_clip_is_never_raised_at(at: int, noise: bytes) -> None:
    content = clip(1.0)
    facts = facts_of(content[:at] + noise + content[at + len(noise) :])
    assert facts is None or facts.format in ("mp4", "mov", "m4a")


@given(st.integers(0, 12_000))
def test_a_cut_clip_is_never_raised_at(size: int) -> None:
    facts = facts_of(clip(1.0)[:size])
    assert facts is None or facts.format == "mp4"
