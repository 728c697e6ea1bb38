"""Keys die after the transaction that last needed them, and never before it: so their end is seen to from outside.

Whatever happens between the two, the next look finds the key and what is committed about it. The look costs nothing
while there are no keys.
"""

import asyncio
import logging

from bot.rounds import Rounds
from storage import ballots
from storage.database import Database
from storage.keys import Keys

log = logging.getLogger(__name__)

_EVERY = 10.0
"""Seconds between two looks: for so long at most a key outlives its survey."""


class Burying(Rounds):
    """Destroys the keys that nothing needs any more."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database = database
        self._keys = keys
        super().__init__(self.bury, _EVERY, "keys could not be looked through")

    async def bury(self) -> int:
        """Destroy every key that is to die, and what the database's files still hold of its time. Returns how many."""
        names = await asyncio.to_thread(self._keys.names)
        if not names:
            return 0
        dead = await self._database.read(lambda tx: ballots.dead(tx, names))
        for name in dead:
            await asyncio.to_thread(self._keys.destroy, name)
        if dead:
            log.info("%d keys of closed boxes were destroyed", len(dead))
            await self._database.scrub()
        return len(dead)
