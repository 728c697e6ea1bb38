"""The broadcasts themselves."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.broadcasts import Audience, Broadcast, Progress, Reach, State
from domain.talk import Choice
from storage import schema
from storage.broadcasts import counts
from storage.database import Tx
from storage.statements import new_id

_broadcast = schema.broadcast
_survey = schema.survey


class SurveyFacts(NamedTuple):
    """What a broadcast has to know of its survey."""

    title: str
    state: str
    anonymous: bool


def survey_facts(tx: Tx, survey: int) -> SurveyFacts | None:
    query = sa.select(_survey.c.title, _survey.c.state, _survey.c.anonymous).where(_survey.c.id == survey)
    row = tx.execute(query).first()
    return None if row is None else SurveyFacts(*row)


def add(tx: Tx, values: Mapping[str, Any]) -> int:
    """A new broadcast of which nobody is queued yet. Raises nothing; a second reminder is told by `reminder_of`, a second telling by `telling_of`."""
    fresh = {"total": 0, "queued_to": 0, "queued": False, "doubts": 0, "state": State.GOING}
    return new_id(tx.execute(sa.insert(_broadcast), fresh | dict(values)))


def reminder_of(tx: Tx, broadcast: int) -> int | None:
    """The reminder of a broadcast, if it was sent already."""
    return tx.execute(sa.select(_broadcast.c.id).where(_broadcast.c.reminds == broadcast)).scalar()


def telling_of(tx: Tx, survey: int) -> int | None:
    """The broadcast by which a survey's results were told, if they were."""
    return tx.execute(sa.select(_broadcast.c.id).where(_broadcast.c.tells == survey)).scalar()


class Asking(NamedTuple):
    """A broadcast that asks people to answer a survey."""

    broadcast: int
    audience: Audience


def asking(tx: Tx, surveys: Collection[int]) -> dict[int, list[Asking]]:
    """By survey: its broadcasts, without reminders, which go to no others. A survey that was never sent is missing."""
    query = sa.select(_broadcast.c.survey, _broadcast.c.id, _broadcast.c.audience).where(
        _broadcast.c.survey.in_(surveys), _broadcast.c.reminds.is_(None)
    )
    found: dict[int, list[Asking]] = {}
    for row in tx.execute(query.order_by(_broadcast.c.id)) if surveys else ():
        found.setdefault(row.survey, []).append(Asking(row.id, Audience.from_json(row.audience)))
    return found


def newest_of(tx: Tx, survey: int) -> int | None:
    """The newest broadcast of a survey."""
    return tx.execute(sa.select(sa.func.max(_broadcast.c.id)).where(_broadcast.c.survey == survey)).scalar()


def find(tx: Tx, broadcast: int, *, lock: bool = False) -> Broadcast | None:
    query = sa.select(_broadcast).where(_broadcast.c.id == broadcast)
    row = tx.execute(query.with_for_update(key_share=True) if lock else query).first()
    return None if row is None else read(row)


_GOING = (
    sa.select(_broadcast)
    .where(
        _broadcast.c.state == State.GOING,
        _broadcast.c.starts_at <= sa.bindparam("now", type_=_broadcast.c.starts_at.type),
    )
    .order_by(_broadcast.c.id)
)


def going(tx: Tx, now: datetime) -> list[Broadcast]:
    """Those that may leave now, the oldest first."""
    return [read(row) for row in tx.execute(_GOING, {"now": now})]


_TO_QUEUE = (
    sa.select(_broadcast)
    .where(_broadcast.c.state.in_([State.GOING, State.PAUSED]), ~_broadcast.c.queued)
    .order_by(_broadcast.c.id)
    .limit(1)
)


def to_queue(tx: Tx) -> Broadcast | None:
    """The oldest for which not everybody has been found yet."""
    row = tx.execute(_TO_QUEUE).first()
    return None if row is None else read(row)


def change_state(tx: Tx, broadcast: int, state: State, now: datetime) -> None:
    ended = now if state in (State.CANCELLED, State.DONE) else None
    tx.execute(sa.update(_broadcast).where(_broadcast.c.id == broadcast).values(state=state, ended_at=ended))


def cancel_of(tx: Tx, survey: int, now: datetime) -> None:
    """Nothing more of what asks people to answer a survey is to leave."""
    open_ones = sa.and_(_broadcast.c.survey == survey, _broadcast.c.state.in_([State.GOING, State.PAUSED]))
    tx.execute(sa.update(_broadcast).where(open_ones).values(state=State.CANCELLED, ended_at=now))


def note_queued(tx: Tx, broadcast: int, more: int, queued_to: int, *, whole: bool) -> None:
    """So many recipients more were found among the people up to this id."""
    values = {"total": _broadcast.c.total + more, "queued_to": queued_to, "queued": whole}
    tx.execute(sa.update(_broadcast).where(_broadcast.c.id == broadcast).values(values))


def without_mass(tx: Tx, broadcast: int) -> None:
    """The platform takes no mass messages of ours: everybody gets a message of their own."""
    tx.execute(sa.update(_broadcast).where(_broadcast.c.id == broadcast).values(by_mass=False))


def progress(tx: Tx, broadcast: int) -> Progress | None:
    query = sa.select(_broadcast).where(_broadcast.c.id == broadcast)
    row = tx.execute(query).first()
    if row is None:
        return None
    by_channel = counts.of(tx, broadcast)
    totals: dict[Reach, int] = {}
    for (_, reach), count in by_channel.items():
        totals[reach] = totals.get(reach, 0) + count
    return Progress(read(row), totals, by_channel, row.doubts)


def read(row: Any) -> Broadcast:
    return Broadcast(
        id=row.id,
        survey=row.survey,
        text=row.text,
        choices=tuple(Choice(choice, label) for choice, label in row.choices),
        anonymous=row.anonymous,
        audience=Audience.from_json(row.audience),
        serial=row.serial,
        by_mass=row.by_mass,
        state=State(row.state),
        total=row.total,
        queued_to=row.queued_to,
        queued=row.queued,
        starts_at=row.starts_at,
    )
