"""From one message of the outbox to app messages of WeCom. Source: 企业微信开发者中心, 发送应用消息."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.channels.http import UnansweredError, UnreachableError
from bot.channels.tencent import files
from bot.channels.tencent.api import Api, RefusedError
from bot.channels.tencent.codes import outcome
from bot.channels.tencent.receiving import TEXT_BYTES, plain
from bot.channels.wording import in_words, pieces, utf8
from bot.clock import Clock
from bot.conversion import XLSX, ZIP, Accepted, File
from domain.calendar import ICS
from domain.delivery import Outcome, Outgoing, blocked, in_doubt, sent, try_later
from domain.talk import MediaKind

SAME_WITHIN = timedelta(seconds=60)
"""So long WeCom shows the same words to the same member only once: a sending cut off can be made again."""
SAFE_REPEATS = 2
"""So often a sending that was not answered is made again: further tries would come too late to be taken for one."""
TAKEN: Mapping[MediaKind, Accepted] = {
    "image": Accepted(("image/jpeg", "image/png"), 10 * 1024 * 1024),
    "voice": Accepted(("audio/amr",), 2 * 1024 * 1024, 60),
    "video": Accepted(("video/mp4",), 10 * 1024 * 1024),
    "file": Accepted((XLSX, ICS, ZIP), 20 * 1024 * 1024),
}
_LEFT_OUT = "（有的图片、语音、视频或表格这里发不了）"

Body = dict[str, Any]


class Sender:
    """Sends as one app of the company."""

    def __init__(self, agentid: int, api: Api, clock: Clock, media_root: Path) -> None:
        self._agentid = agentid
        self._api = api
        self._clock = clock
        self._media_root = media_root
        self._said: dict[bytes, tuple[tuple[int, int], datetime]] = {}
        """By member and words: which part of which message said so, and when."""

    async def send(self, message: Outgoing) -> Outcome:
        """Its files, then its words with the choices as numbered lines."""
        try:
            fitting = await files.fitting(message.files, self._media_root, TAKEN)
            if len(fitting) < len(message.files):
                message = replace(message, text=f"{message.text}{_LEFT_OUT}")
            bodies = [await self._file(kind, file) for kind, file in fitting]
        except OSError as fault:
            return try_later(f"attachment unreadable: {type(fault).__name__}")
        except RefusedError as no:
            return outcome(no.code)
        except (UnreachableError, UnansweredError) as fault:
            return try_later(f"a file was not uploaded: {fault}")
        bodies += _words(message)
        # An upload made again has another name, so a file is never taken for a repetition.
        once = self._are_new(message, bodies) and not fitting
        return await self._send_all(message, bodies, once=once)

    async def _send_all(self, message: Outgoing, bodies: list[Body], *, once: bool) -> Outcome:
        """`once`: said again, it is shown once, so that a sending without an answer can be made again."""
        for done, body in enumerate(bodies):
            try:
                told = await self._api.post(
                    "/cgi-bin/message/send", self._addressed(message, body, once=once)
                )
            except UnansweredError as fault:
                again = once and message.tries < SAFE_REPEATS
                return (try_later if again else in_doubt)(f"unanswered: {fault}")
            except UnreachableError as fault:
                return in_doubt("only a part arrived") if done else try_later(f"unreachable: {fault}")
            except RefusedError as no:
                return in_doubt("only a part arrived") if done else outcome(no.code)
            if told.get("invaliduser"):
                return blocked("nobody of this name is in the company, or sees the app")
        return sent()

    def _addressed(self, message: Outgoing, body: Body, *, once: bool) -> Body:
        return {
            "touser": message.address,
            "agentid": self._agentid,
            "enable_duplicate_check": int(once),
            "duplicate_check_interval": int(SAME_WITHIN.total_seconds()),
            **body,
        }

    def _are_new(self, message: Outgoing, bodies: list[Body]) -> bool:
        """False: another message or part has just said the same, and this would be taken for a repetition of it."""
        now = self._clock()
        self._said = {key: one for key, one in self._said.items() if now - one[1] < SAME_WITHIN}
        parts = [(message.id, number) for number in range(len(bodies))]
        keys = (hashlib.sha256(json.dumps([message.address, body]).encode()).digest() for body in bodies)
        said_by = [self._said.setdefault(key, (part, now))[0] for key, part in zip(keys, parts, strict=True)]
        return said_by == parts

    async def _file(self, kind: MediaKind, file: File) -> Body:
        media_id = await files.upload(self._api, kind, file)
        return {"msgtype": kind, kind: {"media_id": media_id}}


def _words(message: Outgoing) -> list[Body]:
    if not message.text:
        return []
    said = in_words(plain([message]))
    return [{"msgtype": "text", "text": {"content": piece}} for piece in pieces(said, TEXT_BYTES, utf8)]
