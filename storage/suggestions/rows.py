"""Suggestions and their events."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.suggestions.steps import WAITING, Event, Outcome, State, Step, Suggestion
from storage import schema
from storage.database import Tx
from storage.statements import new_id

_suggestion = schema.suggestion
_event = schema.suggestion_event

_FIELDS = tuple(field.name for field in fields(Suggestion))
_COLUMNS = tuple(_suggestion.c[name] for name in _FIELDS)
_SELECT = sa.select(*_COLUMNS)


def add(tx: Tx, draft: Suggestion, look_at: datetime | None) -> int:
    """Add a suggestion and return its number, whatever the draft's own says."""
    values = {name: getattr(draft, name) for name in _FIELDS if name != "id"}
    return new_id(tx.execute(sa.insert(_suggestion), values | {"look_at": look_at}))


def lock(tx: Tx, number: int) -> Suggestion | None:
    """The suggestion, held until the transaction ends."""
    return _first(tx, _SELECT.where(_suggestion.c.id == number).with_for_update())


def find(tx: Tx, number: int) -> Suggestion | None:
    return _first(tx, _SELECT.where(_suggestion.c.id == number))


def of_receipt(tx: Tx, receipt: bytes) -> Suggestion | None:
    return _first(tx, _SELECT.where(_suggestion.c.receipt == receipt))


_SAVED = tuple(name for name in _FIELDS if name not in ("id", "text", "day", "person", "area", "receipt"))
_SAVE = (
    sa.update(_suggestion)
    .where(_suggestion.c.id == sa.bindparam("of"), _suggestion.c.version == sa.bindparam("was"))
    .values(
        {name: sa.bindparam(f"to_{name}", type_=_suggestion.c[name].type) for name in (*_SAVED, "look_at")}
    )
)


def save(tx: Tx, suggestion: Suggestion, look_at: datetime | None) -> bool:
    """Write a changed suggestion whose `version` was raised by one. False: somebody changed it first."""
    values = {f"to_{name}": getattr(suggestion, name) for name in _SAVED}
    values |= {"of": suggestion.id, "was": suggestion.version - 1, "to_look_at": look_at}
    return tx.execute(_SAVE, values).rowcount == 1


def add_event(tx: Tx, event: Event) -> None:
    """Add an event. The number is the key beside the suggestion, so no step can be written twice."""
    values = {field.name: getattr(event, field.name) for field in fields(Event)}
    tx.execute(sa.insert(_event), values | {"media": list(event.media)})


def events(tx: Tx, number: int) -> list[Event]:
    """The suggestion's story, oldest first."""
    query = sa.select(_event).where(_event.c.suggestion == number).order_by(_event.c.number)
    return [
        Event(row.suggestion, row.number, row.day, Step(row.step), row.actor, row.note, tuple(row.media))
        for row in tx.execute(query)
    ]


def waiting(tx: Tx) -> list[Suggestion]:
    """All that an answer is owed to, the most urgent first."""
    query = _SELECT.where(_suggestion.c.state.in_(WAITING))
    return _all(tx, query.order_by(_suggestion.c.limit_at, _suggestion.c.id))


def everything(tx: Tx) -> list[Suggestion]:
    """The whole register, the oldest first."""
    return _all(tx, _SELECT.order_by(_suggestion.c.id))


def merged_into(tx: Tx, number: int) -> list[Suggestion]:
    """Those that were merged into this one."""
    return _all(tx, _SELECT.where(_suggestion.c.merged_into == number).order_by(_suggestion.c.id))


def of_person(tx: Tx, person: int, count: int) -> list[Suggestion]:
    """What she signed, the newest first."""
    query = _SELECT.where(_suggestion.c.person == person).order_by(_suggestion.c.id.desc())
    return _all(tx, query.limit(count))


def to_compare(tx: Tx, *, restricted: bool, count: int) -> list[Suggestion]:
    """The newest that another one may be merged into: of the same kind, and not merged themselves."""
    query = _SELECT.where(_suggestion.c.restricted == restricted, _suggestion.c.state != State.MERGED)
    return _all(tx, query.order_by(_suggestion.c.id.desc()).limit(count))


_PUBLIC = sa.and_(
    sa.text("suggestion.gist <> ''"),  # as the partial index has it, word for word
    _suggestion.c.state == State.ANSWERED,
    ~_suggestion.c.restricted,
)


def on_board(tx: Tx, count: int, after: int = 0) -> list[Suggestion]:
    """What stands on the public board, the newest answer first; the first `after` are left out."""
    order = (_suggestion.c.answered_on.desc(), _suggestion.c.id.desc())
    return _all(tx, _SELECT.where(_PUBLIC).order_by(*order).offset(after).limit(count))


def count_on_board(tx: Tx) -> int:
    return int(tx.execute(sa.select(sa.func.count()).select_from(_suggestion).where(_PUBLIC)).scalar_one())


def due(tx: Tx, now: datetime, count: int) -> list[Suggestion]:
    """Those at which the clock has to look, the longest overdue first."""
    query = _SELECT.where(_suggestion.c.look_at.is_not(None), _suggestion.c.look_at <= now)
    return _all(tx, query.order_by(_suggestion.c.look_at).limit(count).with_for_update(skip_locked=True))


def look_again(tx: Tx, number: int, look_at: datetime) -> None:
    """When the clock looks next."""
    tx.execute(sa.update(_suggestion).where(_suggestion.c.id == number).values(look_at=look_at))


def about(tx: Tx, numbers: Sequence[int]) -> dict[int, set[int]]:
    """By suggestion: whom of the roster it is about."""
    table = schema.suggestion_about
    found: dict[int, set[int]] = {number: set() for number in numbers}
    for row in tx.execute(sa.select(table).where(table.c.suggestion.in_(numbers))):
        found[row.suggestion].add(row.person)
    return found


def set_about(tx: Tx, number: int, people: set[int]) -> None:
    """The suggestion is about these people of the roster too."""
    known = about(tx, [number])[number]
    rows = [{"suggestion": number, "person": person} for person in sorted(people - known)]
    if rows:
        tx.execute(sa.insert(schema.suggestion_about), rows)


def forget_person(tx: Tx, person: int) -> None:
    """She leaves: what she signed keeps only its content (个人信息保护法 47)."""
    mine = sa.update(_suggestion).where(_suggestion.c.person == person)
    tx.execute(mine.values(person=None, area=None))


def _first(tx: Tx, query: sa.Select[Any]) -> Suggestion | None:
    row = tx.execute(query).first()
    return None if row is None else _read(row)


def _all(tx: Tx, query: sa.Select[Any]) -> list[Suggestion]:
    return [_read(row) for row in tx.execute(query)]


def _read(row: Sequence[Any]) -> Suggestion:
    values = dict(zip(_FIELDS, row, strict=True))
    values["state"] = State(values["state"])
    values["outcome"] = Outcome(values["outcome"]) if values["outcome"] else None
    return Suggestion(**values)
