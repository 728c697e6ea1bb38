"""Rectifications: a ticket's row, what it has beside it, and its progress by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.delivery import Sending
from domain.tickets.rectification import NAMED, NOT_YET, Item, Progress, Stage
from domain.tickets.steps import Event, State
from storage import schema, tickets
from storage.database import Tx
from storage.statements import Upsert, lock_name

_ticket = schema.ticket
_item = schema.rectification
_progress = schema.rectification_progress
_reminder = schema.rectification_reminder
_outbox = schema.outbox
_write_progress = Upsert(_progress, ("done", "difficulty", "plan", "written_by", "written_at"))

_BESIDE = (_item.c.measure, _item.c.leader, _item.c.proposed_by, _item.c.reviewed_by)
_ITEMS = sa.select(*tickets.COLUMNS, *_BESIDE).join(_item, _item.c.ticket == _ticket.c.id)
_ITEM = _ITEMS.where(_ticket.c.id == sa.bindparam("ticket"))
_LOCKED = _ITEM.with_for_update(of=_ticket)


def add(tx: Tx, draft: Item, events: Sequence[Event], channel: str) -> int:
    """Add an item with its first events and return its number. The clock never looks at it."""
    number, _ = tickets.add(tx, draft.ticket, events, channel, None)
    tx.execute(sa.insert(_item), {"ticket": number, "measure": draft.measure, "leader": draft.leader})
    return number


def find(tx: Tx, ticket: int) -> Item | None:
    return next(iter(_read(tx.execute(_ITEM, {"ticket": ticket}))), None)


def lock(tx: Tx, ticket: int) -> Item | None:
    """The item, held until the transaction ends."""
    return next(iter(_read(tx.execute(_LOCKED, {"ticket": ticket}))), None)


_SAVE = (
    sa.update(_item)
    .where(_item.c.ticket == sa.bindparam("of"))
    .values({column.name: sa.bindparam(f"to_{column.name}", type_=column.type) for column in _BESIDE})
)


def save(tx: Tx, item: Item) -> None:
    """Write what an item has beside its ticket."""
    values = {f"to_{column.name}": getattr(item, column.name) for column in _BESIDE}
    tx.execute(_SAVE, values | {"of": item.id})


def write_progress(tx: Tx, ticket: int, said: Progress, by: int | None, now: datetime) -> None:
    """Keep what was said for a month, in the place of what was said for it before."""
    values = {"ticket": ticket, "month": said.month, "done": said.done, "difficulty": said.difficulty}
    _write_progress(tx, values | {"plan": said.plan, "written_by": by, "written_at": now})


def progress(tx: Tx, ticket: int) -> list[Progress]:
    """An item's months, the oldest first."""
    query = sa.select(_progress).where(_progress.c.ticket == ticket).order_by(_progress.c.month)
    return [Progress(row.month, row.done, row.difficulty, row.plan) for row in tx.execute(query)]


def of_month(tx: Tx, month: str) -> dict[int, Progress]:
    """What was said for a month, by item."""
    query = sa.select(_progress).where(_progress.c.month == month)
    return {row.ticket: Progress(month, row.done, row.difficulty, row.plan) for row in tx.execute(query)}


_NOT_YET = _ticket.c.state.in_(NOT_YET)
_MINE = _ITEMS.where(
    sa.or_(_ticket.c.owner == sa.bindparam("person"), _item.c.leader == sa.bindparam("person")), _NOT_YET
).order_by(_ticket.c.limit_at, _ticket.c.id)


def of_person(tx: Tx, person: int) -> list[Item]:
    """What the person has to put right or answers for and is not ticked off, the nearest limit first."""
    return _read(tx.execute(_MINE, {"person": person}))


_TO_REVIEW = _ITEMS.where(
    _ticket.c.area.startswith(sa.bindparam("area"), autoescape=False), _ticket.c.state == State.ANSWERED
).order_by(_ticket.c.limit_at, _ticket.c.id)


def to_review(tx: Tx, area: str) -> list[Item]:
    """What waits to be ticked off in an area and all within it."""
    return _read(tx.execute(_TO_REVIEW, {"area": area}))


_OPEN_WITHIN = _ITEMS.where(
    _ticket.c.area.startswith(sa.bindparam("area"), autoescape=False), _NOT_YET
).order_by(_ticket.c.limit_at, _ticket.c.id)


def open_within(tx: Tx, area: str) -> list[Item]:
    """What is not ticked off in an area and all within it, the nearest limit first."""
    return _read(tx.execute(_OPEN_WITHIN, {"area": area}))


_WITHIN = _ITEMS.where(
    _ticket.c.area.startswith(sa.bindparam("area"), autoescape=False), _ticket.c.state != State.WITHDRAWN
).order_by(_ticket.c.area, _ticket.c.id)


def within(tx: Tx, area: str) -> list[Item]:
    """All items of an area and all within it, ticked off or not, but for those withdrawn."""
    return _read(tx.execute(_WITHIN, {"area": area}))


