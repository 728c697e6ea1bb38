"""The service account as its API knows it: a token, and calls with it."""

from bot.channels.http import Http
from bot.channels.tencent.api import Api, result
from bot.channels.tencent.tokens import Tokens
from bot.channels.wechat.settings import WeChatSettings
from bot.clock import Clock
from storage.database import Database


class Account:
    """Make and use it inside one event loop."""

    def __init__(self, settings: WeChatSettings, process: str, database: Database, clock: Clock) -> None:
        self._settings = settings
        self._http = Http(settings.timeout)
        self.tokens = Tokens(f"wechat:{settings.appid}", process, database, clock, self._fetch_token)
        self.api = Api(settings.api_base, self.tokens, self._http)

    async def _fetch_token(self, *, anew: bool) -> tuple[str, int]:
        """`stable_token` gives the token in force to all who ask; made anew, the one before ends (20 times a day)."""
        asked = {
            "grant_type": "client_credential",
            "appid": self._settings.appid,
            "secret": self._settings.secret,
            "force_refresh": anew,
        }
        address = self._settings.api_base.rstrip("/") + "/cgi-bin/stable_token"
        told = result(await self._http.post(address, json=asked))
        return str(told["access_token"]), int(told["expires_in"])

    async def close(self) -> None:
        await self._http.close()
