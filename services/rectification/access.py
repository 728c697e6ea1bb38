"""Who sees a rectification, who reviews it, and who may be named in it."""

from domain.directory import Person, RoleName, Rung, chain, within
from domain.errors import Refusal
from domain.tickets.rectification import Item
from services.desk import Desk
from storage import rectifications
from storage.directory import assignments, people

_WATCHES = (RoleName.SUPERVISOR, RoleName.STAFF)


def none_such(number: int) -> Refusal:
    return Refusal(f"没有{number}号整改，请核对号码。")


def held(desk: Desk, number: int, person: Person) -> Item:
    """The item, locked, if the person may see it; else as if it did not exist."""
    found = rectifications.lock(desk.tx, number)
    if found is None or not may_see(desk, found, person):
        raise none_such(number)
    return found


def seen(desk: Desk, number: int, person: Person) -> Item | None:
    """The item, if there is one of this number and the person may see it."""
    found = rectifications.find(desk.tx, number)
    return found if found is not None and may_see(desk, found, person) else None


def his_own(desk: Desk, number: int, person: Person) -> Item:
    """The item, locked, if the person has to put it right. Says who has to if it is somebody else."""
    found = held(desk, number, person)
    if found.ticket.owner != person.id:
        raise Refusal(f"{number}号由{name_of(desk, found.ticket.owner)}负责整改。")
    return found


def to_review(desk: Desk, number: int, person: Person) -> Item:
    """The item, locked, if the person is of the staff who review it."""
    found = held(desk, number, person)
    if not _has_role(desk, found, person, (RoleName.STAFF,)):
        raise Refusal(f"{number}号由县上复核。")
    return found


def may_see(desk: Desk, item: Item, person: Person) -> bool:
    """Its owner, the leader who answers for it, and those whose role watches over its place."""
    return person.id in (item.ticket.owner, item.leader) or _has_role(desk, item, person, _WATCHES)


def reviews(desk: Desk, item: Item, person: Person) -> bool:
    """May the person tick it off, as far as his office goes and his own part in it?"""
    stranger = person.id not in (item.ticket.owner, item.proposed_by, item.leader)
    return stranger and _has_role(desk, item, person, (RoleName.STAFF,))


def reviewers(desk: Desk, item: Item) -> list[int]:
    """Who is told that something waits to be ticked off: all who may, those on leave only where there is nobody else."""
    found = [
        one
        for one in assignments.candidates(desk.tx, chain(item.ticket.area), desk.now)
        if one.rung is Rung.STAFF
    ]
    free = [one for one in found if one.person.id not in (item.ticket.owner, item.leader)]
    present = [one for one in free if not one.on_leave]
    return sorted({one.person.id for one in present or free})


def reviews_any(desk: Desk, person: Person) -> list[str]:
    """Areas whose rectifications the person may review."""
    return [area for role, area in people.roles(desk.tx, person.id, desk.now) if role is RoleName.STAFF]


def watches(desk: Desk, person: Person) -> list[str]:
    """Areas whose whole list the person may read."""
    return [area for role, area in people.roles(desk.tx, person.id, desk.now) if role in _WATCHES]


def name_of(desk: Desk, person: int | None) -> str:
    found = people.find(desk.tx, person) if person else None
    return found.name if found else ""


def _has_role(desk: Desk, item: Item, person: Person, allowed: tuple[RoleName, ...]) -> bool:
    roles = people.roles(desk.tx, person.id, desk.now)
    return any(role in allowed and within(item.ticket.area, area) for role, area in roles)
