"""Spreadsheets as people really save them."""

import io
import zipfile

import openpyxl
import pytest

from domain.errors import Refusal
from services.roster import read_table
from services.roster.reading import MAX_BYTES, MAX_ROWS, Column, named_rows
from services.roster.report import Report

TEXT = "姓名,电话\n王五,13800000001\n\n李四,13800000002\n"
LINES = [(2, ("王五", "13800000001")), (4, ("李四", "13800000002"))]
COLUMNS = {"name": Column(("姓名",), required=True), "phone": Column(("电话", "手机"))}


def xlsx(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("别的").append(["不读"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace("王五", '" 王五 "').replace("李四", "\u3000李四").encode(),
        xlsx(["姓名", "电话"], ["王五", 13800000001], [], ["李四 ", "13800000002"]),
        xlsx(["姓名", "电话"], ["王五", 13800000001.0], [None, None], ["李四", "13800000002"]),
    ],
)
def test_rows_keep_the_number_that_the_spreadsheet_shows(data: bytes):
    table = read_table(data)
    assert table.header[:2] == ("姓名", "电话")
    assert [(number, cells[:2]) for number, cells in table.lines] == LINES


def test_a_line_break_within_a_cell_is_still_one_row():
    table = read_table('姓名,电话\n"王\n五",1\n李四,2\n'.encode())
    assert [number for number, _ in table.lines] == [2, 3]


def test_header_may_come_after_empty_rows():
    table = read_table("\n,\n姓名\n王五\n".encode())
    assert (table.header_row, table.lines) == (3, [(4, ("王五",))])


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/big.xml", "w") as big:
        for _ in range(420):
            big.write(bytes(2**20))
    return file.getvalue()


def far_row(number: int) -> bytes:
    """A sheet of two rows, the second of which says that it is row `number`."""
    old, file = io.BytesIO(xlsx(["姓名"], ["王五"])), io.BytesIO()
    with zipfile.ZipFile(old) as source, zipfile.ZipFile(file, "w") as packed:
        for name in source.namelist():
            data = source.read(name)
            packed.writestr(name, data.replace(b'r="2"', f'r="{number}"'.encode()).replace(b'"A2"', b'"A9"'))
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空的"),
        (b"\n,,\n", "空的"),
        (b"x" * (MAX_BYTES + 1), "太大"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "旧版 Excel"),
        (b"PK\x03\x04 not a zip", "打不开"),
        (xlsx(["姓名"])[:-200], "打不开"),
        (b"\xff\xfe\xff\xff", "编码"),
        ('姓名\n"没有收尾\n王五\n'.encode(), "读不懂"),
        (b"a," * 100, "列太多"),
        (b"a\n" * (MAX_ROWS + 2), "行数太多"),
        (far_row(10**12), "行数太多"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, said: str):
    with pytest.raises(Refusal, match=said):
        read_table(data)


def test_zip_bomb_is_refused_unopened():
    with pytest.raises(Refusal, match="解开后太大"):
        read_table(bomb())


def test_a_sheet_that_lies_about_its_size_is_read_to_the_end():
    old, file = io.BytesIO(xlsx(["姓名"], ["王五"], ["李四"])), io.BytesIO()
    with zipfile.ZipFile(old) as source, zipfile.ZipFile(file, "w") as packed:
        for name in source.namelist():
            packed.writestr(name, source.read(name).replace(b'ref="A1:A3"', b'ref="A1"'))
    assert len(read_table(file.getvalue()).lines) == 2


def test_progress_is_told():
    told: list[int] = []
    read_table(b"a\n" * 2500, told.append)
    assert told == [1000, 2000]


def test_columns_are_known_by_their_headings_in_any_order():
    report = Report()
    named = named_rows(read_table("手机,备注, NAME*\n1,x,王五\n2,y\n".encode()), COLUMNS, report)
    assert [(row["name"], row["phone"], row["other"]) for row in named] == [("王五", "1", ""), ("", "2", "")]
    assert [(warning.row, warning.column) for warning in report.warnings] == [(1, "备注")]
    assert not report.problems


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("电话\n1\n", (1, "姓名", "缺少这一列")),
        ("姓名,name\n王五,李四\n", (1, "姓名", "这一列出现了两次")),
        ("姓名,电话\n王五,1,多出来\n", (2, "第 3 列", "这一格没有表头，可能多了一个逗号")),
        ("姓名,\n王五,1\n", (2, "第 2 列", "这一格没有表头，可能多了一个逗号")),
    ],
)
def test_columns_that_do_not_fit_are_refused(text: str, problem: tuple[int, str, str]):
    report = Report()
    named_rows(read_table(text.encode()), COLUMNS, report)
    first = report.problems[0]
    assert (first.row, first.column, first.reason) == problem
