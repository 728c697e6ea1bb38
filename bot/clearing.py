"""Files that we made for the chat are not kept for ever. A deed cannot unlink files, so that is seen to from outside.

The file goes first and its row after it: whatever happens between the two, the next look finds the row.
"""

import asyncio
import logging

from bot.clock import Clock
from bot.media import MediaStore
from bot.rounds import Rounds
from services.housekeeping import Keep
from services.reports import files as reports
from services.surveys import files as surveys
from storage import media
from storage.database import Database

log = logging.getLogger(__name__)

_EVERY = 3600.0
"""Seconds between two looks."""
_MAKERS = (surveys.MADE, reports.MADE)
_AT_ONCE = 500
"""Attachments removed in one look."""


class Clearing(Rounds):
    """Removes pictures, codes and workbooks that are old enough."""

    def __init__(self, database: Database, store: MediaStore, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        super().__init__(self.clear, _EVERY, "old files could not be removed")

    async def clear(self) -> int:
        """Remove the oldest of what is old enough. Returns how many attachments they were."""
        before = self._clock() - Keep().made
        old = await self._database.read(lambda tx: media.made_before(tx, _MAKERS, before, _AT_ONCE))
        if not old:
            return 0
        beside = await self._database.read(lambda tx: media.shown_beside(tx, old, set(old.values())))
        for sha256 in set(old.values()) - beside:
            await asyncio.to_thread(self._store.path(sha256).unlink, missing_ok=True)
        await self._database.run(lambda tx: media.drop(tx, old))
        log.info("%d charts, codes and workbooks were removed", len(old))
        return len(old)
