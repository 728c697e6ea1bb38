"""WeCom as one of the house's channels."""

from pathlib import Path

from bot.channels.tencent.callback import Callback
from bot.channels.tencent.channel import TencentChannel
from bot.channels.tencent.envelope import Envelope
from bot.channels.tencent.receiving import TEXT_BYTES, Receiving
from bot.channels.wecom.account import account_of
from bot.channels.wecom.sending import Sender
from bot.channels.wecom.settings import CALLBACK_PATH, WeComSettings
from bot.clock import Clock
from domain.talk import Traits
from storage.database import Database

CHANNEL = "wecom"


class WeComChannel(TencentChannel):
    """Fulfils `bot.channels.contract.Channel`."""

    name = CHANNEL
    traits = Traits(
        buttons=False,
        text_bytes=TEXT_BYTES,
        passive=True,
        repeatable=True,
        per_chat=((30, 60), (1000, 3600)),  # a member is shown no more; the platform drops the rest
    )

    def __init__(
        self, settings: WeComSettings, process: str, database: Database, clock: Clock, media_root: Path
    ) -> None:
        """Raises ValueError for settings that cannot work."""
        account = account_of(settings, process, database, clock)
        envelope = Envelope(settings.aes_keys, settings.corpid)
        callback = Callback(settings.token, envelope, settings.stale_seconds)
        receiving = Receiving(CHANNEL, callback, database, clock)
        sender = Sender(settings.agentid, account.api, clock, media_root)
        super().__init__(account, receiving, CALLBACK_PATH, sender)
