"""How a message leaves: with its files, at its channel's pace, and with what is known of it if it is cut off."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.channels.contract import Channel
from bot.hand import SOON
from bot.journal import Journals
from bot.pace import Pace
from domain.delivery import Outcome, Outgoing, Sending, StoredFile, Via, failed, in_doubt, joined, try_later
from domain.talk import About
from storage import media
from storage.database import Database

log = logging.getLogger(__name__)

MEDIA_WAIT = 3.0
"""Seconds that a message waits for its picture to be fetched, and after which it is tried again."""
_LOST = "（有的图片或语音没收到，请对方再发）"


class Departure:
    """Through which all of this process's messages leave."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        journals: Journals | None,
        begin: Callable[[Iterable[Outgoing]], None],
    ) -> None:
        """`journals`: of what leaves of broadcasts. `begin`: told of messages that from now on may have left."""
        self._database = database
        self._channels = channels
        self._journals = journals
        self._begin = begin
        self._paces = {name: Pace(channel.traits) for name, channel in channels.items()}
        self._files_news = asyncio.Event()

    def files_came(self) -> None:
        """Something was fetched that messages may be waiting for."""
        self._files_news.set()
        self._files_news = asyncio.Event()

    async def send(self, messages: Sequence[Outgoing]) -> Outcome:
        """Send messages to one account as one, with their files; what became of them. Never raises for a messenger's sake."""
        message = joined(messages)
        channel = self._channels.get(message.channel)
        if channel is None:
            return failed("this messenger is switched off")
        if message.media:
            try:
                message, ready = await self._with_files(message)
            except Exception as error:
                log.exception("the files of message %d could not be read", message.id)
                return try_later(type(error).__name__)
            if not ready:
                return replace(try_later("its picture is still being fetched", MEDIA_WAIT), charged=False)
        return await self._leave(channel, message, messages)

    async def _leave(self, channel: Channel, message: Outgoing, messages: Sequence[Outgoing]) -> Outcome:
        pace = self._paces[channel.name]
        await pace.wait(message.address)
        self._begin(messages)
        noted = self._journals if message.about is About.BROADCAST else None
        if noted is not None:
            noted.begins(messages)
        try:
            outcome = await channel.send(message)
        except Exception as error:
            log.exception("sending message %d failed", message.id)
            return self.cut_off(message, type(error).__name__)
        if noted is not None:
            noted.ends(messages, outcome)
        if outcome.state is Sending.QUEUED and not outcome.charged:
            pace.hold(outcome.wait)
        return outcome

    async def _with_files(self, message: Outgoing) -> tuple[Outgoing, bool]:
        """The message with its files, and whether all have come that are still to come; waits a little for them."""
        ready: list[StoredFile] = []
        for _ in range(2):
            news = self._files_news
            ready, coming = await self._database.read(lambda tx: media.files(tx, message.media))
            if not coming:
                return _with(message, ready), True
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(MEDIA_WAIT):
                    await news.wait()
        return message, False

    def cut_off(self, message: Outgoing, reason: str) -> Outcome:
        """It may have left: in doubt, unless a second sending of the same words shows nothing twice."""
        channel = self._channels.get(message.channel)
        only_words = (
            not message.media and message.via is not Via.PASSIVE
        )  # which looks like no sending at all
        repeatable = channel is not None and channel.traits.repeatable and only_words
        return try_later(reason, SOON) if repeatable else in_doubt(reason)


def _with(message: Outgoing, ready: Sequence[StoredFile]) -> Outgoing:
    """The message with its files; where some never came, it says so."""
    ids = tuple(file.id for file in ready)
    text = message.text if len(ids) == len(message.media) else f"{message.text}{_LOST}"
    return replace(message, text=text, media=ids, files=tuple(ready))
