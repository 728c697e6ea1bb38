"""The register (意见台账) as a spreadsheet: what was suggested, who answers for it, what came of it."""

import io

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from domain.suggestions.steps import OUTCOME_NAMES, STATE_NAMES, Suggestion
from domain.suggestions.words import day
from services.desk import Desk
from storage.directory import areas, people
from storage.suggestions import rows

COLUMNS: dict[str, int] = {
    "编号": 6,
    "收到": 12,
    "署名": 10,
    "电话": 14,
    "地方": 14,
    "内容": 50,
    "图片语音": 9,
    "限县上": 8,
    "状态": 10,
    "答复时限": 12,
    "超时提醒": 9,
    "责任单位": 18,
    "结果": 10,
    "原因": 30,
    "措施": 30,
    "措施期限": 12,
    "答复": 40,
    "答复日": 12,
    "公开栏": 30,
    "并到": 6,
}
"""Headings and their widths in characters."""


def register(desk: Desk, *, restricted: bool) -> tuple[bytes, int]:
    """An XLSX file and how many suggestions are in it. `restricted`: also those about a person."""
    listed = [one for one in rows.everything(desk.tx) if restricted or not one.restricted]
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("意见台账")
    for heading, cell in zip(COLUMNS, _line(sheet, 1), strict=True):
        cell.value = heading
    for number, suggestion in enumerate(listed, 2):
        for cell, value in zip(_line(sheet, number), _row(desk, suggestion), strict=True):
            _write(cell, value)
    _dress(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue(), len(listed)


def _line(sheet: Worksheet, number: int) -> list[Cell]:
    cells = [sheet.cell(number, column) for column in range(1, len(COLUMNS) + 1)]
    return [cell for cell in cells if isinstance(cell, Cell)]


def _row(desk: Desk, one: Suggestion) -> tuple[str | int, ...]:
    writer = people.find(desk.tx, one.person) if one.person else None
    place = areas.find(desk.tx, one.area) if one.area else None
    media = sum(len(event.media) for event in rows.events(desk.tx, one.id))
    return (
        one.id,
        one.day.isoformat(),
        (writer.name or "群众") if writer else "匿名",
        writer.phone if writer else "",
        place.short_name if place else "",
        one.text,
        media,
        "是" if one.restricted else "",
        STATE_NAMES[one.state],
        day(one.limit_at),
        one.stage,
        one.office,
        OUTCOME_NAMES[one.outcome] if one.outcome else "",
        one.reason,
        one.measure,
        one.measure_by.isoformat() if one.measure_by else "",
        one.answer,
        one.answered_on.isoformat() if one.answered_on else "",
        one.gist,
        one.merged_into or "",
    )


def _write(cell: Cell, value: str | int) -> None:
    """Words stay words, whatever they begin with: no spreadsheet takes what people wrote for a formula."""
    if isinstance(value, int):
        cell.value = value
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"
    cell.quotePrefix = value[:1] in ("=", "+", "-", "@", "\t", "\r")
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _dress(sheet: Worksheet) -> None:
    for heading, width in zip(_line(sheet, 1), COLUMNS.values(), strict=True):
        heading.font = Font(bold=True)
        sheet.column_dimensions[heading.column_letter].width = width
    sheet.freeze_panes = "A2"
