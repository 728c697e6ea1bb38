"""Deeds that want an area's figures: those are counted aside, by a reader, while others have their turns.

A deed says what it misses by failing, before anything of it is stored; it is done anew with that at its desk. So nothing
is counted that nobody asked for, nothing is kept that could grow old, and whoever asks waits no longer than before.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeVar

from bot.clock import Clock
from domain.county import County
from domain.reports.figures import Figures
from domain.reports.months import Month
from services.desk import Desk
from services.reports.counting import UncountedError, count
from storage.database import Database, Tx

T = TypeVar("T")

Counted = Mapping[tuple[str, Month], Figures]
"""By area and month."""


class Counting:
    """Does deeds in the database, with the figures that they want."""

    def __init__(self, database: Database, county: County, clock: Clock) -> None:
        self._database = database
        self._county = county
        self._clock = clock
        self._one = asyncio.Lock()

    async def run(self, deed: Callable[[Tx, Counted], T]) -> T:
        """Do a deed in one transaction; it is given what was counted for it, which is nothing at first."""
        counted: Counted = {}
        while True:
            try:
                return await self._database.run(lambda tx, known=counted: deed(tx, known))  # type: ignore[misc]
            except UncountedError as missing:
                counted = {**counted, **await self._count(missing)}

    async def _count(self, missing: UncountedError) -> Counted:
        """One month after the other: somebody else, too, may want to read."""
        counted = {}
        for area, month in missing.wanted:
            async with self._one:
                counted[area, month] = await self._database.read(
                    lambda tx, a=area, m=month: count(Desk(tx, self._county, self._clock()), a, m)  # type: ignore[misc]
                )
        return counted
