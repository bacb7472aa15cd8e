"""What a media file says of itself: kind, length, size of the picture."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """The facts of a media file; None for what it does not have or does not say."""

    format: str
    duration_seconds: float | None = None
    frames_per_second: float | None = None
    width: int | None = None
    height: int | None = None

    @property
    def is_video(self) -> bool:
        """Whether it has a picture."""
        return self.width is not None


# How files begin, and the one demuxer that may read each. Nothing is left to guessing: among the library's
# demuxers are playlists, and those open other files and URLs.
_MAGIC: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"RIFF", "wav", "wav"),
    (0, b"RF64", "wav", "wav"),
    (0, b"fLaC", "flac", "flac"),
    (0, b"OggS", "ogg", "ogg"),
    (0, b"ID3", "mp3", "mp3"),
    (4, b"ftyp", "mp4", "mov"),
    (4, b"moov", "mov", "mov"),
    (4, b"mdat", "mov", "mov"),
    (4, b"wide", "mov", "mov"),
    (0, b"\x1aE\xdf\xa3", "webm", "matroska"),
)
_RIFF_KINDS = {b"WAVE": ("wav", "wav"), b"AVI ": ("avi", "avi")}
_BRANDS = {b"qt  ": "mov", b"M4A ": "m4a", b"M4B ": "m4a"}
_MPEG_AUDIO_SYNC = 0xE0


def facts_of(content: bytes, file_name: str = "") -> MediaFacts | None:
    """The facts of a WAV, MP4, MOV, MP3, OGG, FLAC, WebM or AVI file; None for anything else.

    Never raises: a damaged file is None too, as is every file where PyAV is not installed. The content
    decides, not the file's name; the name only tells Matroska from WebM.
    """
    found = _sniff(content)
    if found is None:
        return None
    name, demuxer = found
    try:
        facts = _read(content, name, demuxer)
    except Exception:  # a damaged file can fail in any way, and is no media then
        return None
    if name == "webm" and file_name.lower().endswith(".mkv"):
        return MediaFacts("mkv", *_without_format(facts)) if facts else None
    return facts


def _without_format(facts: MediaFacts) -> tuple[Any, ...]:
    return facts.duration_seconds, facts.frames_per_second, facts.width, facts.height


def _sniff(content: bytes) -> tuple[str, str] | None:
    """The format's name, and the demuxer's."""
    if content[:4] == b"RIFF":
        return _RIFF_KINDS.get(content[8:12])
    for at, magic, name, demuxer in _MAGIC:
        if content.startswith(magic, at):
            return _BRANDS.get(content[8:12], name) if name == "mp4" else name, demuxer
    is_frame = len(content) > 2 and content[0] == 0xFF and content[1] & _MPEG_AUDIO_SYNC == _MPEG_AUDIO_SYNC
    # Layer bits 01 are layer III; 00 would be AAC in ADTS: ISO/IEC 11172-3, 2.4.1.3.
    return ("mp3", "mp3") if is_frame and content[1] & 0x06 == 0x02 else None


def _lenient(version: str) -> dict[str, Any]:
    """How PyAV is told to bear metadata that is no UTF-8; from 19 on it does so unasked."""
    return {"metadata_errors": "ignore"} if int(version.partition(".")[0]) < 19 else {}


def _read(content: bytes, name: str, demuxer: str) -> MediaFacts | None:
    import av

    with av.open(io.BytesIO(content), format=demuxer, **_lenient(av.__version__)) as container:
        streams = container.streams
        if not streams.video and not streams.audio:
            return None
        seconds = _duration(container)
        if not streams.video:
            return MediaFacts(name, seconds) if seconds else None
        picture = streams.video[0]
        if not (picture.width and picture.height):
            return None
        is_cover = name in ("mp3", "flac", "ogg", "m4a")
        if is_cover:
            return MediaFacts(name, seconds)
        rate = picture.average_rate
        return MediaFacts(name, seconds, float(rate) if rate else None, picture.width, picture.height)


def _duration(container: Any) -> float | None:
    """Seconds to a microsecond: of the container, else of its longest stream."""
    if container.duration and container.duration > 0:
        return float(round(container.duration / 1_000_000, 6))
    stated = [each for each in container.streams if each.duration and each.time_base]
    longest = max((float(each.duration * each.time_base) for each in stated), default=0.0)
    return round(longest, 6) if longest > 0 else None
