"""What stands in somebody's calendar: talks at an hour, duties on a day."""

from dataclasses import dataclass
from datetime import date, datetime

ICS = "text/calendar"
"""The MIME type of a calendar (RFC 5545, 8.1)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to be reminded of. Anybody who has the file can read it: it names no household and no matter."""

    uid: str
    """The same for the same thing for ever."""
    title: str
    starts: datetime | date
    """A day alone means all of it."""
    ends: datetime | date | None
    changed_at: datetime
    place: str = ""
    sequence: int = 0
    tentative: bool = False
    cancelled: bool = False