_OWED = (
    sa.select(_ticket.c.id)
    .join(_item, _item.c.ticket == _ticket.c.id)
    .where(
        _ticket.c.owner == sa.bindparam("person"),
        _ticket.c.state.in_((State.ASSIGNED, State.REOPENED)),
        ~sa.exists().where(
            _progress.c.ticket == _ticket.c.id,
            _progress.c.month == sa.bindparam("month", type_=_progress.c.month.type),
        ),
    )
    .order_by(_ticket.c.limit_at, _ticket.c.id)
)


def owed(tx: Tx, person: int, month: str) -> list[int]:
    """Open items of the person's of which the month has nothing, the nearest limit first."""
    return list(tx.execute(_OWED, {"person": person, "month": month}).scalars())


_TODAY = sa.bindparam("today", type_=_ticket.c.limit_at.type)
_UNTIL = sa.bindparam("until", type_=_ticket.c.limit_at.type)
_TOMORROW = sa.bindparam("tomorrow", type_=_ticket.c.limit_at.type)
_AT = sa.bindparam("at", type_=_ticket.c.limit_at.type)


def _was_reminded(stage: Stage) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        _reminder.c.ticket == _ticket.c.id,
        _reminder.c.limit_at == _ticket.c.limit_at,
        _reminder.c.stage == stage,
    )


_away = schema.leave
_role = schema.role
_IN_OFFICE = sa.exists().where(
    _role.c.person == _ticket.c.owner,
    _role.c.role.in_(NAMED),
    _role.c.valid_from <= _AT,
    sa.or_(_role.c.valid_to.is_(None), _role.c.valid_to > _AT),
)
_DUE = sa.and_(
    _IN_OFFICE,
    _ticket.c.state.in_((State.ASSIGNED, State.REOPENED)),
    _ticket.c.filed_at < _TODAY,
    sa.or_(
        sa.and_(_ticket.c.limit_at < _TODAY, ~_was_reminded(Stage.AFTER)),
        sa.and_(_ticket.c.limit_at >= _TOMORROW, _ticket.c.limit_at < _UNTIL, ~_was_reminded(Stage.BEFORE)),
    ),
    ~sa.exists().where(_away.c.person == _ticket.c.owner, _away.c.starts_at <= _AT, _away.c.ends_at > _AT),
)
_OWNERS_DUE = (
    sa.select(_ticket.c.owner)
    .join(_item, _item.c.ticket == _ticket.c.id)
    .where(_ticket.c.owner.is_not(None), _DUE)
    .group_by(_ticket.c.owner)
    .order_by(_ticket.c.owner)
    .limit(sa.bindparam("count"))
)
_DUE_OF = (
    _ITEMS.where(_ticket.c.owner == sa.bindparam("person"), _DUE)
    .order_by(_ticket.c.limit_at, _ticket.c.id)
    .with_for_update(of=_ticket)
)


@dataclass(frozen=True, slots=True)
class Days:
    """Between which moments a limit is due to be reminded of, as the clock reads them."""

    now: datetime
    today: datetime
    """When today began; what was put on the list since then needs no reminder yet."""
    tomorrow: datetime
    until: datetime
    """Limits before this moment are near."""


def owners_due(tx: Tx, days: Days, count: int) -> list[int]:
    """Owners in office, none of them on leave, of what is to be reminded of. Until the transaction ends nobody else reminds."""
    lock_name(tx, "rectification reminders")
    return list(tx.execute(_OWNERS_DUE, _said(days) | {"count": count}).scalars())


def due_of(tx: Tx, person: int, days: Days) -> list[Item]:
    """What an owner is to be reminded of, the nearest limit first; held until the transaction ends."""
    return _read(tx.execute(_DUE_OF, _said(days) | {"person": person}))


def _said(days: Days) -> dict[str, datetime]:
    return {"at": days.now, "today": days.today, "tomorrow": days.tomorrow, "until": days.until}


def reminded(tx: Tx, item: Item, stage: Stage, message: int | None) -> None:
    """A second time for the same limit and stage this fails."""
    values = {"ticket": item.id, "limit_at": item.ticket.limit_at, "stage": stage, "outbox": message}
    tx.execute(sa.insert(_reminder), values)


def drop_reminders(tx: Tx, ticket: int) -> None:
    """Messages about it that have not left yet never will; what else stood in them is due again."""
    waits = _outbox.c.state.in_((Sending.QUEUED, Sending.HELD))
    query = sa.select(_outbox.c.id).join(_reminder, _reminder.c.outbox == _outbox.c.id)
    found = list(tx.execute(query.where(_reminder.c.ticket == ticket, waits)).scalars())
    if found:
        tx.execute(sa.delete(_reminder).where(_reminder.c.outbox.in_(found)))
        tx.execute(sa.delete(_outbox).where(_outbox.c.id.in_(found), waits))


def _read(rows: sa.CursorResult[Any]) -> list[Item]:
    beside = len(_BESIDE)
    return [Item(tickets.read(row[:-beside]), *row[-beside:]) for row in rows]
