"""When nobody is written to, and how long is waited."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.delivery import CHINA, QuietHours, back_off


def at(text: str) -> datetime:
    """ "11-02 20:00" of 2026 in China, as UTC."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=CHINA).astimezone(UTC)


NIGHT, NOON, OFF, FROM_MIDNIGHT = QuietHours(), QuietHours(12, 14), QuietHours(8, 8), QuietHours(0, 6)


@pytest.mark.parametrize(
    ("quiet", "now", "allowed"),
    [
        (NIGHT, "11-02 08:00", "11-02 08:00"),
        (NIGHT, "11-02 12:34", "11-02 12:34"),
        (NIGHT, "11-02 19:59", "11-02 19:59"),
        (NIGHT, "11-02 20:00", "11-03 08:00"),
        (NIGHT, "11-02 23:59", "11-03 08:00"),
        (NIGHT, "11-03 00:00", "11-03 08:00"),
        (NIGHT, "11-03 07:59", "11-03 08:00"),
        (NIGHT, "12-31 22:00", "01-01 08:00 next year"),
        (NOON, "11-02 11:59", "11-02 11:59"),
        (NOON, "11-02 12:00", "11-02 14:00"),
        (NOON, "11-02 13:59", "11-02 14:00"),
        (NOON, "11-02 14:00", "11-02 14:00"),
        (NOON, "11-02 23:00", "11-02 23:00"),
        (FROM_MIDNIGHT, "11-02 23:59", "11-02 23:59"),
        (FROM_MIDNIGHT, "11-03 00:00", "11-03 06:00"),
        (OFF, "11-02 03:00", "11-02 03:00"),
        (OFF, "11-02 08:00", "11-02 08:00"),
        (OFF, "11-02 23:00", "11-02 23:00"),
    ],
)
def test_quiet_hours(quiet, now, allowed):
    day, _, later = allowed.partition(" next")
    expected = at(day).replace(year=2027) if later else at(day)
    moment = quiet.next_allowed(at(now))
    assert moment == expected
    assert moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("tries", "seconds"), [(0, 2), (1, 2), (2, 4), (3, 8), (7, 128), (9, 512), (10, 600), (500, 600)]
)
def test_each_try_waits_twice_as_long_and_ten_minutes_at_most(tries, seconds):
    assert back_off(tries) == timedelta(seconds=seconds)
