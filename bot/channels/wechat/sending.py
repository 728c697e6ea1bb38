"""From one message of the outbox to customer-service messages, within the person's window; else a notice, else held.

Source: 微信公众平台, 客服消息, 模板消息, 订阅通知.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.channels.http import UnansweredError, UnreachableError
from bot.channels.tencent import files
from bot.channels.tencent.api import Api, RefusedError
from bot.channels.tencent.codes import CLOSED, outcome, words
from bot.channels.tencent.receiving import TEXT_BYTES, plain
from bot.channels.wechat.settings import WeChatSettings
from bot.channels.wechat.tapping import MAX_MENU, menu
from bot.channels.wording import in_words, pieces, utf8
from bot.clock import Clock
from bot.conversion import Accepted, File
from domain.calendar import ICS
from domain.delivery import CHINA, Outcome, Outgoing, Via, held, in_bytes, in_doubt, sent, try_later
from domain.talk import MediaKind, shorten
from domain.windows import OPENINGS
from storage.database import Database
from storage.delivery import windows

MOST = OPENINGS["message"][0]
"""Sends of one message: its pictures, sounds and words have to fit into one window, or they would wait for ever."""
THING = 20
"""Characters of a template's `thing`, the shortest of its fields for free words."""
TAKEN: Mapping[MediaKind, Accepted] = {
    "image": Accepted(("image/jpeg", "image/png", "image/gif"), 10 * 1024 * 1024),
    "voice": Accepted(("audio/mpeg", "audio/amr"), 2 * 1024 * 1024, 60),
}
_LEFT_OUT = "（有的图片、语音、视频或表格这里发不了）"
_NO_WINDOW = "no window is open: she has not written lately, or all its sends are used"
_NOTIFIED = "she was told by a notice; the message waits for her"

Body = dict[str, Any]


class Sender:
    """Sends within the budget of each person's window."""

    def __init__(
        self,
        settings: WeChatSettings,
        api: Api,
        database: Database,
        clock: Clock,
        media_root: Path,
        link: Callable[[int], str] = lambda _: "",
    ) -> None:
        """`link`: the address of a paper that no service account can send; "" for none."""
        self._settings = settings
        self._api = api
        self._database = database
        self._clock = clock
        self._media_root = media_root
        self._link = link

    async def send(self, message: Outgoing) -> Outcome:
        """All of a message, or nothing: a part of it would use up sends and still leave her waiting."""
        message = self._with_links(message)
        try:
            fitting = await files.fitting(message.files, self._media_root, TAKEN)
        except OSError as fault:
            return try_later(f"attachment unreadable: {type(fault).__name__}")
        said = self._said(message)
        if len(fitting) < len(message.files) or len(fitting) + len(said) > MOST:
            said = self._said(replace(message, text=f"{message.text}{_LEFT_OUT}"))
            fitting = fitting[: max(MOST - len(said), 0)]
        count = len(fitting) + len(said)
        if not await self._take(message.account, count):
            return await self._notify(message, count)
        try:
            bodies = [await self._file(kind, file) for kind, file in fitting] + said
        except RefusedError as no:
            await self._give_back(message.account, count)
            return outcome(no.code)
        except (UnreachableError, UnansweredError) as fault:
            await self._give_back(message.account, count)
            return try_later(f"a file was not uploaded: {fault}")
        return await self._send_all(message, bodies)

    def _with_links(self, message: Outgoing) -> Outgoing:
        """Papers become lines with the address at which they can be had for a day.

        A calendar is a convenience: without an address it is left out without a word.
        """
        links = {file.id: self._link(file.id) for file in message.files if file.kind == "file"}
        lines = [f"下载（一天内有效）：{link}" for link in links.values() if link]
        left = tuple(file for file in message.files if not links.get(file.id) and file.mime != ICS)
        return replace(message, text="\n".join([message.text, *lines]), files=left)

    async def _send_all(self, message: Outgoing, bodies: list[Body]) -> Outcome:
        for done, body in enumerate(bodies):
            try:
                await self._api.post("/cgi-bin/message/custom/send", {"touser": message.address, **body})
            except UnansweredError as fault:
                return in_doubt(f"unanswered: {fault}")
            except UnreachableError as fault:
                await self._give_back(message.account, len(bodies) - done)
                return _partly(done, try_later(f"unreachable: {fault}"))
            except RefusedError as no:
                return await self._refused(message, no.code, done, len(bodies) - done)
        return sent(via=Via.SERVICE)

    async def _refused(self, message: Outgoing, code: int, done: int, unused: int) -> Outcome:
        if code not in CLOSED:
            await self._give_back(message.account, unused)
            return _partly(done, outcome(code))
        # The platform counts otherwise than we did, and it is right.
        await self._database.run(lambda tx: windows.shut(tx, message.account))
        return _partly(done, held(words(code))) if done else await self._notify(message, 0, words(code))

    async def _notify(self, message: Outgoing, needs: int, reason: str = _NO_WINDOW) -> Outcome:
        """Nothing may be sent: she is told once that there is something, where a notice is set up for its kind."""
        notice = self._settings.notices.get(message.about)
        if notice is None or message.via is Via.TEMPLATE:
            return held(reason, needs)
        path = "template/send" if notice.kind == "template" else "subscribe/bizsend"
        body = {
            "touser": message.address,
            "template_id": notice.template_id,
            "data": {
                name: {"value": self._value(name, form, message)} for name, form in notice.fields.items()
            },
        }
        try:
            told = await self._api.post(f"/cgi-bin/message/{path}", body)
        except RefusedError as no:
            return replace(held(f"{reason}; notice: {words(no.code)}"), via=message.via)
        except (UnreachableError, UnansweredError) as fault:
            return held(f"{reason}; notice: {fault}")
        return replace(held(_NOTIFIED, needs), via=Via.TEMPLATE, remote_id=str(told.get("msgid", "")))

    def _value(self, name: str, form: str, message: Outgoing) -> str:
        local = self._clock().astimezone(CHINA)
        time = f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
        value = form.format(text=message.text, time=time, county=self._settings.county)
        return shorten(value, THING) if name.startswith("thing") else value

    def _said(self, message: Outgoing) -> list[Body]:
        if not message.text:
            return []
        [message] = plain([message])
        short = in_bytes(message.text, message.choices) <= TEXT_BYTES
        if self._settings.msgmenu and short and 0 < len(message.choices) <= MAX_MENU:
            return [menu(message)]
        return [
            {"msgtype": "text", "text": {"content": piece}}
            for piece in pieces(in_words([message]), TEXT_BYTES, utf8)
        ]

    async def _file(self, kind: MediaKind, file: File) -> Body:
        media_id = await files.upload(self._api, kind, file)
        return {"msgtype": kind, kind: {"media_id": media_id}}

    async def _take(self, account: int, sends: int) -> bool:
        return await self._database.run(lambda tx: windows.take(tx, account, sends, self._clock()))

    async def _give_back(self, account: int, sends: int) -> None:
        await self._database.run(lambda tx: windows.give_back(tx, account, sends, self._clock()))


def _partly(done: int, what: Outcome) -> Outcome:
    """What becomes of a message of which a part may have arrived: it is sent whole once more, and then no more."""
    return in_doubt(f"only a part arrived: {what.reason}") if done else what
