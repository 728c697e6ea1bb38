"""The service account as its API knows it: a token, and calls with it."""

from functools import partial

from bot.channels.http import Http
from bot.channels.tencent.api import Api, result
from bot.channels.tencent.tokens import Tokens
from bot.channels.wechat.settings import WeChatSettings
from bot.clock import Clock
from storage.database import Database


class Account:
    """Make and use it inside one event loop."""

    def __init__(self, settings: WeChatSettings, process: str, database: Database, clock: Clock) -> None:
        self._http = Http(settings.timeout)
        fetch = partial(fetch_token, settings, self._http)
        self.tokens = Tokens(token_name(settings), process, database, clock, fetch)
        self.api = Api(settings.api_base, self.tokens, self._http)

    async def close(self) -> None:
        await self._http.close()


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
