"""Media to look at and listen to: small MP4 clips and WAV tones, made when they are asked for.

A clip is a short loop that is encoded once; a longer one repeats its packets, so half an hour costs
hardly more than ten seconds.
"""

from __future__ import annotations

import io
import math
import wave
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mockserver.errors import MockError
from mockserver.media.caching import ByteCache
from mockserver.media.faststart import faststart

if TYPE_CHECKING:
    from types import ModuleType

FRAMES_PER_SECOND = 25
WIDTH, HEIGHT = 320, 180
#: Longer clips are cut to this; it bounds time and memory.
LONGEST_SECONDS = 3600.0
SAMPLE_RATE = 16_000

_LOOP_FRAMES = 40
_STEP_PIXELS = WIDTH // _LOOP_FRAMES
_SAMPLES_PER_PACKET = 1024
# A whole number of periods in each packet of AAC, so that one packet can be repeated without a click.
_TONE_HERTZ = 28 * SAMPLE_RATE / _SAMPLES_PER_PACKET
_TONE_LOUDNESS = 0.05
_STEADY_PACKET = 6


@dataclass(frozen=True, slots=True)
class _Encoded:
    """One packet as bytes."""

    content: bytes
    is_keyframe: bool


def clip(duration_seconds: float, *, label: str = "") -> bytes:
    """A playable MP4 of that length to the frame: H.264, 320x180, 25 frames a second, a soft AAC tone.

    The picture moves; `label` is its title. Shorter than a frame is one frame; more than an hour is an
    hour. Clips are kept for the next who asks. Raises MockError when PyAV is not installed.
    """
    return _KEPT((_frames_in(duration_seconds), label))


def tone(duration_seconds: float) -> bytes:
    """A WAV file of that length, at most an hour: a soft tone, 16 kHz, 16 bits, mono."""
    samples = round(_bounded(duration_seconds) * SAMPLE_RATE)
    period = _tone_samples(_SAMPLES_PER_PACKET)
    repeated = period * (samples // _SAMPLES_PER_PACKET + 1)
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, samples, "NONE", "not compressed"))
        file.writeframes(repeated[: samples * 2])
    return content.getvalue()


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_SECONDS) if seconds == seconds else 0.0


def _frames_in(seconds: float) -> int:
    return max(round(_bounded(seconds) * FRAMES_PER_SECOND), 1)


def _clip(wanted: tuple[int, str]) -> bytes:
    (frames, label), av = wanted, _av()
    content = io.BytesIO()
    with av.open(content, "w", format="mp4") as container:
        container.metadata["title"] = label or "mock clip"
        packets = frames * SAMPLE_RATE // FRAMES_PER_SECOND // _SAMPLES_PER_PACKET
        video, audio = _video_stream(container), _audio_stream(container) if packets else None
        container.start_encoding()
        for packet in _interleaved(av, (frames, packets), (video, audio)):
            container.mux(packet)
    return faststart(content.getvalue())


_KEPT = ByteCache(_clip, len)


def _interleaved(av: ModuleType, counts: tuple[int, int], streams: tuple[Any, Any]) -> Iterator[Any]:
    """The packets of both tracks by time; the sound ends with the picture or less than a packet before."""
    (frames, packets), (video, audio) = counts, streams
    picture, sound = _video_loop(), _audio_packet()
    sent = 0
    for frame in range(frames):
        yield _packet(av, picture[frame % _LOOP_FRAMES], video, frame, 1, Fraction(1, FRAMES_PER_SECOND))
        until = (frame + 1) * SAMPLE_RATE // FRAMES_PER_SECOND
        while sent < packets and sent * _SAMPLES_PER_PACKET < until:
            yield _packet(av, sound, audio, sent * _SAMPLES_PER_PACKET, _SAMPLES_PER_PACKET, Fraction(1, SAMPLE_RATE))
            sent += 1


def _packet(av: ModuleType, encoded: _Encoded, stream: Any, at: int, duration: int, time_base: Fraction) -> Any:
    packet = av.Packet(encoded.content)
    packet.stream = stream
    packet.pts = packet.dts = at
    packet.duration = duration
    packet.time_base = time_base
    packet.is_keyframe = encoded.is_keyframe
    return packet


@lru_cache(maxsize=1)
def _video_loop() -> tuple[_Encoded, ...]:
    av = _av()
    with av.open(io.BytesIO(), "w", format="mp4") as container:
        stream = _video_stream(container)
        packets = [packet for index in range(_LOOP_FRAMES) for packet in stream.encode(_frame(av, index))]
        packets += stream.encode(None)
        return tuple(_Encoded(bytes(packet), packet.is_keyframe) for packet in packets)


@lru_cache(maxsize=1)
def _audio_packet() -> _Encoded:
    av = _av()
    with av.open(io.BytesIO(), "w", format="mp4") as container:
        stream = _audio_stream(container)
        frame = av.AudioFrame(format="s16", layout="mono", samples=_SAMPLES_PER_PACKET * (_STEADY_PACKET + 4))
        frame.planes[0].update(_tone_samples(frame.samples))
        frame.sample_rate = SAMPLE_RATE
        frame.pts = 0
        resampled = av.AudioResampler("fltp", "mono", SAMPLE_RATE, _SAMPLES_PER_PACKET).resample(frame)
        packets = [packet for each in resampled for packet in stream.encode(each)]
        return _Encoded(bytes(packets[_STEADY_PACKET]), True)


def _video_stream(container: Any) -> Any:
    stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND)
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    stream.time_base = Fraction(1, FRAMES_PER_SECOND)
    stream.codec_context.gop_size = _LOOP_FRAMES
    stream.codec_context.max_b_frames = 0
    stream.codec_context.thread_count = 1
    stream.options = {"preset": "ultrafast", "crf": "34", "tune": "zerolatency", "x264-params": "scenecut=0"}
    # The picture's parameters go into the file's head, as MP4 wants it.
    stream.codec_context.flags |= _av().codec.context.Flags.global_header
    return stream


def _audio_stream(container: Any) -> Any:
    stream = container.add_stream("aac", rate=SAMPLE_RATE, layout="mono")
    stream.bit_rate = 16_000
    stream.codec_context.flags |= _av().codec.context.Flags.global_header
    return stream


def _frame(av: ModuleType, index: int) -> Any:
    """A light band over a field of colours, `index` steps to the right."""
    frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
    shift = index * _STEP_PIXELS
    light = bytes(40 + round(180 * math.exp(-(((x - shift) % WIDTH - WIDTH / 2) ** 2) / 800)) for x in range(WIDTH))
    blue = bytes(64 + x * 128 // (WIDTH // 2) for x in range(WIDTH // 2))
    for plane, row in zip(frame.planes, (light, blue, blue[::-1]), strict=True):
        plane.update(row.ljust(plane.line_size, b"\x80") * plane.height)
    frame.pts = index
    frame.time_base = Fraction(1, FRAMES_PER_SECOND)
    return frame


def _tone_samples(count: int) -> bytes:
    peak = _TONE_LOUDNESS * 32767
    samples = array("h", (round(peak * math.sin(2 * math.pi * _TONE_HERTZ * n / SAMPLE_RATE)) for n in range(count)))
    return samples.tobytes()


def _av() -> ModuleType:
    try:
        import av
    except ImportError as error:
        raise MockError('clips need PyAV: pip install "syncdyn[mock]"') from error
    return av
