"""Spreadsheets, CSV or XLSX, as rows of text. A file that cannot be read at all raises Refusal."""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import openpyxl

from domain.errors import Refusal
from services.roster.report import Report

MAX_BYTES = 50 * 2**20
MAX_UNPACKED = 400 * 2**20
"""Bytes of an XLSX after unpacking: real ones grow about tenfold, a zip bomb a thousandfold."""
MAX_ROWS = 200_000
MAX_COLUMNS = 64

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"

Line = tuple[int, tuple[str, ...]]
"""A row number as the spreadsheet shows it, and the row's cells."""


@dataclass(frozen=True, slots=True)
class Table:
    """A spreadsheet's header and its rows that are not empty."""

    header_row: int
    header: tuple[str, ...]
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the spreadsheet and its cells by our own column names, "" where there is none."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Column:
    """The headings that mean a column (the first is its usual name), and whether a file must have it."""

    headings: tuple[str, ...]
    required: bool = False


def read_table(data: bytes, seen: Callable[[int], None] = lambda _: None) -> Table:
    """The first sheet of an XLSX file, or a CSV file in UTF-8 or GB18030; `seen` hears the rows read so far.

    Raises Refusal when the file is too large, damaged or neither of these.
    """
    if len(data) > MAX_BYTES:
        raise Refusal(f"文件太大：最多 {MAX_BYTES // 2**20} MB。")
    if data.startswith(_OLD_EXCEL):
        raise Refusal("这是旧版 Excel（.xls）文件，请另存为 .xlsx 或 CSV 再导入。")
    rows = _xlsx_rows(data) if data.startswith(_ZIP) else _csv_rows(data)
    lines = _lines(rows, seen)
    header = next(lines, None)
    if header is None:
        raise Refusal("文件是空的。")
    return Table(header[0], header[1], list(lines))


def named_rows(table: Table, columns: Mapping[str, Column], report: Report) -> list[Row]:
    """The rows by our own column names, whatever the order of the columns.

    Refused are a column that is missing or given twice and a cell without a heading; a heading that
    nobody knows is only warned of.
    """
    meaning = {_heading(text): name for name, column in columns.items() for text in (name, *column.headings)}
    names = [meaning.get(_heading(heading)) for heading in table.header]
    for heading, name in zip(table.header, names, strict=True):
        if name is None and heading:
            report.warn(table.header_row, heading, "不认识的列，没有读")
        elif name is not None and names.count(name) > 1:
            report.refuse(table.header_row, heading, "这一列出现了两次")
    for name, column in columns.items():
        if column.required and name not in names:
            report.refuse(table.header_row, column.headings[0], "缺少这一列")
    report.rows = len(table.lines)
    return [_row(line, names, table.header, report) for line in table.lines]


def plain(text: str) -> str:
    """Digits and letters as typed on any keyboard: full-width forms become ordinary ones."""
    return unicodedata.normalize("NFKC", text).strip()


def has_control(text: str) -> bool:
    """Does the text hold characters that are not meant to be seen (tab, line break, direction marks)?"""
    return any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in text)


def check_name(row: Row, column: str, most: int, report: Report) -> None:
    """Refuse the row's name if it is missing, longer than `most`, or cannot be printed. column: its heading."""
    name = row["name"]
    if not name:
        report.refuse(row.number, column, f"{column}没有填")
    elif len(name) > most:
        report.refuse(row.number, column, f"{column}太长：最多 {most} 个字")
    elif has_control(name):
        report.refuse(row.number, column, f"{column}里有看不见的字符（换行、制表符等）")


def _heading(text: str) -> str:
    return plain(text).strip("*").strip().casefold()


def _row(line: Line, names: list[str | None], header: tuple[str, ...], report: Report) -> Row:
    number, cells = line
    for index, cell in enumerate(cells):
        if cell and (index >= len(header) or not header[index]):
            report.refuse(number, f"第 {index + 1} 列", "这一格没有表头，可能多了一个逗号")
    padded = (*cells, *[""] * (len(header) - len(cells)))
    return Row(number, {name: cell for name, cell in zip(names, padded, strict=False) if name})


def _lines(rows: Iterable[tuple[str, ...]], seen: Callable[[int], None]) -> Iterator[Line]:
    for number, cells in enumerate(rows, start=1):
        if number > MAX_ROWS + 1:
            raise Refusal(f"行数太多：最多 {MAX_ROWS} 行，请分成几个文件。")
        if any(cells):
            yield number, cells
        if number % 1000 == 0:
            seen(number)


def _csv_rows(data: bytes) -> Iterator[tuple[str, ...]]:
    text = _decoded(data)
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = "\t" if "\t" in first and "," not in first else ","
    # strict: an unclosed quotation mark must not swallow the rest of the file in silence
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise Refusal(f"第 {reader.line_num} 行的列太多。")
            yield tuple(cell.strip() for cell in cells)
    except csv.Error as error:
        raise Refusal(f"CSV 第 {reader.line_num} 行读不懂，请检查引号。") from error


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("文件的编码认不出来，请另存为 UTF-8 的 CSV 或 .xlsx。")


def _xlsx_rows(data: bytes) -> Iterator[tuple[str, ...]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked <= MAX_UNPACKED:
            yield from _first_sheet(data)
    except Exception as error:  # openpyxl raises whatever its parsers meet in a damaged file
        raise Refusal("这个 .xlsx 文件打不开，请用 Excel 或 WPS 重新保存一次。") from error
    if unpacked > MAX_UNPACKED:
        raise Refusal("这个 .xlsx 解开后太大，请只留要导入的那张表。")


def _first_sheet(data: bytes) -> Iterator[tuple[str, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # some programs write a wrong size, which cuts rows off
    for values in sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True):
        yield tuple(map(_cell_text, values))
    book.close()


def _cell_text(value: object) -> str:
    """A number typed into a cell reads as it looks there: 610528, not 610528.0."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
