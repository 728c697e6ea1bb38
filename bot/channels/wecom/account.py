"""The company's app: how it is called, and how it gets its token."""

from functools import partial

from bot.channels.http import Http
from bot.channels.tencent.account import Account
from bot.channels.tencent.api import result
from bot.channels.wecom.settings import WeComSettings
from bot.clock import Clock
from storage.database import Database


def account_of(settings: WeComSettings, process: str, database: Database, clock: Clock) -> Account:
    """The company's app of these settings, for a process."""
    fetch = partial(fetch_token, settings)
    return Account(settings.api_base, settings.timeout, token_name(settings), fetch, process, database, clock)


def token_name(settings: WeComSettings) -> str:
    """Under which all processes share the app's token."""
    return f"wecom:{settings.corpid}:{settings.agentid}"


async def fetch_token(settings: WeComSettings, http: Http, *, anew: bool) -> tuple[str, int]:  # noqa: ARG001  WeCom decides by itself
    """`gettoken` gives the token in force until it ends, and after that the next."""
    asked = {"corpid": settings.corpid, "corpsecret": settings.secret}
    told = result(await http.get(settings.api_base.rstrip("/") + "/cgi-bin/gettoken", query=asked))
    return str(told["access_token"]), int(told["expires_in"])
