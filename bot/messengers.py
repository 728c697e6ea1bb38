"""The messengers that the settings switch on. A messenger's library is loaded only if it is used."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.channels.contract import Channel
from bot.clock import Clock
from bot.settings import Settings, SettingsError
from bot.survey_files import Coding
from storage.database import Database

if TYPE_CHECKING:
    from bot.channels.wechat import WeChatSettings
    from bot.channels.wecom import WeComSettings


def make_channels(
    settings: Settings,
    process: str,
    database: Database,
    clock: Clock,
    media_root: Path,
    link: Callable[[int], str] = lambda _: "",
) -> dict[str, Channel]:
    """By name; without the web chat, which is ours. Raises SettingsError for settings that cannot work.

    `link`: the address at which an attachment can be had, for messengers that cannot send it; "" for none.
    """
    made: list[Channel] = []
    try:
        if settings.wechat.mode != "off":
            made.append(_wechat(settings, process, database, clock, media_root, link))
        if settings.wecom.enabled:
            made.append(_wecom(settings, process, database, clock, media_root))
        if settings.telegram.mode != "off":
            made.append(_telegram(settings, media_root))
    except ValueError as error:
        raise SettingsError([str(error)]) from None
    return {channel.name: channel for channel in made}


def _wechat(
    settings: Settings,
    process: str,
    database: Database,
    clock: Clock,
    media_root: Path,
    link: Callable[[int], str],
) -> Channel:
    from bot.channels.wechat import WeChatChannel  # noqa: PLC0415

    return WeChatChannel(wechat_settings(settings), process, database, clock, media_root, link)


def wechat_settings(settings: Settings) -> "WeChatSettings":
    """Raises ValueError for settings that cannot work."""
    from bot.channels.wechat.settings import Notice, WeChatSettings  # noqa: PLC0415

    wechat = settings.wechat
    return WeChatSettings(
        appid=wechat.appid,
        secret=wechat.secret.get_secret_value(),
        token=wechat.token.get_secret_value(),
        aes_keys=_keys(wechat.aes_key, wechat.previous_aes_key) if wechat.mode == "safe" else (),
        api_base=wechat.api_base,
        stale_seconds=wechat.stale_seconds,
        msgmenu=wechat.msgmenu,
        notices={
            about: Notice(one.template_id, one.kind, one.fields) for about, one in wechat.notices.items()
        },
        county=settings.county.name,
    )


def _wecom(settings: Settings, process: str, database: Database, clock: Clock, media_root: Path) -> Channel:
    from bot.channels.wecom import WeComChannel  # noqa: PLC0415

    return WeComChannel(wecom_settings(settings), process, database, clock, media_root)


def wecom_settings(settings: Settings) -> "WeComSettings":
    """Raises ValueError for settings that cannot work."""
    from bot.channels.wecom.settings import WeComSettings  # noqa: PLC0415

    wecom = settings.wecom
    return WeComSettings(
        corpid=wecom.corpid,
        agentid=wecom.agentid,
        secret=wecom.secret.get_secret_value(),
        token=wecom.token.get_secret_value(),
        aes_keys=_keys(wecom.aes_key, wecom.previous_aes_key),
        api_base=wecom.api_base,
        stale_seconds=wecom.stale_seconds,
    )


def _telegram(settings: Settings, media_root: Path) -> Channel:
    from bot.channels.telegram import TelegramChannel, TelegramSettings  # noqa: PLC0415  a second and 30 MB

    telegram = settings.telegram
    made = TelegramSettings(
        token=telegram.token.get_secret_value(),
        api_base=telegram.api_base,
        mode=telegram.mode,
        webhook_url=settings.server.public_url,
        webhook_secret=telegram.webhook_secret.get_secret_value(),
        per_second=telegram.messages_per_second,
        per_chat_second=telegram.messages_per_chat_second,
    )
    return TelegramChannel(made, media_root)


def _keys(*written: SecretStr) -> tuple[str, ...]:
    return tuple(key.get_secret_value() for key in written if key.get_secret_value())


def coding(channels: Mapping[str, Channel]) -> Coding | None:
    """The messenger that gives codes which lead to itself, if it is switched on."""
    found = channels.get("wechat")
    return found if isinstance(found, Coding) else None
