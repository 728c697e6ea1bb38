"""Periods of duties: each is opened once, and filled with those whose duty it is, some people at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from domain.delivery import CHINA
from domain.duties.calendar import Span
from domain.duties.template import Template
from storage import schema
from storage.broadcasts.audience import last_person
from storage.database import Tx
from storage.duties import templates
from storage.duties.audience import members
from storage.statements import InsertOnce

_period = schema.duty_period
_template = schema.duty_template
_duty = schema.duty
_open_once = InsertOnce(_period)


@dataclass(frozen=True, slots=True)
class Period:
    """A period, as it was opened."""

    id: int
    template: Template
    starts_on: date
    ends_on: date
    opened_on: date
    late: bool
    """The service was away when it began."""
    reminders: tuple[date, ...]
    filled_on: date | None
    filled_to: int


def last_ends(tx: Tx) -> dict[str, date]:
    """By key: the last day of its newest period."""
    query = sa.select(_period.c.key, sa.func.max(_period.c.ends_on).label("ends_on")).group_by(_period.c.key)
    return {row.key: row.ends_on for row in tx.execute(query)}


def open_period(
    tx: Tx, template: int, key: str, span: Span, *, today: date, late: bool, reminders: Sequence[date]
) -> bool:
    """False: it is open already."""
    values = {
        "key": key,
        "template": template,
        "starts_on": span.starts_on,
        "ends_on": span.ends_on,
        "opened_on": today,
        "late": late,
        "reminders": [day.isoformat() for day in reminders],
        "filled_to": 0,
    }
    return _open_once(tx, values)


_PERIODS = sa.select(
    _period.c.id,
    _period.c.starts_on,
    _period.c.ends_on,
    _period.c.opened_on,
    _period.c.late,
    _period.c.reminders,
    _period.c.filled_on,
    _period.c.filled_to,
    *templates.COLUMNS,
).join(_template, _template.c.id == _period.c.template)
_DAY = sa.bindparam("today", type_=sa.Date)
_TO_FILL = (
    _PERIODS.where(
        sa.or_(_period.c.filled_on.is_(None), sa.and_(_period.c.ends_on >= _DAY, _period.c.filled_on < _DAY))
    )
    .order_by(_period.c.id)
    .limit(1)
    .with_for_update(of=_period)
)


def to_fill(tx: Tx, today: date) -> Period | None:
    """A period for which nobody has been looked for yet, or not yet today; held until the transaction ends."""
    row = tx.execute(_TO_FILL, {"today": today}).first()
    return None if row is None else _read(row)


def find(tx: Tx, period: int) -> Period | None:
    row = tx.execute(_PERIODS.where(_period.c.id == period)).first()
    return None if row is None else _read(row)


_BEGINS = sa.bindparam("begins", type_=sa.Date)
_SINCE = _PERIODS.where(
    sa.or_(_period.c.ends_on >= _BEGINS, sa.and_(_period.c.late, _period.c.opened_on >= _BEGINS))
)


def since(tx: Tx, begins: date) -> dict[int, Period]:
    """By id: periods that were not over on the day `begins`, or were opened late since then."""
    return {row.id: _read(row) for row in tx.execute(_SINCE, {"begins": begins})}


_NOW, _THEN = (sa.bindparam(name, type_=schema.role.c.valid_from.type) for name in ("now", "evening"))
_AFTER, _UPTO = (sa.bindparam(name, type_=sa.BigInteger) for name in ("after", "upto"))
_OF = sa.bindparam("of_period", type_=sa.Integer)


@lru_cache(maxsize=200)
def _filling(template: Template, *, over: bool) -> sa.Insert:
    theirs = members(template, _NOW).subquery("members")
    has = sa.exists().where(_duty.c.period == _OF, _duty.c.person == theirs.c.person)
    chosen = (
        sa.select(_OF, theirs.c.person, sa.literal("open"), sa.bindparam("first", type_=sa.Date))
        .where(theirs.c.person > _AFTER, theirs.c.person <= _UPTO, ~has)
        .distinct()
    )
    if over:
        chosen = chosen.where(theirs.c.person.in_(members(template, _THEN)))
    return sa.insert(_duty).from_select(["period", "person", "state", "remind_on"], chosen)


def fill(tx: Tx, period: Period, remind_on: date | None, now: datetime, today: date, count: int) -> int:
    """Give the duty to those whose it is, of the next `count` numbers of people. Returns how many numbers there were.

    One INSERT … SELECT: nobody passes through here. Who has it already keeps what he has noted. A period that is
    over belongs to those who were in office on its last day too.
    """
    upto, last, over = period.filled_to + count, last_person(tx), period.ends_on < today
    who = {"of_period": period.id, "after": period.filled_to, "upto": upto, "now": now, "first": remind_on}
    if over:
        who["evening"] = _evening(period.ends_on)
    tx.execute(_filling(period.template, over=over), who)
    whole = {"filled_to": 0, "filled_on": today} if upto >= last else {"filled_to": upto}
    tx.execute(_FILLED_TO, {"of_period": period.id, "filled_on": period.filled_on} | whole)
    return min(upto, last) - period.filled_to + 1


_FILLED_TO = (
    sa.update(_period)
    .where(_period.c.id == _OF)
    .values(filled_to=sa.bindparam("filled_to"), filled_on=sa.bindparam("filled_on", type_=sa.Date))
)


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), CHINA)


def _read(row: Any) -> Period:
    return Period(
        id=row.id,
        template=templates.read(row),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        opened_on=row.opened_on,
        late=row.late,
        reminders=tuple(date.fromisoformat(day) for day in row.reminders),
        filled_on=row.filled_on,
        filled_to=row.filled_to,
    )
