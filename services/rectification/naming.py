"""Who may be named in a rectification: as its owner, or as the leader who answers for it."""

from domain.directory import Person, RoleName, chain
from domain.errors import Refusal
from domain.tickets.rectification import NAMED
from services.desk import Desk
from storage.directory import people

_LEADS = (RoleName.LEADER, RoleName.SUPERVISOR, RoleName.OWNER)


def nearby(desk: Desk, area: str) -> list[Person]:
    """Who may own a rectification of an area, the nearest first."""
    return _of(desk, area, NAMED)


def leaders(desk: Desk, area: str) -> list[Person]:
    """Who may answer for one of an area, the nearest first."""
    return _of(desk, area, _LEADS)


def by_phone(desk: Desk, phone: str) -> Person | None:
    """Whoever of those who may be named has this phone."""
    return next((one for one, _ in _everybody(desk) if one.phone == phone), None)


def named(desk: Desk, person: int) -> Person:
    """The person, if he may be named. Raises Refusal if not."""
    found = next((one for one, _ in _everybody(desk) if one.id == person), None)
    if found is None:
        raise Refusal("不能交给这个人，请重新选。")
    return found


def everybody(desk: Desk) -> list[Person]:
    """All who may be named, each once."""
    return list({one.id: one for one, _ in _everybody(desk)}.values())


def _everybody(desk: Desk) -> list[tuple[Person, str]]:
    return people.in_office(desk.tx, NAMED, desk.now)


def _of(desk: Desk, area: str, roles: tuple[RoleName, ...]) -> list[Person]:
    found = people.in_office(desk.tx, roles, desk.now, chain(area))
    return list({one.id: one for one, _ in sorted(found, key=lambda pair: -len(pair[1]))}.values())
