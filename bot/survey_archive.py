"""Pictures and sounds that were sent as answers, packed under the names that stand in the workbook and the CSV."""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from services.surveys.sent import SentFile

MOST_BYTES = 18 * 2**20
"""Of an archive for the chat: no more than any messenger takes, nor than is made in memory without crowding out."""
_LEFT_OUT = "没装下的.txt"
_READABLE = 0o600 << 16


def write_archive(file: BinaryIO, sent: Iterable[SentFile], media: Path, most: float = float("inf")) -> int:
    """Pack what is there, and the names of what did not fit into `most` bytes. Returns how many files are packed.

    Pictures and sounds are packed small already, so they are stored as they are. No entry has a time: when a file came
    is nobody's affair, and of an anonymous survey it would be a trace.
    """
    packed, left_out = 0, []
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for one in sent:
            path = media / one.sha256[:2] / one.sha256
            if not one.sha256 or not path.exists():
                continue
            if file.tell() + path.stat().st_size > most:
                left_out.append(one.name)
                continue
            archive.writestr(_entry(one.name), path.read_bytes())
            packed += 1
        if left_out:
            archive.writestr(_entry(_LEFT_OUT), "\n".join(left_out).encode())
    return packed


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name)
    entry.external_attr = _READABLE
    return entry
