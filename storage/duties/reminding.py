"""Who is to be reminded today: many people at a time, a statement for all of them."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.delivery import Lane, Sending
from domain.directory import Duty as Place
from domain.duties.duty import State
from domain.duties.template import Template
from domain.talk import Reply
from storage import schema
from storage.database import Tx
from storage.delivery import outbox
from storage.directory.people import BEST
from storage.duties.audience import members
from storage.statements import lock_name

_duty = schema.duty
_reminder = schema.duty_reminder
_assignment = schema.assignment
_leave = schema.leave
_account = schema.account
_outbox = schema.outbox

_TODAY = sa.bindparam("today", type_=sa.Date)
_DUE = (
    sa.select(_duty.c.person)
    .where(_duty.c.remind_on.is_not(None), _duty.c.remind_on <= _TODAY)
    .order_by(_duty.c.remind_on, _duty.c.person)
    .limit(sa.bindparam("count"))
)


def due(tx: Tx, today: date, count: int) -> list[int]:
    """People who have a duty of which they are to be reminded, out of the first `count` such duties.

    Until the transaction ends nobody else reminds anybody.
    """
    lock_name(tx, "duty reminders")
    return list(dict.fromkeys(tx.execute(_DUE, {"today": today, "count": count}).scalars()))


class Open(NamedTuple):
    """A duty that is not noted yet."""

    person: int
    period: int


_OPEN = sa.select(_duty.c.person, _duty.c.period).where(
    _duty.c.person.in_(sa.bindparam("people", expanding=True)),
    _duty.c.period.in_(sa.bindparam("periods", expanding=True)),
    _duty.c.state == State.OPEN,
)


def open_ones(tx: Tx, people: Collection[int], periods: Collection[int]) -> list[Open]:
    """Duties of these people in these periods that are not noted yet, by person and period."""
    query = _OPEN.order_by(_duty.c.person, _duty.c.period)
    return [Open(*row) for row in tx.execute(query, {"people": list(people), "periods": list(periods)})]


class Due(NamedTuple):
    """A duty of which its person is to be reminded."""

    person: int
    period: int
    remind_on: date


def of_people(tx: Tx, people: Collection[int], today: date) -> list[Due]:
    """All that these people are to be reminded of by today."""
    query = sa.select(_duty.c.person, _duty.c.period, _duty.c.remind_on).where(
        _duty.c.person.in_(people), _duty.c.remind_on <= today
    )
    return [Due(*row) for row in tx.execute(query.order_by(_duty.c.person, _duty.c.period))]


_AT = sa.bindparam("at", type_=schema.role.c.valid_from.type)


@lru_cache(maxsize=200)
def _in_office(template: Template) -> sa.Select[Any]:
    theirs = members(template, _AT).subquery("members")
    return sa.select(theirs.c.person).where(theirs.c.person.in_(sa.bindparam("people", expanding=True)))


def in_office(tx: Tx, template: Template, people: Collection[int], at: datetime) -> set[int]:
    """Those of the people whose duty it is at `at`."""
    return set(tx.execute(_in_office(template), {"people": list(people), "at": at}).scalars())


def on_leave(tx: Tx, people: Collection[int], at: datetime) -> set[int]:
    query = sa.select(_leave.c.person).where(
        _leave.c.person.in_(people), _leave.c.starts_at <= at, _leave.c.ends_at > at
    )
    return set(tx.execute(query).scalars())


_his = _assignment.alias("his")


def _grids_of_both(at: datetime) -> sa.Select[Any]:
    """(person, deputy) of each grid that has both."""
    in_force = [
        sa.and_(one.c.valid_from <= at, sa.or_(one.c.valid_to.is_(None), one.c.valid_to > at))
        for one in (_his, _assignment)
    ]
    return (
        sa.select(_his.c.person, _assignment.c.person.label("deputy"))
        .join(_assignment, _assignment.c.area == _his.c.area)
        .where(
            _his.c.duty == Place.PRIMARY,
            _assignment.c.duty == Place.DEPUTY,
            _assignment.c.person != _his.c.person,
            *in_force,
        )
        .order_by(_his.c.person, _his.c.area, _assignment.c.person)
    )


def deputies(tx: Tx, people: Collection[int], at: datetime) -> dict[int, int]:
    """By person: who is deputy of a grid of which the person is primary, and is not on leave himself."""
    if not people:
        return {}
    query = _grids_of_both(at).where(_his.c.person.in_(people))
    found = [(row.person, row.deputy) for row in tx.execute(query)]
    away = on_leave(tx, {deputy for _, deputy in found}, at)
    chosen: dict[int, int] = {}
    for person, deputy in found:
        if deputy not in away:
            chosen.setdefault(person, deputy)
    return chosen


def stood_in_for(tx: Tx, people: Collection[int], at: datetime) -> set[int]:
    """Who is on leave, and has one of these people as a deputy."""
    query = _grids_of_both(at).where(_assignment.c.person.in_(people))
    away = sa.exists().where(
        _leave.c.person == _his.c.person, _leave.c.starts_at <= at, _leave.c.ends_at > at
    )
    return {row.person for row in tx.execute(query.where(away))}


def names(tx: Tx, people: Collection[int]) -> dict[int, str]:
    person = schema.person
    query = sa.select(person.c.id, person.c.name).where(person.c.id.in_(people))
    return {row.id: row.name for row in tx.execute(query)}


def told_since(tx: Tx, people: Collection[int], day: date) -> dict[int, list[date]]:
    """By person: the days from this one on on which there was a message for him."""
    query = sa.select(_reminder.c.person, _reminder.c.day).where(
        _reminder.c.person.in_(people), _reminder.c.day >= day
    )
    found: dict[int, list[date]] = {}
    for row in tx.execute(query):
        found.setdefault(row.person, []).append(row.day)
    return found


class Reach(NamedTuple):
    """Where a message can come to a person."""

    account: int
    channel: str


_PLACES = (
    sa.select(_account.c.person, _account.c.id.label("account"), _account.c.channel, BEST.label("place"))
    .join(schema.conversation, schema.conversation.c.account == _account.c.id)
    .where(~_account.c.blocked, _account.c.person.in_(sa.bindparam("people", expanding=True)))
    .subquery("places")
)
_REACHED = sa.select(_PLACES.c.person, _PLACES.c.account, _PLACES.c.channel).where(_PLACES.c.place == 1)
_STAYS = (
    sa.select(_account.c.id)
    .where(_account.c.id.in_(sa.bindparam("accounts", expanding=True)))
    .order_by(_account.c.id)
    .with_for_update(read=True, key_share=True)
)


def reach(tx: Tx, people: Collection[int], now: datetime) -> dict[int, Reach]:
    """By person: the account where a message arrives now, or else may later. It stays until the transaction ends."""
    rows = tx.execute(_REACHED, {"people": list(people), "at": now})
    found = {row.person: Reach(row.account, row.channel) for row in rows}
    accounts = [one.account for one in found.values()]
    stays = set(tx.execute(_STAYS, {"accounts": accounts}).scalars())
    return {person: one for person, one in found.items() if one.account in stays}


def tell(tx: Tx, said: Mapping[int, Reply], reached: Mapping[int, Reach], today: date, now: datetime) -> None:
    """Put a message for each of these people in the outbox. What was still on its way to them of the kind is dropped.

    Whoever has got one today makes this fail: nobody gets two.
    """
    withdraw(tx, said, today)
    rows = [
        row
        for person, reply in said.items()
        for row in outbox.rows(
            [reply],
            person=person,
            account=reached[person].account,
            channel=reached[person].channel,
            lane=Lane.REMINDER,
            now=now,
            due_at=now,
        )
    ]
    ids = outbox.add_rows(tx, rows)
    made = [{"person": person, "day": today, "outbox": row} for person, row in zip(said, ids, strict=True)]
    if made:
        tx.execute(sa.insert(_reminder), made)


def withdraw(tx: Tx, people: Collection[int], today: date) -> None:
    """Reminders to these people that have not left yet never will."""
    of_them = sa.select(_reminder.c.outbox).where(
        _reminder.c.person.in_(people), _reminder.c.day >= today - STALE
    )
    waits = _outbox.c.state.in_([Sending.QUEUED, Sending.HELD])
    tx.execute(sa.delete(_outbox).where(_outbox.c.id.in_(of_them), waits))


STALE = timedelta(days=100)
"""What was held for so long is not looked for any more."""


def move_on(tx: Tx, period: int, people: Collection[int], day: date | None) -> None:
    """These people's duty in the period is due again on that day, or never."""
    if people:
        tx.execute(
            sa.update(_duty)
            .where(_duty.c.period == period, _duty.c.person.in_(people), _duty.c.state == State.OPEN)
            .values(remind_on=day)
        )


def put_off(tx: Tx, people: Collection[int], upto: date, to: date) -> None:
    """What was due by `upto` for these people is due on another day."""
    if people:
        tx.execute(
            sa.update(_duty).where(_duty.c.person.in_(people), _duty.c.remind_on <= upto).values(remind_on=to)
        )


def backlog(tx: Tx) -> int:
    """How many reminders wait to leave."""
    return tx.execute(_WAITING).scalar_one()


_WAITING = sa.select(sa.func.count()).where(
    outbox.UNSETTLED, _outbox.c.state == Sending.QUEUED, _outbox.c.lane == Lane.REMINDER
)
