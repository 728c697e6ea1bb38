"""What an operator sets for WeChat."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

OFFICIAL_API = "https://api.weixin.qq.com"
CALLBACK_PATH = "/wechat/callback"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that she is sent when words cannot reach her: a template message, or one that she subscribed to."""

    template_id: str
    kind: Literal["template", "subscribe"]
    fields: Mapping[str, str]
    """By the template's field: words with {text}, {time} or {county} in them."""


@dataclass(frozen=True, slots=True)
class WeChatSettings:
    """How to reach WeChat and how it reaches us. Raises ValueError in the operator's words."""

    appid: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_keys: tuple[str, ...] = field(default=(), repr=False)
    """The EncodingAESKey, and while it is being replaced the one before. Empty: plain mode."""
    api_base: str = OFFICIAL_API
    stale_seconds: float = 300
    msgmenu: bool = False
    """May the account send menus in messages? Only a verified service account may."""
    notices: Mapping[str, Notice] = field(default_factory=dict)
    """By what a message is about (`domain.talk.About`)."""
    county: str = ""
    timeout: float = 10
    """Seconds to wait for a connection, and then for an answer."""

    def __post_init__(self) -> None:
        for name in ("appid", "secret", "token"):
            if not getattr(self, name):
                raise ValueError(f"wechat: {name} is empty")
