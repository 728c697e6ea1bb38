"""What an operator sets for Telegram."""

import re
from dataclasses import dataclass, field
from typing import Literal

OFFICIAL_API = "https://api.telegram.org"

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What Telegram allows in `secret_token` (Bot API, setWebhook)."""


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """How to reach Telegram and how it reaches us.

    Raises ValueError for a webhook without a usable secret: anyone could then speak in a villager's name.
    """

    token: str = field(repr=False)
    api_base: str = OFFICIAL_API
    mode: Literal["polling", "webhook", "off"] = "polling"
    """`off` receives nothing and still sends."""
    webhook_path: str = "/telegram/webhook"
    webhook_url: str = ""
    """Public address of this server, without the path. Empty: somebody else tells Telegram where we are."""
    webhook_secret: str = field(default="", repr=False)
    per_second: float = 30
    per_chat_second: float = 1
    max_download_bytes: int = 20 * 1024 * 1024
    """Telegram gives bots no larger file."""
    timeout: float = 15
    """Seconds to wait for a connection, and then for an answer."""

    def __post_init__(self) -> None:
        if self.mode == "webhook" and not _SECRET.fullmatch(self.webhook_secret):
            raise ValueError("telegram: webhook_secret needs 1 to 256 of A-Z a-z 0-9 _ -")
