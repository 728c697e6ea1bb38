"""The access token that every call needs: one for all processes, renewed early by one of them."""

import asyncio
import logging
from collections.abc import Awaitable
from datetime import timedelta
from typing import Protocol

from bot.channels.http import CallError
from bot.clock import Clock
from storage import jobs, tokens
from storage.database import Database, Tx
from storage.tokens import Token

log = logging.getLogger(__name__)

EARLY = timedelta(minutes=10)
"""So long before a token ends the first process to notice fetches the next one; the old one works until then."""
FETCHING = timedelta(seconds=20)
"""So long nobody else fetches while one process does."""
_LOOK_AGAIN = 0.25
"""Seconds between looks for a token that another process is fetching."""


class Fetch(Protocol):
    """Asks the messenger for (token, seconds it lasts). `anew`: the one it gives does not work, make another."""

    def __call__(self, *, anew: bool) -> Awaitable[tuple[str, int]]: ...


class Tokens:
    """The token of one account of ours."""

    def __init__(self, name: str, process: str, database: Database, clock: Clock, fetch: Fetch) -> None:
        """`name`: of the account, such as wechat:wx123."""
        self._name = name
        self._process = process
        self._database = database
        self._clock = clock
        self._fetch = fetch
        self._known: Token | None = None
        self._lock = asyncio.Lock()

    async def get(self) -> str:
        """A token that works as far as is known. Raises what `fetch` raises when there is none."""
        async with self._lock:
            if self._known is None or not self._fresh(self._known):
                self._known = await self._renewed(refused="")
            return self._known.token

    async def replace(self, refused: str) -> str:
        """Another token than the one that was refused: what another process has fetched meanwhile, or a new one."""
        async with self._lock:
            if self._known is None or self._known.token == refused:
                self._known = await self._renewed(refused)
            return self._known.token

    def _fresh(self, token: Token) -> bool:
        return token.expires_at - self._clock() > EARLY

    async def _renewed(self, refused: str) -> Token:
        while True:
            found, ours = await self._database.run(lambda tx: self._look(tx, refused))
            works = found is not None and found.token != refused and found.expires_at > self._clock()
            if ours:
                try:
                    return await self._fetched(refused)
                except CallError:
                    if not works:
                        raise
            if found is not None and works:
                return found
            await asyncio.sleep(_LOOK_AGAIN)

    def _look(self, tx: Tx, refused: str) -> tuple[Token | None, bool]:
        """What all share, and whether this process is the one to fetch the next."""
        now = self._clock()

        def found() -> tuple[Token | None, bool]:
            one = tokens.find(tx, self._name)
            return one, one is not None and one.token != refused and self._fresh(one)

        token, good = found()
        if good or not jobs.hold_lease(tx, self._lease, self._process, now, now + FETCHING):
            return token, False
        token, good = found()  # another process may have kept the next one just before it let go of the lease
        if good:
            jobs.drop_lease(tx, self._lease, self._process)
        return token, not good

    async def _fetched(self, refused: str) -> Token:
        try:
            token, lasts = await self._fetch(anew=False)
            if token == refused:
                token, lasts = await self._fetch(anew=True)
        except BaseException:
            await self._database.run(lambda tx: jobs.drop_lease(tx, self._lease, self._process))
            raise
        fetched = Token(token, self._clock() + timedelta(seconds=lasts))

        def keep(tx: Tx) -> None:
            tokens.keep(tx, self._name, fetched)
            jobs.drop_lease(tx, self._lease, self._process)

        await self._database.run(keep)
        log.info("%s: a new access token, good for %d s", self._name.partition(":")[0], lasts)
        return fetched

    @property
    def _lease(self) -> str:
        return f"token:{self._name}"[:40]
