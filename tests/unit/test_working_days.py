"""China's working days: holidays, weekends worked in exchange, the county's own days, and years nobody knows yet."""

from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import pytest

from domain.delivery import CHINA
from domain.working_days import WorkingDays

DAYS = WorkingDays()
LAST_YEAR = max(chinese_calendar.holidays).year


def at(text: str) -> datetime:
    """ "2026-11-02 10:00" in China, as UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA).astimezone(UTC)


def days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


HOLIDAYS_2026 = [
    *days("2026-01-01", "2026-01-03"),
    *days("2026-02-15", "2026-02-23"),  # Spring Festival
    *days("2026-04-04", "2026-04-06"),
    *days("2026-05-01", "2026-05-05"),
    *days("2026-06-19", "2026-06-21"),
    *days("2026-09-25", "2026-09-27"),
    *days("2026-10-01", "2026-10-07"),  # National Day
]
WORKED_WEEKENDS_2026 = [
    date.fromisoformat(day)
    for day in ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
]


@pytest.mark.parametrize("day", HOLIDAYS_2026)
def test_holidays_of_2026(day):
    assert not DAYS.is_working(day)


@pytest.mark.parametrize("day", WORKED_WEEKENDS_2026)
def test_weekends_worked_in_exchange_in_2026(day):
    assert day.weekday() >= 5
    assert DAYS.is_working(day)


def test_every_other_day_of_2026_is_as_the_week_has_it():
    special = {*HOLIDAYS_2026, *WORKED_WEEKENDS_2026}
    for day in days("2026-01-01", "2026-12-31"):
        if day not in special:
            assert DAYS.is_working(day) == (day.weekday() < 5), day


@pytest.mark.parametrize(
    ("moment", "count", "end"),
    [
        ("2026-11-02 10:00", 1, "2026-11-03 18:00"),
        ("2026-11-02 23:00", 1, "2026-11-03 18:00"),  # late in the evening it is still Monday
        ("2026-11-03 00:30", 1, "2026-11-04 18:00"),  # in UTC it is still Monday
        ("2026-11-06 17:00", 1, "2026-11-09 18:00"),  # Friday
        ("2026-11-06 22:00", 5, "2026-11-13 18:00"),  # Friday evening
        ("2026-11-07 10:00", 1, "2026-11-09 18:00"),  # Saturday
        ("2026-02-13 10:00", 1, "2026-02-14 18:00"),  # Friday; the Saturday after it is worked
        ("2026-02-14 10:00", 1, "2026-02-24 18:00"),  # the eve of Spring Festival
        ("2026-02-18 10:00", 5, "2026-02-28 18:00"),  # within it; its Saturday is worked
        ("2026-09-30 10:00", 3, "2026-10-10 18:00"),  # the eve of National Day; its Saturday is worked
        ("2026-09-18 10:00", 10, "2026-10-09 18:00"),  # across Mid-Autumn and National Day
        ("2026-12-31 10:00", 0, "2026-12-31 18:00"),
        ("2026-11-07 10:00", 0, "2026-11-09 18:00"),  # Saturday
    ],
)
def test_the_end_of_the_nth_working_day_after(moment, count, end):
    assert DAYS.add(at(moment), count) == at(end)


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-11-02 00:00", "2026-11-02 18:00"),
        ("2026-11-02 17:59", "2026-11-02 18:00"),
        ("2026-11-02 18:00", "2026-11-03 18:00"),
        ("2026-11-06 18:30", "2026-11-09 18:00"),  # Friday evening
        ("2026-11-08 12:00", "2026-11-09 18:00"),  # Sunday
        ("2026-10-03 12:00", "2026-10-08 18:00"),  # National Day
        ("2026-02-28 12:00", "2026-02-28 18:00"),  # a Saturday that is worked
        ("2026-09-30 20:00", "2026-10-08 18:00"),
    ],
)
def test_the_end_of_the_same_working_day(moment, end):
    assert DAYS.end_of_working_day(at(moment)) == at(end)


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-11-02 10:00", "2026-11-02 12:00"),
        ("2026-11-02 05:00", "2026-11-02 10:00"),  # two hours from opening time
        ("2026-11-02 16:30", "2026-11-02 18:00"),
        ("2026-11-02 18:00", "2026-11-03 10:00"),
        ("2026-11-07 12:00", "2026-11-09 10:00"),  # Saturday
    ],
)
def test_two_working_hours_later(moment, end):
    assert DAYS.later_by_hours(at(moment), 2) == at(end)


def test_the_countys_own_hours():
    own = WorkingDays(day_start=time(9), day_end=time(17, 30))
    assert own.end_of_working_day(at("2026-11-02 17:29")) == at("2026-11-02 17:30")
    assert own.end_of_working_day(at("2026-11-02 17:30")) == at("2026-11-03 17:30")
    assert own.later_by_hours(at("2026-11-02 07:00"), 2) == at("2026-11-02 11:00")


def test_the_countys_own_days_go_before_all_else():
    fair, exchanged = date(2026, 11, 3), date(2026, 11, 8)
    own = WorkingDays({fair: False, exchanged: True, date(2026, 10, 1): True})
    assert not own.is_working(fair)
    assert own.is_working(exchanged)
    assert own.is_working(date(2026, 10, 1))
    assert own.add(at("2026-11-02 10:00"), 1) == at("2026-11-04 18:00")
    assert own.add(at("2026-11-06 10:00"), 1) == at("2026-11-08 18:00")


def test_after_the_last_known_year_there_are_weekends_and_the_countys_own_days():
    later = LAST_YEAR + 2
    spring = date(later, 2, 1)
    monday = spring + timedelta(days=(7 - spring.weekday()) % 7)
    assert [DAYS.is_working(monday + timedelta(days=n)) for n in range(7)] == [True] * 5 + [False] * 2
    assert WorkingDays({monday: False}).is_working(monday) is False
    assert not WorkingDays({date(later, 10, 1): False}).is_working(date(later, 10, 1))


def test_limits_run_across_the_end_of_the_last_known_year():
    moment = datetime(LAST_YEAR, 12, 31, 2, tzinfo=UTC)
    end = DAYS.add(moment, 5).astimezone(CHINA)
    assert end.year == LAST_YEAR + 1
    assert end.time() == time(18)


@pytest.mark.parametrize(
    ("today", "warned"),
    [
        (date(LAST_YEAR, 1, 1), False),
        (date(LAST_YEAR, 11, 1), False),
        (date(LAST_YEAR, 11, 2), True),
        (date(LAST_YEAR, 12, 31), True),
        (date(LAST_YEAR + 1, 6, 1), True),
    ],
)
def test_a_plain_warning_sixty_days_before_the_known_years_end(today, warned):
    said = DAYS.warning(today)
    assert (said is not None) == warned
    if said:
        assert f"{LAST_YEAR}-12-31" in said
        assert f"{LAST_YEAR + 1} 年" in said
