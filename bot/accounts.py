"""The accounts of the settings, for commands that ask WeChat or WeCom something and end."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bot.channels.tencent.account import Account
from bot.channels.wechat.account import account_of as on_wechat
from bot.channels.wecom.account import account_of as on_wecom
from bot.clock import Clock
from bot.messengers import wechat_settings, wecom_settings
from bot.settings import Settings, SettingsError
from storage.database import Database


def wechat_account(
    settings: Settings, database: Database, clock: Clock
) -> AbstractAsyncContextManager[Account]:
    """Raises SettingsError if it is off or its settings cannot work."""
    if settings.wechat.mode == "off":
        raise SettingsError(["wechat.mode is off; docs/operating.md says how to set up a service account"])
    return _closed_again(lambda: on_wechat(wechat_settings(settings), _process(), database, clock))


def wecom_account(
    settings: Settings, database: Database, clock: Clock
) -> AbstractAsyncContextManager[Account]:
    """Raises SettingsError if it is off or its settings cannot work."""
    if not settings.wecom.enabled:
        raise SettingsError(["wecom.enabled is false; docs/operating.md says how to set up an app"])
    return _closed_again(lambda: on_wecom(wecom_settings(settings), _process(), database, clock))


@asynccontextmanager
async def _closed_again(make: Callable[[], Account]) -> AsyncIterator[Account]:
    try:
        account = make()
    except ValueError as error:
        raise SettingsError([str(error)]) from None
    try:
        yield account
    finally:
        await account.close()


def _process() -> str:
    """The token is shared with the running service, and fetched by one of them at a time."""
    return secrets.token_hex(8)
