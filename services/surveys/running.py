"""What staff do with a survey: settle it, open and send it, and look after it."""

from dataclasses import dataclass
from datetime import datetime

from domain.broadcasts import Audience, Progress
from domain.directory import Person
from domain.errors import Refusal
from services import broadcasts
from services.desk import Desk
from services.surveys import codes, opening
from services.surveys.answering import Sitting, sitting_on_trial
from services.surveys.asked import is_for_chosen
from services.surveys.results import check_may_read, recent
from storage import survey_runs, surveys
from storage.broadcasts import rows
from storage.surveys import Survey


@dataclass(frozen=True, slots=True)
class Standing:
    """A survey as the staff who run it see it."""

    survey: Survey
    come: Progress | None
    """How far its newest broadcast has come."""
    answered: int | None
    """None where it is anonymous: whoever looks twice would see who came in between."""
    reminded: bool
    told: bool
    """Were those who took part told what came of it?"""
    for_chosen: bool
    """Is it theirs alone to whom it was sent?"""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a survey is to be asked."""

    anonymous: bool
    audience: Audience
    closes_at: datetime | None
    starts_at: datetime | None = None
    """None: now."""


def check_runs(desk: Desk, person: Person, survey: int, *states: str) -> Survey:
    """The survey, held until the transaction ends.

    Raises Refusal for whoever is not staff of its area, and where it is in none of the states, if any are named.
    """
    check_may_read(desk, person, survey)
    found = surveys.hold(desk.tx, survey)
    if found is None:
        raise Refusal(f"没有{survey}号问卷。")
    if states and found.state not in states:
        raise Refusal(f"{survey}号问卷{_NOT_SO[found.state]}，这样办不了。")
    return found


_NOT_SO = {"draft": "还没打开", "open": "已经打开了", "closed": "已经截止", "released": "已经截止"}


def standing(desk: Desk, person: Person, survey: int) -> Standing:
    """Raises Refusal for whoever is not staff of its area."""
    check_may_read(desk, person, survey)
    found = surveys.find(desk.tx, survey)
    if found is None:
        raise Refusal(f"没有{survey}号问卷。")
    return _standing(desk, found)


def running(desk: Desk, person: Person, count: int) -> list[Standing]:
    """The newest surveys that the person runs; those that are over come last."""
    found = [surveys.find(desk.tx, one.id) for one in recent(desk, person)]
    ordered = sorted((one for one in found if one), key=lambda one: one.state not in ("draft", "open"))
    return [_standing(desk, one) for one in ordered[:count]]


def _standing(desk: Desk, survey: Survey) -> Standing:
    newest = rows.newest_of(desk.tx, survey.id)
    come = None if newest is None else rows.progress(desk.tx, newest)
    answered = None if survey.anonymous else surveys.last_number(desk.tx, survey.id)
    reminded = come is not None and bool(
        come.broadcast.audience.again or rows.reminder_of(desk.tx, newest or 0)
    )
    told = rows.telling_of(desk.tx, survey.id) is not None
    return Standing(survey, come, answered, reminded, told, is_for_chosen(desk, survey.id))


def try_out(desk: Desk, person: Person, survey: int, answers: dict[str, str]) -> Sitting:
    """A sitting of which nothing is kept. Raises Refusal for whoever is not staff of the survey's area."""
    check_may_read(desk, person, survey)
    return sitting_on_trial(desk, survey, answers)


def decide(desk: Desk, person: Person, survey: int, *, anonymous: bool) -> None:
    """Named or anonymous. Raises Refusal once it is open: people have answered on that promise."""
    found = check_runs(desk, person, survey, "draft")
    if not anonymous and codes.are_needed(desk, survey):
        raise Refusal("做过邀请码的问卷只能匿名。")
    survey_runs.settle(desk.tx, survey, anonymous=anonymous, area=found.area)


def launch(desk: Desk, person: Person, survey: int, plan: Plan) -> int:
    """Open a draft, or take one that is open, and begin to send it; the broadcast's number. Raises Refusal.

    Asked of one area only, it is that area's survey: nobody else finds it.
    """
    found = check_runs(desk, person, survey, "draft", "open")
    if plan.starts_at and plan.closes_at and plan.starts_at >= plan.closes_at:
        raise Refusal("还没起发就截止了，请重新定时间。")
    if found.state == "draft":
        decide(desk, person, survey, anonymous=plan.anonymous)
        area = plan.audience.areas[0] if plan.audience.areas else found.area
        survey_runs.settle(desk.tx, survey, anonymous=plan.anonymous, area=area)
        opening.open_survey(desk, survey, plan.closes_at)
    elif rows.newest_of(desk.tx, survey) is not None:
        raise Refusal(f"{survey}号问卷发过了。要催，用“提醒一次”。")
    return broadcasts.send_survey(desk, survey, plan.audience, starts_at=plan.starts_at, by=person.id)


def drop(desk: Desk, person: Person, survey: int) -> None:
    """A draft is not wanted any more. Raises Refusal once it was opened."""
    check_runs(desk, person, survey, "draft")
    survey_runs.drop(desk.tx, survey)


def close(desk: Desk, person: Person, survey: int) -> None:
    """Close before its time. Raises Refusal."""
    check_runs(desk, person, survey, "open")
    opening.close_survey(desk, survey)
