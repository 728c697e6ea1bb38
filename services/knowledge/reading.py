"""A bank's file, XLSX, CSV or Markdown, as entries; everything that is wrong with it, by place and reason."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from domain.knowledge.asking import is_question
from domain.knowledge.entry import (
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    LONGEST_SOURCE,
    MOST_ASKS,
    MOST_ENTRIES,
    Entry,
)
from domain.talk import typed
from services.knowledge.markdown import read_markdown
from services.roster.reading import Column, Row, named_rows, plain, read_table
from services.roster.report import Report

COLUMNS = {
    "question": Column(("问题", "问"), required=True),
    "asks": Column(("也问", "其他问法", "别的问法")),
    "answer": Column(("答案", "回答", "答"), required=True),
    "source": Column(("出处", "来源"), required=True),
    "day": Column(("日期", "发布日期"), required=True),
    "until": Column(("有效到", "有效期", "有效期至")),
}
_HEADINGS = {name: column.headings[0] for name, column in COLUMNS.items()}
_KEYS = {
    heading: name
    for name, column in COLUMNS.items()
    if name not in ("question", "answer")
    for heading in column.headings
}
_MARKDOWN = frozenset({".md", ".markdown", ".txt"})
_BETWEEN = re.compile(r"[；;\n|]+")
_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})(?:月|[-/.月](\d{1,2})日?)?(?: 00:00:00)?$")
_FOR_LONG = frozenset({"", "长期", "长期有效"})


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a file: its entries, and what was found. With one problem or more there are none."""

    entries: tuple[Entry, ...]
    report: Report


def read_bank(data: bytes, file_name: str, today: date) -> Checked:
    """Raises Refusal for a file that cannot be read at all."""
    report = Report()
    if PurePath(file_name).suffix.lower() in _MARKDOWN:
        rows = read_markdown(data, _KEYS, report)
    else:
        rows = named_rows(read_table(data), COLUMNS, report)
    report.rows = len(rows)
    if not rows:
        report.refuse(1, _HEADINGS["question"], "一个问题也没有")
    if len(rows) > MOST_ENTRIES:
        report.refuse(rows[MOST_ENTRIES].number, _HEADINGS["question"], f"太多，最多{MOST_ENTRIES}条")
    entries = [entry for row in rows if (entry := _entry(row, today, report)) is not None]
    _refuse_what_is_asked_twice(rows, report)
    report.problems.sort()
    report.warnings.sort()
    return Checked(() if report.problems else tuple(entries), report)


def ways(cell: str) -> list[str]:
    """Several ways to ask, as they stand in one cell."""
    return [one.strip() for one in _BETWEEN.split(cell) if one.strip()]


def _entry(row: Row, today: date, report: Report) -> Entry | None:
    """None, and the report says why, if anything is wrong with it."""
    before = len(report.problems)
    asks = ways(row["asks"])
    for column, reason in _faults(row, asks):
        report.refuse(row.number, _HEADINGS[column], reason)
    day, until = read_day(row["day"]), None
    if day is None:
        report.refuse(row.number, _HEADINGS["day"], "要写年和月，比如 2025年3月")
    elif day > today:
        report.refuse(row.number, _HEADINGS["day"], "这个日期还没到")
    if row["until"] not in _FOR_LONG:
        until = read_day(row["until"], last=True)
        if until is None:
            report.refuse(row.number, _HEADINGS["until"], "要写日期，比如 2026-12-31，或者写：长期")
        elif until < today:
            report.warn(row.number, _HEADINGS["until"], "已经过期，不会拿它回答")
    if len(report.problems) > before or day is None:
        return None
    for way in (row["question"], *asks):
        if not is_question(way):
            report.warn(row.number, _HEADINGS["question"], f"“{way}”不像一句明白的问话，这样说的会当成办事")
    return Entry(row["question"], tuple(asks), row["answer"], row["source"], day, until)


def _faults(row: Row, asks: list[str]) -> Iterator[tuple[str, str]]:
    longest = {"question": LONGEST_QUESTION, "answer": LONGEST_ANSWER, "source": LONGEST_SOURCE}
    for column, most in longest.items():
        if not row[column]:
            yield column, "不能空着"
        if len(row[column]) > most:
            yield column, f"太长，最多{most}个字"
        if typed(row[column]) != row[column]:
            yield column, "有看不见的控制字符，请删掉重新输入"
    if len(asks) > MOST_ASKS:
        yield "asks", f"太多，最多{MOST_ASKS}种问法"
    if any(len(one) > LONGEST_QUESTION for one in asks):
        yield "asks", f"有一种问法太长，最多{LONGEST_QUESTION}个字；几种问法用分号隔开"


def _refuse_what_is_asked_twice(rows: list[Row], report: Report) -> None:
    first: dict[str, int] = {}
    for row in rows:
        for column, way in (("question", row["question"]), *(("asks", one) for one in ways(row["asks"]))):
            known = first.setdefault(_same(way), row.number)
            if way and known != row.number:
                report.refuse(row.number, _HEADINGS[column], f"“{way}”第{known}行已经有了")


def _same(way: str) -> str:
    return re.sub(r"[\s?!。，,？！]", "", plain(way)).casefold()


def read_day(cell: str, *, last: bool = False) -> date | None:
    """A day, or the first (`last`: the last) of a month. None if it is neither."""
    found = _DATE.match(plain(cell))
    if found is None:
        return None
    year, month = int(found[1]), int(found[2])
    try:
        end = calendar.monthrange(year, month)[1] if last else 1
        return date(year, month, int(found[3]) if found[3] else end)
    except (ValueError, calendar.IllegalMonthError):
        return None
