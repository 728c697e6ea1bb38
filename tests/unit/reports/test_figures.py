"""What is told of the counts, what is not, and how a report looks as a page and a workbook."""

import io
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import load_workbook

from bot.charts.report_blocks import report_blocks
from bot.report_page import report_page
from domain.reports.figures import DUTY, OF_AREA, Figures, Tally, rising, told
from domain.reports.months import Month
from domain.reports.report import COLUMNS, Part, Reading, Report, line_of
from services.reports.workbook import workbook


@pytest.mark.parametrize(
    ("name", "count", "cadres", "shown"),
    [
        ("filed", 1, 0, 1),
        ("overdue", 0, 0, 0),
        ("suggested", 4, 9, None),
        ("suggested", 0, 9, None),
        ("suggested", 5, 9, 5),
        ("adopted", 2, 9, None),
        ("complaints", 4, 9, None),
        ("complaints", 5, 9, 5),
        ("reports", 1, 1, 1),
        ("contacted", 40, 4, None),
        ("contacted", 40, 5, 40),
        (f"{DUTY}参加支委会", 4, 4, None),
        (f"{DUTY}参加支委会", 4, 5, 4),
    ],
)
def test_what_is_too_small_to_be_told(name: str, count: int, cadres: int, shown: int | None) -> None:
    assert told({name: count}, cadres) == {name: shown}


def test_rising_is_noticeably_more_than_before() -> None:
    now = {"水": Tally(9), "路": Tally(6), "灯": Tally(4), "电": Tally(7), "地": Tally(8), "医": Tally(20)}
    before = {"水": Tally(2), "路": Tally(6), "灯": Tally(0), "电": Tally(6), "医": Tally(19)}
    assert rising(now, before) == [("地", 8), ("水", 7), ("电", 1)]


PLACE = {name: place for place, name in enumerate(COLUMNS)}


def reading() -> Reading:
    report = Report(1, Month(2026, 10), "610528001", None)
    now, before = Tally(9, 8, 7, 2, 1), Tally(3, 3, 3)
    line = line_of("饮水灌溉", now, before, "城关街道")
    said = {Part.DIFFICULTY: '=HYPERLINK("http://bad.example")', Part.PLAN: "<script>alert(1)</script>\x07"}
    left_out = line_of("道路出行", Tally(1), Tally(), "城关街道")
    counts = dict.fromkeys(OF_AREA, 7) | {"complaints": None}
    lines = [
        replace(line, said=said),
        replace(left_out, left_out=True),
    ]
    return Reading(
        report,
        "城关街道",
        Figures(counts, {"饮水灌溉": now}),
        Figures(counts, {"饮水灌溉": before}),
        lines,
    )


def test_the_workbook_has_the_monthly_reports_columns_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(workbook(reading())))
    problems, figures = book["月报"], book["数字"]
    heading, *rows = problems.iter_rows(values_only=True)
    assert heading == tuple(COLUMNS)
    [row] = rows
    assert row[0] == "饮水灌溉：9件（上月3件）"
    assert row[PLACE["责任单位或责任人"]] == "城关街道"
    assert row[PLACE["本月进展"]] == "没答复2件，超时1件"
    assert row[PLACE["困难"]].startswith("=HYPERLINK")
    assert "f" not in {cell.data_type for line in problems.iter_rows() for cell in line}
    assert problems.cell(2, PLACE["困难"] + 1).quotePrefix
    assert ("群众报事", 7, 7) in list(figures.iter_rows(values_only=True))
    assert ("投诉（县上专办）", "不足5", "不足5") in list(figures.iter_rows(values_only=True))


def test_the_page_runs_nothing_and_shows_both_months() -> None:
    page = report_page(reading(), "富平县", date(2026, 11, 2))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    for told_there in ("城关街道2026年10月月报", "<th>10月</th><th>9月</th>", "饮水灌溉多6件", "还没确认"):
        assert told_there in page
    assert "道路出行" not in page


def test_the_picture_shows_each_month_beside_the_other() -> None:
    figures, filed = report_blocks(reading())
    assert figures.lines[0].label == "群众报事"
    assert figures.lines[0].figure == "7（7）"
    assert [(line.label, line.figure, line.length) for line in filed.lines] == [("饮水灌溉", "9件（3件）", 1)]
