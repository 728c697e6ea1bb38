"""A survey as CSV and as an Excel workbook, for whoever goes on counting."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import Cell as Box
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from domain.errors import Refusal
from domain.surveys.reading import label_of
from domain.surveys.results import Results
from domain.surveys.sheet import OPEN, Cell, Column, clean, columns, harmless
from domain.surveys.suppression import LEAST
from services.desk import Desk
from services.surveys.results import MESSENGERS, form_of, gather, readable, township_names
from storage import survey_results
from storage.survey_results import Answered, Loaded

_HEAD = Font(bold=True)
_GROUND = PatternFill("solid", fgColor="E8EEF4")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_WIDTH = 14
_CALCULATES = tuple("=+-@")

Rows = Iterable[Sequence[Cell]]


def write_csv(desk: Desk, survey: int, file: BinaryIO) -> None:
    """A row for each answer, in UTF-8 with a BOM, without which Excel takes it for GBK.

    Of an anonymous survey a row has neither a place nor a day, nor anything written freely (see `write_open`).
    Raises Refusal where the answers may not be read.
    """
    found = _open_for_export(desk, survey)
    _csv(file, *_answers(desk, found, in_words=False))


def write_open(desk: Desk, survey: int, file: BinaryIO) -> None:
    """What people wrote, showed or said freely, sorted, so that nothing stands beside the writer's other answers."""
    _csv(file, ["问题", "回答"], _freely(desk, _open_for_export(desk, survey)))


def write_workbook(desk: Desk, survey: int, file: BinaryIO) -> None:
    """Counts, turnout, townships, and the answers both as stored and in words. Raises Refusal as `write_csv` does."""
    found = _open_for_export(desk, survey)
    results = gather(desk, survey)
    book = Workbook(write_only=True)
    _sheet(book, "说明", ["项目", "内容"], _about(results), (16, 80))
    _sheet(book, "统计", ["问题", "选项", "人数", "占比"], _bars(results), (44, 30, 8, 8))
    _sheet(book, "参与", ["范围", "邀请", "收到", "答复率"], _turnouts(results), (24, 10, 10, 10))
    _sheet(
        book, "分乡镇", ["问题", "乡镇", "作答", "项目", "结果"], _by_township(results), (44, 16, 8, 24, 14)
    )
    _sheet(book, "答案", *_answers(desk, found, in_words=False))
    _sheet(book, "答案（中文）", *_answers(desk, found, in_words=True))
    if found.anonymous:
        _sheet(book, "文字回答", ["问题", "回答"], _freely(desk, found), (44, 80))
    book.save(file)


def _open_for_export(desk: Desk, survey: int) -> Loaded:
    """Raises Refusal where answers may not be read, or so few are there that each could be guessed."""
    found = readable(desk, survey)
    if found.anonymous and sum(survey_results.by_township(desk.tx, survey).values()) < LEAST:
        raise Refusal(f"收到的不足{LEAST}份，为了不让人猜出是谁，不导出。")
    return found


def _answers(desk: Desk, survey: Loaded, *, in_words: bool) -> tuple[list[str], Iterator[list[Cell]]]:
    """Header and rows."""
    asked = columns(form_of(survey), without=OPEN if survey.anonymous else frozenset())
    about = [] if survey.anonymous else ["日期", "姓名", "电话", "乡镇", "渠道"]
    header = ["编号", *about, *(one.title if in_words else one.name for one in asked)]
    places = township_names(desk)

    def row(one: Answered) -> list[Cell]:
        of_whom = [] if survey.anonymous else _of_whom(one, places)
        return [one.number, *of_whom, *(_cell(column, one, in_words=in_words) for column in asked)]

    return header, map(row, survey_results.answers(desk.tx, survey.id))


def _of_whom(one: Answered, places: dict[str, str]) -> list[Cell]:
    day = one.day.isoformat() if one.day else ""
    return [
        day,
        one.person,
        one.phone,
        places.get(one.township, ""),
        MESSENGERS.get(one.channel, one.channel),
    ]


def _cell(column: Column, one: Answered, *, in_words: bool) -> Cell:
    return column.said(one.answers) if in_words else column.value(one.answers)


def _freely(desk: Desk, survey: Loaded) -> Iterator[tuple[str, str]]:
    """(question, answer), sorted by what was said."""
    form = form_of(survey)
    for question in form.questions:
        if question.kind in OPEN:
            title = label_of(form, question.label) or question.name
            said = Counter[str]()
            for (_, value), people in survey_results.counts(desk.tx, survey.id, question.name).items():
                said[clean(value)] += people
            yield from ((title, value) for value in sorted(said.elements()) if value)


def _about(results: Results) -> Rows:
    yield "问卷", results.title
    yield "收到", results.total.answered
    yield "方式", "不记名：每行答案不带地方和日期，文字回答另列一张表" if results.anonymous else "记名"
    yield "乡镇", f"不足{LEAST}人的乡镇不单列，并入“未单列的合计”"
    for sentence in results.unheard:
        yield "少听到的", sentence


def _bars(results: Results) -> Rows:
    for one in results.summaries:
        for bar in one.bars:
            yield one.title, bar.label, bar.count, round(bar.share, 4)
        for fact in one.facts:
            yield one.title, fact, "", ""
        yield one.title, "（作答）", one.answered, ""
        yield one.title, "（跳过）", one.skipped, ""


def _turnouts(results: Results) -> Rows:
    for one in (results.total, *results.townships, *results.channels):
        yield one.name, one.invited, one.answered, "" if one.rate is None else round(one.rate, 4)


def _by_township(results: Results) -> Rows:
    for one in results.summaries:
        if one.townships is not None:
            for row in one.townships.rows:
                for column, cell in zip(one.townships.columns, row.cells, strict=True):
                    yield one.title, row.name, row.answered, column, cell


def _sheet(book: Workbook, title: str, header: Sequence[str], rows: Rows, widths: Sequence[int] = ()) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number in range(len(header)):
        letter = get_column_letter(number + 1)
        sheet.column_dimensions[letter].width = widths[number] if widths else _WIDTH
    sheet.append([_head(sheet, name) for name in header])
    for row in rows:
        sheet.append([_written(sheet, value) for value in row])


def _head(sheet: WriteOnlyWorksheet, name: str) -> Box:
    cell = _text(sheet, name)
    cell.font, cell.fill, cell.alignment = _HEAD, _GROUND, _WRAPPED
    return cell


def _written(sheet: WriteOnlyWorksheet, value: Cell) -> Cell | Box:
    return _text(sheet, value) if isinstance(value, str) and value else value


def _text(sheet: WriteOnlyWorksheet, value: str) -> Box:
    """Text, and nothing else, also when somebody edits the cell and Excel would begin to calculate."""
    cell: Box = WriteOnlyCell(sheet, clean(value))
    cell.data_type = "s"
    cell.quotePrefix = value[:1] in _CALCULATES
    return cell


def _csv(file: BinaryIO, header: Sequence[str], rows: Rows) -> None:
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([harmless(name) for name in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    text.detach()
