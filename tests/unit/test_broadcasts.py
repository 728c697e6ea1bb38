"""How long a broadcast takes, and what is said in it."""

from datetime import datetime, timedelta

import pytest

from domain.broadcasts import Audience, Preview, Speed, batch_id, ends_at, with_opt_out
from domain.delivery import CHINA, QuietHours
from domain.directory import RoleName

QUIET = QuietHours(20, 8)


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "lasting", "end"),
    [
        (at(10), timedelta(0), at(10)),
        (at(10), timedelta(hours=2), at(12)),
        (at(22), timedelta(minutes=10), at(8, 10, day=3)),  # begins in the night
        (at(19, 30), timedelta(hours=1), at(8, 30, day=3)),  # goes on in the morning
        (at(8), timedelta(hours=30), at(14, day=4)),  # twelve hours a day
    ],
)
def test_when_it_is_done(start: datetime, lasting: timedelta, end: datetime):
    assert ends_at(start, lasting, QUIET) == end


@pytest.mark.parametrize(
    ("speed", "single", "by_mass", "seconds"),
    [
        (Speed(per_second=30), 9000, 0, 300),
        (Speed(), 1000, 0, 10),
        (Speed(per_second=10, mass=10_000), 50, 25_000, 5 + 60),
    ],
)
def test_how_long_it_takes(speed: Speed, single: int, by_mass: int, seconds: float):
    assert speed.lasting(single, by_mass) == timedelta(seconds=seconds)


def test_messengers_send_side_by_side():
    preview = Preview({"telegram": 9000, "web": 100}, {}, {"wechat": 7})
    speeds = {"telegram": Speed(per_second=30), "web": Speed(), "wechat": Speed(per_second=10)}
    assert preview.reached == 9107
    assert preview.ends_at(at(10), speeds, QUIET) == at(10, 5)


@pytest.mark.parametrize("text", ["请答问卷。", "请答问卷。不想收，回“退订”。"])
def test_how_to_get_no_more_is_said_once(text: str):
    assert with_opt_out(text).count("退订") == 1


def test_an_audience_is_kept_as_json():
    audience = Audience(("610528001",), (RoleName.CADRE,), "代表", 5, 7)
    assert Audience.from_json(audience.as_json()) == audience


def test_a_batch_is_known_by_a_short_id():
    assert len(batch_id("x" * 22, 1_000_000).encode()) <= 64
