"""The whole directory at once, for an import: what is in force, and changes many rows at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from domain.directory import RoleName
from storage import schema
from storage.database import Tx

_person = schema.person
_role = schema.role
_assignment = schema.assignment
_account = schema.account
_invitation = schema.invitation


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who has, or had, a role. `trusted` if it was more than a villager's."""

    id: int
    name: str
    phone: str
    trusted: bool


@dataclass(frozen=True, slots=True)
class OpenRole:
    id: int
    person: int
    role: RoleName
    area: str


@dataclass(frozen=True, slots=True)
class OpenAssignment:
    id: int
    person: int
    area: str
    duty: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose account it is. `blank` if that person never told a phone or a village and has no role."""

    account: int
    person: int
    blank: bool


_KNOWN = (
    sa.select(
        _person.c.id,
        _person.c.name,
        _person.c.phone,
        sa.func.max(sa.case((_role.c.role != RoleName.VILLAGER, 1), else_=0)).label("trusted"),
    )
    .join(_role, _role.c.person == _person.c.id)
    .where(_person.c.phone != "")
    .group_by(_person.c.id, _person.c.name, _person.c.phone)
    .order_by(_person.c.id)
)


def known(tx: Tx) -> list[Known]:
    """Everybody with a phone who has or had a role, whoever was entered first first."""
    return [Known(row.id, row.name, row.phone, bool(row.trusted)) for row in tx.execute(_KNOWN)]


_OPEN_ROLES = sa.select(_role.c.id, _role.c.person, _role.c.role, _role.c.area).where(
    _role.c.valid_to.is_(None)
)


def open_roles(tx: Tx) -> list[OpenRole]:
    return [OpenRole(row.id, row.person, RoleName(row.role), row.area) for row in tx.execute(_OPEN_ROLES)]


_OPEN_ASSIGNMENTS = sa.select(
    _assignment.c.id, _assignment.c.person, _assignment.c.area, _assignment.c.duty
).where(_assignment.c.valid_to.is_(None))


def open_assignments(tx: Tx) -> list[OpenAssignment]:
    return [OpenAssignment(row.id, row.person, row.area, row.duty) for row in tx.execute(_OPEN_ASSIGNMENTS)]


_HOLDERS = sa.select(
    _account.c.id,
    _account.c.channel,
    _account.c.address,
    _account.c.person,
    sa.and_(
        _person.c.phone == "", _person.c.area.is_(None), ~sa.exists().where(_role.c.person == _person.c.id)
    ).label("blank"),
).join(_person, _person.c.id == _account.c.person)
_HOLDER = _HOLDERS.where(
    _account.c.channel == sa.bindparam("channel"), _account.c.address == sa.bindparam("address")
)


def holder(tx: Tx, channel: str, address: str) -> Holder | None:
    """Who has the account; None if nobody was seen on it yet."""
    row = tx.execute(_HOLDER, {"channel": channel, "address": address}).first()
    return None if row is None else Holder(row.id, row.person, bool(row.blank))


_REACHABLE = sa.select(_account.c.person).distinct()


def reachable(tx: Tx) -> set[int]:
    """Everybody with an account."""
    return {row.person for row in tx.execute(_REACHABLE)}


_INVITATIONS = sa.select(
    _invitation.c.code,
    _invitation.c.person,
    sa.and_(_invitation.c.used_at.is_(None), _invitation.c.expires_at > sa.bindparam("at")).label("open"),
)


def invitations(tx: Tx, at: datetime) -> list[tuple[str, int, bool]]:
    """(code, person, can it still be used at `at`?) of every invitation ever made."""
    return [(row.code, row.person, bool(row.open)) for row in tx.execute(_INVITATIONS, {"at": at})]


def add_people(tx: Tx, names: Iterable[tuple[str, str]], now: datetime) -> dict[str, int]:
    """Add people by (phone, name), no phone twice; the id of each phone."""
    rows = [{"phone": phone, "name": name, "household": "", "created_at": now} for phone, name in names]
    if not rows:
        return {}
    added = tx.execute(sa.insert(_person).returning(_person.c.phone, _person.c.id), rows)
    return {row.phone: row.id for row in added}


_RENAME = (
    sa.update(_person).where(_person.c.id == sa.bindparam("renamed")).values(name=sa.bindparam("new_name"))
)


def rename_people(tx: Tx, names: Iterable[tuple[int, str]]) -> None:
    rows = [{"renamed": person, "new_name": name} for person, name in names]
    if rows:
        tx.execute(_RENAME, rows)


def add_roles(tx: Tx, roles: Iterable[tuple[int, RoleName, str]], now: datetime) -> None:
    """Give (person, role, area) from `now` on."""
    rows = [{"person": p, "role": role, "area": area, "valid_from": now} for p, role, area in roles]
    if rows:
        tx.execute(sa.insert(_role), rows)


def add_assignments(tx: Tx, assignments: Iterable[tuple[int, str, str]], now: datetime) -> None:
    """Assign (person, area, duty) from `now` on."""
    rows = [{"person": p, "area": area, "duty": duty, "valid_from": now} for p, area, duty in assignments]
    if rows:
        tx.execute(sa.insert(_assignment), rows)


def end_roles(tx: Tx, ids: Iterable[int], now: datetime) -> None:
    _end(tx, _role, ids, now)


def end_assignments(tx: Tx, ids: Iterable[int], now: datetime) -> None:
    _end(tx, _assignment, ids, now)


def _end(tx: Tx, table: sa.Table, ids: Iterable[int], now: datetime) -> None:
    """End rows at `now`. A row that was not yet in force then is removed: it would end before it began."""
    rows = [{"ended": one} for one in ids]
    if rows:
        one = table.c.id == sa.bindparam("ended")
        tx.execute(sa.delete(table).where(one, table.c.valid_from >= now), rows)
        tx.execute(sa.update(table).where(one, table.c.valid_from < now).values(valid_to=now), rows)


def add_invitations(tx: Tx, codes: Iterable[tuple[str, int]], expires_at: datetime) -> None:
    """Add (code, person) invitations."""
    rows = [{"code": code, "person": person, "expires_at": expires_at} for code, person in codes]
    if rows:
        tx.execute(sa.insert(_invitation), rows)
