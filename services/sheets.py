"""A register as a spreadsheet: headings, and a row for each thing."""

import io
from collections.abc import Iterable, Mapping

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

Cells = tuple[str | int, ...]


def workbook(title: str, columns: Mapping[str, int], rows: Iterable[Cells]) -> bytes:
    """An XLSX file of one sheet. `columns`: headings and their widths in characters."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(title)
    for heading, cell in zip(columns, _line(sheet, 1, len(columns)), strict=True):
        cell.value = heading
    for number, row in enumerate(rows, 2):
        for cell, value in zip(_line(sheet, number, len(columns)), row, strict=True):
            _write(cell, value)
    _dress(sheet, columns)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _line(sheet: Worksheet, number: int, width: int) -> list[Cell]:
    cells = [sheet.cell(number, column) for column in range(1, width + 1)]
    return [cell for cell in cells if isinstance(cell, Cell)]


def _write(cell: Cell, value: str | int) -> None:
    """Words stay words, whatever they begin with: no spreadsheet takes what people wrote for a formula."""
    if isinstance(value, int):
        cell.value = value
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"
    cell.quotePrefix = value[:1] in ("=", "+", "-", "@", "\t", "\r")
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _dress(sheet: Worksheet, columns: Mapping[str, int]) -> None:
    for heading, width in zip(_line(sheet, 1, len(columns)), columns.values(), strict=True):
        heading.font = Font(bold=True)
        sheet.column_dimensions[heading.column_letter].width = width
    sheet.freeze_panes = "A2"
