"""The accounts of the settings, for commands that ask WeChat or WeCom something and end."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.channels.wechat.account import Account as WeChatAccount
from bot.channels.wecom.account import Account as WeComAccount
from bot.clock import Clock
from bot.messengers import wechat_settings, wecom_settings
from bot.settings import Settings, SettingsError
from storage.database import Database


@asynccontextmanager
async def wechat_account(
    settings: Settings, database: Database, clock: Clock
) -> AsyncIterator[WeChatAccount]:
    """Raises SettingsError if it is off or its settings cannot work."""
    if settings.wechat.mode == "off":
        raise SettingsError(["wechat.mode is off; docs/operating.md says how to set up a service account"])
    try:
        account = WeChatAccount(wechat_settings(settings), _process(), database, clock)
    except ValueError as error:
        raise SettingsError([str(error)]) from None
    try:
        yield account
    finally:
        await account.close()


@asynccontextmanager
async def wecom_account(settings: Settings, database: Database, clock: Clock) -> AsyncIterator[WeComAccount]:
    """Raises SettingsError if it is off or its settings cannot work."""
    if not settings.wecom.enabled:
        raise SettingsError(["wecom.enabled is false; docs/operating.md says how to set up an app"])
    try:
        account = WeComAccount(wecom_settings(settings), _process(), database, clock)
    except ValueError as error:
        raise SettingsError([str(error)]) from None
    try:
        yield account
    finally:
        await account.close()


def _process() -> str:
    """The token is shared with the running service, and fetched by one of them at a time."""
    return secrets.token_hex(8)
