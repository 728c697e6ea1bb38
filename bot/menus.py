"""The menus that the settings want; what they leave out comes with the service."""

from collections.abc import Sequence

from bot.channels.tencent.menu import Button
from bot.channels.wechat import menu as for_wechat
from bot.channels.wecom import menu as for_wecom
from bot.settings import MenuEntry, Settings


def wanted_on_wechat(settings: Settings) -> tuple[Button, ...]:
    return _buttons(settings.wechat.menu) or for_wechat.DEFAULT


def wanted_on_wecom(settings: Settings) -> tuple[Button, ...]:
    return _buttons(settings.wecom.menu) or for_wecom.DEFAULT


def _buttons(entries: Sequence[MenuEntry]) -> tuple[Button, ...]:
    return tuple(Button(one.name, one.key, one.url, _buttons(one.below)) for one in entries)
