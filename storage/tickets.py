"""Tickets and their events."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.tickets.steps import FINAL, STAFF_ONLY, Event, Kind, State, Step, Ticket
from storage import schema
from storage.database import Tx
from storage.prepared import Prepared
from storage.statements import InsertWithParts

_ticket = schema.ticket
_event = schema.ticket_event

_FIELDS = tuple(field.name for field in fields(Ticket))
_EVENT_FIELDS = tuple(field.name for field in fields(Event))
COLUMNS = tuple(_ticket.c[name] for name in _FIELDS)
_TICKET = sa.select(*COLUMNS).where(_ticket.c.id == sa.bindparam("ticket"))
_LOCKED = _TICKET.with_for_update()
_AREA_NAME = sa.select(schema.area.c.name).where(schema.area.c.code == sa.bindparam("new_area"))
_add_with_events = InsertWithParts(_ticket, _event, _event.c.ticket, _AREA_NAME.scalar_subquery())
_ADD_EVENT = sa.insert(_event)


def add(
    tx: Tx, draft: Ticket, events: Sequence[Event], channel: str, look_at: datetime | None
) -> tuple[int, str]:
    """Add a ticket with its first events and return its number, whatever they say of it, and the name of its area."""
    values = {name: getattr(draft, name) for name in _FIELDS if name != "id"}
    rows = [_event_row(event) for event in events]
    for row in rows:
        del row["ticket"]
    return _add_with_events(tx, values | {"channel": channel, "look_at": look_at}, rows)


def find(tx: Tx, ticket: int) -> Ticket | None:
    return _first(tx.execute(_TICKET, {"ticket": ticket}))


def lock(tx: Tx, ticket: int) -> Ticket | None:
    """The ticket, held until the transaction ends: two cadres at once take turns."""
    return _first(tx.execute(_LOCKED, {"ticket": ticket}))


_SAVED = (
    "state",
    "category",
    "subcategory",
    "limit_at",
    "owner",
    "rung",
    "owner_by",
    "accepted_at",
    "contacted_at",
    "answered_at",
    "closed_at",
    "closing",
    "extensions",
    "returns",
    "rating",
    "urged_at",
    "nudges",
    "version",
    "events",
)
_SAVE = (
    sa.update(_ticket)
    .where(_ticket.c.id == sa.bindparam("of"), _ticket.c.version == sa.bindparam("was"))
    .values({name: sa.bindparam(f"to_{name}", type_=_ticket.c[name].type) for name in (*_SAVED, "look_at")})
)


def save(tx: Tx, ticket: Ticket, look_at: datetime | None) -> bool:
    """Write a changed ticket whose `version` was raised by one. False: somebody changed it first."""
    values = {f"to_{name}": getattr(ticket, name) for name in _SAVED}
    values |= {"of": ticket.id, "was": ticket.version - 1, "to_look_at": look_at}
    return tx.execute(_SAVE, values).rowcount == 1


def look_again(tx: Tx, ticket: int, look_at: datetime | None) -> None:
    """Nothing was due after all (a limit was moved, say): when the clock looks next."""
    tx.execute(sa.update(_ticket).where(_ticket.c.id == ticket).values(look_at=look_at))


def add_events(tx: Tx, *events: Event) -> None:
    """Add events. The number is the key beside the ticket, so no step can be written twice."""
    tx.execute(_ADD_EVENT, [_event_row(event) for event in events])


def _event_row(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in _EVENT_FIELDS} | {"media": list(event.media)}


_EVENTS = sa.select(_event).where(_event.c.ticket == sa.bindparam("ticket")).order_by(_event.c.number)


def events(tx: Tx, ticket: int) -> list[Event]:
    """The ticket's story, oldest first."""
    return [
        Event(
            row.ticket,
            row.number,
            row.at,
            Step(row.step),
            row.actor,
            State(row.state),
            row.note,
            tuple(row.media),
        )
        for row in tx.execute(_EVENTS, {"ticket": ticket})
    ]


def _listing(
    *conditions: sa.ColumnElement[bool], order: Sequence[sa.ColumnElement[Any]] = (_ticket.c.id.desc(),)
) -> Prepared:
    found = sa.select(*COLUMNS).where(*conditions).order_by(*order)
    return Prepared(found.limit(sa.bindparam("count")))


