"""A bank's file: what is in it, and everything that is wrong with it."""

from datetime import date

import pytest

from domain.errors import Refusal
from domain.knowledge.entry import Entry
from services.knowledge.reading import read_bank, read_day
from services.knowledge.writing import bank_workbook

TODAY = date(2026, 11, 2)
GOOD = """# 题库
前面的话不算。
## 低保怎么申请？
- 也问：低保在哪办；申请低保找谁
- 出处：民政部办法
- 日期：2021年6月
- 有效到：长期

向镇政府申请。
- 带上户口本

## 合疗一年交多少钱？
- 出处：医保局
- 日期：2024-08
- 有效到：2026-12
400元。
"""
ENTRIES = (
    Entry(
        "低保怎么申请？",
        ("低保在哪办", "申请低保找谁"),
        "向镇政府申请。\n- 带上户口本",
        "民政部办法",
        date(2021, 6, 1),
    ),
    Entry("合疗一年交多少钱？", (), "400元。", "医保局", date(2024, 8, 1), date(2026, 12, 31)),
)


def findings(text: str, name: str = "a.md") -> list[tuple[int, str, str]]:
    checked = read_bank(text.encode(), name, TODAY)
    assert not checked.entries
    return [(one.row, one.column, one.reason) for one in checked.report.problems]


def changed(before: str, after: str) -> list[tuple[int, str, str]]:
    assert before in GOOD
    return findings(GOOD.replace(before, after))


def test_markdown_is_read():
    checked = read_bank(GOOD.encode(), "题库.md", TODAY)
    assert checked.entries == ENTRIES
    assert not checked.report.warnings


def test_a_spreadsheet_says_the_same():
    assert read_bank(bank_workbook(ENTRIES), "题库.xlsx", TODAY).entries == ENTRIES


def test_words_that_look_like_formulas_come_back_as_they_were():
    odd = (Entry("=1+1怎么办", ("+2怎么办",), "-3", "@x", date(2021, 6, 1)),)
    assert read_bank(bank_workbook(odd), "a.xlsx", TODAY).entries == odd


@pytest.mark.parametrize(
    ("before", "after", "finding"),
    [
        ("- 出处：民政部办法\n", "", (3, "出处", "不能空着")),
        ("400元。\n", "", (12, "答案", "不能空着")),
        ("400元。\n", "钱" * 601, (12, "答案", "太长，最多600个字")),
        ("- 日期：2021年6月", "- 日期：去年", (3, "日期", "要写年和月，比如 2025年3月")),
        ("- 日期：2021年6月", "- 日期：2027年6月", (3, "日期", "这个日期还没到")),
        ("- 有效到：长期", "- 有效到：很久", (3, "有效到", "要写日期，比如 2026-12-31，或者写：长期")),
        ("合疗一年交多少钱？", "低保在哪办", (12, "问题", "“低保在哪办”第3行已经有了")),
        ("- 出处：医保局", "- 出处：医保局\n- 出处：医保局", (14, "出处", "这一项写了两次")),
        ("- 出处：医保局", "### 出处", (13, "标题", "每个问题用两个#开头，别的标题不要写")),
    ],
)
def test_what_is_wrong_is_told_by_place_and_reason(before, after, finding):
    assert finding in changed(before, after)


def test_everything_that_is_wrong_is_told_at_once():
    text = GOOD.replace("- 出处：民政部办法\n", "").replace("400元。\n", "")
    assert [(row, column) for row, column, _ in findings(text)] == [(3, "出处"), (11, "答案")]


def test_a_bank_of_nothing_is_none():
    assert findings("# 题库\n") == [(1, "问题", "一个问题也没有")]


def test_columns_are_looked_for():
    missing = [column for row, column, _ in findings("问题,答案\n低保？,好\n", "a.csv") if row == 1]
    assert missing == ["出处", "日期"]


@pytest.mark.parametrize("data", [b"PK\x03\x04nonsense", b"\xd0\xcf\x11\xe0old", b""])
def test_what_cannot_be_read_is_refused(data):
    with pytest.raises(Refusal):
        read_bank(data, "a.xlsx", TODAY)


def test_what_is_no_text_is_refused():
    with pytest.raises(Refusal):
        read_bank(b"\xff\xfe\x00", "a.md", TODAY)


def test_what_is_out_of_date_or_no_question_is_warned_of():
    text = GOOD.replace("2026-12", "2025-12").replace("低保在哪办", "低保的事")
    told = [one.reason for one in read_bank(text.encode(), "a.md", TODAY).report.warnings]
    assert told == ["“低保的事”不像一句明白的问话，这样说的会当成办事", "已经过期，不会拿它回答"]


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2025年3月", date(2025, 3, 1), date(2025, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025/3/18", date(2025, 3, 18), date(2025, 3, 18)),
        ("2025年3月18日", date(2025, 3, 18), date(2025, 3, 18)),
        ("2025-03-18 00:00:00", date(2025, 3, 18), date(2025, 3, 18)),
        ("２０２５年３月", date(2025, 3, 1), date(2025, 3, 31)),
        ("2025年13月", None, None),
        ("2025-02-30", None, None),
        ("2025", None, None),
        ("", None, None),
    ],
)
def test_days(cell, first, last):
    assert read_day(cell) == first
    assert read_day(cell, last=True) == last
