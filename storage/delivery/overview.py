"""The outbox as the operator and the staff see it: what has not arrived, and why."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.delivery import Sending
from storage import schema
from storage.database import Tx
from storage.delivery.outbox import UNSETTLED

_outbox = schema.outbox


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
