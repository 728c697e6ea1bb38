"""Reading what a page sent: JSON or a form, whole and within bounds, or a Chinese sentence that says why not."""

import json
from typing import Any, NamedTuple

from aiohttp import BodyPartReader, web

from bot.media import MAX_BYTES
from domain.talk import typed

MAX_FORM = MAX_BYTES + 64 * 1024
"""Bytes of a form: its file, and what is said with it."""
MAX_FILES = 9
_MAX_PARTS = 32
"""Files and fields of a form: the page sends three fields, and each part costs memory even if it is empty."""
_LONGEST_NAME = 80
_BROKEN = "消息格式不对，请刷新页面再试。"
_TOO_LARGE = f"文件太大了，请发{MAX_BYTES // 1024 // 1024}兆以内的。"


class SpokenError(Exception):
    """An HTTP error with a Chinese sentence for the page."""

    def __init__(self, status: int, say: str) -> None:
        super().__init__(say)
        self.status = status
        self.say = say


async def read_json(request: web.Request) -> dict[str, Any]:
    """The object that was sent, {} for nothing. Raises SpokenError for anything else."""
    try:
        body = json.loads(await request.read() or b"{}")
    except (ValueError, RecursionError, web.RequestPayloadError):
        raise SpokenError(400, _BROKEN) from None
    if not isinstance(body, dict):
        raise SpokenError(400, _BROKEN)
    return body


class Sent(NamedTuple):
    """A file as the page sent it."""

    name: str
    data: bytes


async def read_form(request: web.Request) -> tuple[dict[str, Any], list[Sent]]:
    """Fields and files of a form. Raises SpokenError for one that is broken or too large."""
    try:
        return await _parts(request)
    except (ValueError, AssertionError, web.RequestPayloadError):  # what aiohttp says of a broken form
        raise SpokenError(400, _BROKEN) from None


async def _parts(request: web.Request) -> tuple[dict[str, Any], list[Sent]]:
    fields: dict[str, Any] = {}
    files: list[Sent] = []
    room, parts = MAX_FORM, 0
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        parts += 1
        if parts > _MAX_PARTS or not isinstance(part, BodyPartReader):
            raise SpokenError(400, _BROKEN)
        data = await _read_part(part, room)
        room -= len(data) + 1
        if part.name == "file":
            files.append(Sent(typed(part.filename or "")[:_LONGEST_NAME], data))
        elif part.name:
            fields[part.name] = data[:20_000].decode("utf-8", "replace")
    if len(files) > MAX_FILES:
        raise SpokenError(400, f"一次最多发{MAX_FILES}个文件。")
    return fields, files


async def _read_part(part: BodyPartReader, room: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk():
        data += chunk
        if len(data) > room:
            raise SpokenError(413, _TOO_LARGE)
    return bytes(data)
