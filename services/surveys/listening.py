"""Voices and pictures among the answers of a named survey, one answer after the other, for the staff who run it.

Of an anonymous one they are heard nowhere: beside each other they would tell whose answers belong together.
"""

from dataclasses import dataclass

from domain.surveys.form import Form, Kind, form_from_json
from domain.surveys.reading import label_of
from domain.surveys.spoken import SENT, attachment_of
from services.desk import Desk
from storage import survey_results
from storage.survey_results import Answered


@dataclass(frozen=True, slots=True)
class Heard:
    """What one person said or showed. `asked`: the words of the questions, in the attachments' order."""

    number: int
    person: str
    asked: tuple[str, ...]
    attachments: tuple[int, ...]


def count(desk: Desk, survey: int) -> int:
    """How many answers have a voice or a picture."""
    form = _form(desk, survey)
    return 0 if form is None else survey_results.count_sent(desk.tx, survey, *_questions(form))


def heard(desk: Desk, survey: int, place: int) -> tuple[Heard | None, bool]:
    """The answer at a place, the first at 0, and whether there are more."""
    form = _form(desk, survey)
    found = (
        [] if form is None else survey_results.sent(desk.tx, survey, *_questions(form), after=place, count=2)
    )
    return (_heard(form, found[0]) if form and found else None), len(found) > 1


def _form(desk: Desk, survey: int) -> Form | None:
    found = survey_results.find(desk.tx, survey)
    return None if found is None or found.anonymous else form_from_json(found.form)


def _questions(form: Form) -> tuple[list[str], list[str]]:
    """Names of those that are answered by a file, and of those that may be."""
    sent = [one.name for one in form.questions if one.kind in SENT]
    return sent, [one.name for one in form.questions if one.kind is Kind.TEXT]


def _heard(form: Form, one: Answered) -> Heard:
    found = [
        (one_of, attachment_of(one_of.kind, one.answers.get(one_of.name, ""))) for one_of in form.questions
    ]
    there = [(question, attachment) for question, attachment in found if attachment is not None]
    return Heard(
        one.number,
        one.person,
        tuple(label_of(form, question.label) or question.name for question, _ in there),
        tuple(attachment for _, attachment in there),
    )
