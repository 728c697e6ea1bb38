"""The built-in web chat as a channel: sending is writing to the transcript, so nothing is ever in doubt."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from aiohttp import web

from bot.channels.contract import Exchange, MediaGoneError, Take
from bot.clock import Clock
from bot.links import seal
from domain.delivery import Outcome, Outgoing, sent
from domain.talk import Traits
from storage import webchat
from storage.database import Database, Tx
from storage.directory import people
from storage.webchat import WebMessage


def update_id(address: str, message: str) -> str:
    """By which a message is known when it comes again. Kept longer than an account: no address can be read from it."""
    return hashlib.sha256(f"{address}:{message}".encode()).hexdigest()


class WebChat:
    """Contract of a channel over our own transcript table. `api` adds the HTTP side."""

    name = "web"
    traits = Traits(buttons=True, repeatable=True)

    def __init__(self, database: Database, clock: Clock, key: bytes, media_root: Path) -> None:
        self.database = database
        self.clock = clock
        self.media_root = media_root
        self._key = key
        self._news: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()
        """By address, for as long as anybody waits: most who open the page never come back to it."""

    async def send(self, message: Outgoing) -> Outcome:
        def deed(tx: Tx) -> None:
            people.lock_account(tx, message.account)
            self.keep(tx, [message])

        await self.database.run(deed)
        self.announce(message.address)
        return sent()

    def keep(
        self, tx: Tx, messages: Sequence[Outgoing], before: Sequence[Mapping[str, Any]] = ()
    ) -> list[WebMessage]:
        """Send inside a transaction that holds the talks. Whoever does so announces it after the commit."""
        now = self.clock()
        rows = [
            webchat.row(
                message.address,
                sender="bot",
                text=message.text,
                choices=message.choices,
                attachments=message.media,
                now=now,
                outbox=message.id,
                private=message.private,
            )
            for message in messages
        ]
        return webchat.append(tx, [*before, *rows])

    def news(self, address: str) -> asyncio.Event:
        """Set when something is added to a transcript after this call, in this process."""
        return self._news.setdefault(address, asyncio.Event())

    def announce(self, address: str) -> None:
        """Wake whoever waits for news of a transcript."""
        news = self._news.pop(address, None)
        if news is not None:
            news.set()

    async def fetch(self, ref: str) -> tuple[bytes, str]:
        raise MediaGoneError(f"web chat stores its uploads at once; {ref!r} is not to be fetched")

    def seal(self, attachment: int, until: int = 0) -> str:
        """See `bot.links.seal`."""
        return seal(self._key, attachment, until)

    def add_routes(self, app: web.Application) -> None:
        """The API is added by `api.add_routes`, which knows the turn."""

    async def start(self, take: Take, exchange: Exchange) -> None:
        """Nothing to start: people come by HTTP."""

    async def close(self) -> None: ...
