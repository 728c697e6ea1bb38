"""What is told of each kind of question."""

from collections import Counter

import pytest

from domain.surveys.form import Form, Kind, Option
from domain.surveys.reading import Bar, label_of, read_counts
from domain.surveys.results import Results, Summary, Townships, Turnout, summaries
from tests.unit.surveys.forms import FORM, form_of, question

BY_NAME = {one.name: one for one in FORM.questions}


def read(name: str, values: dict[str, int]) -> tuple[list[tuple[str, int]], tuple[str, ...]]:
    found = read_counts(FORM, BY_NAME[name], Counter(values))
    assert found is not None
    return [(bar.label, bar.count) for bar in found.bars], found.facts


@pytest.mark.parametrize(
    ("name", "values", "bars", "facts"),
    [
        ("enough", {"no": 3, "yes": 1}, [("够", 1), ("不够", 3), ("说不清", 0)], ()),
        ("enough", {"gone": 2}, [("够", 0), ("不够", 0), ("说不清", 0), ("gone", 2)], ()),
        ("enough", {}, [("够", 0), ("不够", 0), ("说不清", 0)], ()),
        (
            "wants",
            {"road lamp": 2, "lamp": 1, "lamp lamp": 1},
            [("修路", 2), ("路灯", 4), ("通水", 0)],
            ("可选几项，合计会超过100%",),
        ),
        (
            "order",
            {"road lamp water": 2, "lamp road water": 1},
            [("修路（平均第1.3位）", 2), ("路灯（平均第1.7位）", 1), ("通水（平均第3.0位）", 0)],
            ("条长是排在第一位的人数，次序按平均名次",),
        ),
        ("happy", {"5": 3, "1": 1}, [("1", 1), ("5", 3)], ("平均 4", "中位数 5", "最小 1，最大 5")),
        ("people", {"4": 1, "3": 1}, [("3", 1), ("4", 1)], ("平均 3.5", "中位数 3.5", "最小 3，最大 4")),
        ("area", {"-1.25": 1}, [("-1.25", 1)], ("平均 -1.25", "中位数 -1.25", "最小 -1.25，最大 -1.25")),
        (
            "since",
            {"2026-11-03": 1, "2026-11-01": 2},
            [("11月1日", 2), ("11月3日", 1)],
            ("从2026-11-01到2026-11-03",),
        ),
        (
            "since",
            {"2025-12-31": 1, "2026-11-01": 2, "2026-11-30": 1, "soon": 1},
            [("2025年12月", 1), ("2026年11月", 3)],
            ("从2025-12-31到2026-11-30",),
        ),
        ("hour", {"08:30": 1, "08:45:00.000": 1, "21:00": 1}, [("08时", 2), ("21时", 1)], ()),
        ("said", {"渠堵了": 1}, [], ()),
        ("photo", {"17": 1}, [], ()),
    ],
)
def test_bars_and_facts(
    name: str, values: dict[str, int], bars: list[tuple[str, int]], facts: tuple[str, ...]
) -> None:
    assert read(name, values) == (bars, facts)


def test_shares_are_of_those_who_answered() -> None:
    found = read_counts(FORM, BY_NAME["enough"], Counter(yes=1, no=3))
    assert found is not None
    assert found.bars[0] == Bar("够", 1, 0.25)
    several = read_counts(FORM, BY_NAME["wants"], Counter({"road lamp": 1, "lamp": 1}))
    assert several is not None
    assert [bar.share for bar in several.bars] == [0.5, 1.0, 0.0]


@pytest.mark.parametrize("spread", [range(100), range(0, 100_000, 7), range(-50, 50), range(1990, 2010)])
def test_many_numbers_are_put_into_stretches(spread: range) -> None:
    bars, _ = read("people", {str(one): 1 for one in spread})
    assert 2 <= len(bars) <= 10
    assert sum(count for _, count in bars) == len(spread)


@pytest.mark.parametrize("value", ["", "a lot", "nan", "inf", "1e999"])
def test_what_is_no_number_breaks_nothing(value: str) -> None:
    assert read_counts(FORM, BY_NAME["score"], Counter({value: 1})) is None


def test_labels_in_the_first_language_without_what_is_filled_in() -> None:
    form = Form("f", "f", "1", ("中文", "English"), ())
    assert label_of(form, {"English": "Enough?", "中文": "${name}，水\n够吗？"}) == "……，水 够吗？"
    assert label_of(form, {"English": "Enough?"}) == "Enough?"
    assert label_of(form, {"中文": "水\x07\ud800够\u202e吗"}) == "水够吗"
    assert label_of(form, {}) == ""


def test_what_was_skipped_and_what_is_not_told_of() -> None:
    told = summarised({"enough": {("1", "yes"): 6, ("1", ""): 2}, "secret": {("1", "7"): 6}})
    assert [one.name for one in told if one.name in {"hello", "secret"}] == []
    assert (told[0].answered, told[0].skipped) == (6, 2)


def test_a_table_of_townships() -> None:
    counts = {("1", "yes"): 6, ("1", "no"): 2, ("2", "no"): 5}
    [table] = [one.townships for one in summarised({"enough": counts}) if one.name == "enough"]
    assert table is not None
    assert table.columns == ("够", "不够", "说不清")
    assert [(row.name, row.answered, row.cells) for row in table.rows] == [
        ("甲镇", 8, ("6（75%）", "2（25%）", "0（0%）")),
        ("乙镇", 5, ("0（0%）", "5（100%）", "0（0%）")),
    ]


def test_a_table_of_averages() -> None:
    counts = {("1", "3"): 3, ("1", "5"): 3, ("2", "1"): 6}
    [table] = [one.townships for one in summarised({"happy": counts}) if one.name == "happy"]
    assert table is not None
    assert [(row.name, row.cells) for row in table.rows] == [("甲镇", ("4",)), ("乙镇", ("1",))]


def test_a_hundred_options_make_no_table() -> None:
    many = tuple(Option(f"o{number}", {"": f"第{number}"}) for number in range(100))
    form = form_of(question("village", Kind.ONE, options=many))
    [told] = summaries(form, {"village": {("1", "o3"): 9}}, PLACES, str.split)
    assert told.townships is None
    assert len(told.bars) == 100


@pytest.mark.parametrize(
    ("anonymous", "answered", "withheld"), [(True, 4, True), (True, 5, False), (False, 1, False)]
)
def test_four_anonymous_answers_are_not_shown(anonymous: bool, answered: int, withheld: bool) -> None:
    total = Turnout("合计", 10, answered)
    assert Results("问卷", anonymous, total, (), (), (), ()).withheld is withheld


PLACES = Townships({"1": "甲镇", "2": "乙镇"}, frozenset())


def summarised(counts: dict[str, dict[tuple[str, str], int]]) -> tuple[Summary, ...]:
    return summaries(FORM, counts, PLACES, str.split)
