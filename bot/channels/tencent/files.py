"""Files to and from the platforms: both keep them for three days, under a media_id."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from bot.channels.contract import MediaGoneError
from bot.channels.http import CallError, Upload
from bot.channels.tencent.api import Api, RefusedError
from bot.conversion import XLSX, ZIP, Accepted, ConversionError, File, as_accepted
from domain.calendar import ICS
from domain.delivery import StoredFile
from domain.talk import MediaKind

MAX_DOWNLOAD = 20 * 1024 * 1024
_GONE = frozenset({40007, 40004, 40003})
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
    XLSX: "xlsx",
    ICS: "ics",
    ZIP: "zip",
}

Taken = Mapping[MediaKind, Accepted]
"""What a platform takes, by kind of file."""


async def fetch(api: Api, media_id: str) -> tuple[bytes, str]:
    """Bytes and MIME type. Raises MediaGoneError, or OSError when a later try may succeed."""
    try:
        found = await api.download("/cgi-bin/media/get", {"media_id": media_id}, MAX_DOWNLOAD)
    except RefusedError as no:
        if no.code in _GONE:
            raise MediaGoneError("the platform keeps this file no more") from None
        raise OSError(f"file refused with {no.code}") from None
    except CallError as fault:
        raise OSError(f"file not fetched: {fault}") from None
    if found is None:
        raise MediaGoneError(f"larger than {MAX_DOWNLOAD} bytes")
    return found


async def fitting(files: tuple[StoredFile, ...], root: Path, taken: Taken) -> list[tuple[MediaKind, File]]:
    """The files as the platform takes them, in order; what it takes in no form is left out.

    Raises OSError when one cannot be read.
    """
    made: list[tuple[MediaKind, File]] = []
    for file in files:
        accepted = taken.get(file.kind)
        if accepted is None:
            continue
        content = await asyncio.to_thread((root / file.sha256[:2] / file.sha256).read_bytes)
        try:
            made += [(file.kind, one) for one in await as_accepted(content, file.mime, accepted)]
        except ConversionError:
            continue
    return made


async def upload(api: Api, kind: MediaKind, file: File) -> str:
    """The media_id of an uploaded file. Raises what a call raises."""
    name = f"{kind}.{_ENDINGS.get(file.mime, 'bin')}"
    sent = Upload("media", file.content, file.mime, name)
    told = await api.post("/cgi-bin/media/upload", query={"type": kind}, upload=sent)
    return str(told["media_id"])
