"""Hours as staff type them, cut into talks; and who may turn to whom."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from domain.appointments import words
from domain.appointments.times import Slot, TalkRules, check_opening, hours_in, pieces
from domain.delivery import CHINA
from domain.directory import RoleName
from domain.errors import Refusal

TODAY = date(2026, 11, 2)

HOURS = [
    ("9:00-11:00", "09:00", "11:00"),
    ("9：00—10：30", "09:00", "10:30"),
    ("9点到11点", "09:00", "11:00"),
    ("下午3点到5点", "15:00", "17:00"),
    ("下午3点至下午4点半", "15:00", "16:30"),
    ("上午10点~12点", "10:00", "12:00"),
    ("十点", "10:00", "10:30"),  # one talk
    ("11:00-9:00", None, None),
    ("9点到9点", None, None),
    ("23:50", None, None),  # past midnight
    ("上午", None, None),
    ("9-10-11", None, None),
    ("", None, None),
]


@pytest.mark.parametrize(("text", "start", "end"), HOURS)
def test_hours(text: str, start: str | None, end: str | None):
    wanted = None if start is None or end is None else (time.fromisoformat(start), time.fromisoformat(end))
    assert hours_in(text, 30) == wanted


@pytest.mark.parametrize(
    ("end", "minutes", "count"), [("11:00", 30, 4), ("10:45", 30, 3), ("9:20", 30, 0), ("11:00", 60, 2)]
)
def test_hours_are_cut_into_whole_talks(end: str, minutes: int, count: int):
    until = time.fromisoformat(end.zfill(5))
    cut = pieces(date(2026, 11, 4), time(9), until, minutes)
    assert len(cut) == count
    assert all(ends - starts == timedelta(minutes=minutes) for starts, ends in cut)
    assert all(before[1] == after[0] for before, after in pairwise(cut))


@pytest.mark.parametrize(
    ("day", "talks", "said"),
    [
        (TODAY, 1, "明天以后"),
        (TODAY - timedelta(days=1), 1, "明天以后"),
        (TODAY + timedelta(days=181), 1, "太远"),
        (TODAY + timedelta(days=1), 0, "不够谈一次"),
        (TODAY + timedelta(days=1), 25, "最多放24个"),
        (TODAY + timedelta(days=1), 24, ""),
        (TODAY + timedelta(days=180), 1, ""),
    ],
)
def test_what_may_be_opened(day: date, talks: int, said: str):
    if not said:
        check_opening(day, TODAY, range(talks))
        return
    with pytest.raises(Refusal, match=said) as no:
        check_opening(day, TODAY, range(talks))
    assert len(no.value.say) <= 60


RULES = TalkRules(
    30,
    {
        RoleName.VILLAGER: ["科室负责人"],
        RoleName.CADRE: ["科室负责人", "副部长"],
        RoleName.SUPERVISOR: ["副部长", "部长"],
    },
)


@pytest.mark.parametrize(
    ("roles", "levels"),
    [
        ([], ("科室负责人",)),
        ([RoleName.VILLAGER], ("科室负责人",)),
        ([RoleName.CADRE, RoleName.VILLAGER], ("科室负责人", "副部长")),
        ([RoleName.CADRE, RoleName.SUPERVISOR], ("副部长", "部长")),
        ([RoleName.STAFF], ()),  # the county names none for them
    ],
)
def test_whom_a_post_may_turn_to(roles: list[RoleName], levels: tuple[str, ...]):
    assert RULES.levels_of(roles) == levels


def test_all_levels_are_named_once_in_order():
    assert RULES.all_levels == ("科室负责人", "副部长", "部长")


def test_a_time_as_people_say_it():
    at = datetime(2026, 12, 8, 9, 30, tzinfo=CHINA)
    slot = Slot(1, 2, "赵督办", "副部长", "610528", at, at + timedelta(minutes=30), "县委305")
    assert words.line(slot) == "12月8日周二9点30分 副部长赵督办"
