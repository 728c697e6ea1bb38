"""People, their accounts and their roles."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.directory import Account, Person, RoleName
from storage import schema
from storage.database import Tx
from storage.prepared import Prepared
from storage.statements import new_id

_person = schema.person
_account = schema.account
_role = schema.role

PERSON_COLUMNS = (
    _person.c.id,
    _person.c.name,
    _person.c.phone,
    _person.c.area,
    _person.c.consented_at,
    _person.c.household,
)

_PERSON = sa.select(*PERSON_COLUMNS).where(_person.c.id == sa.bindparam("person"))


def read_person(row: Any) -> Person:
    """A Person from a row that has PERSON_COLUMNS."""
    return Person(row.id, row.name, row.phone, row.area, row.consented_at is not None, row.household)


def find(tx: Tx, person: int) -> Person | None:
    row = tx.execute(_PERSON, {"person": person}).first()
    return None if row is None else read_person(row)


def add(tx: Tx, now: datetime, *, name: str = "", phone: str = "") -> int:
    """Add a person and return the id."""
    return new_id(
        tx.execute(sa.insert(_person), {"name": name, "phone": phone, "household": "", "created_at": now})
    )


def bind(tx: Tx, person: int, area: str, household: str, now: datetime) -> None:
    """She agreed, and lives in `area`."""
    values = {"area": area, "household": household, "consented_at": now}
    tx.execute(sa.update(_person).where(_person.c.id == person).values(values))


def set_phone(tx: Tx, person: int, phone: str) -> None:
    tx.execute(sa.update(_person).where(_person.c.id == person).values(phone=phone))


def erase(tx: Tx, person: int) -> None:
    """Blank the profile."""
    values = {"name": "", "phone": "", "area": None, "household": "", "consented_at": None}
    tx.execute(sa.update(_person).where(_person.c.id == person).values(values))


def add_account(tx: Tx, channel: str, address: str, person: int, now: datetime) -> int:
    values = {"channel": channel, "address": address, "person": person, "blocked": False, "created_at": now}
    return new_id(tx.execute(sa.insert(_account), values))


def account_of(tx: Tx, channel: str, address: str) -> int | None:
    """The account of an address, if it is known."""
    query = sa.select(_account.c.id).where(_account.c.channel == channel, _account.c.address == address)
    return tx.execute(query).scalar()


def at(tx: Tx, channel: str, address: str) -> Person | None:
    """Whose account it is, if it is known."""
    holder = sa.select(*PERSON_COLUMNS).join(_account, _account.c.person == _person.c.id)
    row = tx.execute(holder.where(_account.c.channel == channel, _account.c.address == address)).first()
    return None if row is None else read_person(row)


def drop_account(tx: Tx, account: int) -> None:
    """The account is no more, nor are the talk with it and its windows."""
    tx.execute(sa.delete(_account).where(_account.c.id == account))


_HAS_ACCOUNT = sa.exists().where(_account.c.person == _person.c.id)
_GONE = sa.select(sa.and_(_person.c.name == "", ~_HAS_ACCOUNT)).where(_person.c.id == sa.bindparam("person"))


def is_gone(tx: Tx, person: int) -> bool:
    """Has the person no account any more, nor a name by which one could be linked by invitation?"""
    return bool(tx.execute(_GONE, {"person": person}).scalar_one())


def has_account(tx: Tx, person: int) -> bool:
    """Blocked ones count: the person may unblock them."""
    return bool(tx.execute(sa.select(sa.exists().where(_account.c.person == person))).scalar_one())


def move_account(tx: Tx, account: int, person: int) -> None:
    """The account turns out to be `person`'s."""
    tx.execute(sa.update(_account).where(_account.c.id == account).values(person=person))


class Reachable(NamedTuple):
    """An account of a person, when she was last seen on it, and whether a message can arrive there now."""

    account: Account
    seen_at: datetime
    open: bool


_WINDOW = schema.send_window
_OF_ACCOUNT = sa.select(1).where(_WINDOW.c.account == _account.c.id)
OPEN = sa.or_(
    ~sa.exists(_OF_ACCOUNT),
    sa.exists(
        _OF_ACCOUNT.where(
            _WINDOW.c.remaining > 0, _WINDOW.c.until > sa.bindparam("at", type_=_WINDOW.c.until.type)
        )
    ),
).label("open")
"""No messenger that counts, or something is left to send there."""
BEST = sa.func.row_number().over(
    partition_by=_account.c.person,
    order_by=(OPEN.desc(), schema.conversation.c.seen_at.desc(), _account.c.id),
)
"""The place of an account among those of its person, in the order of `best_account`."""
_SEEN = (
    sa.select(
        _account.c.id,
        _account.c.channel,
        _account.c.address,
        _account.c.person,
        schema.conversation.c.seen_at,
        OPEN,
    )
    .join(schema.conversation, schema.conversation.c.account == _account.c.id)
    .where(_account.c.person == sa.bindparam("person"), ~_account.c.blocked)
    .order_by(OPEN.desc(), schema.conversation.c.seen_at.desc())
    .limit(1)
)
_seen, _seen_to_stay = (
    Prepared(_SEEN),
    Prepared(_SEEN.with_for_update(of=_account, read=True, key_share=True)),
)


