"""WeChat service accounts (微信服务号)."""

from bot.channels.wechat.channel import WeChatChannel
from bot.channels.wechat.settings import WeChatSettings

__all__ = ["WeChatChannel", "WeChatSettings"]
