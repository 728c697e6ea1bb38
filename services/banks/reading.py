"""Is a spreadsheet a bank, and what is in it? For the process that reads spreadsheets: openpyxl and numpy come with it."""

import io
import zipfile
from datetime import date

from domain.errors import Refusal
from services.banks.incoming import Bank
from services.knowledge.reading import read_bank
from services.quizzes.reading import read_questions
from services.roster.reading import read_table
from services.roster.report import Report

MAX_UNPACKED = 32 * 2**20
"""Bytes of an XLSX after unpacking."""
_OF_ANSWERS = frozenset({"问题", "答案", "出处"})
_OF_QUIZ = frozenset({"题目", "正确答案", "A"})


def read(data: bytes, name: str, today: date) -> Bank | None:
    """None for a spreadsheet that is no bank, or cannot be read."""
    if not _is_small(data):
        return None
    try:
        headings = set(read_table(data).header)
        if headings >= _OF_ANSWERS:
            answers = read_bank(data, name, today)
            return Bank(entries=answers.entries, problems=_lines(answers.report))
        if headings >= _OF_QUIZ:
            quiz = read_questions(data)
            return Bank(questions=quiz.questions, problems=_lines(quiz.report))
    except Refusal:
        return None
    return None


def _is_small(data: bytes) -> bool:
    """False for a zip bomb, which is refused where forms are read."""
    if not data.startswith(b"PK"):
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return sum(part.file_size for part in packed.infolist()) <= MAX_UNPACKED
    except zipfile.BadZipFile:
        return False


def _lines(report: Report) -> tuple[str, ...]:
    return tuple(f"第{one.row}行“{one.column}”：{one.reason}" for one in report.problems)