def best_account(tx: Tx, person: int, now: datetime, *, stays: bool = False) -> Reachable | None:
    """Where a message can arrive now, or else may later: there, where the person was last seen. Never a blocked one.

    stays: it cannot be dropped before the transaction ends, so that a message to it can be put by.
    """
    row = (_seen_to_stay if stays else _seen).first(tx, {"person": person, "at": now})
    if row is None:
        return None
    return Reachable(Account(row.id, row.channel, row.address, row.person), row.seen_at, row.open)


_LOCK = sa.select(_account.c.id).where(_account.c.id == sa.bindparam("of")).with_for_update(key_share=True)


def lock_account(tx: Tx, account: int) -> None:
    """Wait for a turn of this account that is under way; until the transaction ends the next one waits."""
    tx.execute(_LOCK, {"of": account})


def mark_blocked(tx: Tx, account: int, *, blocked: bool) -> None:
    tx.execute(sa.update(_account).where(_account.c.id == account).values(blocked=blocked))


_roles = Prepared(
    sa.select(_role.c.role, _role.c.area).where(
        _role.c.person == sa.bindparam("person"),
        _role.c.valid_from <= sa.bindparam("at"),
        sa.or_(_role.c.valid_to.is_(None), _role.c.valid_to > sa.bindparam("at")),
    )
)


def roles(tx: Tx, person: int, at: datetime) -> list[tuple[RoleName, str]]:
    """(role, area) pairs in force at `at`."""
    return [(RoleName(row.role), row.area) for row in _roles.rows(tx, {"person": person, "at": at})]


def worker_of_phone(tx: Tx, phone: str, at: datetime) -> Person | None:
    """Whoever of the roster has this phone. A villager who types a cadre's phone is not found by it."""
    found = tx.execute(_WORKER, {"phone": phone, "at": at}).first()
    return None if found is None else read_person(found)


_WORKER = (
    sa.select(*PERSON_COLUMNS)
    .join(_role, _role.c.person == _person.c.id)
    .where(
        _person.c.phone == sa.bindparam("phone"),
        _role.c.role.in_([RoleName.CADRE, RoleName.SUPERVISOR, RoleName.STAFF]),
        _role.c.valid_from <= sa.bindparam("at", type_=_role.c.valid_from.type),
        sa.or_(
            _role.c.valid_to.is_(None), _role.c.valid_to > sa.bindparam("at", type_=_role.c.valid_from.type)
        ),
    )
)


_IN_OFFICE = (
    sa.select(*PERSON_COLUMNS, _role.c.area.label("scope"))
    .join(_role, _role.c.person == _person.c.id)
    .where(
        _role.c.role.in_(sa.bindparam("roles", expanding=True)),
        _role.c.valid_from <= sa.bindparam("at", type_=_role.c.valid_from.type),
        sa.or_(
            _role.c.valid_to.is_(None), _role.c.valid_to > sa.bindparam("at", type_=_role.c.valid_from.type)
        ),
    )
    .order_by(_person.c.id)
)
_IN_OFFICE_HERE = _IN_OFFICE.where(_role.c.area.in_(sa.bindparam("areas", expanding=True)))


def in_office(
    tx: Tx, roles: Sequence[RoleName], at: datetime, areas: Sequence[str] | None = None
) -> list[tuple[Person, str]]:
    """Everybody who has one of the roles at `at` (in one of these areas), with the area, whoever was entered first first."""
    values = {"roles": list(roles), "at": at}
    if areas is None:
        rows = tx.execute(_IN_OFFICE, values)
    else:
        rows = tx.execute(_IN_OFFICE_HERE, values | {"areas": list(areas)})
    return [(read_person(row), row.scope) for row in rows]


def end_role(tx: Tx, person: int, role: RoleName, area: str, now: datetime) -> None:
    """End a role of the person that is in force."""
    of_person = sa.and_(_role.c.person == person, _role.c.role == role, _role.c.area == area)
    tx.execute(sa.update(_role).where(of_person, _role.c.valid_to.is_(None)).values(valid_to=now))


def add_role(tx: Tx, person: int, role: RoleName, area: str, now: datetime) -> None:
    tx.execute(sa.insert(_role), {"person": person, "role": role, "area": area, "valid_from": now})


_COUNT = sa.select(sa.func.count(_role.c.person.distinct())).where(
    _role.c.role.in_(sa.bindparam("roles", expanding=True)),
    _role.c.valid_from <= sa.bindparam("at", type_=_role.c.valid_from.type),
    sa.or_(_role.c.valid_to.is_(None), _role.c.valid_to > sa.bindparam("at", type_=_role.c.valid_from.type)),
)


def count_with_role(tx: Tx, roles: Sequence[RoleName], at: datetime) -> int:
    """How many people have one of the roles at `at`."""
    return int(tx.execute(_COUNT, {"roles": list(roles), "at": at}).scalar_one())
