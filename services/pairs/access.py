"""Who sees a pair: the two, and the office that keeps it."""

from domain.directory import Person, RoleName
from domain.errors import Refusal
from domain.pairs import Pair
from services.desk import Desk
from storage import pairs
from storage.directory import people

KEEPERS = (RoleName.STAFF, RoleName.SUPERVISOR)
"""Whoever works with one of these roles for exactly the office's area keeps its pairs: not the county a township's."""


def none_such() -> Refusal:
    return Refusal("没有这个结对，或已经结束了。")


def his_own(desk: Desk, number: int, person: Person) -> Pair:
    """The pair, if it is in force and the person is one of the two; else as if it did not exist."""
    found = pairs.find(desk.tx, number, desk.now)
    if found is None or person.id not in (found.helper, found.helped):
        raise none_such()
    return found


def kept(desk: Desk, number: int, person: Person) -> Pair:
    """The pair, if it is in force and the person's office keeps it."""
    found = pairs.find(desk.tx, number, desk.now)
    if found is None or found.office not in offices(desk, person):
        raise none_such()
    return found


def seen(desk: Desk, number: int, person: Person) -> Pair:
    """The pair, if it is in force and the person may read it."""
    found = pairs.find(desk.tx, number, desk.now)
    if found is not None and person.id in (found.helper, found.helped):
        return found
    return kept(desk, number, person)


def offices(desk: Desk, person: Person) -> list[str]:
    """Areas whose office the person works in."""
    return [area for role, area in people.roles(desk.tx, person.id, desk.now) if role in KEEPERS]


def found_person(desk: Desk, person: int) -> Person:
    found = people.find(desk.tx, person)
    if found is None:
        raise LookupError(f"person {person} is gone")
    return found
