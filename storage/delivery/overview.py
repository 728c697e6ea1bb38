"""The outbox as the operator and the staff see it: what has not arrived, and why."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.delivery import Sending, Via
from domain.directory import Person
from storage import schema
from storage.database import Tx
from storage.delivery.outbox import UNSETTLED
from storage.directory import people

_outbox = schema.outbox
_person = schema.person
_role = schema.role


def stuck(tx: Tx, limit: int) -> list[Any]:
    """Rows that are neither sent nor plainly on their way, the newest first: for the operator."""
    query = (
        sa.select(
            _outbox.c.id,
            _outbox.c.channel,
            _outbox.c.lane,
            _outbox.c.state,
            _outbox.c.tries,
            _outbox.c.doubts,
            _outbox.c.reason,
            _outbox.c.created_at,
            _outbox.c.due_at,
        )
        .where(_outbox.c.state != Sending.SENT)
        .order_by(_outbox.c.id.desc())
        .limit(limit)
    )
    return list(tx.execute(query))


def counts(tx: Tx) -> list[tuple[str, str, int, int]]:
    """(channel, state, rows, rows that were ever in doubt)."""
    query = sa.select(
        _outbox.c.channel,
        _outbox.c.state,
        sa.func.count(),
        sa.func.sum(sa.case((_outbox.c.doubts > 0, 1), else_=0)),
    ).group_by(_outbox.c.channel, _outbox.c.state)
    return [(row[0], row[1], row[2], int(row[3] or 0)) for row in tx.execute(query)]


def overdue(tx: Tx, before: datetime) -> int:
    """How many messages should have left before then and still wait."""
    query = sa.select(sa.func.count()).where(
        UNSETTLED, _outbox.c.state == Sending.QUEUED, _outbox.c.due_at < before
    )
    return int(tx.execute(query).scalar_one())


class Waiting(NamedTuple):
    """Somebody for whom messages are held."""

    person: Person
    count: int
    since: datetime
    reachable: bool
    """False: there is no account yet."""
    notified: bool
    """She was told by a notice that there is something to read."""


def waiting(tx: Tx, areas: Sequence[str], limit: int) -> list[Waiting]:
    """People of these areas, or who serve there, for whom messages are held; who waits longest first."""
    lives = sa.or_(*(_person.c.area.startswith(area) for area in areas))
    serves = sa.exists().where(
        _role.c.person == _person.c.id, sa.or_(*(_role.c.area.startswith(area) for area in areas))
    )
    query = (
        sa.select(
            *people.PERSON_COLUMNS,
            sa.func.count().label("messages"),
            sa.func.min(_outbox.c.created_at).label("since"),
            sa.func.max(_outbox.c.account).label("account"),
            sa.func.max(sa.case((_outbox.c.via == Via.TEMPLATE, 1), else_=0)).label("notified"),
        )
        .join(_person, _person.c.id == _outbox.c.person)
        .where(_outbox.c.state == sa.literal_column("'held'"), sa.or_(lives, serves))
        .group_by(*people.PERSON_COLUMNS)
        .order_by(sa.func.min(_outbox.c.created_at))
        .limit(limit)
    )
    return [
        Waiting(people.read_person(row), row.messages, row.since, row.account is not None, bool(row.notified))
        for row in tx.execute(query)
    ]
