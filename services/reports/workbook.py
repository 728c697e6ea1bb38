"""A monthly report as an Excel workbook: the columns that the county's monthly report has, and the figures."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from domain.reports.report import COLUMNS, Reading
from domain.surveys.sheet import clean

_CALCULATES = ("=", "+", "-", "@", "\t", "\r")


def workbook(reading: Reading) -> bytes:
    """Two sheets: problems, and figures of two months."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _sheet(book, "月报", COLUMNS, [line.cells for line in reading.kept])
    month = reading.report.month
    figures = {"项目": 26, month.said: 12, month.before.said: 12}
    _sheet(book, "数字", figures, reading.rows)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(book: Workbook, title: str, columns: dict[str, int], rows: Sequence[Sequence[str]]) -> None:
    sheet = book.create_sheet(title)
    for number, row in enumerate([tuple(columns), *rows], 1):
        for place, value in enumerate(row, 1):
            _write(sheet, number, place, value)
    for place, width in enumerate(columns.values(), 1):
        heading = sheet.cell(1, place)
        heading.font = Font(bold=True)
        sheet.column_dimensions[heading.column_letter].width = width
    sheet.freeze_panes = "A2"


def _write(sheet: Worksheet, row: int, column: int, value: str) -> None:
    """Words stay words, whatever they begin with; a plain number is one."""
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):
        return
    if value.isascii() and value.isdigit():
        cell.value = int(value)
        return
    cell.value = clean(value)
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(_CALCULATES)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
