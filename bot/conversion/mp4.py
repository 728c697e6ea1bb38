"""MP4 and its kin (M4A, HEIC): opened only when its tables promise no more than a phone records."""

import re
from io import BytesIO

import av
from av.container import InputContainer

from bot.conversion.contract import ConversionError

MAX_SAMPLES = 200_000
"""Ten minutes of sound are 30 000 samples, of film 36 000."""

_TABLES = re.compile(rb"st(?:sz|z2)(?=.{8}(.{4}))|trun(?=.{4}(.{4}))", re.DOTALL)
"""Where the tables say how many samples there are (ISO/IEC 14496-12)."""

_PACKED = b"cmov"
"""Tables may be packed. No phone of this century does it."""

_OPTIONS = {"advanced_editlist": "0"}
"""Edits may repeat all samples any number of times."""


def opened(content: bytes, options: dict[str, str]) -> InputContainer:
    """Raises ConversionError for tables too long, and whatever FFmpeg raises.

    FFmpeg keeps a row for each sample that a table promises, and a promise costs a file nothing: some hundred bytes
    would take gigabytes.
    """
    promised = sum(int.from_bytes(table[1] or table[2]) for table in _TABLES.finditer(content))
    if promised > MAX_SAMPLES or _PACKED in content:
        raise ConversionError(f"more than {MAX_SAMPLES} samples, or tables that cannot be seen")
    return av.open(BytesIO(content), "r", "mov", _OPTIONS | options, metadata_errors="replace")
