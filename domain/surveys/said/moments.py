"""A day and a time in one breath: 明天9点, 12月1号 上午10点半."""

from datetime import date, datetime, time, tzinfo

from domain.surveys.said.days import day_in
from domain.surveys.said.times import time_in


def moment_in(text: str, today: date, zone: tzinfo) -> datetime | None:
    """The moment that is meant, a day followed by a time; without a day, today's. None if it is none."""
    for place in range(len(text)):
        day = day_in(text[:place], today) if text[:place].strip() else today
        clock = time_in(text[place:])
        if day is not None and clock is not None:
            return datetime.combine(day, time.fromisoformat(clock), zone)
    return None
