"""Working days of China, with its holidays and the weekends worked in exchange (调休).

Days come from the `chinesecalendar` library, which knows the State Council's yearly notices; the county's
override file goes before it, and after the library's last year plain weekends are assumed (`warning` says so).
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import chinese_calendar

from domain.delivery import CHINA


def known_until() -> date:
    """The last day of which the library knows whether it is worked."""
    return date(max(chinese_calendar.holidays).year, 12, 31)


class WorkingDays:
    """The county's calendar. `overrides` maps a day to whether it is worked, before all else."""

    def __init__(
        self,
        overrides: Mapping[date, bool] | None = None,
        day_start: time = time(8),
        day_end: time = time(18),
    ) -> None:
        self._known = dict(overrides or {})
        """What was looked up stays known: the library takes longer than all else that a promise needs."""
        self._start = day_start
        self._end = day_end

    def is_working(self, day: date) -> bool:
        if day not in self._known:
            try:
                self._known[day] = bool(chinese_calendar.is_workday(day))
            except NotImplementedError:
                self._known[day] = day.weekday() < 5  # noqa: PLR2004  Monday to Friday
        return self._known[day]

    def at_work(self, moment: datetime) -> bool:
        """Does `moment` lie in the working hours of a working day?"""
        local = moment.astimezone(CHINA)
        return self.is_working(local.date()) and self._start <= local.time() < self._end

    def add(self, moment: datetime, count: int) -> datetime:
        """The end of the `count`-th working day after the one of `moment`."""
        day = moment.astimezone(CHINA).date()
        for _ in range(count):
            day = self.next_working(day)
        if count == 0 and not self.is_working(day):
            day = self.next_working(day)
        return self._closing_time(day, moment)

    def end_of_working_day(self, moment: datetime) -> datetime:
        """The end of the working day in which `moment` lies; of the next one when it is over or not worked."""
        local = moment.astimezone(CHINA)
        day = local.date()
        if not self.is_working(day) or local.time() >= self._end:
            day = self.next_working(day)
        return self._closing_time(day, moment)

    def end_before(self, day: date) -> datetime:
        """The end of the last working day before a day, in China's time."""
        day -= timedelta(days=1)
        while not self.is_working(day):
            day -= timedelta(days=1)
        return datetime.combine(day, self._end, CHINA)

    def in_hours(self, moment: datetime) -> datetime:
        """`moment` itself where it lies in working hours, or is the end of them; else when they begin next."""
        local = moment.astimezone(CHINA)
        day = local.date()
        if not self.is_working(day) or local.time() > self._end:
            day = self.next_working(day)
        return max(moment, datetime.combine(day, self._start, CHINA).astimezone(moment.tzinfo))

    def later_by_hours(self, moment: datetime, hours: int) -> datetime:
        """`hours` of working time after `moment`, within one working day."""
        local = moment.astimezone(CHINA)
        day = local.date()
        if not self.is_working(day) or local.time() >= self._end:
            day = self.next_working(day)
            local = datetime.combine(day, self._start, CHINA)
        local = max(local, datetime.combine(day, self._start, CHINA))
        return min(
            (local + timedelta(hours=hours)).astimezone(moment.tzinfo), self._closing_time(day, moment)
        )

    def warning(self, today: date) -> str | None:
        """A plain warning when the library's years end within 60 days, or have ended."""
        end = known_until()
        if today + timedelta(days=60) <= end:
            return None
        return f"节假日数据只到 {end:%Y-%m-%d}；请升级 chinesecalendar，或在 holidays 文件里补上 {end.year + 1} 年的放假安排。"

    def next_working(self, day: date) -> date:
        day += timedelta(days=1)
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def _closing_time(self, day: date, moment: datetime) -> datetime:
        return datetime.combine(day, self._end, CHINA).astimezone(moment.tzinfo)
