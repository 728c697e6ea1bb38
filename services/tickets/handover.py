"""A grid gets another cadre: what is open moves with it, in one transaction."""

from datetime import datetime

from domain.directory import Duty, Person, RoleName
from domain.errors import Refusal
from domain.tickets.clock import owners_time
from domain.tickets.steps import STAFF_ONLY, Kind, Part, Step, Ticket
from services.delivery import tell
from services.desk import Desk
from services.tickets.filing import card_for_owner
from services.tickets.handling import rung_of
from services.tickets.steps import may_work, take
from storage import tickets
from storage.directory import assignments, people


def give_grid(desk: Desk, area: str, phone: str) -> tuple[Person, int]:
    """Make whoever of the roster has this phone the primary cadre of a grid.

    Returns him and how many open tickets moved. Raises Refusal when nobody of the roster has the phone.
    """
    successor = people.worker_of_phone(desk.tx, phone, desk.now)
    if successor is None:
        raise Refusal(f"花名册里没有电话为{phone}的干部，请先导入。")
    holders = assignments.holders(desk.tx, area, Duty.PRIMARY, desk.now)
    if successor.id in holders:
        return successor, 0
    if not holders:
        _take_grid(desk, area, successor, Duty.PRIMARY)
        return successor, 0
    leaver = people.find(desk.tx, holders[0])
    return successor, hand_over_grid(desk, area, leaver, successor) if leaver else 0


def hand_over_grid(desk: Desk, area: str, leaver: Person, successor: Person) -> int:
    """The grid gets another cadre: assignment, role and all open tickets move in this transaction. How many moved."""
    duty = next((d for a, d in assignments.areas_of(desk.tx, leaver.id, desk.now) if a == area), None)
    if duty is None:
        raise Refusal(f"{leaver.name}现在不负责这个网格。")
    assignments.end_assignments(desk.tx, area, leaver.id, desk.now)
    people.end_role(desk.tx, leaver.id, RoleName.CADRE, area, desk.now)
    _take_grid(desk, area, successor, duty)
    return move_tickets(desk, area, leaver.id, successor.id)


def _take_grid(desk: Desk, area: str, successor: Person, duty: str) -> None:
    """One duty in a grid at a time, and the role that goes with it."""
    assignments.end_assignments(desk.tx, area, successor.id, desk.now)
    assignments.assign(desk.tx, area, successor.id, duty, desk.now)
    if (RoleName.CADRE, area) not in people.roles(desk.tx, successor.id, desk.now):
        people.add_role(desk.tx, successor.id, RoleName.CADRE, area, desk.now)


def _time_for_heir(desk: Desk, ticket: Ticket) -> datetime | None:
    """A talk keeps its own time."""
    if ticket.kind is Kind.APPOINTMENT:
        return ticket.owner_by
    return owners_time(ticket, desk.now, desk.county.limits, desk.county.days)


def move_tickets(desk: Desk, area: str, leaver: int, successor: int) -> int:
    """Move the leaver's open tickets of a grid to the successor and tell him. Returns how many moved.

    A complaint moves only to one who may see it; the clock finds another for what stays behind. What had climbed
    stands on the successor's own rung again, and he has as much time for what is overdue as anybody it climbs to.
    """
    heir = people.find(desk.tx, successor)
    if heir is None:
        return 0
    held = tickets.open_of_grid(desk.tx, area, leaver)
    moved = [one for one in held if one.kind not in STAFF_ONLY or may_work(desk, one, heir)]
    for ticket in moved:
        after = take(
            desk, ticket, Step.HAND_OVER, Part.CLOCK, None,
            owner=successor, rung=rung_of(desk, ticket, heir), owner_by=_time_for_heir(desk, ticket),
        )  # fmt: skip
        tell(desk, successor, card_for_owner(desk, after, "接手"))
    return len(moved)
