"""Periods, and the days on which they are reminded of."""

from datetime import date

import pytest

from domain.duties.calendar import Span, month_of, next_reminder, reminder_days, spans_due
from domain.working_days import WorkingDays

MONTHLY, WEEKLY = "FREQ=MONTHLY;BYMONTHDAY=1", "FREQ=WEEKLY;BYDAY=MO"
QUARTERLY = "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1"
DAYS = WorkingDays()


def d(text: str) -> date:
    return date.fromisoformat(text)


def due(rule: str, since: str, today: str, after: str = "", days: int = 0) -> list[str]:
    spans = spans_due(rule, days, d(since), d(after) if after else None, d(today))
    return [f"{span.starts_on}..{span.ends_on}" for span in spans]


@pytest.mark.parametrize(
    ("month", "end"),
    [
        ("2026-01", "31"), ("2026-02", "28"), ("2026-03", "31"), ("2026-04", "30"), ("2026-05", "31"),
        ("2026-06", "30"), ("2026-07", "31"), ("2026-08", "31"), ("2026-09", "30"), ("2026-10", "31"),
        ("2026-11", "30"), ("2026-12", "31"), ("2028-02", "29"), ("2100-02", "28"),
    ],
)  # fmt: skip
def test_months(month, end):
    assert due(MONTHLY, f"{month}-01", f"{month}-01") == [f"{month}-01..{month}-{end}"]
    assert due(MONTHLY, f"{month}-01", f"{month}-{end}") == [f"{month}-01..{month}-{end}"]
    assert month_of(d(f"{month}-10")) == Span(d(f"{month}-01"), d(f"{month}-{end}"))


def test_leap_days():
    assert due("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-01-01", "2032-12-31", days=1) == [
        "2028-02-29..2028-02-29",
        "2032-02-29..2032-02-29",
    ]
    assert due("FREQ=MONTHLY;BYMONTHDAY=-1", "2028-02-01", "2028-03-30", days=1) == ["2028-02-29..2028-02-29"]
    assert due(WEEKLY, "2028-02-28", "2028-02-29") == ["2028-02-28..2028-03-05"]


def test_quarters_and_years():
    assert due(QUARTERLY, "2026-02-10", "2026-07-01") == [
        "2026-01-01..2026-03-31",
        "2026-04-01..2026-06-30",
        "2026-07-01..2026-09-30",
    ]
    assert due("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=1", "2026-01-01", "2026-12-31", days=31) == [
        "2026-12-01..2026-12-31"
    ]


def test_what_was_over_before_it_was_loaded_never_was():
    assert due(MONTHLY, "2026-11-10", "2026-11-10") == ["2026-11-01..2026-11-30"]
    assert due(WEEKLY, "2026-11-11", "2026-11-17") == ["2026-11-09..2026-11-15", "2026-11-16..2026-11-22"]


def test_what_was_missed_is_found_and_what_is_open_is_not():
    assert due(MONTHLY, "2026-01-01", "2026-07-25", after="2026-05-31") == [
        "2026-06-01..2026-06-30",
        "2026-07-01..2026-07-31",
    ]
    assert due(MONTHLY, "2026-01-01", "2026-07-25", after="2026-07-31") == []


def test_a_rule_changed_amid_a_period_begins_behind_it():
    assert due("FREQ=MONTHLY;BYMONTHDAY=10", "2026-01-01", "2026-11-20", after="2026-11-30") == []
    assert due("FREQ=MONTHLY;BYMONTHDAY=10", "2026-01-01", "2026-12-20", after="2026-11-30") == [
        "2026-12-10..2027-01-09"
    ]


@pytest.mark.parametrize(
    ("start", "end", "remind", "expected"),
    [
        ("2026-11-01", "2026-11-30", [1, -8], ["2026-11-02", "2026-11-23"]),
        ("2026-10-01", "2026-10-31", [1, -8], ["2026-10-08", "2026-10-26"]),  # National Day takes a week
        ("2026-02-01", "2026-02-28", [-1], ["2026-02-28"]),  # a Saturday, worked for the Spring Festival
        ("2026-05-01", "2026-05-31", [-1], ["2026-05-29"]),  # a Sunday: not out of the period
        ("2026-02-16", "2026-02-22", [1], []),  # the Spring Festival: nobody's holiday is spoiled
        ("2026-11-02", "2026-11-08", [9], []),  # not a day of so short a period
        ("2026-11-01", "2026-11-30", [], []),
        ("2026-11-01", "2026-11-30", [7, 8, 9], ["2026-11-09"]),  # a weekend and the Monday: once
    ],
)
def test_reminder_days(start, end, remind, expected):
    days = reminder_days(Span(d(start), d(end)), remind, DAYS)
    assert [str(day) for day in days] == expected


def test_the_new_year_move_of_working_days():
    """2026: the first to the third are off, and the Sunday behind them is worked."""
    january = Span(d("2026-01-01"), d("2026-01-31"))
    assert reminder_days(january, [1], DAYS) == [d("2026-01-04")]


def test_years_that_the_library_does_not_know():
    """Plain weekends, until the county's own file or a newer library says better."""
    january = Span(d("2031-01-01"), d("2031-01-31"))
    assert reminder_days(january, [1], DAYS) == [d("2031-01-01")]  # a Wednesday
    own = WorkingDays({d("2031-01-01"): False, d("2031-01-02"): False, d("2031-01-05"): True})
    assert reminder_days(january, [1], own) == [d("2031-01-03")]


def test_next_reminder():
    days = [d("2026-11-02"), d("2026-11-23")]
    assert next_reminder(days, d("2026-11-02")) == d("2026-11-02")
    assert next_reminder(days, d("2026-11-03")) == d("2026-11-23")
    assert next_reminder(days, d("2026-11-24")) is None
