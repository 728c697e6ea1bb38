from datetime import date

import pytest

from domain.knowledge.entry import Entry, messages, quoted
from domain.talk import VILLAGER_TEXT_LIMIT


def test_an_answer_begins_with_who_says_so_and_when():
    entry = Entry("低保怎么申请？", (), "向镇政府申请。", "民政部办法", date(2021, 6, 1))
    assert quoted(entry) == ["据民政部办法（2021年6月）：向镇政府申请。"]


@pytest.mark.parametrize(
    ("until", "today", "holds"),
    [
        (None, date(2099, 1, 1), True),
        (date(2025, 12, 31), date(2025, 12, 31), True),
        (date(2025, 12, 31), date(2026, 1, 1), False),
    ],
)
def test_after_its_last_day_it_is_not_told(until, today, holds):
    assert Entry("问", (), "答", "源", date(2024, 1, 1), until).holds(today) is holds


@pytest.mark.parametrize(
    "text",
    [
        "短。",
        "一句不长的话。" * 20,
        "没有标点的话" * 40,
        "，".join(["很长的一句里有许多逗号"] * 20) + "。",
        "第一行\n\n第二行\n" + "甲" * 130,
    ],
)
def test_messages_are_short_and_lose_nothing(text):
    told = messages(text)
    assert all(0 < len(one) <= VILLAGER_TEXT_LIMIT for one in told)
    assert "".join("".join(told).split()) == "".join(text.split())


def test_messages_end_where_sentences_do():
    told = messages(
        "先到镇上问清楚要哪些材料，别空跑一趟。再回家把材料全都准备好，一样一样放整齐收好。最后到窗口交给工作人员，再等他通知您来取。"
    )
    assert told == [
        "先到镇上问清楚要哪些材料，别空跑一趟。再回家把材料全都准备好，一样一样放整齐收好。",
        "最后到窗口交给工作人员，再等他通知您来取。",
    ]
