"""WeChat as one of the house's channels."""

from collections.abc import Callable, Collection
from pathlib import Path

from aiohttp import web

from bot.channels.contract import Exchange, Take
from bot.channels.tencent import files
from bot.channels.tencent.callback import Callback
from bot.channels.tencent.envelope import Envelope
from bot.channels.tencent.receiving import TEXT_BYTES, Receiving
from bot.channels.wechat.account import Account
from bot.channels.wechat.mass import MASS, send_to_all
from bot.channels.wechat.scenes import passing_code
from bot.channels.wechat.sending import Sender
from bot.channels.wechat.settings import CALLBACK_PATH, WeChatSettings
from bot.channels.wechat.tapping import LINK_BYTES, link
from bot.channels.wording import numbered
from bot.clock import Clock
from domain.delivery import Outcome, Outgoing
from domain.talk import Choice, Traits
from storage.database import Database

CHANNEL = "wechat"


class WeChatChannel:
    """Fulfils `bot.channels.contract.Channel`."""

    name = CHANNEL

    def __init__(
        self,
        settings: WeChatSettings,
        process: str,
        database: Database,
        clock: Clock,
        media_root: Path,
        file_link: Callable[[int], str] = lambda _: "",
    ) -> None:
        """`file_link`: the address of an attachment that WeChat does not send; "" for none.

        Raises ValueError for settings that cannot work.
        """
        self.traits = Traits(
            buttons=False,
            text_bytes=TEXT_BYTES,
            passive=True,
            counted=True,
            choice_bytes=LINK_BYTES if settings.msgmenu else 2,
            mass=MASS,
        )
        self.account = Account(settings, process, database, clock)
        envelope = Envelope(settings.aes_keys, settings.appid) if settings.aes_keys else None
        callback = Callback(settings.token, envelope, settings.stale_seconds)
        self._receiving = Receiving(
            CHANNEL, callback, database, clock, link if settings.msgmenu else numbered
        )
        self._sender = Sender(settings, self.account.api, database, clock, media_root, file_link)

    async def send(self, message: Outgoing) -> Outcome:
        return await self._sender.send(message)

    async def send_to_all(
        self, text: str, choices: tuple[Choice, ...], addresses: Collection[str], known_as: str
    ) -> Outcome:
        """See `bot.broadcasting.Masses`."""
        return await send_to_all(self.account.api, text, choices, addresses, known_as)

    async def fetch(self, ref: str) -> tuple[bytes, str]:
        return await files.fetch(self.account.api, ref)

    async def code(self, scene: str) -> str:
        """The address in a code of the account whose scan brings `scene` with it. Raises CallError."""
        return await passing_code(self.account.api, scene)

    def add_routes(self, app: web.Application) -> None:
        self._receiving.add_routes(app, CALLBACK_PATH)

    async def start(self, take: Take, exchange: Exchange) -> None:  # noqa: ARG002  answers by the response
        self._receiving.start(exchange)

    async def close(self) -> None:
        await self.account.close()
