"""Calendars are written by one library and read here without it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.calendar import Entry
from services.calendar.ics import calendar_of
from tests.calendars import events_of, read_calendar

TALK = Entry(
    uid="appointment-7@610528.lianxin",
    title="约谈7号 副部长赵督办",
    starts=datetime(2026, 12, 8, 1, tzinfo=UTC),
    ends=datetime(2026, 12, 8, 1, 30, tzinfo=UTC),
    changed_at=datetime(2026, 12, 1, 2, 3, 4, 567, tzinfo=UTC),
    place="县委305",
    sequence=3,
)
DUTY = Entry(
    uid="duty-12-3@610528.lianxin",
    title="帮一户困难群众（三个一）",
    starts=date(2026, 12, 31),
    ends=date(2027, 1, 1),
    changed_at=datetime(2026, 12, 1, tzinfo=UTC),
)


def test_a_talk_and_a_duty():
    calendar = read_calendar(calendar_of([TALK, DUTY], "富平县连心日历"))
    assert calendar.text("X-WR-CALNAME") == "富平县连心日历"
    assert calendar.properties["REFRESH-INTERVAL"] == [({"VALUE": "DURATION"}, "PT6H")]
    talk, duty = events_of(calendar)
    assert talk.local("DTSTART") == ("20261208T090000", "Asia/Shanghai")
    assert talk.local("DTEND") == ("20261208T093000", "Asia/Shanghai")
    assert (talk.value("DTSTAMP"), talk.value("SEQUENCE")) == ("20261201T020304Z", "3")
    assert (talk.value("STATUS"), talk.text("LOCATION")) == ("CONFIRMED", "县委305")
    assert duty.local("DTSTART") == ("20261231", "")
    assert duty.local("DTEND") == ("20270101", "")


def test_an_empty_one_is_a_calendar_too():
    assert events_of(read_calendar(calendar_of([], "富平县连心日历"))) == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"tentative": True}, "TENTATIVE"), ({"cancelled": True}, "CANCELLED"), ({"cancelled": True, "tentative": True}, "CANCELLED")],
)  # fmt: skip
def test_what_it_stands_at(changes: dict[str, bool], status: str):
    [event] = events_of(read_calendar(calendar_of([replace(TALK, **changes)])))
    assert event.value("STATUS") == status


@pytest.mark.parametrize(
    "place",
    [
        "县委" * 60,  # far longer than a line
        "a" * 74 + "县",
        "二楼, 左手;第\\三间",
        "县委305\r\nEND:VEVENT\r\nBEGIN:VALARM",
        "😀" * 40,
        ':;="quoted"',
    ],
)  # fmt: skip
def test_whatever_is_typed_is_folded_and_escaped(place: str):
    [event] = events_of(read_calendar(calendar_of([replace(TALK, place=place)])))
    assert event.text("LOCATION") == place.replace("\r\n", "\n")
    assert not event.parts


def test_every_day_of_a_year_keeps_its_hour():
    """China has had no summer time since 1991."""
    days = [TALK.starts + timedelta(days=number) for number in range(366)]  # type: ignore[operator]
    entries = [replace(TALK, uid=str(day), starts=day, ends=day + timedelta(minutes=30)) for day in days]
    events = events_of(read_calendar(calendar_of(entries)))
    assert {event.local("DTSTART")[0][-6:] for event in events} == {"090000"}
