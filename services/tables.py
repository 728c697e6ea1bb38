"""A table as a spreadsheet that staff go on editing: words stay words, whatever they begin with."""

import io
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet


def workbook(title: str, headings: Mapping[str, int], rows: Iterable[Sequence[str]]) -> bytes:
    """An XLSX file of one sheet. `headings`: their widths in characters."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet: Worksheet = book.create_sheet(title)
    for number, row in enumerate((tuple(headings), *rows), 1):
        for column, words in enumerate(row, 1):
            _write(sheet.cell(number, column), words)
    for column, width in enumerate(headings.values(), 1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _write(cell: object, words: str) -> None:
    if not isinstance(cell, Cell):
        raise TypeError("a merged cell in a new sheet")
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", words)
    cell.data_type = "s"
    cell.quotePrefix = words[:1] in ("=", "+", "-", "@", "\t", "\r")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
