"""Once on the morning of a working day, whoever supervises is told what he has to decide: only if there is something."""

from dataclasses import replace
from datetime import datetime, time

from domain.delivery import CHINA, Lane
from domain.digest import LISTED, Item, digest, most_urgent_first, way_of
from domain.directory import Candidate, Person, RoleName, Rung
from domain.tickets.steps import Kind, Ticket
from services.delivery import tell
from services.desk import Desk
from services.directory.areas import owners
from storage import digest as rows
from storage.directory import assignments, people

MORNING, NOON = time(8, 30), time(12)
"""Between these a digest is sent. Was the service down all morning, there is none on that day."""
_LOOKED_AT = 60
"""Tickets of each sort that are looked at for one digest."""
_GRID = (Rung.PRIMARY, Rung.DEPUTY)


def send_due(desk: Desk, count: int) -> bool:
    """Make at most `count` digests of today. True: there are more to make."""
    local = desk.now.astimezone(CHINA)
    if not MORNING <= local.time() < NOON or not desk.county.days.is_working(local.date()):
        return False
    found = rows.next_to_tell(desk.tx, local.date(), desk.now, count)
    for number in found:
        if rows.make(desk.tx, number, local.date()):
            _send(desk, number)
    return len(found) == count


def _send(desk: Desk, number: int) -> None:
    person = people.find(desk.tx, number)
    items = to_decide(desk, person) if person else []
    if items:
        tell(desk, number, digest(items, "早上好，有"), Lane.REMINDER)


def to_decide(desk: Desk, person: Person) -> list[Item]:
    """What waits for the person's decision, the most urgent first.

    What came up to him is his. What lies with nobody in an area goes to the first who supervises it and is there,
    else to the first of the staff: where a supervisor is on leave, that is the next.
    """
    known: dict[tuple[str, bool], list[Candidate]] = {}
    his = rows.came_up(desk.tx, person.id, _LOOKED_AT)
    items = [_item(desk, one, _ladder(desk, known, one), his=True) for one in his]
    for scope in _supervised(desk, person.id):
        for one in rows.astray(desk.tx, scope, desk.now, _LOOKED_AT):
            steps = _ladder(desk, known, one)
            decider = next((step.person.id for step in steps if step.rung not in _GRID), None)
            if decider == person.id and one.owner != person.id:
                items.append(_item(desk, one, steps, his=False))
    by_number = {one.ticket.id: one for one in items if one is not None}
    return most_urgent_first(list(by_number.values()))


def tells(desk: Desk, ticket: Ticket) -> bool:
    """Does this morning's digest name the ticket to its owner, as things stand then? Once a day is enough."""
    morning = datetime.combine(desk.now.astimezone(CHINA).date(), MORNING, CHINA)
    if ticket.owner is None or ticket.kind not in rows.KINDS or ticket.filed_at >= morning:
        return False
    if desk.now < morning:
        has_one = desk.county.days.is_working(morning.date()) and bool(_supervised(desk, ticket.owner))
        has_one = has_one and not assignments.is_on_leave(desk.tx, ticket.owner, morning)
    else:
        has_one = rows.was_made(desk.tx, ticket.owner, morning.date())
    if not has_one:
        return False
    owner = people.find(desk.tx, ticket.owner)
    listed = to_decide(replace(desk, now=morning), owner)[:LISTED] if owner else []
    return any(one.ticket.id == ticket.id for one in listed)


def _supervised(desk: Desk, person: int) -> list[str]:
    roles = people.roles(desk.tx, person, desk.now)
    return sorted({area for role, area in roles if role in (RoleName.SUPERVISOR, RoleName.STAFF)})


def _ladder(desk: Desk, known: dict[tuple[str, bool], list[Candidate]], ticket: Ticket) -> list[Candidate]:
    key = (ticket.area, ticket.kind is Kind.COMPLAINT)
    if key not in known:
        known[key] = owners(desk, ticket.area, ticket.kind)
    return known[key]


def _item(desk: Desk, ticket: Ticket, steps: list[Candidate], *, his: bool) -> Item | None:
    heir = next((one for one in steps if one.rung in _GRID and one.person.id != ticket.owner), None)
    found = way_of(ticket, his=his, heir=heir is not None, now=desk.now)
    if found is None:
        return None
    way, why = found
    return Item(ticket, way, why, heir.person if heir and way == "give" else None)
