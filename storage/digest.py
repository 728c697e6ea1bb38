"""What the morning's digest is made of: who decides, what came up to him, and what lies with nobody."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from domain.directory import RoleName, Rung
from domain.tickets.steps import IN_HAND, WAITING, Kind, Ticket
from storage import schema, tickets
from storage.database import Tx
from storage.statements import InsertOnce

_ticket = schema.ticket
_role = schema.role
_leave = schema.leave
_digest = schema.digest

_make = InsertOnce(_digest)
_DECIDE = (RoleName.SUPERVISOR, RoleName.STAFF)
_UNANSWERED = tuple(WAITING | IN_HAND)
KINDS = (Kind.REQUEST, Kind.IMMEDIATE, Kind.CONSULT, Kind.COMPLAINT)
"""What climbs the ladder. Other kinds have owners who are chosen in another way."""


def _in_force(at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_role.c.valid_from <= at, sa.or_(_role.c.valid_to.is_(None), _role.c.valid_to > at))


def _away(person: sa.ColumnElement[Any], at: datetime) -> sa.ColumnElement[bool]:
    return sa.exists().where(_leave.c.person == person, _leave.c.starts_at <= at, _leave.c.ends_at > at)


def next_to_tell(tx: Tx, day: date, now: datetime, count: int) -> list[int]:
    """Supervisors and staff who are there, and whose digest of the day was not made yet."""
    made = sa.exists().where(_digest.c.person == _role.c.person, _digest.c.day == day)
    query = (
        sa.select(_role.c.person)
        .where(_role.c.role.in_(_DECIDE), _in_force(now), ~_away(_role.c.person, now), ~made)
        .distinct()
        .order_by(_role.c.person)
        .limit(count)
    )
    return list(tx.execute(query).scalars())


def make(tx: Tx, person: int, day: date) -> bool:
    """Somebody's digest of a day is made now. False: it was made before."""
    return _make(tx, {"person": person, "day": day})


def was_made(tx: Tx, person: int, day: date) -> bool:
    """Was somebody's digest of a day made? Also one that had nothing in it."""
    made = sa.select(_digest.c.day).where(_digest.c.person == person, _digest.c.day == day)
    return tx.execute(made).first() is not None


def forget(tx: Tx, before: date) -> None:
    tx.execute(sa.delete(_digest).where(_digest.c.day < before))


def came_up(tx: Tx, person: int, count: int) -> list[Ticket]:
    """Tickets that the person has to answer, the longest due first; without kinds that have steps of their own."""
    return _listed(tx, sa.and_(_ticket.c.owner == person, _ticket.c.state.in_(_UNANSWERED)), count)


def astray(tx: Tx, area: str, now: datetime, count: int) -> list[Ticket]:
    """Tickets of an area whose owner is away or holds no office any more, or that a grid left lying past their limit."""
    holds_office = sa.exists().where(_role.c.person == _ticket.c.owner, _in_force(now))
    lies = sa.and_(
        _ticket.c.state.in_(tuple(WAITING)),
        _ticket.c.limit_at <= now,
        _ticket.c.rung.in_((Rung.PRIMARY, Rung.DEPUTY)),
    )
    left = sa.or_(_away(_ticket.c.owner, now), ~holds_office, lies)
    unanswered = sa.and_(_ticket.c.area.startswith(area), _ticket.c.state.in_(_UNANSWERED))
    return _listed(tx, sa.and_(unanswered, _ticket.c.owner.is_not(None), left), count)


def _listed(tx: Tx, which: sa.ColumnElement[bool], count: int) -> list[Ticket]:
    first = sa.case((_ticket.c.kind == Kind.IMMEDIATE, 0), else_=1)
    query = (
        sa.select(_ticket.c.id)
        .where(which, _ticket.c.kind.in_(KINDS))
        .order_by(first, _ticket.c.limit_at, _ticket.c.id)
        .limit(count)
    )
    found = [tickets.find(tx, number) for number in tx.execute(query).scalars().all()]
    return [one for one in found if one is not None]
