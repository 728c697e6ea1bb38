"""Many ballots are mixed and written bit by bit, aside: in one transaction they would stop all talks on SQLite.

They are opened by a reader. Whatever happens between two bits, the next look of any process goes on with the same
order (docs/decisions/0018-sealed-ballots.md).
"""

import logging
from collections.abc import Awaitable, Callable
from functools import partial

from bot.rounds import Doing, Rounds
from services.desk import Desk
from services.surveys import ballots

log = logging.getLogger(__name__)

_EVERY = 10.0
"""Seconds between two looks."""


class Releasing(Rounds):
    """Releases what the clock's job leaves to it."""

    def __init__(self, do: Doing, look: Doing) -> None:
        """`do` may write, `look` only reads."""
        self._do = do
        self._look = look
        super().__init__(self.release, _EVERY, "ballots could not be released")

    async def release(self) -> None:
        """Release every survey that is closed, then take away what lies in the boxes."""
        for survey in await self._look(ballots.closed):
            await self._whatever_happens(self._mix, survey)
        for survey in await self._look(ballots.left_over):
            await self._whatever_happens(self._take_away, survey)

    @staticmethod
    async def _whatever_happens(deed: Callable[[int], Awaitable[None]], survey: int) -> None:
        """One that cannot be released holds up no other, whose key would not die."""
        try:
            await deed(survey)
        except Exception as fault:  # noqa: BLE001
            # Without a trace, in which people's words could stand.
            log.error("survey %d could not be released: %s", survey, type(fault).__name__)  # noqa: TRY400

    async def _mix(self, survey: int) -> None:
        opened = await self._look(partial(ballots.open_all, survey=survey))
        if opened is not None:
            await self._until_done(partial(ballots.publish_some, survey=survey, opened=opened))
            log.info("survey %d: %d ballots were mixed", survey, len(opened.found))

    async def _take_away(self, survey: int) -> None:
        await self._until_done(partial(ballots.erase_some, survey=survey))

    async def _until_done(self, deed: Callable[[Desk], bool]) -> None:
        """A transaction each: in between others have their turns."""
        while await self._do(deed):
            pass
