"""Linking codes, and one person made out of two."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from domain.directory import Account, RoleName
from storage import schema
from storage.database import Tx
from storage.duties import rows as duties
from storage.statements import InsertOnce

_code = schema.link_code
_account = schema.account
_person = schema.person
_role = schema.role
_add_once = InsertOnce(_code)


class Link(NamedTuple):
    """A code in force: the account that asked for it, and the one on which it was typed, once it was."""

    code: str
    asker: Account
    claimed_by: int | None


def add(tx: Tx, code: str, account: int, expires_at: datetime) -> bool:
    """False: the code, or another one of this account, is in force."""
    return _add_once(tx, {"code": code, "account": account, "expires_at": expires_at})


def drop_expired(tx: Tx, now: datetime) -> None:
    tx.execute(sa.delete(_code).where(_code.c.expires_at <= now))


def drop_of_account(tx: Tx, account: int) -> None:
    tx.execute(sa.delete(_code).where(_code.c.account == account))


def drop(tx: Tx, code: str) -> None:
    tx.execute(sa.delete(_code).where(_code.c.code == code))


_IN_FORCE = (
    sa.select(
        _code.c.code,
        _code.c.claimed_by,
        _account.c.id,
        _account.c.channel,
        _account.c.address,
        _account.c.person,
    )
    .join(_account, _account.c.id == _code.c.account)
    .where(
        _code.c.code == sa.bindparam("code"),
        _code.c.expires_at > sa.bindparam("now", type_=_code.c.expires_at.type),
    )
)
_LOCKED = _IN_FORCE.with_for_update(of=_code)


def find(tx: Tx, code: str, now: datetime) -> Link | None:
    """The code, if it is in force."""
    return _first(tx, _IN_FORCE, code, now)


def lock(tx: Tx, code: str, now: datetime) -> Link | None:
    """The code, if it is in force, held until the transaction ends: it is used once."""
    return _first(tx, _LOCKED, code, now)


def _first(tx: Tx, query: sa.Select[tuple[object, ...]], code: str, now: datetime) -> Link | None:
    row = tx.execute(query, {"code": code, "now": now}).first()
    if row is None:
        return None
    return Link(row.code, Account(row.id, row.channel, row.address, row.person), row.claimed_by)


def claim(tx: Tx, code: str, account: int, expires_at: datetime) -> None:
    """The code was typed on this account by somebody who says that both are his own."""
    values = {"claimed_by": account, "expires_at": expires_at}
    tx.execute(sa.update(_code).where(_code.c.code == code).values(values))


_ONE = sa.select(_account.c.id, _account.c.channel, _account.c.address, _account.c.person).where(
    _account.c.id == sa.bindparam("account")
)


def account(tx: Tx, number: int) -> Account | None:
    row = tx.execute(_ONE, {"account": number}).first()
    return None if row is None else Account(row.id, row.channel, row.address, row.person)


_TRUSTED = (
    RoleName.CADRE,
    RoleName.SUPERVISOR,
    RoleName.STAFF,
    RoleName.OWNER,
    RoleName.LEADER,
    RoleName.EXPERT,
)
_BOTH = (
    sa.select(_person.c.id)
    .where(_person.c.id.in_(sa.bindparam("people", expanding=True)))
    .order_by(_person.c.id)
    .with_for_update(key_share=True)
)


def lock_people(tx: Tx, people: Sequence[int]) -> None:
    """Hold the people's rows until the transaction ends, the one entered first first."""
    tx.execute(_BOTH, {"people": list(people)}).all()


_OF_THE_ROSTER = sa.select(
    sa.exists().where(_role.c.person == sa.bindparam("one"), _role.c.role.in_(_TRUSTED))
)


def of_the_roster(tx: Tx, person: int) -> bool:
    """Does the person answer for others, or did he ever? What he did then carries his name."""
    return bool(tx.execute(_OF_THE_ROSTER, {"one": person}).scalar_one())


_HERS: tuple[sa.Column[int], ...] = (
    _account.c.person,
    schema.ticket.c.villager,
    schema.ticket.c.filed_by,
    schema.ticket.c.owner,
    schema.assignment.c.person,
    schema.leave.c.person,
    schema.invitation.c.person,
    schema.suggestion.c.person,
    schema.slot.c.leader,
    schema.outbox.c.person,  # last: whoever holds a ticket may be telling her of it, and is waited for
)
"""Everything that is somebody's, but roles. Events of tickets stand as they were written."""


def hand_over_everything(tx: Tx, gone: int, kept: int) -> None:
    """All that is one person's becomes the other's, who keeps what roles she has."""
    for column in _HERS:
        tx.execute(sa.update(column.table).where(column == gone).values({column.name: kept}))
    duties.hand_over(tx, gone, kept)
    has = _role.alias()
    same = sa.exists().where(
        has.c.person == kept, has.c.role == _role.c.role, has.c.area == _role.c.area, has.c.valid_to.is_(None)
    )
    tx.execute(sa.delete(_role).where(_role.c.person == gone, _role.c.valid_to.is_(None), same))
    tx.execute(sa.update(_role).where(_role.c.person == gone).values(person=kept))


_PROFILE = sa.select(
    _person.c.name, _person.c.phone, _person.c.area, _person.c.household, _person.c.consented_at
).where(_person.c.id == sa.bindparam("person"))


def fill_gaps(tx: Tx, gone: int, kept: int) -> None:
    """What the one's profile lacks is taken from the other's. Village and household go together."""
    known = tx.execute(_PROFILE, {"person": kept}).one()
    other = tx.execute(_PROFILE, {"person": gone}).one()
    home = known if known.area else other
    values = {
        "name": known.name or other.name,
        "phone": known.phone or other.phone,
        "area": home.area,
        "household": home.household,
        "consented_at": known.consented_at or other.consented_at,
    }
    tx.execute(sa.update(_person).where(_person.c.id == kept).values(values))
