"""Sounds and pictures as phones and browsers make them, made here: a tone of any length, a picture of four colours."""

import math
import struct
import zlib
from array import array
from fractions import Fraction
from functools import cache
from io import BytesIO
from itertools import pairwise
from random import Random

import av
from av.audio.frame import AudioFrame
from av.codec.context import CodecContext
from av.video.frame import VideoFrame

VOICES = {
    "audio/webm": ("webm", "libopus", 48_000, "s16"),
    "audio/ogg": ("ogg", "libopus", 48_000, "s16"),
    "audio/amr": ("amr", "libopencore_amrnb", 8_000, "s16"),
    "audio/mpeg": ("mp3", "libmp3lame", 44_100, "s16p"),
    "audio/mp4": ("mp4", "aac", 44_100, "fltp"),
    "audio/wav": ("wav", "pcm_s16le", 16_000, "s16"),
}
"""How each is made: container, codec, rate, form of a sample."""

PICTURES = {
    "image/jpeg": ("mjpeg", "yuvj444p"),
    "image/png": ("png", "rgb24"),
    "image/webp": ("libwebp", "yuv420p"),
    "image/gif": ("gif", "rgb8"),
}

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


@cache
def voice(mime: str, seconds: float = 3, channels: int = 1) -> bytes:
    """A tone of 440 Hz."""
    container_format, codec, rate, sample = VOICES[mime]
    layout = "mono" if channels == 1 else "stereo"
    target = BytesIO()
    with av.open(target, "w", container_format) as container:
        stream = container.add_stream(codec, rate, layout=layout, format=sample)
        for start in range(0, int(seconds * rate), rate):
            stop = min(start + rate, int(seconds * rate))
            tone = _second(rate, channels)[: (stop - start) * channels]
            frame = AudioFrame("s16", layout, stop - start)
            frame.planes[0].update(tone.tobytes())
            frame.sample_rate, frame.pts = rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()


@cache
def _second(rate: int, channels: int) -> "array[int]":
    """A second of the tone, in which it swings 440 times: all seconds are alike."""
    tone = (int(9000 * math.sin(math.tau * 440 * n / rate)) for n in range(rate))
    return array("h", (sample for sample in tone for _ in range(channels)))


def heard(content: bytes) -> tuple[str, float, int, int]:
    """What a player makes of a sound: codec, seconds, rate, channels."""
    with av.open(BytesIO(content)) as container:
        stream = container.streams.audio[0]
        samples = sum(frame.samples for frame in container.decode(stream))
        return stream.codec_context.name, samples / stream.rate, stream.rate, stream.channels


