"""Who may help, and who may be helped, by what they are in the roster."""

from domain.directory import Person, RoleName
from domain.errors import Refusal
from domain.pairs import PairKind
from services.desk import Desk
from storage.directory import people

_CADRES = frozenset({RoleName.LEADER, RoleName.OWNER, RoleName.STAFF, RoleName.SUPERVISOR, RoleName.CADRE})
_AT_HOME = frozenset({RoleName.VILLAGER, RoleName.AGENT})
HELPERS = {
    PairKind.HOUSEHOLD: _CADRES,
    PairKind.GROWER: _CADRES | {RoleName.EXPERT},
    PairKind.TALENT: _CADRES,
}
HELPED = {
    PairKind.HOUSEHOLD: _AT_HOME,
    PairKind.GROWER: _AT_HOME,
    PairKind.TALENT: frozenset({RoleName.EXPERT}),
}


def by_phone(desk: Desk) -> dict[str, list[tuple[Person, set[RoleName]]]]:
    """Everybody of the roster who has a phone, with the roles he has now."""
    found: dict[int, tuple[Person, set[RoleName]]] = {}
    for role in RoleName:
        for person, _ in people.in_office(desk.tx, [role], desk.now):
            found.setdefault(person.id, (person, set()))[1].add(role)
    known: dict[str, list[tuple[Person, set[RoleName]]]] = {}
    for person, roles in found.values():
        if person.phone:
            known.setdefault(person.phone, []).append((person, roles))
    return known


def helper_of_phone(desk: Desk, phone: str) -> Person:
    """Whoever of the roster may help and has this phone. Raises Refusal if nobody has."""
    roles = [*_CADRES, RoleName.EXPERT]
    found = next((one for one, _ in people.in_office(desk.tx, roles, desk.now) if one.phone == phone), None)
    if found is None:
        raise Refusal(f"花名册里没有电话为{phone}的干部或专家。")
    return found
