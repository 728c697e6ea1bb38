"""Answering a survey: which ones are there for a person, what she has said so far, and handing it in, once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from domain.delivery import CHINA
from domain.directory import Level, Person, chain, level_of
from domain.errors import Refusal
from domain.surveys.form import Answers, Form, Question, form_from_json
from domain.surveys.interview import Interview
from services.broadcasts import survey_is_answered
from services.desk import Desk
from services.directory.people import roles
from services.surveys import ballots, codes
from services.surveys.asked import is_asked, meant_for_others
from storage import survey_codes, surveys
from storage.surveys import HandedIn, Listed, Seat, Survey

S = TypeVar("S", bound=Survey)

_KNOWN_FORMS = 32
_CODE = ""
"""Beside the answers of a draft, where no question has this name: the invitation code."""
_CHINESE = ("中文", "汉语", "chinese", "zh")


@dataclass(slots=True)
class Sitting:
    """Somebody at an open survey that she has not answered yet, with what she has said so far."""

    survey: Survey
    interview: Interview
    answers: Answers
    begun: bool
    """Had she answered anything before?"""
    code: str = ""
    """The invitation code with which she came, where a survey is answered by code alone."""

    @property
    def question(self) -> Question | None:
        """The one that is to be asked now, or the note to be shown; None when all is answered."""
        return self.interview.next(self.answers)

    @property
    def private(self) -> str:
        """Name of the key under which the talk is to rest sealed; "" for a survey that is not anonymous."""
        return ballots.box_of(self.survey.id) if self.survey.anonymous else ""


def waiting_for(desk: Desk, person: Person) -> list[Listed]:
    """Open surveys that the person may answer and has not, the newest first.

    A survey is for all who live, or work, in its area or in an area within it, unless it was sent to some alone.
    """
    found = surveys.open_in(desk.tx, _areas(desk, person), desk.now)
    named = surveys.answered(desk.tx, person.id, [one.id for one in found if not one.anonymous])
    by_code = set(survey_codes.among(desk.tx, [one.id for one in found if one.anonymous]))
    not_hers = by_code | meant_for_others(desk, [one.id for one in found], person)
    closed = named | {one for one in not_hers if surveys.draft(desk.tx, one, person.id) is None}
    return [one for one in found if one.id not in closed and not _has_cast(desk, one, person)]


def come_in_by_code(desk: Desk, text: str, person: Person) -> int:
    """She holds a code: the survey is hers to answer, once, wherever she lives. Returns its number.

    The code rests sealed with what she answers, and is used up when that is handed in. Raises Refusal for a code
    that is not in force, and while she has not handed in what she began with another one.
    """
    survey, code = codes.take(desk, text)
    found = _check_open(desk, surveys.find(desk.tx, survey))
    kept = surveys.draft(desk.tx, survey, person.id)
    answers = {} if kept is None else _opened(desk, found, kept)
    before = answers.get(_CODE, code)
    if before != code and not codes.is_used(desk, survey, before):
        raise Refusal("您手上还有一份没交，先答完，再用这个码。")
    _, form = _form(found.form)
    sealed = ballots.seal_draft(desk, survey, form, answers | {_CODE: code})
    surveys.keep_draft(desk.tx, survey, person.id, sealed, desk.now)
    return survey


def sit_down(desk: Desk, survey: int, person: Person) -> Sitting:
    """Where she stands in a survey. Raises Refusal if it is not open, not for her, or answered already."""
    found = _check_open(desk, surveys.seat(desk.tx, survey, person.id))
    kept = found.draft
    if kept is None:  # or that was looked at when she began
        _check_hers(desk, found, person)
    form, _ = _form(found.form)
    today = desk.now.astimezone(CHINA).date()
    answers = {} if kept is None else _opened(desk, found, kept)
    code = answers.pop(_CODE, "")
    begun = kept is not None and bool(answers or not code)
    return Sitting(found, Interview(form, today, _language(form)), answers, begun, code)


def sitting_on_trial(desk: Desk, survey: int, answers: Answers) -> Sitting:
    """A sitting that nothing is kept of, whatever state the survey is in. Raises Refusal if there is no such survey."""
    found = surveys.find(desk.tx, survey)
    if found is None:
        raise Refusal(f"没有{survey}号问卷。")
    form, _ = _form(found.form)
    today = desk.now.astimezone(CHINA).date()
    return Sitting(found, Interview(form, today, _language(form)), answers, bool(answers))


def receipt_of(desk: Desk, survey: int, person: Person) -> tuple[Interview, HandedIn] | None:
    """What she has handed in under her name, and the interview that knows how to say it."""
    handed_in = surveys.handed_in(desk.tx, survey, person.id)
    found = surveys.find(desk.tx, survey)
    if handed_in is None or found is None:
        return None
    form, _ = _form(found.form)
    return Interview(form, handed_in.day or date.min, _language(form)), handed_in


def keep(desk: Desk, sitting: Sitting, person: Person) -> None:
    """Remember what she has said so far, sealed where the survey is anonymous."""
    survey = sitting.survey
    if survey.anonymous:
        _, form = _form(survey.form)
        held = {_CODE: sitting.code} if sitting.code else {}
        kept = ballots.seal_draft(desk, survey.id, form, sitting.answers | held)
    else:
        kept = json.dumps(sitting.answers, ensure_ascii=False).encode()
    surveys.keep_draft(desk.tx, survey.id, person.id, kept, desk.now)


def hand_in(desk: Desk, sitting: Sitting, person: Person, channel: str) -> int | None:
    """Hand in what she has said: the number of a named answer, None for an anonymous one, which has none.

    Raises Refusal if the survey has just closed, or she has answered it already.
    """
    survey, answers = sitting.survey, sitting.interview.complete(sitting.answers)
    if sitting.code:
        codes.cast(desk, sitting.code, answers, person, channel)
        return None
    if survey.anonymous:
        ballots.cast(desk, survey.id, person, answers, channel)
        return None
    _check_open(desk, surveys.hold(desk.tx, survey.id))
    values = {
        "person": person.id,
        "township": _township(person),
        "channel": channel,
        "answers": answers,
        "day": desk.now.astimezone(CHINA).date(),
    }
    number = surveys.hand_in(desk.tx, survey.id, values)
    surveys.drop_draft(desk.tx, survey.id, person.id)
    if number is None:
        raise Refusal(f"“{survey.title}”您答过了，一人一份。")
    survey_is_answered(desk, survey.id, person.id)
    return number


def _check_open(desk: Desk, survey: S | None) -> S:
    if survey is None or survey.state == "draft":
        raise Refusal("没有这份问卷。回“问卷”看有哪些。")
    if survey.state != "open" or (survey.closes_at is not None and survey.closes_at <= desk.now):
        raise Refusal(f"“{survey.title}”已经截止，没交的没有收上来。")
    return survey


def _check_hers(desk: Desk, survey: Seat, person: Person) -> None:
    if survey.anonymous and survey.by_code:
        raise Refusal(f"“{survey.title}”凭邀请码答，请把码发来。")
    if survey.area not in chain(person.area or "") and survey.area not in _areas(desk, person):
        if not is_asked(desk, survey.id, person):
            raise Refusal("这份问卷不是问您那里的，谢谢您。")
    elif meant_for_others(desk, [survey.id], person):
        raise Refusal("这份问卷只请收到的人答，谢谢您。有话想说，回“提建议”。")
    if survey.handed_in or _has_cast(desk, survey, person):
        raise Refusal(f"“{survey.title}”您答过了，一人一份。")


def _areas(desk: Desk, person: Person) -> set[str]:
    """Areas whose surveys are for her: those around her village, and around what she works for."""
    scopes = {person.area, *(area for _, area in roles(desk, person))}
    return {code for scope in scopes if scope for code in chain(scope)}


def _has_cast(desk: Desk, survey: Survey | Listed, person: Person) -> bool:
    return survey.anonymous and ballots.has_cast(desk, survey.id, person.id)


def _opened(desk: Desk, survey: Survey, kept: bytes) -> Answers:
    if survey.anonymous:
        return ballots.open_draft(desk, survey.id, kept)
    answers: Answers = json.loads(kept)
    return answers


def _township(person: Person) -> str | None:
    around = chain(person.area or "")
    return next((code for code in around if level_of(code) is Level.TOWNSHIP), None)


@lru_cache(_KNOWN_FORMS)
def _form(kept: str) -> tuple[Form, Mapping[str, Any]]:
    """A form never changes once it is loaded, so it is read once."""
    form = json.loads(kept)
    return form_from_json(form), form


def _language(form: Form) -> str:
    """Chinese, if the form has it; else its default."""
    return next((one for one in form.languages if any(name in one.lower() for name in _CHINESE)), "")
