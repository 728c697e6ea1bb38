"""A bank of quiz questions, XLSX or CSV; everything that is wrong with it, by row and column."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.quizzes import (
    LETTERS,
    LONGEST_EXPLANATION,
    LONGEST_OPTION,
    LONGEST_QUESTION,
    LONGEST_TOPIC,
    MOST_QUESTIONS,
    Question,
)
from domain.talk import typed
from services.roster.reading import Column, Row, named_rows, plain, read_table
from services.roster.report import Report

COLUMNS = {
    "topic": Column(("主题", "类别", "科目"), required=True),
    "question": Column(("题目", "问题", "题"), required=True),
    **{letter: Column((letter,), required=letter in "AB") for letter in LETTERS},
    "right": Column(("正确答案", "答案", "对的"), required=True),
    "explanation": Column(("解析", "说明")),
}
_HEADINGS = {name: column.headings[0] for name, column in COLUMNS.items()}
_LONGEST = {
    "topic": LONGEST_TOPIC,
    "question": LONGEST_QUESTION,
    "explanation": LONGEST_EXPLANATION,
} | dict.fromkeys(LETTERS, LONGEST_OPTION)
_BETWEEN = str.maketrans("", "", " ,，、;；")


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a file: its questions, and what was found. With one problem or more there are none."""

    questions: tuple[Question, ...]
    report: Report


def read_questions(data: bytes) -> Checked:
    """Raises Refusal for a file that cannot be read at all."""
    report = Report()
    rows = named_rows(read_table(data), COLUMNS, report)
    if not rows:
        report.refuse(1, _HEADINGS["question"], "一道题也没有")
    if len(rows) > MOST_QUESTIONS:
        report.refuse(rows[MOST_QUESTIONS].number, _HEADINGS["question"], f"太多，最多{MOST_QUESTIONS}题")
    first: dict[str, int] = {}
    for row in rows:
        for column, reason in _faults(row):
            report.refuse(row.number, _HEADINGS[column], reason)
        known = first.setdefault(row["question"], row.number)
        if row["question"] and known != row.number:
            report.refuse(row.number, _HEADINGS["question"], f"第{known}行已经有这道题")
    report.problems.sort()
    return Checked(() if report.problems else tuple(map(_question, rows)), report)


def _question(row: Row) -> Question:
    return Question(
        row["topic"], row["question"], tuple(_options(row)), tuple(_right(row)), row["explanation"]
    )


def _options(row: Row) -> list[str]:
    return [row[letter] for letter in LETTERS if row[letter]]


def _right(row: Row) -> list[int]:
    """Places of the right options; those that are no letters of any are -1."""
    letters = plain(row["right"]).upper().translate(_BETWEEN)
    return [LETTERS.find(letter) for letter in dict.fromkeys(letters)]


def _faults(row: Row) -> Iterator[tuple[str, str]]:
    for column, most in _LONGEST.items():
        if len(row[column]) > most:
            yield column, f"太长，最多{most}个字"
        if typed(row[column]) != row[column]:
            yield column, "有看不见的控制字符，请删掉重新输入"
    for column in ("topic", "question", "right"):
        if not row[column]:
            yield column, "不能空着"
    filled = [letter for letter in LETTERS if row[letter]]
    if len(filled) < 2:  # noqa: PLR2004  there has to be something to choose
        yield "A", "至少要有A、B两个选项"
    elif filled != list(LETTERS[: len(filled)]):
        yield filled[-1], "前面空了一个选项"
    if len(set(_options(row))) < len(filled):
        yield filled[-1], "有两个选项一样"
    if any(place < 0 or LETTERS[place] not in filled for place in _right(row)):
        yield "right", "要写选项的字母，比如 B，几个都对写 AC"