_FINAL = [sa.literal(state) for state in FINAL]
_APART = (Kind.RECTIFICATION,)
"""Kinds with lists of their own: no villager's, and not among the tasks of a grid."""
ORDINARY = sa.and_(*(_ticket.c.kind != kind for kind in _APART))
"""Of every list, count or digest of what somebody was asked for."""
_PERSON = sa.bindparam("person", type_=_ticket.c.villager.type)
_of_villager = _listing(sa.or_(_ticket.c.villager == _PERSON, _ticket.c.filed_by == _PERSON), ORDINARY)
_open_of_villager = _listing(
    sa.or_(_ticket.c.villager == _PERSON, _ticket.c.filed_by == _PERSON),
    _ticket.c.state.not_in(_FINAL),
    ORDINARY,
    _ticket.c.kind != Kind.APPOINTMENT,
)
_open_of_owner = _listing(
    _ticket.c.owner == _PERSON,
    _ticket.c.state.not_in(_FINAL),
    ORDINARY,
    order=(
        sa.case((_ticket.c.state == sa.literal(State.ANSWERED), 1), else_=0),
        _ticket.c.limit_at,
        _ticket.c.id,
    ),
)


def of_villager(tx: Tx, person: int, count: int) -> list[Ticket]:
    """Tickets that are hers or that she filed for others, the newest first."""
    return _all(_of_villager.rows(tx, {"person": person, "count": count}))


def open_of_villager(tx: Tx, person: int, count: int) -> list[Ticket]:
    """Those to which more can be said: to an appointment nothing is added."""
    return _all(_open_of_villager.rows(tx, {"person": person, "count": count}))


def open_of_owner(tx: Tx, person: int, count: int) -> list[Ticket]:
    """Open tickets of the person: first what an answer is owed to, of that what is due first."""
    return _all(_open_of_owner.rows(tx, {"person": person, "count": count}))


_OVERDUE = (
    sa.select(*COLUMNS)
    .where(
        _ticket.c.area.startswith(sa.bindparam("area")),
        _ticket.c.state.not_in([*_FINAL, sa.literal(State.ANSWERED)]),
        _ticket.c.limit_at <= sa.bindparam("now", type_=_ticket.c.limit_at.type),
        _ticket.c.kind.not_in(tuple(STAFF_ONLY)),
        ORDINARY,
    )
    .order_by(_ticket.c.limit_at)
    .limit(sa.bindparam("count"))
)


def overdue(tx: Tx, area: str, now: datetime, count: int) -> list[Ticket]:
    """Unanswered tickets of an area past their limit, the longest overdue first.

    What staff alone may see is not listed, nor are rectifications.
    """
    return _all(tx.execute(_OVERDUE, {"area": area, "now": now, "count": count}))


_OF_GRID = (
    sa.select(*COLUMNS)
    .where(
        _ticket.c.area.startswith(sa.bindparam("area"), autoescape=False),
        _ticket.c.owner == sa.bindparam("person"),
        _ticket.c.state.not_in(_FINAL),
        ORDINARY,
    )
    .with_for_update()
)


def open_of_grid(tx: Tx, area: str, owner: int) -> list[Ticket]:
    """The owner's open tickets of an area and all within it, held until the transaction ends."""
    return _all(tx.execute(_OF_GRID, {"area": area, "person": owner}))


_DUE = (
    sa.select(*COLUMNS)
    .where(_ticket.c.look_at <= sa.bindparam("now", type_=_ticket.c.look_at.type))
    .order_by(_ticket.c.look_at)
    .limit(sa.bindparam("count"))
    .with_for_update(skip_locked=True)
)


def due(tx: Tx, now: datetime, count: int) -> list[Ticket]:
    """Tickets at which the clock has to look, the longest overdue first."""
    return _all(tx.execute(_DUE, {"now": now, "count": count}))


def _first(result: sa.CursorResult[Any]) -> Ticket | None:
    row = result.first()
    return None if row is None else read(row)


def _all(result: Iterable[Any]) -> list[Ticket]:
    return [read(row) for row in result]


def read(row: Sequence[Any]) -> Ticket:
    """A ticket from a row that has COLUMNS."""
    values = dict(zip(_FIELDS, row, strict=True))
    values["kind"] = Kind(values["kind"])
    values["state"] = State(values["state"])
    return Ticket(**values)
