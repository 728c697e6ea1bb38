"""What cameras write beside a picture or a film (where, when, with which phone) is left out; not a pixel changes.

No decoder is asked: a file is gone through part by part, and the parts that draw or sound stay as they are. So it costs
no quality, hardly any time, and nothing hostile is unpacked. Of a damaged file stays what stood where it belongs.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from bot.conversion import boxes
from bot.conversion.picture import PNG_PARTS, PNG_SIGNATURE, orientation_of

_UPRIGHT = 1

_MARKER = re.compile(rb"\xff([\xc0-\xcf\xd8-\xfe])")
"""Of JPEG (ITU-T T.81, B.1.1.3), without those that stand amid what is drawn."""
_MOST = 20_000
"""Parts of a JPEG: what is hostile may have millions, a camera writes a hundred."""
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_BESIDE = frozenset({*range(0xE0, 0xF0), 0xFE})
"""Segments of applications, and comments."""
_NEEDED = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""Segments of applications without which colours would be others."""

_PNG_KEPT = PNG_PARTS | {
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"iCCP",
    b"cICP",
    b"bKGD",
    b"pHYs",
    b"acTL",
    b"fcTL",
    b"fdAT",
}
_PNG_HEAD, _PNG_FIRST = b"\0\0\0\x0dIHDR", 25
"""How the first part begins, and its length."""
_WEBP_KEPT = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"})
_WEBP_FLAGS, _WEBP_EXIF, _WEBP_XMP = 8, 8, 4
"""Where VP8X says what follows, and the bits for it."""


def stripped(content: bytes, mime: str) -> bytes:
    """The file without what only tells of it; how to turn it is still said. `mime` is told by `bot.media.kind_of`.

    A GIF, which no camera makes, and sounds other than MP4 stay as they are. Raises nothing.
    """
    strip = _HOW.get(mime)
    return strip(content) if strip else content


def _jpeg(content: bytes) -> bytes:
    drawn, beside = _parted(islice(_jpeg_parts(content), _MOST))
    orientation = orientation_of(beside)
    if orientation == _UPRIGHT:
        return b"\xff\xd8" + drawn
    told = b"Exif\0\0" + _exif(orientation)
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(told) + 2) + told + drawn


def _jpeg_parts(content: bytes) -> Iterator[tuple[bool, bytes]]:
    """Up to its end: behind it phones hang films and second pictures."""
    place, drawing = 2, False
    while found := _MARKER.search(content, place):
        yield drawing, content[place : found.start()]
        place, marker = found.end(), found[1][0]
        if marker == _END:
            yield True, found[0]
            return
        if marker != _START:
            place += int.from_bytes(content[place : place + 2])
            part = content[found.start() : place]
            yield marker not in _BESIDE or part[4:].startswith(_NEEDED.get(marker, b"\xff")), part
        drawing = marker == _SCAN
    yield drawing, content[place:]


def _png(content: bytes) -> bytes:
    drawn, beside = _parted(_png_parts(content))
    orientation = orientation_of(beside)
    if orientation != _UPRIGHT and drawn.startswith(_PNG_HEAD):
        told = b"eXIf" + _exif(orientation)
        part = struct.pack(">I", len(told) - 4) + told + struct.pack(">I", zlib.crc32(told))
        drawn = drawn[:_PNG_FIRST] + part + drawn[_PNG_FIRST:]
    return content[:PNG_SIGNATURE] + drawn


def _png_parts(content: bytes) -> Iterator[tuple[bool, bytes]]:
    place, name = PNG_SIGNATURE, b""
    while place + 8 <= len(content) and name != b"IEND":
        length = int.from_bytes(content[place : place + 4]) + 12
        name = content[place + 4 : place + 8]
        yield name in _PNG_KEPT, content[place : place + length]
        place += length


def _webp(content: bytes) -> bytes:
    drawn, beside = _parted(_webp_parts(content))
    if drawn.startswith(b"VP8X") and len(drawn) > _WEBP_FLAGS:
        flags = drawn[_WEBP_FLAGS] & ~(_WEBP_EXIF | _WEBP_XMP)
        orientation = orientation_of(beside)
        if orientation != _UPRIGHT:
            told = _exif(orientation)
            drawn += b"EXIF" + struct.pack("<I", len(told)) + told
            flags |= _WEBP_EXIF
        drawn = drawn[:_WEBP_FLAGS] + bytes([flags]) + drawn[_WEBP_FLAGS + 1 :]
    return b"RIFF" + struct.pack("<I", len(drawn) + 4) + b"WEBP" + drawn


def _webp_parts(content: bytes) -> Iterator[tuple[bool, bytes]]:
    place = 12
    while place + 8 <= len(content):
        length = int.from_bytes(content[place + 4 : place + 8], "little")
        after = place + 8 + length + length % 2
        yield content[place : place + 4] in _WEBP_KEPT, content[place:after]
        place = after


def _parted(parts: Iterable[tuple[bool, bytes]]) -> tuple[bytes, bytes]:
    """What draws, and what only tells."""
    drawn, beside = bytearray(), bytearray()
    for draws, part in parts:
        (drawn if draws else beside).extend(part)
    return bytes(drawn), bytes(beside)


def _exif(orientation: int) -> bytes:
    """Exif data that say nothing but how the camera was held (TIFF 6.0, tag 0x0112)."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)


_HOW: dict[str, Callable[[bytes], bytes]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/heic": boxes.picture_alone,
    "video/mp4": boxes.film_alone,
    "audio/mp4": boxes.film_alone,
}
