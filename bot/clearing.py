"""Files that we made for the chat are not kept for ever. A deed cannot unlink files, so that is seen to from outside.

The file goes first and its row after it: whatever happens between the two, the next look finds the row.
"""

import asyncio
import contextlib
import logging

from bot.clock import Clock
from bot.media import MediaStore
from services.housekeeping import Keep
from services.surveys.files import MADE
from storage import media
from storage.database import Database

log = logging.getLogger(__name__)

_EVERY = 3600.0
"""Seconds between two looks."""
_AT_ONCE = 500
"""Attachments removed in one look."""


class Clearing:
    """Removes charts, codes and workbooks that are old enough."""

    def __init__(self, database: Database, store: MediaStore, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._look_forever())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def clear(self) -> int:
        """Remove the oldest of what is old enough. Returns how many attachments they were."""
        before = self._clock() - Keep().made
        old = await self._database.read(lambda tx: media.made_before(tx, MADE, before, _AT_ONCE))
        if not old:
            return 0
        beside = await self._database.read(lambda tx: media.shown_beside(tx, old, set(old.values())))
        for sha256 in set(old.values()) - beside:
            await asyncio.to_thread(self._store.path(sha256).unlink, missing_ok=True)
        await self._database.run(lambda tx: media.drop(tx, old))
        log.info("%d charts, codes and workbooks were removed", len(old))
        return len(old)

    async def _look_forever(self) -> None:
        while True:
            try:
                await self.clear()
            except Exception:
                log.exception("old files could not be removed; trying again")
            await asyncio.sleep(_EVERY)
