"""Pairs and the notes of those who help."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.pairs import Pair, PairKind, bit_of
from storage import schema
from storage.database import Tx
from storage.statements import new_id

_pair = schema.pair
_note = schema.pair_note

_COLUMNS = (
    _pair.c.id,
    _pair.c.kind,
    _pair.c.helper,
    _pair.c.helped,
    _pair.c.office,
    _pair.c.months,
    _pair.c.valid_from,
    _pair.c.valid_to,
)
_PAIRS = sa.select(*_COLUMNS)
_AT = sa.bindparam("at", type_=_pair.c.valid_from.type)
_NOT_OVER = sa.or_(_pair.c.valid_to.is_(None), _pair.c.valid_to > _AT)
_IN_FORCE = sa.and_(_pair.c.valid_from <= _AT, _NOT_OVER)


def add(
    tx: Tx,
    kind: PairKind,
    helper: int,
    helped: int,
    *,
    office: str,
    months: int,
    valid_from: datetime,
    valid_to: datetime | None,
) -> int:
    """Add a pair and return its number."""
    values = {"kind": kind, "helper": helper, "helped": helped, "office": office, "months": months}
    return new_id(tx.execute(sa.insert(_pair), values | {"valid_from": valid_from, "valid_to": valid_to}))


def change(tx: Tx, pair: int, *, office: str, months: int, valid_to: datetime | None) -> None:
    values = {"office": office, "months": months, "valid_to": valid_to}
    tx.execute(sa.update(_pair).where(_pair.c.id == pair).values(values))


def end(tx: Tx, pair: Pair, at: datetime) -> None:
    """It ends now; one that had not begun never was."""
    this = _pair.c.id == pair.id
    if pair.valid_from >= at:
        tx.execute(sa.delete(_pair).where(this))
    else:
        tx.execute(sa.update(_pair).where(this).values(valid_to=at))


_ONE = _PAIRS.where(_pair.c.id == sa.bindparam("pair"), _IN_FORCE)


def find(tx: Tx, pair: int, at: datetime) -> Pair | None:
    """The pair, if it is in force."""
    return next(iter(_read(tx.execute(_ONE, {"pair": pair, "at": at}))), None)


_OF_PERSON = _PAIRS.where(
    sa.or_(_pair.c.helper == sa.bindparam("person"), _pair.c.helped == sa.bindparam("person")), _IN_FORCE
).order_by(_pair.c.id)


def of_person(tx: Tx, person: int, at: datetime) -> list[Pair]:
    """Pairs in force in which the person is one of the two."""
    return _read(tx.execute(_OF_PERSON, {"person": person, "at": at}))


_HELPS = (
    _PAIRS.where(_pair.c.helper == sa.bindparam("person"), _NOT_OVER).order_by(_pair.c.id).with_for_update()
)


def helped_by(tx: Tx, person: int, at: datetime) -> list[Pair]:
    """Pairs of a helper in force or to come, held until the transaction ends."""
    return _read(tx.execute(_HELPS, {"person": person, "at": at}))


_OF_OFFICES = _PAIRS.where(_pair.c.office.in_(sa.bindparam("offices", expanding=True)), _NOT_OVER).order_by(
    _pair.c.id
)


def of_offices(tx: Tx, offices: Sequence[str], at: datetime) -> list[Pair]:
    """Pairs that these offices keep, in force or to come."""
    return _read(tx.execute(_OF_OFFICES, {"offices": list(offices), "at": at}))


_NOT_OVER_YET = _PAIRS.where(_NOT_OVER).order_by(_pair.c.id)


def everything(tx: Tx, at: datetime) -> list[Pair]:
    """All pairs in force or to come."""
    return _read(tx.execute(_NOT_OVER_YET, {"at": at}))


class Note(NamedTuple):
    written_by: int
    written_at: datetime
    text: str


def add_note(tx: Tx, pair: int, by: int, text: str, now: datetime) -> None:
    tx.execute(sa.insert(_note), {"pair": pair, "written_by": by, "written_at": now, "text": text})


def notes(tx: Tx, pair: Pair, count: int) -> list[Note]:
    """The newest notes of a pair, and of those before it in the same office: whoever takes over reads on. Oldest first."""
    query = (
        sa.select(_note.c.written_by, _note.c.written_at, _note.c.text)
        .join(_pair, _pair.c.id == _note.c.pair)
        .where(_pair.c.kind == pair.kind, _pair.c.helped == pair.helped, _pair.c.office == pair.office)
        .order_by(_note.c.id.desc())
        .limit(count)
    )
    return [Note(*row) for row in tx.execute(query)][::-1]


_OWES = sa.select(
    sa.exists().where(
        _pair.c.helper == sa.bindparam("person"),
        _pair.c.kind == sa.bindparam("kind", type_=_pair.c.kind.type),
        _pair.c.months.bitwise_and(sa.bindparam("bit", type_=sa.Integer)) != 0,
        _IN_FORCE,
        ~sa.exists().where(
            _note.c.pair == _pair.c.id,
            _note.c.written_by == _pair.c.helper,
            _note.c.written_at >= sa.bindparam("since", type_=_note.c.written_at.type),
        ),
    )
)


def owes(tx: Tx, person: int, kind: PairKind, month: int, since: datetime, at: datetime) -> bool:
    """Has the helper a pair in season of which nothing was noted since then? `month`: 1 for January."""
    values = {"person": person, "kind": kind, "bit": bit_of(month), "since": since, "at": at}
    return bool(tx.execute(_OWES, values).scalar_one())


def forget_person(tx: Tx, person: int) -> None:
    """Pairs in which she is helped are no more, nor is what was noted of her."""
    tx.execute(sa.delete(_pair).where(_pair.c.helped == person))


def hand_over_everything(tx: Tx, gone: int, kept: int) -> None:
    """All that is one person's becomes the other's; what both had is had once."""
    both = (gone, kept)
    tx.execute(sa.delete(_pair).where(_pair.c.helper.in_(both), _pair.c.helped.in_(both)))
    has = _pair.alias()
    for mine, other in ((_pair.c.helper, _pair.c.helped), (_pair.c.helped, _pair.c.helper)):
        same = sa.exists().where(
            has.c.kind == _pair.c.kind,
            has.c[mine.name] == kept,
            has.c[other.name] == other,
            has.c.valid_to.is_(None),
        )
        tx.execute(sa.delete(_pair).where(mine == gone, _pair.c.valid_to.is_(None), same))
        tx.execute(sa.update(_pair).where(mine == gone).values({mine.name: kept}))
    tx.execute(sa.update(_note).where(_note.c.written_by == gone).values(written_by=kept))


def _read(rows: Iterable[Any]) -> list[Pair]:
    return [
        Pair(
            row.id,
            PairKind(row.kind),
            row.helper,
            row.helped,
            row.office,
            row.months,
            row.valid_from,
            row.valid_to,
        )
        for row in rows
    ]
