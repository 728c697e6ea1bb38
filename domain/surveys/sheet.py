"""Answers as rows of a spreadsheet, in the form's own column names, as ODK Central writes them.

Source: ODK Central, "Submissions", CSV with split select multiples: `name` holds all choices with spaces between,
`name/choice` 1 or 0; of a place the parts follow.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from domain.surveys.form import Answers, Form, Kind, Question
from domain.surveys.reading import label_of
from domain.talk import typed

OPEN = {Kind.TEXT, Kind.IMAGE, Kind.AUDIO, Kind.PLACE}
"""What may tell who speaks. Of an anonymous survey it does not stand beside the other answers."""
_PLACE = ("Latitude", "Longitude", "Altitude", "Accuracy")
_NUMBERS = {Kind.INTEGER, Kind.DECIMAL, Kind.RANGE}
_ELSEWHERE = ("..", "//", "::", "/*", "current()")
"""An expression with one of these may read any answer."""
_NAMED = re.compile(r"/[\w./-]*[\w-]")
"""A path in an expression."""
_LONGEST = 32_000
"""Characters; a cell of Excel holds 32767."""
_NO_XML = re.compile("[\ufffe\uffff]")
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠|%]")
_NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?")

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Column:
    """`name` as the form has it, `title` as people read it. `value` is written for machines, `said` in words."""

    name: str
    title: str
    value: Callable[[Answers], Cell]
    said: Callable[[Answers], Cell]


def columns(form: Form, *, without: frozenset[Kind] | set[Kind] = frozenset()) -> list[Column]:
    """The columns of a form, in its order. `without`: kinds that are left out, with all that is worked out of them."""
    left_out = _reading(form, {one.path for one in form.questions if one.kind in without})
    told = [one for one in form.questions if one.kind is not Kind.NOTE and one.path not in left_out]
    twice = {name for name, count in Counter(one.name for one in told).items() if count > 1}
    return [
        column
        for question in told
        for column in _columns(form, question, _path(question) if question.name in twice else question.name)
    ]


def _reading(form: Form, paths: set[str]) -> set[str]:
    """The paths, and those of questions that may bring out again what stands at one of them."""
    while paths:
        more = {one.path for one in form.questions if _reads(one, paths)} - paths
        if not more:
            break
        paths = paths | more
    return paths


def _reads(question: Question, paths: set[str]) -> bool:
    """Is it worked out of one of the paths, or of a group that holds one?"""
    for expression in (question.calculation, question.default_calculation):
        held = {
            path for path in paths for named in _NAMED.findall(expression) if path.startswith(f"{named}/")
        }
        if held or any(mark in expression for mark in (*paths, *_ELSEWHERE)):
            return True
    return False


def _path(question: Question) -> str:
    """Groups and name: group-name, as ODK Central joins them."""
    return "-".join(question.path.strip("/").split("/")[1:]) or question.name


def _columns(form: Form, question: Question, name: str) -> list[Column]:
    title = label_of(form, question.label) or question.name
    labels = {option.name: label_of(form, option.label) or option.name for option in question.options}
    whole = Column(name, title, partial(_value, question), partial(_said, question, labels))
    if question.kind is Kind.SEVERAL:
        parts = [
            Column(
                f"{name}/{option}", f"{title}：{label}", chosen := partial(_chosen, question, option), chosen
            )
            for option, label in labels.items()
        ]
        return [whole, *parts]
    if question.kind is Kind.PLACE:
        return [
            Column(f"{name}-{part}", f"{title}（{part}）", at := partial(_part, question, number), at)
            for number, part in enumerate(_PLACE)
        ]
    return [whole]


def _value(question: Question, answers: Answers) -> Cell:
    value = answers.get(question.name, "")
    return _number(value) if question.kind in _NUMBERS else clean(value)


def _number(value: str) -> Cell:
    if not _NUMBER.fullmatch(value):
        return clean(value)
    return float(value) if "." in value else int(value)


def _said(question: Question, labels: dict[str, str], answers: Answers) -> Cell:
    if not labels:
        return _value(question, answers)
    value = answers.get(question.name, "")
    names = [value] if question.kind is Kind.ONE else value.split()
    return clean("、".join(labels.get(name, name) for name in names))


def _chosen(question: Question, option: str, answers: Answers) -> Cell:
    """Blank where the question was not answered, so that a mean of the column is a share."""
    value = answers.get(question.name, "")
    return int(option in value.split()) if value else ""


def _part(question: Question, number: int, answers: Answers) -> Cell:
    parts = answers.get(question.name, "").split()
    return _number(parts[number]) if number < len(parts) else ""


def clean(text: str) -> str:
    """Without control characters and halves of characters, which no spreadsheet may hold; not too long for a cell."""
    return _NO_XML.sub("", typed(text))[:_LONGEST]


def harmless(cell: Cell) -> Cell:
    """A cell of a CSV file that no spreadsheet takes for a formula (OWASP, CSV Injection). Numbers stay numbers."""
    if not isinstance(cell, str) or not _FORMULA.match(cell) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"
