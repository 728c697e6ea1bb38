"""On which day the reports of a month are written, and which month is the newest."""

from datetime import UTC, date, datetime

import pytest

from domain.reports.months import Month, area_day, month_in, month_of, newest_of_areas, newest_own, own_day
from domain.working_days import WorkingDays

DAYS = WorkingDays()


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        (datetime(2026, 10, 31, 15, 59, 59, tzinfo=UTC), Month(2026, 10)),
        (datetime(2026, 10, 31, 16, tzinfo=UTC), Month(2026, 11)),  # midnight in China
        (datetime(2026, 12, 31, 16, tzinfo=UTC), Month(2027, 1)),
    ],
)
def test_a_month_begins_at_chinas_midnight(moment: datetime, month: Month) -> None:
    assert month_of(moment) == month
    assert month.starts <= moment < month.ends or moment == month.starts


@pytest.mark.parametrize(
    ("month", "day", "why"),
    [
        (Month(2026, 10), date(2026, 10, 28), "a Wednesday"),
        (Month(2026, 11), date(2026, 11, 27), "the 28th is a Saturday"),
        (Month(2026, 2), date(2026, 2, 28), "a Saturday worked in exchange for the New Year holidays"),
        (Month(2027, 2), date(2027, 2, 26), "the library knows nothing of 2027: plain weekends"),
        (Month(2028, 2), date(2028, 2, 28), "of a leap year: still the 28th"),
    ],
)
def test_a_cadres_report_is_written_near_the_end(month: Month, day: date, why: str) -> None:
    assert own_day(month, DAYS) == day, why


@pytest.mark.parametrize(
    ("month", "day"),
    [
        (Month(2026, 9), date(2026, 10, 8)),  # after the national holidays
        (Month(2026, 12), date(2027, 1, 1)),  # the library's years have ended; an override file knows better
        (Month(2026, 1), date(2026, 2, 2)),
    ],
)
def test_an_areas_report_is_written_when_the_month_is_over(month: Month, day: date) -> None:
    assert area_day(month, DAYS) == day


def test_new_year_by_the_countys_own_file() -> None:
    days = WorkingDays({date(2027, 1, 1): False, date(2027, 1, 2): False, date(2027, 1, 3): False})
    assert area_day(Month(2026, 12), days) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("today", "own", "area"),
    [
        (date(2026, 10, 27), Month(2026, 9), Month(2026, 9)),
        (date(2026, 10, 28), Month(2026, 10), Month(2026, 9)),
        (date(2026, 11, 1), Month(2026, 10), Month(2026, 9)),  # a Sunday
        (date(2026, 11, 2), Month(2026, 10), Month(2026, 10)),
        (date(2026, 10, 7), Month(2026, 9), Month(2026, 8)),
        (date(2026, 1, 1), Month(2025, 12), Month(2025, 11)),
    ],
)
def test_the_newest_months_that_are_due(today: date, own: Month, area: Month) -> None:
    assert (newest_own(today, DAYS), newest_of_areas(today, DAYS)) == (own, area)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "26-10", "2026/10", "十月", "", "2026-1O"])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError):
        month_in(text)


def test_a_month_is_read_as_it_is_written() -> None:
    assert month_in(str(Month(2026, 3))) == Month(2026, 3)
    assert (Month(2026, 12).after, Month(2026, 1).before) == (Month(2027, 1), Month(2025, 12))
