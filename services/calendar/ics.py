"""iCalendar (RFC 5545), made of entries. The library icalendar is used here and nowhere else."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from domain.calendar import Entry
from domain.delivery import CHINA

_PRODUCT = "-//lianxin//calendar//ZH"
_LOOK_AGAIN = timedelta(hours=6)
"""How often a phone that has subscribed should look."""


def calendar_of(entries: Iterable[Entry], name: str = "") -> bytes:
    """A calendar in UTF-8, its lines folded. With a name it is one to subscribe to."""
    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    if name:
        made.add("x-wr-calname", name)
        made.add("x-wr-timezone", CHINA.key)
        made.add("refresh-interval", _LOOK_AGAIN, parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", "PT6H")
    for entry in entries:
        made.add_component(_event(entry))
    made.add_missing_timezones()
    written: bytes = made.to_ical()
    return written


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("summary", entry.title)
    event.add("dtstart", _in_china(entry.starts))
    if entry.ends is not None:
        event.add("dtend", _in_china(entry.ends))
    if entry.place:
        event.add("location", entry.place)
    event.add("status", "CANCELLED" if entry.cancelled else "TENTATIVE" if entry.tentative else "CONFIRMED")
    event.add("class", "PRIVATE")
    return event


def _in_china(moment: datetime | date) -> datetime | date:
    return moment.astimezone(CHINA) if isinstance(moment, datetime) else moment
