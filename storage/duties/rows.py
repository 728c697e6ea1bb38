"""One person's duties: what he has to do, and what he notes."""

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from domain.duties.duty import Duty, Note, State
from storage import schema
from storage.database import Tx
from storage.listed import among
from storage.statements import InsertOnce, Upsert

_duty = schema.duty
_period = schema.duty_period
_template = schema.duty_template
_note = schema.duty_note
_refused = schema.duty_not_counted


_COLUMNS = (
    _duty.c.period,
    _duty.c.person,
    _template.c.name,
    _template.c.system,
    _template.c.counts,
    _period.c.starts_on,
    _period.c.ends_on,
    _duty.c.state,
    _duty.c.remind_on,
    _duty.c.noted_on,
    _duty.c.ticket,
    _duty.c.noted_by,
)
_DUTIES = (
    sa.select(*_COLUMNS)
    .join(_period, _period.c.id == _duty.c.period)
    .join(_template, _template.c.id == _period.c.template)
    .order_by(_duty.c.period)
)
_FROM = sa.bindparam("from", type_=sa.Date)
_SINCE = _DUTIES.where(
    _duty.c.person == sa.bindparam("person"),
    sa.or_(_period.c.ends_on >= _FROM, sa.and_(_period.c.late, _period.c.opened_on >= _FROM)),
)
_ONE = _DUTIES.where(_duty.c.person == sa.bindparam("person"), _duty.c.period == sa.bindparam("of"))


def since(tx: Tx, person: int, begins: date) -> list[Duty]:
    """A person's duties of periods that were not over on the day `begins`, or were opened late since then."""
    return [_read(row) for row in tx.execute(_SINCE, {"person": person, "from": begins})]


def find(tx: Tx, person: int, period: int) -> Duty | None:
    row = tx.execute(_ONE, {"person": person, "of": period}).first()
    return None if row is None else _read(row)


_HIS_NOTE = (
    sa.update(_duty)
    .where(_duty.c.person == sa.bindparam("of"))
    .values(
        state=sa.bindparam("to"),
        remind_on=sa.bindparam("remind", type_=sa.Date),
        noted_on=sa.bindparam("on", type_=sa.Date),
        noted_with=sa.bindparam("with"),
        ticket=sa.bindparam("counted"),
        noted_by=sa.bindparam("by", type_=sa.BigInteger),
    )
)
_NOTE = _HIS_NOTE.where(_duty.c.period == sa.bindparam("in"))
_TOGETHER = _HIS_NOTE.where(among(_duty.c.period, "in"))
_NOTE_FOR = _NOTE.where(
    sa.or_(_duty.c.state == State.OPEN, _duty.c.noted_by == sa.bindparam("deputy", type_=sa.BigInteger))
)


def note(
    tx: Tx,
    person: int,
    period: int,
    state: State,
    noted_on: date | None,
    *,
    remind_on: date | None = None,
    noted_with: int | None = None,
    ticket: int | None = None,
) -> None:
    """Done, not this month, or open again."""
    values = {"of": person, "in": period, "to": state, "remind": remind_on, "on": noted_on}
    tx.execute(_NOTE, values | {"with": noted_with, "counted": ticket, "by": None})


def note_together(tx: Tx, person: int, periods: Collection[int], noted_on: date, noted_with: int) -> None:
    """Done, all of these, in one tap."""
    values = {"of": person, "in": periods, "to": State.DONE, "remind": None, "on": noted_on}
    if periods:
        tx.execute(_TOGETHER, values | {"with": noted_with, "counted": None, "by": None})


def note_for(
    tx: Tx,
    deputy: int,
    person: int,
    period: int,
    state: State,
    noted_on: date | None,
    *,
    remind_on: date | None = None,
    noted_with: int | None = None,
) -> bool:
    """The same by a deputy. False: its person has noted it himself."""
    by = None if state is State.OPEN else deputy
    values = {"of": person, "in": period, "to": state, "remind": remind_on, "on": noted_on}
    values |= {"with": noted_with, "counted": None, "by": by, "deputy": deputy}
    return tx.execute(_NOTE_FOR, values).rowcount == 1


def noted_with(tx: Tx, person: int, period: int) -> list[int]:
    """Periods that were noted together with a list that ended with this one."""
    query = sa.select(_duty.c.period).where(_duty.c.person == person, _duty.c.noted_with == period)
    return list(tx.execute(query.order_by(_duty.c.period)).scalars())


_refuse = InsertOnce(_refused)


def refuse_ticket(tx: Tx, person: int, period: int, ticket: int) -> None:
    """The ticket is not this duty: it is not offered again."""
    _refuse(tx, {"person": person, "period": period, "ticket": ticket})


def allow_ticket(tx: Tx, person: int, period: int, ticket: int) -> None:
    """It may be, after all."""
    mine = _refused.c.person == person, _refused.c.period == period
    tx.execute(sa.delete(_refused).where(*mine, _refused.c.ticket == ticket))


_write = Upsert(_note, ["line", "media"])


def write(tx: Tx, person: int, period: int, note: Note) -> None:
    """Keep a line, a picture or a voice beside a duty, instead of what was there."""
    _write(tx, {"period": period, "person": person, "line": note.line, "media": list(note.media)})


def written(tx: Tx, person: int, period: int) -> Note | None:
    query = sa.select(_note.c.line, _note.c.media).where(_note.c.person == person, _note.c.period == period)
    row = tx.execute(query).first()
    return None if row is None else Note(row.line, tuple(row.media))


def erase(tx: Tx, person: int, period: int) -> None:
    tx.execute(sa.delete(_note).where(_note.c.person == person, _note.c.period == period))


_HIS = (_duty, _note, _refused, schema.duty_reminder)


def forget_old(tx: Tx, before: date) -> None:
    """Drop what was written beside duties of periods that were over before this day, and who was reminded by then."""
    old = sa.select(_period.c.id).where(_period.c.ends_on < before)
    for table in (_note, _refused):
        tx.execute(sa.delete(table).where(table.c.period.in_(old)))
    tx.execute(sa.delete(schema.duty_reminder).where(schema.duty_reminder.c.day < before))


def forget(tx: Tx, person: int) -> None:
    """Nothing is left of what the person had to do and noted."""
    for table in _HIS:
        tx.execute(sa.delete(table).where(table.c.person == person))


def hand_over(tx: Tx, gone: int, kept: int) -> None:
    """One person's duties become the other's; where both have one, what the other has noted stays."""
    for table in _HIS:
        other = table.alias()
        same = (other.c[one.name] == one for one in table.primary_key if one is not table.c.person)
        both_have = sa.exists().where(other.c.person == kept, *same)
        tx.execute(sa.delete(table).where(table.c.person == gone, both_have))
        tx.execute(sa.update(table).where(table.c.person == gone).values(person=kept))


def _read(row: Any) -> Duty:
    return Duty(
        period=row.period,
        person=row.person,
        name=row.name,
        system=row.system,
        counts=tuple(row.counts),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        state=State(row.state),
        remind_on=row.remind_on,
        noted_on=row.noted_on,
        ticket=row.ticket,
        noted_by=row.noted_by,
    )
