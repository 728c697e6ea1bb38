"""Who has taken which time for a talk. The topic goes when the talk is over or called off: the database insists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.appointments.times import Appointment
from domain.tickets.steps import FINAL, Kind, State
from storage import schema
from storage.database import Tx
from storage.slots import SLOT_COLUMNS, read_slot
from storage.statements import InsertOnce

_appointment = schema.appointment
_slot = schema.slot
_ticket = schema.ticket
_add_once = InsertOnce(_appointment)

_APPOINTMENT = (
    sa.select(*(column for column in _appointment.columns if column.name != "slot"), *SLOT_COLUMNS)
    .join(_slot, _slot.c.id == _appointment.c.slot)
    .join(schema.person, schema.person.c.id == _slot.c.leader)
)


def _read(row: Any) -> Appointment:
    return Appointment(
        row.ticket,
        read_slot(row),
        row.changed_at,
        row.topic,
        row.fixed_at,
        row.over_at,
        row.cancelled_at,
        row.reminded_at,
        row.sequence,
    )


def add(tx: Tx, ticket: int, slot: int, topic: str, now: datetime) -> bool:
    """False: somebody else has the time."""
    values = {"ticket": ticket, "slot": slot, "topic": topic, "sequence": 0, "changed_at": now}
    return _add_once(tx, values)


def find(tx: Tx, ticket: int) -> Appointment | None:
    row = tx.execute(_APPOINTMENT.where(_appointment.c.ticket == ticket)).first()
    return None if row is None else _read(row)


def _change(tx: Tx, ticket: int, now: datetime, **values: Any) -> None:
    changed = values | {"sequence": _appointment.c.sequence + 1, "changed_at": now}
    tx.execute(sa.update(_appointment).where(_appointment.c.ticket == ticket).values(changed))


def fix(tx: Tx, ticket: int, slot: int, now: datetime) -> None:
    """It will be at the time of this slot, which nobody else has; a reminder is owed anew."""
    _change(tx, ticket, now, slot=slot, fixed_at=now, over_at=None, reminded_at=None)


def rebook(tx: Tx, ticket: int, slot: int, now: datetime) -> None:
    """She wants another time, to which nobody has said yes yet."""
    _change(tx, ticket, now, slot=slot, fixed_at=None, over_at=None, reminded_at=None)


def end(tx: Tx, ticket: int, now: datetime) -> None:
    """The time has passed, and the topic with it."""
    values = {"over_at": now, "topic": ""}
    tx.execute(sa.update(_appointment).where(_appointment.c.ticket == ticket).values(values))


def cancel(tx: Tx, ticket: int, now: datetime) -> None:
    """Called off: the time is free again, and the topic gone."""
    _change(tx, ticket, now, cancelled_at=now, topic="")


def reminded(tx: Tx, ticket: int, now: datetime) -> None:
    tx.execute(sa.update(_appointment).where(_appointment.c.ticket == ticket).values(reminded_at=now))


_DUE = (
    sa.select(_ticket.c.id)
    .join(_appointment, _appointment.c.ticket == _ticket.c.id)
    .join(_slot, _slot.c.id == _appointment.c.slot)
    .where(
        _ticket.c.state == State.ACCEPTED,
        _appointment.c.reminded_at.is_(None),
        _appointment.c.cancelled_at.is_(None),
        _appointment.c.fixed_at < sa.bindparam("today", type_=_slot.c.starts_at.type),
        _slot.c.starts_at > sa.bindparam("now", type_=_slot.c.starts_at.type),
        _slot.c.starts_at < sa.bindparam("until", type_=_slot.c.starts_at.type),
    )
    .order_by(_ticket.c.id)
    .limit(sa.bindparam("count"))
    .with_for_update(of=_ticket, skip_locked=True)
)


def to_remind_of(tx: Tx, today: datetime, now: datetime, until: datetime, count: int) -> list[int]:
    """Tickets fixed before today, with a talk to come before `until` of which nobody was reminded yet."""
    values = {"today": today, "now": now, "until": until, "count": count}
    return list(tx.execute(_DUE, values).scalars())


def open_of(tx: Tx, person: int) -> list[int]:
    """Tickets of the person's appointments that are not ended, the newest first."""
    query = sa.select(_ticket.c.id).where(
        _ticket.c.villager == person, _ticket.c.kind == Kind.APPOINTMENT, _ticket.c.state.not_in(tuple(FINAL))
    )
    return list(tx.execute(query.order_by(_ticket.c.id.desc())).scalars())


def of_calendar(tx: Tx, person: int, since: datetime) -> Sequence[Appointment]:
    """Talks that the person has as a leader or has asked for, from `since` on; those called off too."""
    query = _APPOINTMENT.join(_ticket, _ticket.c.id == _appointment.c.ticket).where(
        sa.or_(_slot.c.leader == person, _ticket.c.villager == person), _slot.c.ends_at > since
    )
    return [_read(row) for row in tx.execute(query.order_by(_slot.c.starts_at, _appointment.c.ticket))]
