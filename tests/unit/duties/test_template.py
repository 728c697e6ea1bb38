"""The file of templates: what comes with the service can be used, and what cannot is told, each fault in a line."""

import pytest

from bot.county import data_file
from domain.duties.template import Audience, TemplateError, parse_templates

GOOD = {
    "key": '"study"',
    "system": '"三个一"',
    "name": '"参加一次学习"',
    "rule": '"FREQ=MONTHLY;BYMONTHDAY=1"',
    "remind": "[1, -8]",
    "roles": '["cadre"]',
}


def text(**changed: str) -> str:
    fields = {**GOOD, **changed}
    return "[[duty]]\n" + "\n".join(f"{name} = {value}" for name, value in fields.items() if value)


def problems(source: str) -> list[str]:
    with pytest.raises(TemplateError) as found:
        parse_templates(source)
    return list(found.value.problems)


def test_what_comes_with_the_service():
    found = parse_templates(data_file("duties.toml").decode())
    assert [one.key for one in found if one.system == "三个一"] == ["meeting", "study", "household"]
    assert next(one for one in found if one.key == "visit").audience is Audience.GRID
    assert all(len(one.name) <= 10 for one in found)


def test_a_good_one():
    (found,) = parse_templates(text(areas='["610528001000"]', counts='["低保救助"]', days="20"))
    assert (found.areas, found.counts, found.days, found.remind) == (
        ("610528001",),
        ("低保救助",),
        20,
        (1, -8),
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"key": '"Study"'}, "key 要用小写字母"),
        ({"key": ""}, "key 要用小写字母"),
        ({"name": '""'}, "name 要写"),
        ({"name": '"' + "学" * 21 + '"'}, "name 要写，最多20个字"),
        ({"system": '"' + "学" * 11 + '"'}, "system 要写，最多10个字"),
        ({"rule": '"每月1日"'}, "rule 要像"),
        ({"rule": '"FREQ=HOURLY"'}, "只能按周、月、年"),
        ({"rule": '"FREQ=DAILY"'}, "只能按周、月、年"),
        ({"rule": '"FREQ=MONTHLY;BYMONTHDAY=31"'}, "最后一天写 BYMONTHDAY=-1"),
        ({"rule": '"FREQ=MONTHLY;BYMONTHDAY=1;BYHOUR=8"'}, "不说几点"),
        ({"rule": '"FREQ=MONTHLY;BYMONTHDAY=99"'}, "rule"),
        ({"rule": '"FREQ=WEEKLY;BYDAY=XX"'}, "rule 读不懂"),
        ({"rule": '"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"'}, "永远不会来"),
        ({"rule": '"FREQ=MONTHLY;BYMONTHDAY=1;COUNT=3"'}, "就要写 days"),
        ({"remind": "[0]"}, "remind 是第几天"),
        ({"remind": '["1"]'}, "remind 是第几天"),
        ({"remind": "[true]"}, "remind 是第几天"),
        ({"days": "-1"}, "days 是"),
        ({"roles": '["villager"]'}, "roles 只能是"),
        ({"roles": ""}, "roles 要写"),
        ({"roles": '"cadre"'}, "roles 只能是"),
        ({"areas": '["富平"]'}, "areas 是区划代码"),
        ({"areas": '["61052"]'}, "areas 是区划代码"),
        ({"audience": '"everybody"'}, "audience 只能是"),
        ({"counts": "[1]"}, "counts 是工单类别"),
        ({"score": "5"}, "没有 score 这个设置"),
        ({"photo": "true"}, "没有 photo 这个设置"),
    ],
)
def test_what_is_wrong_is_told(changed, said):
    (problem,) = problems(text(**changed))
    assert problem.startswith("第1项")
    assert said in problem


def test_all_that_is_wrong_is_told_at_once():
    source = text(name='""', remind="[0]") + "\n" + text() + "\n" + text()
    assert [problem.partition("：")[0] for problem in problems(source)] == [
        "第1项 study",
        "第1项 study",
        "第3项 study",
    ]
    assert "重了" in problems(source)[2]


@pytest.mark.parametrize(
    "source", ["", "duty = 1", "[duty]\nkey = 1", "[[duty", "[[duties]]\nkey = 1", "duty = [1]"]
)
def test_what_is_no_file_of_templates(source):
    assert len(problems(source)) == 1
