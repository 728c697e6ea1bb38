"""An enterprise's WeCom (企业微信) server on 127.0.0.1 and the members who use its app."""

from tests.standins.tencent.screen import Shown
from tests.standins.wecom.people import Member
from tests.standins.wecom.server import WeComServer

__all__ = ["Member", "Shown", "WeComServer"]
