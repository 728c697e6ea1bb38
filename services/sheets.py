"""Registers, banks and reports as spreadsheets: headings, and a row for each thing."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from domain.surveys.sheet import clean

Cells = Sequence[str | int]
_CALCULATES = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `columns`: headings and their widths in characters."""

    title: str
    columns: Mapping[str, int]
    rows: Iterable[Cells]


def workbook(*sheets: Sheet) -> bytes:
    """An XLSX file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for one in sheets:
        sheet: Worksheet = book.create_sheet(one.title)
        for number, row in enumerate((tuple(one.columns), *one.rows), 1):
            for column, value in enumerate(row, 1):
                _write(sheet.cell(number, column), value)
        for column, width in enumerate(one.columns.values(), 1):
            sheet.cell(1, column).font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(cell: object, value: str | int) -> None:
    """Words stay words, whatever they begin with: no spreadsheet takes what people wrote for a formula."""
    if not isinstance(cell, Cell):
        raise TypeError("a merged cell in a new sheet")
    if isinstance(value, int):
        cell.value = value
        return
    cell.value = clean(value)
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(_CALCULATES)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
