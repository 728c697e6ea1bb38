"""A WeChat service account's server on 127.0.0.1 and the people who follow it."""

from tests.standins.tencent.screen import Shown
from tests.standins.wechat.people import Follower
from tests.standins.wechat.server import WeChatServer

__all__ = ["Follower", "Shown", "WeChatServer"]
