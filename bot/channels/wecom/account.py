"""The company's app as the API knows it: a token, and calls with it."""

from functools import partial

from bot.channels.http import Http
from bot.channels.tencent.api import Api, result
from bot.channels.tencent.tokens import Tokens
from bot.channels.wecom.settings import WeComSettings
from bot.clock import Clock
from storage.database import Database


class Account:
    """Make and use it inside one event loop."""

    def __init__(self, settings: WeComSettings, process: str, database: Database, clock: Clock) -> None:
        self._http = Http(settings.timeout)
        fetch = partial(fetch_token, settings, self._http)
        self.tokens = Tokens(token_name(settings), process, database, clock, fetch)
        self.api = Api(settings.api_base, self.tokens, self._http)

    async def close(self) -> None:
        await self._http.close()


def token_name(settings: WeComSettings) -> str:
    """Under which all processes share the app's token."""
    return f"wecom:{settings.corpid}:{settings.agentid}"


async def fetch_token(settings: WeComSettings, http: Http, *, anew: bool) -> tuple[str, int]:  # noqa: ARG001  WeCom decides by itself
    """`gettoken` gives the token in force until it ends, and after that the next."""
    asked = {"corpid": settings.corpid, "corpsecret": settings.secret}
    told = result(await http.get(settings.api_base.rstrip("/") + "/cgi-bin/gettoken", query=asked))
    return str(told["access_token"]), int(told["expires_in"])
