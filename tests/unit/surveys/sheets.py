"""Spreadsheets of forms for tests, and forms made of them."""

import io
from collections.abc import Iterable, Sequence
from datetime import date

import openpyxl

from domain.surveys.form import Form
from domain.surveys.interview import Interview
from services.surveys.xlsform import check_form, compile_form

TODAY = date(2026, 11, 24)

Rows = Iterable[Sequence[object]]

YES_NO = (("list_name", "name", "label"), ("yn", "yes", "是"), ("yn", "no", "不是"))


def workbook(survey: Rows, choices: Rows = (), settings: Rows = (), **others: Rows) -> bytes:
    """An XLSX file; the first row of each sheet are its headings."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in {"survey": survey, "choices": choices, "settings": settings, **others}.items():
        if rows:
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def form(survey: Rows, choices: Rows = (), settings: Rows = ()) -> Form:
    return compile_form(workbook(survey, choices, settings), "test.xlsx")


def interview(survey: Rows, choices: Rows = (), settings: Rows = (), language: str = "") -> Interview:
    return Interview(form(survey, choices, settings), TODAY, language)


def problems(
    survey: Rows, choices: Rows = (), settings: Rows = (), **others: Rows
) -> list[tuple[str, int, str]]:
    """What keeps the form from being asked; empty if nothing does."""
    return [
        tuple(one) for one in check_form(workbook(survey, choices, settings, **others), "test.xlsx").problems
    ]
