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
from domain.talk import About, Reply
from storage import schema
from storage.database import Tx
from storage.delivery import outbox
from storage.directory.people import BEST
from storage.duties.audience import members
from storage.listed import among
from storage.prepared import Prepared
from storage.statements import lock_name, plan_anew

_duty = schema.duty
_reminder = schema.duty_reminder
_assignment = schema.assignment
_leave = schema.leave
_account = schema.account
_outbox = schema.outbox

_TODAY = sa.bindparam("today", type_=sa.Date)
_AT = sa.bindparam("at", type_=schema.role.c.valid_from.type)
_DUE = Prepared(
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
    plan_anew(tx)
    return list(dict.fromkeys(row.person for row in _DUE.rows(tx, {"today": today, "count": count})))


class Open(NamedTuple):
    """A duty that is not noted yet."""

    person: int
    period: int


_OPEN = Prepared(
    sa.select(_duty.c.person, _duty.c.period)
    .where(among(_duty.c.person, "people"), among(_duty.c.period, "periods"), _duty.c.state == State.OPEN)
    .order_by(_duty.c.person, _duty.c.period)
)


def open_ones(tx: Tx, people: Collection[int], periods: Collection[int]) -> list[Open]:
    """Duties of these people in these periods that are not noted yet, by person and period."""
    return [Open(*row) for row in _OPEN.rows(tx, {"people": people, "periods": periods})]


class Due(NamedTuple):
    """A duty of which its person is to be reminded."""

    person: int
    period: int
    remind_on: date


_OF_PEOPLE = Prepared(
    sa.select(_duty.c.person, _duty.c.period, _duty.c.remind_on)
    .where(among(_duty.c.person, "people"), _duty.c.remind_on <= _TODAY)
    .order_by(_duty.c.person, _duty.c.period)
)


def of_people(tx: Tx, people: Collection[int], today: date) -> list[Due]:
    """All that these people are to be reminded of by today."""
    return [Due(*row) for row in _OF_PEOPLE.rows(tx, {"people": people, "today": today})]


@lru_cache(maxsize=200)
def _in_office(template: Template) -> sa.Select[Any]:
    theirs = members(template, _AT).subquery("members")
    return sa.select(theirs.c.person).where(among(theirs.c.person, "people"))


def in_office(tx: Tx, template: Template, people: Collection[int], at: datetime) -> set[int]:
    """Those of the people whose duty it is at `at`."""
    return set(tx.execute(_in_office(template), {"people": people, "at": at}).scalars())


_ON_LEAVE = sa.and_(_leave.c.starts_at <= _AT, _leave.c.ends_at > _AT)
_AWAY = Prepared(sa.select(_leave.c.person).where(among(_leave.c.person, "people"), _ON_LEAVE))


def on_leave(tx: Tx, people: Collection[int], at: datetime) -> set[int]:
    return {row.person for row in _AWAY.rows(tx, {"people": people, "at": at})}


_his = _assignment.alias("his")
_GRIDS_OF_BOTH = (
    sa.select(_his.c.person, _assignment.c.person.label("deputy"))
    .join(_assignment, _assignment.c.area == _his.c.area)
    .where(
        _his.c.duty == Place.PRIMARY,
        _assignment.c.duty == Place.DEPUTY,
        _assignment.c.person != _his.c.person,
        *(
            sa.and_(one.c.valid_from <= _AT, sa.or_(one.c.valid_to.is_(None), one.c.valid_to > _AT))
            for one in (_his, _assignment)
        ),
    )
    .order_by(_his.c.person, _his.c.area, _assignment.c.person)
)
"""(person, deputy) of each grid that has both."""
_DEPUTIES = Prepared(_GRIDS_OF_BOTH.where(among(_his.c.person, "people")))
_STOOD_IN_FOR = Prepared(
    _GRIDS_OF_BOTH.where(
        among(_assignment.c.person, "people"), sa.exists().where(_leave.c.person == _his.c.person, _ON_LEAVE)
    )
)


def deputies(tx: Tx, people: Collection[int], at: datetime) -> dict[int, int]:
    """By person: who is deputy of a grid of which the person is primary, and is not on leave himself."""
    if not people:
        return {}
    found = [(row.person, row.deputy) for row in _DEPUTIES.rows(tx, {"people": people, "at": at})]
    away = on_leave(tx, {deputy for _, deputy in found}, at)
    chosen: dict[int, int] = {}
    for person, deputy in found:
        if deputy not in away:
            chosen.setdefault(person, deputy)
    return chosen


def stood_in_for(tx: Tx, people: Collection[int], at: datetime) -> set[int]:
    """Who is on leave, and has one of these people as a deputy."""
    return {row.person for row in _STOOD_IN_FOR.rows(tx, {"people": people, "at": at})}


_NAMES = Prepared(
    sa.select(schema.person.c.id, schema.person.c.name).where(among(schema.person.c.id, "people"))
)


def names(tx: Tx, people: Collection[int]) -> dict[int, str]:
    return {row.id: row.name for row in _NAMES.rows(tx, {"people": people})} if people else {}


_SINCE = sa.bindparam("since", type_=sa.Date)
_TOLD_SINCE = Prepared(
    sa.select(_reminder.c.person, _reminder.c.day).where(
        among(_reminder.c.person, "people"), _reminder.c.day >= _SINCE
    )
)


def told_since(tx: Tx, people: Collection[int], day: date) -> dict[int, list[date]]:
    """By person: the days from this one on on which there was a message for him."""
    found: dict[int, list[date]] = {}
    for row in _TOLD_SINCE.rows(tx, {"people": people, "since": day}):
        found.setdefault(row.person, []).append(row.day)
    return found


class Reach(NamedTuple):
    """Where a message can come to a person."""

    account: int
    channel: str


_PLACES = (
    sa.select(_account.c.person, _account.c.id.label("account"), _account.c.channel, BEST.label("place"))
    .join(schema.conversation, schema.conversation.c.account == _account.c.id)
    .where(~_account.c.blocked, among(_account.c.person, "people"))
    .subquery("places")
)
_REACHED = Prepared(
    sa.select(_PLACES.c.person, _PLACES.c.account, _PLACES.c.channel).where(_PLACES.c.place == 1)
)
_STAYS = Prepared(
    sa.select(_account.c.id)
    .where(among(_account.c.id, "accounts"))
    .order_by(_account.c.id)
    .with_for_update(of=_account, read=True, key_share=True)
)


def reach(tx: Tx, people: Collection[int], now: datetime) -> dict[int, Reach]:
    """By person: the account where a message arrives now, or else may later. It stays until the transaction ends."""
    rows = _REACHED.rows(tx, {"people": people, "at": now})
    found = {row.person: Reach(row.account, row.channel) for row in rows}
    accounts = [one.account for one in found.values()]
    stays = {row.id for row in _STAYS.rows(tx, {"accounts": accounts})}
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


_WITHDRAW = Prepared(
    sa.delete(_outbox).where(
        outbox.UNSETTLED,  # of which there are few, however many messages were sent
        _outbox.c.state != Sending.SENDING,
        _outbox.c.about == About.DUTY,
        among(_outbox.c.person, "people"),
        _outbox.c.id.in_(
            sa.select(_reminder.c.outbox).where(
                among(_reminder.c.person, "people"), _reminder.c.day >= _SINCE
            )
        ),
    )
)


def withdraw(tx: Tx, people: Collection[int], today: date) -> None:
    """Reminders to these people that have not left yet never will."""
    _WITHDRAW.count(tx, {"people": people, "since": today - STALE})


STALE = timedelta(days=100)
"""What was held for so long is not looked for any more."""
_DAY = sa.bindparam("day", type_=sa.Date)
_MOVE_ON = Prepared(
    sa.update(_duty)
    .where(_duty.c.period == sa.bindparam("of"), among(_duty.c.person, "people"), _duty.c.state == State.OPEN)
    .values(remind_on=_DAY)
)


def move_on(tx: Tx, period: int, people: Collection[int], day: date | None) -> None:
    """These people's duty in the period is due again on that day, or never."""
    if people:
        _MOVE_ON.count(tx, {"of": period, "people": people, "day": day})


_PUT_OFF = Prepared(
    sa.update(_duty)
    .where(among(_duty.c.person, "people"), _duty.c.remind_on <= _TODAY)
    .values(remind_on=_DAY)
)


def put_off(tx: Tx, people: Collection[int], upto: date, to: date) -> None:
    """What was due by `upto` for these people is due on another day."""
    if people:
        _PUT_OFF.count(tx, {"people": people, "today": upto, "day": to})


def backlog(tx: Tx) -> int:
    """How many reminders wait to leave."""
    return int(_WAITING.first(tx, {})[0])


_WAITING = Prepared(
    sa.select(sa.func.count()).where(
        outbox.UNSETTLED, _outbox.c.state == Sending.QUEUED, _outbox.c.lane == Lane.REMINDER
    )
)
