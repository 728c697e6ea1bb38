"""Quiz questions as a spreadsheet that can be edited and loaded again."""

from collections.abc import Iterable

from domain.quizzes import LETTERS, Question
from services.sheets import Sheet, workbook

_HEADINGS = {"主题": 12, "题目": 40} | dict.fromkeys(LETTERS, 18) | {"正确答案": 10, "解析": 50}


def quiz_workbook(questions: Iterable[Question]) -> bytes:
    return workbook(Sheet("练习题", _HEADINGS, map(_row, questions)))


def _row(one: Question) -> tuple[str, ...]:
    options = (*one.options, *[""] * (len(LETTERS) - len(one.options)))
    letters = "".join(LETTERS[place] for place in one.correct)
    return (one.topic, one.question, *options, letters, one.explanation)
