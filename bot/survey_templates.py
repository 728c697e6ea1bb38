"""Ready surveys in Chinese, as XLSForms to start from.

They are kept as CSV tables in `data/surveys`, which people can read and compare line by line, and become a
spreadsheet when somebody wants one.
"""

import csv
import io
from importlib.resources import files

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

TEMPLATES = {
    "quarterly": "开门纳谏：每季听意见",
    "service": "办事满意度",
    "meeting": "会后听意见",
    "nomination": "选树典型：推荐身边好人，先问本人同意",
    "quiz": "练一练：答完马上知道对错",
}
"""By name: what it is for."""

_WIDTHS = {"label": 48, "hint": 30, "relevant": 36, "calculation": 36}


def template_table(name: str) -> str:
    """A template as its CSV table. Raises KeyError if there is none of that name."""
    if name not in TEMPLATES:
        raise KeyError(name)
    return files("bot").joinpath("data", "surveys", f"{name}.csv").read_text("utf-8")


def template_workbook(name: str) -> bytes:
    """A template as an XLSX file, one sheet for each part of the table. Raises KeyError if there is none."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheet: Worksheet | None = None
    for first, *cells in csv.reader(io.StringIO(template_table(name), newline="")):
        if first:
            sheet = book.create_sheet(first)
        elif sheet is not None:
            sheet.append([cell or None for cell in cells])
    for one in book.worksheets:
        _dress(one)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _dress(sheet: Worksheet) -> None:
    """Headings stand out and stay in sight; long words are wrapped."""
    sheet.freeze_panes = "A2"
    for number, heading in enumerate(next(sheet.iter_rows()), start=1):
        heading.font = Font(bold=True)
        width = _WIDTHS.get(str(heading.value), 18)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@"
