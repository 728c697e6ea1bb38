"""A bank as a spreadsheet that can be edited and loaded again."""

from collections.abc import Iterable

from domain.knowledge.entry import Entry
from services.sheets import Sheet, workbook

_HEADINGS = {"问题": 26, "也问": 40, "答案": 60, "出处": 24, "日期": 12, "有效到": 12}


def bank_workbook(entries: Iterable[Entry]) -> bytes:
    return workbook(Sheet("政策问答", _HEADINGS, map(_row, entries)))


def _row(one: Entry) -> tuple[str, ...]:
    until = one.until.isoformat() if one.until else "长期"
    return (one.question, "；".join(one.asks), one.answer, one.source, f"{one.day:%Y-%m-%d}", until)
