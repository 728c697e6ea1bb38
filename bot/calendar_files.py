"""Makes the calendar's files of talks that were fixed, moved or called off."""

from bot.channels.contract import MediaGoneError
from bot.clock import Clock
from domain.calendar import ICS
from domain.county import County
from services.calendar import feeds
from services.desk import Desk
from storage.database import Database


class CalendarFiles:
    """Gives files as a messenger does: by what stands in the attachment, the ticket's number."""

    def __init__(self, database: Database, county: County, clock: Clock) -> None:
        self._database = database
        self._county = county
        self._clock = clock

    async def fetch(self, ref: str) -> tuple[bytes, str]:
        """Bytes and MIME type. Raises MediaGoneError when there is no such talk."""
        made = await self._database.read(
            lambda tx: feeds.of_ticket(Desk(tx, self._county, self._clock()), int(ref))
        )
        if made is None:
            raise MediaGoneError("there is no such talk")
        return made, ICS
