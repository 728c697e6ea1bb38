"""When letters are opened, who is told what is overdue, whom a suggestion is kept from, which are alike."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.suggestions.chain import Post, cut_off, named_in
from domain.suggestions.clock import Limits, Stage, next_look, promise, stage
from domain.suggestions.letters import boxes_to_open
from domain.suggestions.likeness import ENOUGH, alike, likeness
from domain.suggestions.steps import State, Suggestion
from domain.triage import Triage
from domain.working_days import WorkingDays
from tests import learned

MONDAY = date(2026, 11, 2)
TODAY = date(2026, 11, 10)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("letters", "opened"),
    [
        ({}, []),
        ({0: 9}, []),
        ({1: 3}, [1]),
        ({1: 2}, []),
        ({1: 2, 2: 1}, [2, 1]),
        ({3: 1}, [3]),
        ({3: 1, 1: 1, 0: 5}, [3, 1]),
        ({2: 1, 0: 5}, []),
        ({4: 0, 1: 1}, []),
    ],
    ids=str,
)
def test_letters_are_opened_together(letters: dict[int, int], opened: list[int]) -> None:
    boxes = {ago(days): count for days, count in letters.items()}
    assert boxes_to_open(boxes, TODAY) == [ago(days) for days in opened]


def test_the_clock_reminds_until_there_is_an_answer() -> None:
    limits, days = Limits(answer_days=15, stage_days=3), WorkingDays()
    limit = promise(MONDAY, limits, days)
    assert limit == datetime(2026, 11, 23, 10, tzinfo=UTC)
    waits = Suggestion(1, State.RECEIVED, False, "路灯", MONDAY, limit)
    assert next_look(waits, MONDAY, limits, days) == limit
    again = next_look(replace(waits, stage=1), date(2026, 11, 24), limits, days)
    assert again == datetime(2026, 11, 27, 10, tzinfo=UTC)
    assert next_look(replace(waits, state=State.ASKED), MONDAY, limits, days) == limit
    assert next_look(replace(waits, state=State.ANSWERED), MONDAY, limits, days) is None
    assert [stage(told) for told in range(4)] == [Stage.STAFF, Stage.OWNER, Stage.OWNER, Stage.OWNER]


COUNTY, TOWN, ELSEWHERE = "610528", "610528001", "610528002"
VILLAGE, NEXT = "610528001200", "610528001201"
POSTS = [
    Post(1, VILLAGE),  # the cadre
    Post(2, VILLAGE),  # his deputy
    Post(3, TOWN),  # his supervisor
    Post(4, NEXT),  # the cadre of the next village
    Post(5, ELSEWHERE),  # another township's supervisor
    Post(6, VILLAGE + "01"),  # of a group of that village
]


@pytest.mark.parametrize(
    ("about", "kept_from"),
    [
        (set(), set()),
        ({1}, {1, 2, 3, 6}),
        ({2}, {1, 2, 3, 6}),
        ({6}, {1, 2, 3, 6}),
        ({3}, {1, 2, 3, 4, 6}),
        ({5}, {5}),
        ({9}, {9}),
        ({4, 5}, {3, 4, 5}),
    ],
    ids=str,
)
def test_the_whole_chain_is_cut_off(about: set[int], kept_from: set[int]) -> None:
    assert cut_off(about, POSTS) == kept_from


def test_who_is_named() -> None:
    roster = [(1, "张建国"), (2, "李小军"), (3, "王"), (4, "")]
    assert named_in("张建国和王主任吃饭", roster) == {1}


@pytest.fixture(scope="module")
def triage() -> Triage:
    return learned.triage()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("村口的路灯坏了，晚上看不见", "路灯坏了没人修", True),
        ("我们村路灯不亮，黑咕隆咚", "希望村里多安几个路灯", True),
        ("建议把村到镇的班车加一趟", "去镇上的班车一天才一趟，太少了", True),
        ("渠里没水，浇不上地", "三组的渠堵了，地浇不成", True),
        ("合作医疗报销太慢", "医保报销要跑三趟", True),
        ("建议村里多安几个路灯", "建议村里多放几个垃圾桶", False),
        ("合作医疗报销太慢", "路灯坏了没人修", False),
        ("希望领导多来村里看看", "希望村里能有健身器材", False),
        ("", "路灯", False),
    ],
)
def test_what_is_alike(triage: Triage, one: str, other: str, same: bool) -> None:
    score = likeness(triage.words_of(one), triage.words_of(other))
    assert (score >= ENOUGH) is same, score


def test_the_most_alike_come_first() -> None:
    words = frozenset({"路灯", "村口"})
    others = {1: frozenset({"班车"}), 2: frozenset({"路灯", "坏"}), 3: frozenset({"路灯", "村口"})}
    assert alike(words, others, 5) == [3, 2]
    assert alike(words, others, 1) == [3]
