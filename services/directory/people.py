"""People: coming in, being known, reaching a human."""

import re
from datetime import date, datetime, time, timedelta

from domain.delivery import CHINA, Lane
from domain.directory import Account, Person, RoleName, Rung
from domain.errors import Refusal
from domain.talk import Reply
from domain.tickets.steps import Kind
from services.delivery import tell
from services.desk import Desk
from services.directory.areas import area, current_cadre, owners, route
from storage.directory import assignments, cards, people

_INVITATION = re.compile(r"^[A-HJ-NP-Z2-9]{8}$")


def roles(desk: Desk, person: Person) -> list[tuple[RoleName, str]]:
    """(role, area) pairs that the person has now."""
    return people.roles(desk.tx, person.id, desk.now)


def join(desk: Desk, person: Person, village: str, household: str = "") -> Person:
    """She agreed: bind her to her village. Returns her as she is now."""
    people.bind(desk.tx, person.id, village, household, desk.now)
    return _found(desk, person.id)


def looks_like_invitation(text: str) -> bool:
    """Has it the form of an invitation's code, whether or not there is such a one?"""
    return bool(_INVITATION.match(text.upper()))


def is_invitation(desk: Desk, text: str) -> bool:
    """Do typed words look like an invitation that is in force?"""
    return looks_like_invitation(text) and cards.invited(desk.tx, text.upper(), desk.now) is not None


def accept_invitation(desk: Desk, account: Account, code: str) -> Person:
    """The account is that of the person invited: link it, and use the invitation up.

    Raises Refusal for an unknown, used or expired code.
    """
    invited = cards.use_invitation(desk.tx, code.upper(), desk.now)
    if invited is None:
        raise Refusal("这个邀请码不对，或用过了，请找县上工作人员再要一个。")
    people.move_account(desk.tx, account.id, invited)
    return _found(desk, invited)


def keep_phone(desk: Desk, person: Person, phone: str) -> None:
    people.set_phone(desk.tx, person.id, phone)


def ask_for_a_call(desk: Desk, person: Person) -> Person | None:
    """She wants a human: her cadre is told to call. None if nobody looks after her area."""
    cadre = current_cadre(desk, person.area) if person.area else None
    if cadre is None or cadre.id == person.id:
        return None
    tell(desk, cadre.id, Reply(f"{_who(desk, person)}想跟您说话，请尽快联系。"))
    return cadre


def office_of(desk: Desk, person: Person) -> Person | None:
    """Whom one who works here may ask: the supervisor of his township, else the staff; for a supervisor the staff.

    Never himself, nor one who is on leave. None: there is nobody.
    """
    held = people.roles(desk.tx, person.id, desk.now)
    leads = any(role in (RoleName.SUPERVISOR, RoleName.STAFF) for role, _ in held)
    rungs = (Rung.STAFF,) if leads else (Rung.SUPERVISOR, Rung.STAFF)
    for _, place in sorted(held, key=lambda one: -len(one[1])):
        steps = route(desk, place)
        found = next((one for one in steps if one.rung in rungs and one.person.id != person.id), None)
        if found is not None:
            return found.person
    return None


def page_duty(desk: Desk, person: Person, said: str, kind: Kind) -> None:
    """An emergency: the first of the grid and all on duty are told at once, also at night.

    Words that accuse a cadre reach county staff alone, in an emergency too.
    """
    steps = owners(desk, person.area or desk.county.code, kind)
    first = [step for step in steps if step.rung in (Rung.PRIMARY, Rung.DEPUTY)][:1]
    on_duty = [step for step in steps if step.rung in (Rung.SUPERVISOR, Rung.STAFF)]
    reply = Reply(f"【紧急】{_who(desk, person)}说：{said}\n已请他自己报警，请马上核实。")
    for one in sorted({step.person.id for step in first + on_duty} - {person.id}):
        tell(desk, one, reply, Lane.ANSWER, urgent=True)


def take_leave(desk: Desk, person: Person, days: int) -> date:
    """Away for so many days, today included: what is new goes to the next on the ladder. Returns the first day back."""
    end_leave(desk, person)
    today = desk.now.astimezone(CHINA).date()
    back = today + timedelta(days=days)
    assignments.add_leave(desk.tx, person.id, desk.now, datetime.combine(back, time(), CHINA))
    return back


def is_on_leave(desk: Desk, person: Person) -> bool:
    return assignments.is_on_leave(desk.tx, person.id, desk.now)


def end_leave(desk: Desk, person: Person) -> None:
    """Back again: any leave in force ends now."""
    assignments.end_leave(desk.tx, person.id, desk.now)


def _who(desk: Desk, person: Person) -> str:
    place = area(desk, person.area).short_name if person.area else ""
    return " ".join(filter(None, [place, person.name or "群众", person.phone]))


def _found(desk: Desk, person: int) -> Person:
    found = people.find(desk.tx, person)
    if found is None:
        raise LookupError(f"person {person} is gone")
    return found
