"""Months of China's calendar, and on which day their reports are drafted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from domain.delivery import CHINA
from domain.working_days import WorkingDays

_WRITTEN = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
OWN_DAY = 28
"""A cadre finds his report written on this day of the month, or on the last working day before it."""
_DECEMBER = 12


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month. Written 2026-10."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def said(self) -> str:
        return f"{self.number}月"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def starts(self) -> datetime:
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment that is not in it."""
        return self.after.starts

    @property
    def before(self) -> Month:
        last = self.first - timedelta(days=1)
        return Month(last.year, last.month)

    @property
    def after(self) -> Month:
        return Month(self.year + 1, 1) if self.number == _DECEMBER else Month(self.year, self.number + 1)


def month_of(moment: datetime) -> Month:
    day = moment.astimezone(CHINA).date()
    return Month(day.year, day.month)


def month_in(text: str) -> Month:
    """The month that is written 2026-10. Raises ValueError when it is none."""
    if not _WRITTEN.fullmatch(text):
        raise ValueError(f"月份应写成 2026-10 这样：{text!r}")
    return Month(int(text[:4]), int(text[5:]))


def own_day(month: Month, days: WorkingDays) -> date:
    """When the reports of cadres are drafted: near the month's end, on a working day."""
    day = month.first.replace(day=OWN_DAY)
    while not days.is_working(day):
        day -= timedelta(days=1)
    return day


def area_day(month: Month, days: WorkingDays) -> date:
    """When those of townships and the county are: on the first working day after the month, of which all is known."""
    day = month.after.first
    while not days.is_working(day):
        day += timedelta(days=1)
    return day


def newest_own(today: date, days: WorkingDays) -> Month:
    """The newest month whose reports of cadres are due."""
    month = Month(today.year, today.month)
    return month if own_day(month, days) <= today else month.before


def newest_of_areas(today: date, days: WorkingDays) -> Month:
    """The newest month whose reports of areas are due."""
    month = Month(today.year, today.month).before
    return month if area_day(month, days) <= today else month.before


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA).astimezone(UTC)
