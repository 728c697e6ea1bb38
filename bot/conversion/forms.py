"""What is known of files without opening them: which can be read, and what stands at their beginning."""

import re
import struct

PICTURES = {
    "image/jpeg": "mjpeg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "",
}
"""FFmpeg's decoders. HEIC is a container and read in its own way."""

SOUNDS = {
    "audio/ogg": "ogg",
    "audio/amr": "amr",
    "audio/amr-wb": "amr",
    "audio/mpeg": "mp3",
    "audio/mp4": "mov",
    "audio/wav": "wav",
    "audio/webm": "matroska",
}
"""FFmpeg's names of the formats that are read."""

PNG_SIGNATURE = 8
PNG_PARTS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
"""The rest (texts, colour profiles) is packed: a megabyte of it may unpack to gigabytes, and nobody looks at it."""

_EXIF = re.compile(rb"(?:Exif\0\0|EXIF.{4}|eXIf)(II\*\0|MM\0\*)", re.DOTALL)
_ORIENTATION = 0x0112


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
