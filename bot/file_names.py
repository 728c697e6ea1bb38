"""What a file is called when somebody keeps it: by what it is, and never by a name that its sender gave it."""

from collections.abc import Mapping
from mimetypes import MimeTypes

from bot.conversion import XLSX
from domain.calendar import ICS
from domain.delivery import StoredFile
from services.calendar import files as talks
from services.reports import files as reports
from services.surveys import files as surveys

FILE_TYPES = MimeTypes(filenames=())
"""File endings and MIME types, the same on every machine."""
FILE_TYPES.add_type("audio/ogg", ".oga")
FILE_TYPES.add_type(XLSX, ".xlsx")
FILE_TYPES.add_type(ICS, ".ics")
_OURS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    surveys.MADE: surveys.NAMES,
    reports.MADE: reports.NAMES,
    talks.MADE: talks.NAMES,
}
_SENT = {"image": "照片", "voice": "语音", "video": "视频", "file": "文件"}


def name_of(file: StoredFile) -> str:
    """`问卷12明细.xlsx` for what we have made, `照片88.jpg` for what somebody sent."""
    what, _, number = file.ref.rpartition(":")
    word = _OURS.get(file.maker, {}).get(what)
    named = f"{_SENT[file.kind]}{file.id}" if word is None else f"{word[0]}{number}{word[1]}"
    return named + (FILE_TYPES.guess_extension(file.mime) or "")
