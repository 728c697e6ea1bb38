"""What a messenger takes, said as data; a file; and the one error that comes of a conversion."""

import math
from dataclasses import dataclass
from typing import NamedTuple

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The MIME type of a workbook. Workbooks are never converted."""
ZIP = "application/zip"


class ConversionError(Exception):
    """The file cannot be brought into a form that is taken. The message says why and quotes nothing of the file."""


class File(NamedTuple):
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a messenger takes of one kind of file."""

    mimes: tuple[str, ...]
    """Best first. A file that comes in any of them is not converted for the type's sake."""
    largest: int
    """Bytes."""
    seconds: float = math.inf
    """Longest sound."""
