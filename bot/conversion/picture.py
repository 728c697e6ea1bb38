"""Pictures: read from any of the usual forms, written as JPEG, upright and small enough."""

import math
import re
import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from av.codec.context import CodecContext
from av.filter import Graph
from av.filter.context import FilterContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from bot.conversion import mp4
from bot.conversion.contract import Accepted, ConversionError, File

MAX_PIXELS = 50_000_000
LONGEST_SIDE = 3072
"""Pixels of what is written: more than any screen shows, and enough to read a paper."""

READABLE = {
    "image/jpeg": "mjpeg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "",
}
"""FFmpeg's decoders. HEIC is a container and read in its own way."""

_MADE = "image/jpeg"
_OPTIONS = {"max_pixels": str(MAX_PIXELS)}
_SMALLEST_SIDE = 16
_QUALITY = "4"
"""Of FFmpeg's JPEG: 2 is the best, 31 the worst."""
_MOST_SCANS = 100
"""A JPEG may draw its picture in any number of rounds. Cameras use one, web pages ten; each costs time."""

PNG_SIGNATURE = 8
PNG_PARTS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
"""The rest (texts, colour profiles) is packed: a megabyte of it may unpack to gigabytes, and nobody looks at it."""

_EXIF = re.compile(rb"(?:Exif\0\0|EXIF.{4}|eXIf)(II\*\0|MM\0\*)", re.DOTALL)
_ORIENTATION = 0x0112
_UPRIGHT: dict[int, tuple[str, ...]] = {
    2: ("hflip",),
    3: ("hflip", "vflip"),
    4: ("vflip",),
    5: ("transpose=cclock_flip",),
    6: ("transpose=clock",),
    7: ("transpose=clock_flip",),
    8: ("transpose=cclock",),
}
"""What turns a picture upright, by the orientation in its Exif data (tag 0x0112 of TIFF 6.0)."""
_BY_DEGREES = {-90: 6, 180: 3, -180: 3, 90: 8}
"""Orientations by the degrees, counter-clockwise, that FFmpeg would turn."""


def fitting(content: bytes, mime: str, accepted: Accepted) -> File:
    """The picture as JPEG of at most `accepted.largest` bytes. Raises ConversionError."""
    if _MADE not in accepted.mimes:
        raise ConversionError(f"no picture of {accepted.mimes} can be made")
    if mime == "image/heic":
        frame, orientation = _heic(content)
    else:
        frame, orientation = _decoded(_bare(content, mime), READABLE[mime]), orientation_of(content)
    steps = _UPRIGHT.get(orientation, ())
    side = float(min(LONGEST_SIDE, max(frame.width, frame.height)))
    while side >= _SMALLEST_SIDE:
        made = _jpeg(_prepared(frame, side, steps))
        if len(made) <= accepted.largest:
            return File(_MADE, made)
        side *= min(0.8, math.sqrt(accepted.largest / len(made)))
    raise ConversionError(f"no picture fits {accepted.largest} bytes")


def _bare(content: bytes, mime: str) -> bytes:
    """The file without what is not the picture and may do harm."""
    if mime == "image/png":
        return content[:PNG_SIGNATURE] + b"".join(_png_parts(content))
    if mime == "image/jpeg" and content.count(b"\xff\xda") > _MOST_SCANS:
        raise ConversionError(f"drawn in more than {_MOST_SCANS} rounds")
    return content


def _png_parts(content: bytes) -> Iterator[bytes]:
    place = PNG_SIGNATURE
    while place + 12 <= len(content):
        length = int.from_bytes(content[place : place + 4], "big") + 12
        if content[place + 4 : place + 8] in PNG_PARTS:
            yield content[place : place + length]
        place += length


def _decoded(content: bytes, codec: str) -> VideoFrame:
    """The first image. No more of FFmpeg than one decoder sees the file."""
    context = cast("VideoCodecContext", CodecContext.create(codec, "r"))
    context.options = _OPTIONS
    for packet in (Packet(content), None):
        for frame in context.decode(packet):
            return frame
    raise ConversionError("no picture in it")


def _heic(content: bytes) -> tuple[VideoFrame, int]:
    """The picture and its orientation. Its Exif data only remembers how the camera was held: a property says how to turn."""
    options = _OPTIONS | {"codec_whitelist": "hevc"}
    with mp4.opened(content, options) as container:
        [stream] = container.streams.video
        if stream.width * stream.height > MAX_PIXELS:
            raise ConversionError(f"more than {MAX_PIXELS} pixels")
        frame = next(container.decode(stream))
        return frame, _BY_DEGREES.get(frame.rotation, 1)


def orientation_of(content: bytes) -> int:
    """1 to 8 as TIFF counts them, 1 being upright."""
    found = _EXIF.search(content)
    if not found:
        return 1
    start, order = found.start(1), "<" if found[1].startswith(b"I") else ">"
    try:
        [first] = struct.unpack_from(f"{order}I", content, start + 4)
        [count] = struct.unpack_from(f"{order}H", content, start + first)
        for place in range(start + first + 2, start + first + 2 + 12 * count, 12):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", content, place)
            if tag == _ORIENTATION:
                return int(value)
    except struct.error:
        pass
    return 1


def _prepared(frame: VideoFrame, side: float, steps: tuple[str, ...]) -> VideoFrame:
    """Its longer side `side` pixels, on white where it lets light through, upright, in the colours of JPEG."""
    scale = side / max(frame.width, frame.height)
    width, height = (max(1, round(length * scale)) for length in (frame.width, frame.height))
    graph = Graph()
    size = f"width={frame.width}:height={frame.height}"
    source = graph.add("buffer", f"{size}:pix_fmt={frame.format.name}:time_base=1/1")
    last = graph.add("scale", f"{width}:{height}")
    source.link_to(last)
    if any(component.is_alpha for component in frame.format.components):
        last = _on_white(graph, last)
    for step in steps:
        name, _, how = step.partition("=")
        turned = graph.add(name, how or None)
        last.link_to(turned)
        last = turned
    # JPEG knows one range of colours, and its encoder asks for this older name of it
    coloured, sink = graph.add("format", "yuvj420p"), graph.add("buffersink")
    graph.link_nodes(last, coloured, sink)
    graph.configure()
    graph.push(frame)
    graph.push(None)
    return graph.vpull()


def _on_white(graph: Graph, picture: FilterContext) -> FilterContext:
    split, white = graph.add("split"), graph.add("drawbox", "c=white:t=fill:replace=1")
    laid = graph.add("overlay", "format=rgb")
    picture.link_to(split)
    split.link_to(white, 0, 0)
    white.link_to(laid, 0, 0)
    split.link_to(laid, 1, 1)
    return laid


def _jpeg(frame: VideoFrame) -> bytes:
    context = CodecContext.create("mjpeg", "w")
    context.width, context.height, context.pix_fmt = frame.width, frame.height, frame.format.name
    context.time_base = Fraction(1, 1)
    context.options = {"qmin": _QUALITY, "qmax": _QUALITY}
    frame.pts = 0
    return b"".join(bytes(packet) for one in (frame, None) for packet in context.encode(one))
