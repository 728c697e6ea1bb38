"""A survey as CSV and as an Excel workbook, for whoever goes on counting."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from services.surveys import sent
from services.surveys.results import MESSENGERS, Counted
from services.surveys.sent import SentFile
from storage.database import Tx
from storage.survey_results import Answered

_HEAD = Font(bold=True)
_GROUND = PatternFill("solid", fgColor="E8EEF4")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_WIDTH = 14
_CALCULATES = tuple("=+-@#")

Rows = Iterable[Sequence[Cell]]


def write_csv(counted: Counted, answered: Iterable[Answered], file: BinaryIO) -> None:
    """A row for each answer, in UTF-8 with a BOM, without which Excel takes it for GBK.

    Of an anonymous survey a row has neither a place nor a day, nor anything written freely (see `write_open`).
    """
    check_exportable(counted)
    _csv(file, *_table(counted, answered, in_words=False))


def write_open(counted: Counted, file: BinaryIO) -> None:
    """What people wrote, showed or said freely, sorted, so that nothing stands beside the writer's other answers."""
    check_exportable(counted)
    _csv(file, ["问题", "回答"], _freely(counted))


def write_workbook(counted: Counted, results: Results, answered: Iterable[Answered], file: BinaryIO) -> None:
    """Counts, turnout, townships, and the answers: as stored, and in words."""
    check_exportable(counted)
    book = Workbook(write_only=True)
    _sheet(book, "说明", ["项目", "内容"], _about(results), (16, 80))
    _sheet(book, "统计", ["问题", "选项", "人数", "占比"], _bars(results), (44, 30, 8, 8))
    _sheet(
        book,
        "参与",
        ["范围", "邀请（渠道：能联系到）", "收到", "答复率"],
        _turnouts(results),
        (24, 24, 10, 10),
    )
    _sheet(
        book, "分乡镇", ["问题", "乡镇", "作答", "项目", "结果"], _by_township(results), (44, 16, 8, 24, 14)
    )
    _sheets_of_answers(book, counted, answered)
    if counted.survey.anonymous:
        _sheet(book, "文字回答", ["问题", "回答"], _freely(counted), (44, 80))
    book.save(file)


def sent_files(tx: Tx, counted: Counted) -> Iterator[SentFile]:
    """What was sent as answers; of an anonymous survey in an order of its own (see `sent`). Raises Refusal as all here."""
    check_exportable(counted)
    if not counted.survey.anonymous:
        yield from sent.files(tx, counted.survey.id, counted.form)
        return
    for of_one in counted.sent.values():
        yield from sorted(of_one.values())


def check_exportable(counted: Counted) -> None:
    """Raises Refusal where so few answered anonymously that each could be guessed."""
    if counted.survey.anonymous and counted.total.answered < LEAST:
        raise Refusal(f"收到的不足{LEAST}份，为了不让人猜出是谁，不导出。")


def _columns(counted: Counted) -> list[Column]:
    return columns(counted.form, without=OPEN if counted.survey.anonymous else frozenset())


def _header(counted: Counted, *, in_words: bool) -> list[str]:
    about = [] if counted.survey.anonymous else ["日期", "姓名", "电话", "乡镇", "渠道"]
    return ["编号", *about, *(one.title if in_words else one.name for one in _columns(counted))]


def _row(counted: Counted, asked: Sequence[Column], one: Answered, *, in_words: bool) -> list[Cell]:
    of_whom = [] if counted.survey.anonymous else _of_whom(one, counted.townships)
    return [
        one.number,
        *of_whom,
        *((column.said if in_words else column.value)(one.answers) for column in asked),
    ]


def _table(
    counted: Counted, answered: Iterable[Answered], *, in_words: bool
) -> tuple[list[str], Iterator[list[Cell]]]:
    asked = _columns(counted)
    rows = (_row(counted, asked, one, in_words=in_words) for one in answered)
    return _header(counted, in_words=in_words), rows


def _sheets_of_answers(book: Workbook, counted: Counted, answered: Iterable[Answered]) -> None:
    """Two sheets written side by side, since the answers are read only once."""
    names = _begin(book, "答案", _header(counted, in_words=False))
    words = _begin(book, "答案（中文）", _header(counted, in_words=True))
    asked = _columns(counted)
    for one in answered:
        _append(names, _row(counted, asked, one, in_words=False))
        _append(words, _row(counted, asked, one, in_words=True))


def _of_whom(one: Answered, places: Mapping[str, str]) -> list[Cell]:
    day = one.day.isoformat() if one.day else ""
    return [
        day,
        one.person,
        one.phone,
        places.get(one.township, ""),
        MESSENGERS.get(one.channel, one.channel),
    ]


def _freely(counted: Counted) -> Iterator[tuple[str, str]]:
    """(question, answer), sorted by what was said."""
    for question in counted.form.questions:
        if question.kind in OPEN:
            title = label_of(counted.form, question.label) or question.name
            files = counted.sent.get(question.name, {})
            said = Counter[str]()
            for (_, value), people in counted.counts[question.name].items():
                said[files[value].name if value in files else clean(value)] += people
            yield from ((title, value) for value in sorted(said.elements()) if value)


def _about(results: Results) -> Rows:
    yield "问卷", results.title
    yield "收到", results.total.answered
    yield "方式", "不记名：每行答案不带地方和日期，文字回答另列一张表" if results.anonymous else "记名"
    yield "乡镇", f"不足{LEAST}人的乡镇不单列，并入“未单列的合计”"
    yield "照片、语音", "写的是文件名；文件在另给的压缩包里，名字一样"
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
    sheet = _begin(book, title, header, widths)
    for row in rows:
        _append(sheet, row)


def _begin(
    book: Workbook, title: str, header: Sequence[str], widths: Sequence[int] = ()
) -> WriteOnlyWorksheet:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number in range(len(header)):
        letter = get_column_letter(number + 1)
        sheet.column_dimensions[letter].width = widths[number] if widths else _WIDTH
    made: WriteOnlyWorksheet = sheet
    made.append([_head(made, name) for name in header])
    return made


def _append(sheet: WriteOnlyWorksheet, row: Sequence[Cell]) -> None:
    sheet.append([_text(sheet, value) if isinstance(value, str) else value for value in row])


def _head(sheet: WriteOnlyWorksheet, name: str) -> Box:
    cell: Box = WriteOnlyCell(sheet, clean(name))
    cell.data_type = "s"
    cell.font, cell.fill, cell.alignment = _HEAD, _GROUND, _WRAPPED
    return cell


def _text(sheet: WriteOnlyWorksheet, value: str) -> str | Box:
    """Text, and nothing else, also when somebody edits the cell and Excel would begin to calculate."""
    value = clean(value)
    if not value.startswith(_CALCULATES):
        return value  # many times faster than a cell of one's own
    cell: Box = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _csv(file: BinaryIO, header: Sequence[str], rows: Rows) -> None:
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([harmless(name) for name in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    text.detach()
