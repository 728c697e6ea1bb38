"""WeCom (企业微信): talk with the members of a company through an app of its own."""

from bot.channels.wecom.channel import WeComChannel
from bot.channels.wecom.settings import WeComSettings

__all__ = ["WeComChannel", "WeComSettings"]
