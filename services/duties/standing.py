"""What is said of a rectification, noted of a pair or confirmed does the duty that asks for it: nothing is told twice."""

from datetime import datetime, time

from domain.delivery import CHINA
from domain.directory import Person, Rung
from domain.duties.duty import Duty, State
from domain.duties.template import Audience
from domain.pairs import PairKind
from domain.tickets.rectification import month_of
from services.desk import Desk
from services.duties import noting
from storage import pairs, rectifications
from storage.directory import assignments
from storage.duties import periods, reminding


def progress_is_told(desk: Desk, person: Person) -> None:
    """Of all that he has to put right something was said this month, or it was proposed to be ticked off."""
    if not rectifications.owed(desk.tx, person.id, month_of(desk.now)):
        for duty in _open(desk, person, Audience.RECTIFICATION):
            noting.note_done(desk, person, duty.period)


def pair_is_noted(desk: Desk, person: Person, kind: PairKind) -> None:
    """Of all his pairs of the kind that are in season something was noted since the period began."""
    month = desk.now.astimezone(CHINA).month
    for duty in _open(desk, person, Audience(kind.value)):
        begins = datetime.combine(duty.starts_on, time(), CHINA)
        if not pairs.owes(desk.tx, person.id, kind, month, begins, desk.now):
            noting.note_done(desk, person, duty.period)


def report_is_confirmed(desk: Desk, area: str) -> None:
    """Whoever leads the area, and no other whose report waits for a yes, has done what asks for it."""
    for leader in assignments.candidates(desk.tx, (area,), desk.now):
        if leader.area != area or leader.rung not in (Rung.SUPERVISOR, Rung.STAFF):
            continue
        for duty in _open(desk, leader.person, Audience.REPORT):
            opened = periods.find(desk.tx, duty.period)
            if opened and not reminding.in_office(desk.tx, opened.template, [leader.person.id], desk.now):
                noting.note_done(desk, leader.person, duty.period)


def _open(desk: Desk, person: Person, audience: Audience) -> list[Duty]:
    """His open duties of such an audience that are not over."""
    today = noting.today(desk)
    listed = [one for one in noting.mine(desk, person) if one.state is State.OPEN and one.ends_on >= today]
    found = ((one, periods.find(desk.tx, one.period)) for one in listed)
    return [one for one, period in found if period is not None and period.template.audience is audience]