def pitch(content: bytes) -> float:
    """Hertz of a tone: how often it swings, in its middle second."""
    with av.open(BytesIO(content)) as container:
        even = av.AudioResampler("s16", "mono", 8_000)
        samples = array("h")
        for frame in container.decode(container.streams.audio[0]):
            for part in even.resample(frame):
                samples.frombytes(bytes(part.planes[0])[: part.samples * 2])
    middle = samples[len(samples) // 2 - 4000 :][:8000]
    return sum(a < 0 <= b for a, b in pairwise(middle)) * 8000 / len(middle)


@cache
def picture(mime: str, width: int = 320, height: int = 200, *, busy: bool = False) -> bytes:
    """Red, green, blue, white: top left, top right, bottom left, bottom right. A busy one is all grains, and large."""
    codec, colours = PICTURES[mime]
    return encoded(_corners(width, height, busy=busy), codec, colours)


def encoded(frame: VideoFrame, codec: str, colours: str) -> bytes:
    context = CodecContext.create(codec, "w")
    context.width, context.height, context.pix_fmt = frame.width, frame.height, colours
    # bitexact: FFmpeg writes no comment about itself, which would not be kept
    context.time_base, context.options = Fraction(1, 1), {"qmin": "2", "qmax": "2", "flags": "bitexact"}
    frame = frame.reformat(format=colours)
    frame.pts = 0
    return b"".join(bytes(packet) for one in (frame, None) for packet in context.encode(one))


def _corners(width: int, height: int, *, busy: bool) -> VideoFrame:
    frame = VideoFrame(width, height, "rgb24")
    plane = frame.planes[0]
    half, rest = width // 2, width - width // 2
    rows = [bytes(left) * half + bytes(right) * rest for left, right in ((RED, GREEN), (BLUE, WHITE))]
    rows = [row.ljust(plane.line_size, b"\0") for row in rows]
    if busy:
        plane.update(Random(1).randbytes(plane.buffer_size))
    else:
        plane.update(rows[0] * (height // 2) + rows[1] * (height - height // 2))
    return frame


def seen(content: bytes) -> tuple[int, int, list[tuple[int, ...]]]:
    """What a screen shows of a JPEG: width, height, and the colours of its four corners, clockwise from the top left."""
    context = CodecContext.create("mjpeg", "r")
    [frame] = [*context.decode(av.Packet(content)), *context.decode(None)]
    plane = frame.reformat(format="rgb24").planes[0]
    pixels = bytes(plane)
    width, height = frame.width, frame.height
    corners = [
        (width // 8, height // 8),
        (width * 7 // 8, height // 8),
        (width * 7 // 8, height * 7 // 8),
        (width // 8, height * 7 // 8),
    ]
    places = [y * plane.line_size + 3 * x for x, y in corners]
    return width, height, [tuple(255 * (value > 127) for value in pixels[at : at + 3]) for at in places]


def exif(orientation: int) -> bytes:
    """The Exif data of a camera that was held in some way (TIFF 6.0, tag 0x0112)."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)


def held(jpeg: bytes, orientation: int, beside: bytes = b"") -> bytes:
    """The same JPEG with its orientation said, and something else."""
    told = b"Exif\0\0" + exif(orientation) + beside
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told + jpeg[2:]


def held_png(orientation: int, beside: bytes = b"") -> bytes:
    png = picture("image/png")
    return png[:33] + png_part(b"eXIf", exif(orientation) + beside) + png[33:]


def held_webp(orientation: int, beside: bytes = b"") -> bytes:
    told = exif(orientation) + beside
    inside = b"WEBPVP8X" + struct.pack("<IIHBHB", 10, 8, 319, 0, 199, 0) + picture("image/webp")[12:]
    inside += b"EXIF" + struct.pack("<I", len(told)) + told
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def png_part(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_header(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + png_part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def heic(*, quarters: int = 0, tiles: int = 1, told: bytes = b"") -> bytes:
    """A HEIC picture (ISO/IEC 23008-12), to be turned by quarters against the clock, or laid of several tiles in a row.

    `told`: what the camera wrote beside it.
    """
    setting, coded = _hevc(_corners(320, 200, busy=False))
    last = tiles + 1 if tiles > 1 else 1
    numbers = range(1, last + 1)
    grid = struct.pack(">BBBBHH", 0, 0, 0, tiles - 1, 320 * tiles, 200)
    items = range(1, last + 1 + bool(told))
    contents = [coded] * tiles + [grid] * (last > 1) + [told] * bool(told)
    turn = _box(b"irot", bytes([quarters]))
    properties = [
        setting,
        _full(b"ispe", struct.pack(">II", 320, 200)),
        _full(b"ispe", struct.pack(">II", 320 * tiles, 200)),
        turn,
    ]
    uses = [
        struct.pack(">HBBBB", one, 3, 0x81, 2, 0x84) if one <= tiles else struct.pack(">HBB", one, 1, 3)
        for one in numbers
    ]
    names = [
        _full(b"infe", struct.pack(">HH4s", one, 0, b"hvc1" if one <= tiles else b"grid") + b"\0", version=2)
        for one in numbers
    ] + [_full(b"infe", struct.pack(">HH4s", items[-1], 0, b"Exif") + b"\0", version=2)] * bool(told)
    laid = struct.pack(f">HH{tiles}H", last, tiles, *range(1, tiles + 1))
    references = _full(b"iref", _box(b"dimg", laid)) if last > 1 else b""

    def head(start: int) -> bytes:
        places = b""
        for one, content in zip(items, contents, strict=True):
            places += struct.pack(">HHHII", one, 0, 1, start, len(content))
            start += len(content)
        return _box(b"ftyp", b"heic\0\0\0\0mif1heic") + _full(
            b"meta",
            _full(b"hdlr", b"\0\0\0\0pict" + bytes(13)),
            _full(b"pitm", struct.pack(">H", last)),
            _full(b"iloc", struct.pack(">BBH", 0x44, 0, len(items)) + places),
            _full(b"iinf", struct.pack(">H", len(items)), *names),
            references,
            _box(b"iprp", _box(b"ipco", *properties), _full(b"ipma", struct.pack(">I", last), *uses)),
        )

    return head(len(head(0)) + 8) + _box(b"mdat", *contents)


def _hevc(frame: VideoFrame) -> tuple[bytes, bytes]:
    """One image as HEVC: the box that says how it is coded, and the coded image."""
    target = BytesIO()
    with av.open(target, "w", "mp4") as container:
        stream = container.add_stream("libx265", 1, width=frame.width, height=frame.height, pix_fmt="yuv420p")
        stream.codec_context.codec_tag = "hvc1"
        stream.options = {"x265-params": "log-level=none:keyint=1"}
        frame = frame.reformat(format="yuv420p")
        frame.pts = 0
        container.mux([*stream.encode(frame), *stream.encode(None)])
    return _content(target.getvalue(), b"hvcC", whole=True), _content(target.getvalue(), b"mdat")


def _content(mp4: bytes, name: bytes, *, whole: bool = False) -> bytes:
    at = mp4.index(name)
    [length] = struct.unpack(">I", mp4[at - 4 : at])
    return mp4[at - 4 if whole else at + 4 : at - 4 + length]


def _box(name: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I4s", 8 + len(inside), name) + inside


def _full(name: bytes, *content: bytes, version: int = 0) -> bytes:
    return _box(name, struct.pack(">I", version << 24), *content)
