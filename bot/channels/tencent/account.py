"""An account as its platform's API knows it, on WeChat and WeCom alike: a token, and calls with it."""

from collections.abc import Awaitable
from functools import partial
from typing import Protocol

from bot.channels.http import Http
from bot.channels.tencent.api import Api
from bot.channels.tencent.tokens import Tokens
from bot.clock import Clock
from storage.database import Database


class Fetch(Protocol):
    """Asks the platform for a token: it, and for how many seconds it is good. `anew`: not the one in force."""

    def __call__(self, http: Http, *, anew: bool) -> Awaitable[tuple[str, int]]: ...


class Account:
    """Make and use it inside one event loop."""

    def __init__(
        self,
        api_base: str,
        timeout: float,
        name: str,
        fetch: Fetch,
        process: str,
        database: Database,
        clock: Clock,
    ) -> None:
        """name: under which all processes share its token. timeout: seconds."""
        self._http = Http(timeout)
        self.tokens = Tokens(name, process, database, clock, partial(fetch, self._http))
        self.api = Api(api_base, self.tokens, self._http)

    async def close(self) -> None:
        await self._http.close()
