"""Tickets that a duty may count: what somebody has answered anyway need not be told a second time."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from domain.duties.duty import Counted
from domain.tickets.steps import Kind
from storage import schema
from storage.database import Tx

_ticket = schema.ticket
_duty = schema.duty


_refused = schema.duty_not_counted


_COUNTED_ALREADY = sa.exists().where(_duty.c.ticket == _ticket.c.id)


def answered(
    tx: Tx, owner: int, period: int, categories: Sequence[str], since: datetime, until: datetime
) -> Counted | None:
    """The newest ticket of these categories that the owner answered in this time and no duty counts yet.

    None of which he has said that it is not his duty of the period.
    """
    refused = sa.exists().where(
        _refused.c.period == period, _refused.c.person == owner, _refused.c.ticket == _ticket.c.id
    )
    kind = _ticket.c.category + "/" + sa.func.coalesce(_ticket.c.subcategory, "")
    query = (
        sa.select(_ticket.c.id, schema.area.c.name, _ticket.c.category, _ticket.c.subcategory)
        .join(schema.area, schema.area.c.code == _ticket.c.area)
        .where(
            _ticket.c.owner == owner,
            _ticket.c.answered_at >= since,
            _ticket.c.answered_at < until,
            _ticket.c.kind != Kind.COMPLAINT,
            sa.or_(_ticket.c.category.in_(categories), kind.in_(categories)),
            ~_COUNTED_ALREADY,
            ~refused,
        )
        .order_by(_ticket.c.id.desc())
        .limit(1)
    )
    row = tx.execute(query).first() if categories else None
    return None if row is None else Counted(*row)
