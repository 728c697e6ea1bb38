"""A monthly report as an Excel workbook: the columns that the county's monthly report has, and the figures."""

from collections.abc import Sequence

from domain.reports.report import COLUMNS, Reading
from services import sheets
from services.sheets import Cells, Sheet


def workbook(reading: Reading) -> bytes:
    """Two sheets: problems, and figures of two months."""
    month = reading.report.month
    figures = {"项目": 26, month.said: 12, month.before.said: 12}
    return sheets.workbook(
        Sheet("月报", COLUMNS, [_cells(line.cells) for line in reading.kept]),
        Sheet("数字", figures, map(_cells, reading.rows)),
    )


def _cells(row: Sequence[str]) -> Cells:
    """A plain number is one."""
    return [int(value) if value.isascii() and value.isdigit() else value for value in row]
