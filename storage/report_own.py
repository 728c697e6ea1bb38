"""A cadre's own month, for himself: always of one person, who is asked for by his number."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from domain.reports.months import Month
from domain.tickets.steps import IN_HAND, WAITING, Step, Ticket
from storage import schema, tickets
from storage.database import Tx
from storage.report_counts import MATTERS

_ticket = schema.ticket
_event = schema.ticket_event

_HIS_STEPS = {
    "accepted": (Step.ACCEPT,),
    "contacted": (Step.CALL, Step.MESSAGE),
    "answered": (Step.ANSWER,),
}
_HER_STEPS = {"confirmed": (Step.CONFIRM,), "unconfirmed": (Step.EXPIRE,)}
_UNANSWERED = tuple(WAITING | IN_HAND)


class Handled(NamedTuple):
    """A ticket that he had in hand, and his last answer in the month."""

    ticket: Ticket
    answer: str


def _during(month: Month) -> sa.ColumnElement[bool]:
    return sa.and_(_event.c.at >= month.starts, _event.c.at < month.ends)


def counts(tx: Tx, person: int, month: Month, at: datetime) -> dict[str, int]:
    """How many tickets he took on, wrote or called about, and answered in the month; what became of his.

    Open are those that are his and had no answer `at` the month's end, or now.
    """
    his = {name: _tickets(tx, month, steps, _event.c.actor == person) for name, steps in _HIS_STEPS.items()}
    owned = sa.select(_ticket.c.id).where(_ticket.c.owner == person)
    hers = {
        name: _tickets(tx, month, steps, _event.c.ticket.in_(owned)) for name, steps in _HER_STEPS.items()
    }
    open_ = sa.select(
        sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((_ticket.c.limit_at <= at, 1), else_=0)), 0)
    ).where(
        _ticket.c.owner == person,
        _ticket.c.kind.in_(MATTERS),
        _ticket.c.state.in_(_UNANSWERED),
        _ticket.c.filed_at < at,
    )
    left, late = tx.execute(open_).one()
    return his | hers | {"open": int(left), "overdue": int(late)}


def _tickets(tx: Tx, month: Month, steps: tuple[Step, ...], whose: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count(_event.c.ticket.distinct())).where(
        _during(month), _event.c.step.in_(steps), whose
    )
    return int(tx.execute(query).scalar_one())


def handled(tx: Tx, person: int, month: Month, count: int) -> list[Handled]:
    """The tickets on which he took a step in the month, or which wait for his answer, the oldest first.

    Talks that somebody booked are not among them: what they were about is nobody's report.
    """
    did = sa.select(_event.c.ticket).where(_during(month), _event.c.actor == person)
    waits = sa.and_(
        _ticket.c.owner == person, _ticket.c.state.in_(_UNANSWERED), _ticket.c.filed_at < month.ends
    )
    numbers = (
        sa.select(_ticket.c.id)
        .where(
            sa.or_(_ticket.c.id.in_(did), waits), _ticket.c.villager != person, _ticket.c.filed_by != person
        )
        .order_by(_ticket.c.id)
        .limit(count)
    )
    found = [tickets.find(tx, number) for number in tx.execute(numbers).scalars().all()]
    return [Handled(one, _answer(tx, one.id, person, month)) for one in found if one is not None]


def _answer(tx: Tx, ticket: int, person: int, month: Month) -> str:
    query = (
        sa.select(_event.c.note)
        .where(
            _event.c.ticket == ticket, _event.c.actor == person, _event.c.step == Step.ANSWER, _during(month)
        )
        .order_by(_event.c.number.desc())
        .limit(1)
    )
    return tx.execute(query).scalar() or ""
