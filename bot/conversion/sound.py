"""Sound: read from whatever a messenger recorded, written as what another one plays."""

import math
import time
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple, cast

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError

from bot.conversion import mp4
from bot.conversion.contract import Accepted, ConversionError, File
from bot.conversion.forms import SOUNDS

MAX_SECONDS = 600
PATIENCE = 60.0
"""Seconds that reading one file may take. Ten minutes of AMR take one or two."""

_CODECS = ("opus", "vorbis", "speex", "flac", "amrnb", "amrwb", "mp3", "mp3float", "aac", "alac")
_PCM = ("pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_mulaw", "pcm_alaw")
_OPTIONS = {"codec_whitelist": ",".join(_CODECS + _PCM)}
"""No other decoder is ever started: the fewer, the fewer faults a stranger can reach."""

_PLAUSIBLE_RATES = range(6_000, 192_001)
"""Samples a second. One a second would make hours of a few bytes."""
_SAMPLE = 2
"""Bytes: 16 bits, one channel."""
_END = 0.2
"""Seconds of silence that an encoder may put around what it is given."""


class _Coding(NamedTuple):
    """How a type of sound is written. Speech needs no more; MP3 and Opus are heard well at these rates."""

    format: str
    codec: str
    rate: int
    bit_rate: int
    sample: str


_CODINGS = {
    "audio/mpeg": _Coding("mp3", "libmp3lame", 24_000, 32_000, "s16p"),
    "audio/amr": _Coding("amr", "libopencore_amrnb", 8_000, 12_200, "s16"),
    "audio/ogg": _Coding("ogg", "libopus", 24_000, 24_000, "s16"),
}


def fitting(content: bytes, mime: str, accepted: Accepted) -> list[File]:
    """The sound within the limits, in as many files of equal length as it takes. Raises ConversionError."""
    wanted = next((one for one in accepted.mimes if one in _CODINGS), None)
    if wanted is None:
        raise ConversionError(f"no sound of {accepted.mimes} can be made")
    coding = _CODINGS[wanted]
    samples = _read(content, mime, coding.rate)
    seconds = len(samples) / _SAMPLE / coding.rate
    if mime in accepted.mimes and len(content) <= accepted.largest and seconds <= accepted.seconds:
        return [File(mime, content)]
    longest = min(accepted.seconds - _END, accepted.largest * 8 / coding.bit_rate * 0.8)
    if longest < 1:
        raise ConversionError("not even a second is taken")
    count = math.ceil(seconds / longest)
    length = math.ceil(len(samples) / _SAMPLE / count) * _SAMPLE
    made = [_written(samples[start : start + length], coding) for start in range(0, len(samples), length)]
    if any(len(one) > accepted.largest for one in made):
        raise ConversionError(f"more than {accepted.largest} bytes")
    return [File(wanted, one) for one in made]


def is_only_sound(content: bytes) -> bool:
    """Whether an MP4 holds sound and no picture, as browsers record voice."""
    with mp4.opened(content, _OPTIONS) as container:
        return bool(container.streams.audio) and not container.streams.video


def _opened(content: bytes, mime: str) -> InputContainer:
    if mime == "audio/mp4":
        return mp4.opened(content, _OPTIONS)
    return av.open(BytesIO(content), "r", SOUNDS[mime], _OPTIONS, metadata_errors="replace")


def _read(content: bytes, mime: str, rate: int) -> bytearray:
    """One channel of 16-bit samples. A damaged place is left out; raises ConversionError if nothing is left."""
    samples = bytearray()
    with _opened(content, mime) as container:
        resampler = AudioResampler("s16", "mono", rate)
        for frame in _frames(container, container.streams.audio[0]):
            for even in resampler.resample(frame):
                samples += memoryview(even.planes[0])[: even.samples * _SAMPLE]
        for even in resampler.resample(None):
            samples += memoryview(even.planes[0])[: even.samples * _SAMPLE]
    if not samples:
        raise ConversionError("no sound in it")
    return samples


def _frames(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    until = time.monotonic() + PATIENCE
    seconds = 0.0
    for packet in container.demux(stream):
        if time.monotonic() > until:
            raise ConversionError(f"reading it takes more than {PATIENCE:.0f} seconds")
        try:
            frames = packet.decode()
        except FFmpegError:
            continue
        for frame in frames:
            if frame.sample_rate not in _PLAUSIBLE_RATES:
                raise ConversionError("no plausible rate")
            seconds += frame.samples / frame.sample_rate
            if seconds > MAX_SECONDS:
                raise ConversionError(f"more than {MAX_SECONDS} seconds")
            frame.pts = None  # what it says of time may be wrong: samples follow one another
            yield frame


def _written(samples: bytes | bytearray, coding: _Coding) -> bytes:
    target = BytesIO()
    second = coding.rate * _SAMPLE
    with av.open(target, "w", coding.format) as container:
        stream = cast(
            "AudioStream",
            container.add_stream(coding.codec, coding.rate, layout="mono", format=coding.sample),
        )
        stream.bit_rate = coding.bit_rate
        for start in range(0, len(samples), second):
            part = samples[start : start + second]
            frame = AudioFrame(coding.sample, "mono", len(part) // _SAMPLE)
            frame.planes[0].update(bytes(part))
            frame.sample_rate = coding.rate
            frame.pts = start // _SAMPLE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()
