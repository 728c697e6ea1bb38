"""Days as people write them."""

from datetime import UTC, date, datetime

import pytest

from domain.dates import read_day, spoken
from domain.tickets.rectification import month_of, read_limit

THE_DAY = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-31", THE_DAY),
        ("2026/12/31", THE_DAY),
        (" 2026.12.31 ", THE_DAY),
        ("2026年12月31日", THE_DAY),
        ("2026 年 12 月 31", THE_DAY),
        ("2026-12-31 00:00:00", THE_DAY),
        ("2028-2-29", date(2028, 2, 29)),
        ("2027-02-29", None),
        ("2026-13-01", None),
        ("0000-01-01", None),
        ("12-31", None),
        ("年底", None),
        ("", None),
        ("46387", None),
    ],
)
def test_a_day_is_read_or_refused(text: str, day: date | None):
    assert read_day(text) == day


def test_a_limit_ends_with_the_working_day_in_china():
    assert read_limit("2026-12-31") == datetime(2026, 12, 31, 10, 0, tzinfo=UTC)
    assert read_limit("年底") is None


def test_days_and_months_are_those_of_china():
    new_year = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    assert (spoken(new_year), month_of(new_year)) == ("2027年1月1日", "2027-01")
    assert spoken(date(2026, 5, 1)) == "2026年5月1日"
