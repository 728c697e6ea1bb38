"""WeChat as one of the house's channels."""

from collections.abc import Callable, Collection
from pathlib import Path

from bot.channels.tencent.callback import Callback
from bot.channels.tencent.channel import TencentChannel
from bot.channels.tencent.envelope import Envelope
from bot.channels.tencent.receiving import TEXT_BYTES, Receiving
from bot.channels.wechat.account import account_of
from bot.channels.wechat.mass import MASS, send_to_all
from bot.channels.wechat.scenes import passing_code
from bot.channels.wechat.sending import Sender
from bot.channels.wechat.settings import CALLBACK_PATH, WeChatSettings
from bot.channels.wechat.tapping import LINK_BYTES, link
from bot.channels.wording import numbered
from bot.clock import Clock
from domain.delivery import Outcome
from domain.talk import Choice, Traits
from storage.database import Database

CHANNEL = "wechat"


class WeChatChannel(TencentChannel):
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
        account = account_of(settings, process, database, clock)
        envelope = Envelope(settings.aes_keys, settings.appid) if settings.aes_keys else None
        callback = Callback(settings.token, envelope, settings.stale_seconds)
        receiving = Receiving(CHANNEL, callback, database, clock, link if settings.msgmenu else numbered)
        sender = Sender(settings, account.api, database, clock, media_root, file_link)
        super().__init__(account, receiving, CALLBACK_PATH, sender)

    async def send_to_all(
        self, text: str, choices: tuple[Choice, ...], addresses: Collection[str], known_as: str
    ) -> Outcome:
        """See `bot.broadcasting.Masses`."""
        return await send_to_all(self.account.api, text, choices, addresses, known_as)

    async def code(self, scene: str) -> str:
        """The address in a code of the account whose scan brings `scene` with it. Raises CallError."""
        return await passing_code(self.account.api, scene)
