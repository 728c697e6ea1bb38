"""Periods of a duty, and the days on which it is reminded of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dateutil.rrule import rrule, rrulestr

from domain.working_days import WorkingDays

ANCHOR = datetime(2024, 1, 1)  # noqa: DTZ001  days have no zone
"""Where rules are counted from: a Monday, the first of a month, of a quarter and of a year."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From a first to a last day, both included."""

    starts_on: date
    ends_on: date


def spans_due(rule: str, days: int, since: date, after: date | None, today: date) -> list[Span]:
    """Periods that have begun by `today` and are still to be opened, the oldest first.

    since: periods that were over before this day never were duties.
    after: the last day of the newest period that was opened; none that begins by then is opened any more. So a period
    stays as it is when its rule is changed in the middle of it, and the new rule begins behind it.
    """
    rules = _rule(rule)
    first = rules.before(_at(since), inc=True)
    begins = first.date() if first else since
    if after is not None:
        begins = max(begins, after + _DAY)
    starts = [moment.date() for moment in rules.between(_at(begins), _at(today), inc=True)]
    spans = [_span(rules, days, start) for start in starts]
    return [span for span in spans if span.ends_on >= since]


def _span(rules: rrule, days: int, start: date) -> Span:
    following = rules.after(_at(start))
    lasting = start + (days - 1) * _DAY if days else date.max
    return Span(start, min(lasting, following.date() - _DAY if following else date.max))


def reminder_days(span: Span, remind: Sequence[int], days: WorkingDays) -> list[date]:
    """The days on which a period is reminded of, in order: moved off holidays, and never out of the period.

    A day off moves to the next working day; where the period ends before that, back to the one before. In a period
    without a working day nobody is reminded.
    """
    found = set()
    for number in remind:
        day = span.starts_on + (number - 1) * _DAY if number > 0 else span.ends_on + (number + 1) * _DAY
        if span.starts_on <= day <= span.ends_on:
            found.add(_working(day, span, days))
    return sorted(day for day in found if day is not None)


def _working(day: date, span: Span, days: WorkingDays) -> date | None:
    for step, end in ((_DAY, span.ends_on), (-_DAY, span.starts_on)):
        moved = day
        while not days.is_working(moved) and moved != end:
            moved += step
        if days.is_working(moved):
            return moved
    return None


def next_reminder(reminders: Sequence[date], today: date) -> date | None:
    """The first of these days that is not over yet."""
    return next((day for day in reminders if day >= today), None)


def month_of(day: date) -> Span:
    """The month in which a day lies."""
    first = day.replace(day=1)
    return Span(first, (first + 31 * _DAY).replace(day=1) - _DAY)


@lru_cache(maxsize=200)
def _rule(rule: str) -> rrule:
    return rrulestr(rule, dtstart=ANCHOR, cache=True)


def _at(day: date) -> datetime:
    return datetime.combine(day, time())
