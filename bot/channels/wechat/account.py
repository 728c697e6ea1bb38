"""The service account: how it is called, and how it gets its token."""

from functools import partial

from bot.channels.http import Http
from bot.channels.tencent.account import Account
from bot.channels.tencent.api import result
from bot.channels.wechat.settings import WeChatSettings
from bot.clock import Clock
from storage.database import Database


def account_of(settings: WeChatSettings, process: str, database: Database, clock: Clock) -> Account:
    """The service account of these settings, for a process."""
    fetch = partial(fetch_token, settings)
    return Account(settings.api_base, settings.timeout, token_name(settings), fetch, process, database, clock)


def token_name(settings: WeChatSettings) -> str:
    """Under which all processes share the account's token."""
    return f"wechat:{settings.appid}"


async def fetch_token(settings: WeChatSettings, http: Http, *, anew: bool) -> tuple[str, int]:
    """`stable_token` gives the token in force to all who ask; made anew, the one before ends (20 times a day)."""
    asked = {
        "grant_type": "client_credential",
        "appid": settings.appid,
        "secret": settings.secret,
        "force_refresh": anew,
    }
    told = result(await http.post(settings.api_base.rstrip("/") + "/cgi-bin/stable_token", json=asked))
    return str(told["access_token"]), int(told["expires_in"])
