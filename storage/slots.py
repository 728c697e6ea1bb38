"""Times that leaders have for talks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.appointments.times import Slot
from domain.directory import Person, RoleName, chain
from storage import schema
from storage.database import Tx
from storage.directory.people import PERSON_COLUMNS, read_person
from storage.statements import InsertOnce, lock_name

_slot = schema.slot
_person = schema.person
_role = schema.role
_appointment = schema.appointment

SLOT_COLUMNS = (
    _slot.c.id.label("slot_id"),
    _slot.c.leader,
    _person.c.name.label("leader_name"),
    _slot.c.level,
    _slot.c.area,
    _slot.c.starts_at,
    _slot.c.ends_at,
    _slot.c.place,
)
_SLOT = sa.select(*SLOT_COLUMNS).join(_person, _person.c.id == _slot.c.leader)
_TAKEN = sa.exists().where(_appointment.c.slot == _slot.c.id, _appointment.c.cancelled_at.is_(None))
_OFFERED = _slot.c.withdrawn_at.is_(None)
_open_once = InsertOnce(_slot)


def read_slot(row: Any) -> Slot:
    """A Slot from a row that has SLOT_COLUMNS."""
    return Slot(
        row.slot_id,
        row.leader,
        row.leader_name,
        row.level,
        row.area,
        row.starts_at,
        row.ends_at,
        row.place,
    )


def add(tx: Tx, leader: int, level: str, area: str, times: tuple[datetime, datetime], place: str) -> bool:
    """False: the leader has another talk at that moment, open or taken."""
    lock_name(tx, f"slot:{leader}")  # two that cross each other may be opened at once
    starts_at, ends_at = times
    crossing = sa.select(_slot.c.id).where(
        _slot.c.leader == leader, _OFFERED, _slot.c.starts_at < ends_at, _slot.c.ends_at > starts_at
    )
    if tx.execute(crossing.limit(1)).first() is not None:
        return False
    values = {
        "leader": leader,
        "level": level,
        "area": area,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "place": place,
    }
    return _open_once(tx, values)


def find(tx: Tx, slot: int) -> Slot | None:
    row = tx.execute(_SLOT.where(_slot.c.id == slot)).first()
    return None if row is None else read_slot(row)


def at(tx: Tx, leader: int, starts_at: datetime) -> Slot | None:
    """The leader's time that begins at that moment and was not withdrawn."""
    query = _SLOT.where(_slot.c.leader == leader, _slot.c.starts_at == starts_at, _OFFERED)
    row = tx.execute(query).first()
    return None if row is None else read_slot(row)


def lock_free(tx: Tx, slot: int) -> Slot | None:
    """The time, held until the transaction ends, if it is open and nobody has it."""
    held = sa.select(_slot.c.id).where(_slot.c.id == slot, _OFFERED).with_for_update()
    if tx.execute(held).first() is None:
        return None
    row = tx.execute(_SLOT.where(_slot.c.id == slot, ~_TAKEN)).first()
    return None if row is None else read_slot(row)


def withdraw(tx: Tx, slot: int, now: datetime) -> None:
    tx.execute(sa.update(_slot).where(_slot.c.id == slot).values(withdrawn_at=now))


def put_place(tx: Tx, slot: int, place: str) -> None:
    tx.execute(sa.update(_slot).where(_slot.c.id == slot).values(place=place))


def free(
    tx: Tx, areas: Sequence[str], levels: Sequence[str], after: datetime, count: int, skip: int = 0
) -> list[Slot]:
    """Times of these levels that nobody has, open to whoever belongs to one of `areas`, the earliest first."""
    around = {code for area in areas for code in chain(area)}
    query = _SLOT.where(
        _slot.c.area.in_(around), _slot.c.level.in_(levels), _slot.c.starts_at > after, _OFFERED, ~_TAKEN
    )
    ordered = query.order_by(_slot.c.starts_at, _slot.c.id).offset(skip).limit(count)
    return [read_slot(row) for row in tx.execute(ordered)]


def free_of(tx: Tx, leader: int, after: datetime, count: int) -> list[Slot]:
    """Times of one leader that nobody has, the earliest first."""
    query = _SLOT.where(_slot.c.leader == leader, _slot.c.starts_at > after, _OFFERED, ~_TAKEN)
    return [read_slot(row) for row in tx.execute(query.order_by(_slot.c.starts_at).limit(count))]


class Arranged(NamedTuple):
    """A time, and the ticket that has it, if one has."""

    slot: Slot
    ticket: int | None
    state: str | None


_ARRANGED = (
    sa.select(*SLOT_COLUMNS, schema.ticket.c.id.label("ticket_id"), schema.ticket.c.state)
    .select_from(_slot)
    .join(_person, _person.c.id == _slot.c.leader)
    .outerjoin(
        _appointment, sa.and_(_appointment.c.slot == _slot.c.id, _appointment.c.cancelled_at.is_(None))
    )
    .outerjoin(schema.ticket, schema.ticket.c.id == _appointment.c.ticket)
    .where(_OFFERED, _slot.c.ends_at > sa.bindparam("now", type_=_slot.c.ends_at.type))
    .order_by(_slot.c.starts_at, _slot.c.id)
)


def arranged(
    tx: Tx, area: str, leader: int | None, now: datetime, count: int, skip: int = 0
) -> list[Arranged]:
    """What is to come in an area and all within it, or of one leader, the earliest first."""
    whose = _slot.c.area.startswith(area) if leader is None else _slot.c.leader == leader
    rows = tx.execute(_ARRANGED.where(whose).offset(skip).limit(count), {"now": now})
    return [Arranged(read_slot(row), row.ticket_id, row.state) for row in rows]


def recent_places(tx: Tx, area: str, count: int) -> list[str]:
    """Where talks are held in an area, the newest first."""
    newest = sa.func.max(_slot.c.id)
    query = sa.select(_slot.c.place).where(_slot.c.area == area).group_by(_slot.c.place)
    return list(tx.execute(query.order_by(newest.desc()).limit(count)).scalars())


def level_of(tx: Tx, leader: int) -> str | None:
    """The level at which a leader last had a time."""
    query = sa.select(_slot.c.level).where(_slot.c.leader == leader)
    return tx.execute(query.order_by(_slot.c.id.desc()).limit(1)).scalar()


_LEADERS = (RoleName.LEADER, RoleName.SUPERVISOR, RoleName.STAFF, RoleName.OWNER)


def leaders(tx: Tx, area: str, at: datetime, count: int, words: str = "") -> list[Person]:
    """Whoever of an area may have times for talks, those who had some lately first; by name or phone if given."""
    lately = sa.select(sa.func.max(_slot.c.id)).where(_slot.c.leader == _person.c.id).scalar_subquery()
    holds = sa.exists().where(
        _role.c.person == _person.c.id,
        _role.c.role.in_(_LEADERS),
        _role.c.area.startswith(area),
        _role.c.valid_from <= at,
        sa.or_(_role.c.valid_to.is_(None), _role.c.valid_to > at),
    )
    query = sa.select(*PERSON_COLUMNS).where(holds)
    if words:
        query = query.where(sa.or_(_person.c.name == words, _person.c.phone == words))
    ordered = query.order_by(sa.func.coalesce(lately, 0).desc(), _person.c.id).limit(count)
    return [read_person(row) for row in tx.execute(ordered)]
