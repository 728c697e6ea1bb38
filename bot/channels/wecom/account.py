"""The company's app as the API knows it: a token, and calls with it."""

from bot.channels.http import Http
from bot.channels.tencent.api import Api, result
from bot.channels.tencent.tokens import Tokens
from bot.channels.wecom.settings import WeComSettings
from bot.clock import Clock
from storage.database import Database


class Account:
    """Make and use it inside one event loop."""

    def __init__(self, settings: WeComSettings, process: str, database: Database, clock: Clock) -> None:
        self._settings = settings
        self._http = Http(settings.timeout)
        name = f"wecom:{settings.corpid}:{settings.agentid}"
        self.tokens = Tokens(name, process, database, clock, self._fetch_token)
        self.api = Api(settings.api_base, self.tokens, self._http)

    async def _fetch_token(self, *, anew: bool) -> tuple[str, int]:  # noqa: ARG002  WeCom decides by itself
        """`gettoken` gives the token in force until it ends, and after that the next."""
        asked = {"corpid": self._settings.corpid, "corpsecret": self._settings.secret}
        address = self._settings.api_base.rstrip("/") + "/cgi-bin/gettoken"
        told = result(await self._http.get(address, query=asked))
        return str(told["access_token"]), int(told["expires_in"])

    async def close(self) -> None:
        await self._http.close()
