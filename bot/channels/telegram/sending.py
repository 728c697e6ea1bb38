"""From one message of the outbox to calls of the Bot API, and from their fate to an outcome."""

import asyncio
import logging
import re
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

from bot.channels.http import UnansweredError, UnreachableError, Upload
from bot.channels.telegram.api import BotApi, RefusedError
from bot.channels.wording import pieces
from bot.conversion import Accepted, ConversionError, File, as_accepted
from bot.file_names import name_of
from domain.delivery import (
    Outcome,
    Outgoing,
    StoredFile,
    blocked,
    failed,
    in_doubt,
    sent,
    slow_down,
    try_later,
)
from domain.talk import Choice, MediaKind

log = logging.getLogger(__name__)

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
PHOTO_LIMIT = 10 * 1024 * 1024
"""Bytes. A larger picture goes as a document (Bot API, sending files)."""

SHORT_LABEL = 6
"""Characters of a label of which two fit side by side on a small phone in large type."""

TOKEN_REFUSED_WAIT = 60.0
"""Seconds. Only a person can mend the token, so there is no hurry."""

PARTS_PATIENCE = 30.0
"""Seconds the later parts of one message may be told to wait. Given up half way, it would arrive twice."""

_NO_SUCH_CHAT = ("chat not found", "user not found", "peer_id_invalid")
_SOUNDS = frozenset({"audio/mpeg", "audio/mp3", "audio/mp4", "audio/x-m4a"})
"""What sendAudio takes: MP3 and M4A."""
_VOICE = Accepted(("audio/ogg",), 50 * 1024 * 1024)
"""What sendVoice takes and shows as a voice bubble."""


@dataclass(slots=True)
class Part:
    """One call that makes one message in the chat."""

    method: str
    params: dict[str, Any]
    upload: Upload | None = field(default=None, repr=False)


async def send(api: BotApi, message: Outgoing, media_root: Path) -> Outcome:
    """Send all parts in order and say what became of the whole."""
    try:
        files = [await _as_taken(media_root, file) for file in message.files]
    except OSError as fault:
        return failed(f"attachment unreadable: {type(fault).__name__}")
    remote_id = ""
    patience = 0.0
    for part in parts(message, files):
        outcome = await _deliver(api, part, patience)
        if outcome.remote_id == "":
            return in_doubt(f"only a part arrived: {outcome.reason}") if remote_id else outcome
        remote_id = outcome.remote_id
        patience = PARTS_PATIENCE
    return sent(remote_id)


def parts(message: Outgoing, files: list[File]) -> list[Part]:
    """The files, the last with a short text as its caption, or else the text after them; buttons at the end."""
    made = [_file_part(stored, file) for stored, file in zip(message.files, files, strict=True)]
    if made and len(message.text) <= CAPTION_LIMIT:
        if message.text:
            made[-1].params["caption"] = message.text
    else:
        made += [Part("sendMessage", {"text": piece}) for piece in pieces(message.text, TEXT_LIMIT)]
    if message.choices:
        made[-1].params["reply_markup"] = keyboard(message.choices)
    for part in made:
        part.params["chat_id"] = message.address
    return made


def keyboard(choices: tuple[Choice, ...]) -> dict[str, Any]:
    """Numbered buttons one to a row, or two where both labels are short."""
    rows: list[list[dict[str, str]]] = []
    room_beside = False
    for number, choice in enumerate(choices, 1):
        button = {"text": f"{number} {choice.label}", "callback_data": choice.id}
        short = len(choice.label) <= SHORT_LABEL
        if room_beside and short:
            rows[-1].append(button)
            room_beside = False
        else:
            rows.append([button])
            room_beside = short
    return {"inline_keyboard": rows}


async def _as_taken(media_root: Path, stored: StoredFile) -> File:
    """The file as stored; a voice that Telegram would not play, as one that it does."""
    path = media_root / stored.sha256[:2] / stored.sha256
    content = await asyncio.to_thread(path.read_bytes)
    if stored.kind == "voice" and stored.mime not in _SOUNDS:
        try:
            [voice] = await as_accepted(content, stored.mime, _VOICE)
        except ConversionError as no:
            log.warning("telegram: attachment %d goes as a document: %s", stored.id, no)
        else:
            return voice
    return File(stored.mime, content)


def _file_part(stored: StoredFile, file: File) -> Part:
    method, parameter = _way(stored.kind, file)
    filename = name_of(replace(stored, mime=file.mime))
    mime = file.mime or "application/octet-stream"
    return Part(method, {}, Upload(parameter, file.content, mime, filename))


def _way(kind: MediaKind, file: File) -> tuple[str, str]:
    """Method and parameter for a file."""
    if kind == "image" and len(file.content) <= PHOTO_LIMIT:
        return "sendPhoto", "photo"
    if kind == "voice" and file.mime == "audio/ogg":
        return "sendVoice", "voice"
    if kind == "voice" and file.mime in _SOUNDS:
        return "sendAudio", "audio"
    if kind == "video":
        return "sendVideo", "video"
    return "sendDocument", "document"


async def _deliver(api: BotApi, part: Part, patience: float) -> Outcome:
    """Make one call. Told to wait, wait here for at most `patience` seconds in all."""
    while True:
        try:
            result = await api.call(part.method, part.params, part.upload)
        except RefusedError as no:
            if no.status != HTTPStatus.TOO_MANY_REQUESTS or no.retry_after > patience:
                return _refused(no)
            patience -= no.retry_after
            await asyncio.sleep(no.retry_after)
        except UnreachableError as fault:
            return try_later(f"unreachable: {fault}")
        except UnansweredError as fault:
            return in_doubt(f"unanswered: {fault}")
        else:
            number = result.get("message_id") if isinstance(result, dict) else None
            return sent(str(number)) if number else in_doubt("an answer without a message")


def _refused(no: RefusedError) -> Outcome:
    said = _impersonal(no)
    if no.status == HTTPStatus.TOO_MANY_REQUESTS:
        return slow_down(no.retry_after)
    if no.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
        # A malformed token is answered with 404: it is part of the address.
        return try_later("token refused", TOKEN_REFUSED_WAIT)
    if no.status == HTTPStatus.FORBIDDEN:
        return blocked(said)
    if no.status == HTTPStatus.BAD_REQUEST and any(sign in no.description.lower() for sign in _NO_SUCH_CHAT):
        return blocked(said)
    if HTTPStatus.BAD_REQUEST <= no.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return failed(said)
    return try_later(said)


def _impersonal(no: RefusedError) -> str:
    """What Telegram said, without what may be quoted from the message: quotations, numbers, Chinese."""
    said = re.sub(r"\"[^\"]*\"|'[^']*'|\d+|[^\x20-\x7e]+", "*", no.description)
    return f"{no.status} {said}"[:120].strip()
