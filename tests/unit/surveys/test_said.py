"""What people type and mean by it."""

from datetime import date

import pytest

from domain.surveys.said import are_words_of, chosen, day_in, figure, several, time_in

MONDAY = date(2026, 11, 2)
FIVE = ["渠堵", "泵坏", "停电", "没修好", "别的"]
TWELVE = [f"{number}月" for number in range(1, 13)]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("3", "3"),
        ("３．５", "3.5"),
        ("三", "3"),
        ("三口人", "3"),
        ("大概3个吧", "3"),
        ("两亩半", "2.5"),
        ("2亩半", "2.5"),
        ("半", "0.5"),
        ("12.50亩", "12.5"),
        ("十", "10"),
        ("二十", "20"),
        ("一百零五", "105"),
        ("一百二", "120"),
        ("一百二十", "120"),
        ("两千", "2000"),
        ("一万二", "12000"),
        ("1.5万", "15000"),
        ("1,200元", "1200"),
        ("-2", "-2"),
        ("零", "0"),
        ("三五", None),
        ("没有", None),
        ("渠堵了", None),
        ("万", None),
        ("", None),
        ("9" * 400, None),
    ],
)
def test_numbers(said: str, meant: str | None) -> None:
    assert figure(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("昨天", "2026-11-01"),
        ("大前天", "2026-10-30"),
        ("后天", "2026-11-04"),
        ("上周三", "2026-10-28"),
        ("星期天", "2026-11-08"),
        ("5号", "2026-11-05"),
        ("上个月31号", "2026-10-31"),
        ("3月5号", "2026-03-05"),
        ("三月五日", "2026-03-05"),
        ("十二月三十一日", "2026-12-31"),
        ("去年12月1日", "2025-12-01"),
        ("3.5", "2026-03-05"),
        ("2026-3-5", "2026-03-05"),
        ("2026 3 5", "2026-03-05"),
        ("２０２６年３月５日", "2026-03-05"),
        ("20260305", "2026-03-05"),
        ("26年3月5号", "2026-03-05"),
        ("2月30号", None),
        ("2月29号", None),
        ("31号", None),
        ("腊月二十", None),
        ("0000-13-1", None),
        ("9999-99-99", None),
    ],
)
def test_days(said: str, meant: str | None) -> None:
    day = day_in(said, MONDAY)
    assert (day.isoformat() if day else None) == meant


def test_a_day_without_a_year_is_not_far_off() -> None:
    assert day_in("12月20号", date(2026, 1, 10)) == date(2025, 12, 20)
    assert day_in("1月5号", date(2026, 12, 20)) == date(2027, 1, 5)
    assert day_in("2月29号", date(2027, 12, 1)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("8:30", "08:30"),
        ("８：３０", "08:30"),
        ("早上8点半", "08:30"),
        ("下午三点一刻", "15:15"),
        ("晚上十点二十", "22:20"),
        ("中午1点", "13:00"),
        ("12点", "12:00"),
        ("八点零五", "08:05"),
        ("20点", "20:00"),
        ("25:00", None),
        ("8:75", None),
        ("一会儿", None),
    ],
)
def test_times(said: str, meant: str | None) -> None:
    assert time_in(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1 3 5", [0, 2, 4]),
        ("1、3", [0, 2]),
        ("1,3。", [0, 2]),
        ("135", [0, 2, 4]),
        ("2 1 3", [1, 0, 2]),
        ("第一个", [0]),
        ("渠堵和停电", [0, 2]),
        ("1渠堵 3", [0, 2]),
        ("1 1 3", [0, 2]),
        ("都选", [0, 1, 2, 3, 4]),
        ("11", None),
        ("16", None),
        ("6", None),
        ("1 渠", None),
        ("", None),
    ],
)
def test_several_of_five(said: str, meant: list[int] | None) -> None:
    assert several(said, FIVE) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [("12", [11]), ("9", [8]), ("1 9 12", [0, 8, 11]), ("135", None), ("1月和12月", [0, 11])],
)
def test_several_of_twelve(said: str, meant: list[int] | None) -> None:
    assert several(said, TWELVE) == meant


DAYS = ["周一", "周二", "周三", "周四", "都不停"]
WHICH_DAYS = "哪几天停水？"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("周一和周三都停", [0, 2]),
        ("周一、周三", [0, 2]),
        ("第一个和第三个", [0, 2]),
        ("1和3", [0, 2]),
        ("13", [0, 2]),
        ("我选1和3", [0, 2]),
        ("1、3都要", [0, 2]),
        ("一和三", [0, 2]),
        ("周一周三都停了", [0, 2]),
        ("周一跟周三吧", [0, 2]),
        ("1周一 3周三", [0, 2]),
        ("周三还有周一", [2, 0]),
        ("只有周一", [0]),
        ("都不停", [4]),
        ("除了周一都行", None),
        ("除周一外都停", None),
        ("周一以外", None),
        ("全部，除了周一", None),
        ("周一到周三", None),
        ("周一或者周三", None),
        ("1-3", None),
        ("周一三", None),
        ("3周一", None),
        ("10", None),
        ("周一不停，周三停", None),
        ("第一个不要，第三个要", None),
        ("1、2不选", None),
        ("别选周一", None),
        ("只有周一不停", None),
        ("周一和周三都不停", None),
        ("一个都没有", None),
        ("两个", None),
        ("选两个", None),
        ("两个都停", None),
        ("前两个", None),
        ("周一来水", None),
        ("\ue000", None),
        ("\uf8ff和1", [0]),
    ],
)
def test_several_in_a_sentence(said: str, meant: list[int] | None) -> None:
    assert several(said, DAYS, WHICH_DAYS) == meant


@pytest.mark.parametrize(
    ("said", "labels", "question", "meant"),
    [
        ("路和桥、灯", ["路和桥", "灯"], "", [0, 1]),
        ("路和灯", ["路", "渠", "灯"], "", [0, 2]),
        ("路灯", ["路", "渠", "灯"], "", None),
        ("13", ["5", "10", "13"], "", None),
        ("1月3月", TWELVE, "", [0, 2]),
        ("21月", TWELVE, "", None),
        ("路灯满意", ["路灯", "水"], "哪几样不满意？", None),
        ("路灯、水", ["路灯", "水"], "哪几样不满意？", [0, 1]),
        ("渠堵 停电", ["渠堵了", "泵坏了", "停电"], "", [0, 2]),
        ("好多", ["好多了", "好多"], "", [1]),
    ],
)
def test_several_by_what_is_asked(
    said: str, labels: list[str], question: str, meant: list[int] | None
) -> None:
    assert several(said, labels, question) == meant


def test_one_is_chosen_by_number_or_words() -> None:
    assert chosen("三", FIVE) == 2
    assert chosen("停电。", FIVE) == 2
    assert chosen("3停电", FIVE) == 2
    assert chosen("电", FIVE) is None
    assert chosen("渠堵了", FIVE) == 0
    assert chosen("渠堵", ["渠堵了", "别的"]) == 0
    assert chosen("停电", ["停电", "停电"]) is None


@pytest.mark.parametrize(
    ("said", "theirs"),
    [
        ("渠 停电吧", True),
        ("堵渠", True),
        ("渠堵了没人管", False),
        ("没水了", False),
        ("都", False),
        ("", False),
    ],
)
def test_what_is_nothing_but_words_of_the_options(said: str, theirs: bool) -> None:
    assert are_words_of(said, FIVE) == theirs
