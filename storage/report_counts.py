"""What is counted for reports.

Of an area everything is counted over the whole of it, or by category: no statement here selects or groups by a
person, so that a list of people by what they did cannot be made of these figures (a test looks at each statement).
The figures of one cadre are asked for with his own number, and only by him.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from domain.delivery import Sending
from domain.duties.duty import State as DutyState
from domain.reports.figures import DUTY, STEP_OF
from domain.reports.months import Month
from domain.suggestions.steps import Outcome
from domain.suggestions.steps import Step as SuggestionStep
from domain.tickets.steps import IN_HAND, WAITING, Kind, State, Step
from storage import schema
from storage.database import Tx

_ticket = schema.ticket
_event = schema.ticket_event
_report = schema.report
_outbox = schema.outbox
_person = schema.person
_role = schema.role
_suggestion = schema.suggestion
_suggested = schema.suggestion_event
_rectification = schema.rectification
_duty = schema.duty
_period = schema.duty_period
_template = schema.duty_template

MATTERS = (Kind.REQUEST, Kind.IMMEDIATE, Kind.CONSULT)
"""What an answer is owed to. Complaints are county staff's alone and are counted apart, like praise."""
_UNANSWERED = tuple(WAITING | IN_HAND)
_CONTACTS = (Step.CALL, Step.MESSAGE)


def _during(month: Month) -> sa.ColumnElement[bool]:
    return sa.and_(_event.c.at >= month.starts, _event.c.at < month.ends)


def _matters_of(area: str) -> sa.ColumnElement[bool]:
    return sa.and_(_ticket.c.area.startswith(area), _ticket.c.kind.in_(MATTERS))


def by_step(tx: Tx, area: str, month: Month) -> dict[tuple[str, str], int]:
    """(category, figure): how many tickets took the figure's step in the month."""
    names = {step: name for name, step in STEP_OF.items()}
    query = (
        sa.select(_ticket.c.category, _event.c.step, sa.func.count(_event.c.ticket.distinct()))
        .join(_ticket, _ticket.c.id == _event.c.ticket)
        .where(_during(month), _event.c.step.in_(tuple(names)), _matters_of(area))
        .group_by(_ticket.c.category, _event.c.step)
    )
    return {(row[0], names[Step(row[1])]): int(row[2]) for row in tx.execute(query)}


def _unanswered_at(at: datetime) -> sa.ColumnElement[bool]:
    """Was a ticket without an answer at that moment, by the state after its last event before it?

    Whatever is open now, or was touched since, is looked at.
    """
    later = sa.select(_event.c.ticket).where(_event.c.at >= at)
    last = _event.alias("last")
    inner = _event.alias("earlier")
    newest = (
        sa.select(sa.func.max(inner.c.number))
        .where(inner.c.ticket == last.c.ticket, inner.c.at < at)
        .scalar_subquery()
    )
    state = (
        sa.select(last.c.state)
        .where(last.c.ticket == _ticket.c.id, last.c.number == newest)
        .scalar_subquery()
    )
    return sa.and_(
        sa.or_(_ticket.c.state.in_(_UNANSWERED), _ticket.c.id.in_(later)),
        _ticket.c.filed_at < at,
        state.in_(_UNANSWERED),
    )


def unanswered(tx: Tx, area: str, at: datetime) -> dict[str, tuple[int, int]]:
    """By category: (tickets without an answer at that moment, those of them past their limit)."""
    late = sa.func.sum(sa.case((_ticket.c.limit_at <= at, 1), else_=0))
    query = (
        sa.select(_ticket.c.category, sa.func.count(), late)
        .where(_matters_of(area), _unanswered_at(at))
        .group_by(_ticket.c.category)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in tx.execute(query)}


def of_kinds(tx: Tx, area: str, month: Month, kinds: Sequence[Kind]) -> dict[Kind, int]:
    """Tickets of each of these kinds that were filed in the month."""
    query = (
        sa.select(_ticket.c.kind, sa.func.count())
        .where(
            _ticket.c.area.startswith(area),
            _ticket.c.kind.in_(kinds),
            _ticket.c.filed_at >= month.starts,
            _ticket.c.filed_at < month.ends,
        )
        .group_by(_ticket.c.kind)
    )
    found = {Kind(row[0]): int(row[1]) for row in tx.execute(query)}
    return {kind: found.get(kind, 0) for kind in kinds}


_ADOPTED = (Outcome.ADOPTED, Outcome.PARTLY)


def suggestions(tx: Tx, area: str, month: Month, *, everything: bool) -> dict[str, int]:
    """Suggestions that came, that were answered, and of these the adopted. `everything`: for the county.

    Of a smaller area only what was signed there and is about nobody: an anonymous one is from nowhere, and one
    about a person is the county's.
    """
    days = (month.first, month.after.first)
    scope = (
        sa.true() if everything else sa.and_(_suggestion.c.area.startswith(area), ~_suggestion.c.restricted)
    )
    came = sa.select(sa.func.count()).where(_suggestion.c.day >= days[0], _suggestion.c.day < days[1], scope)
    answered = (
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(sa.case((_suggestion.c.outcome.in_(_ADOPTED), 1), else_=0)), 0),
        )
        .select_from(_suggestion)
        .where(
            scope,
            sa.exists().where(
                _suggested.c.suggestion == _suggestion.c.id,
                _suggested.c.step == SuggestionStep.ANSWER,
                _suggested.c.day >= days[0],
                _suggested.c.day < days[1],
            ),
        )
    )
    row = tx.execute(answered).one()
    return {
        "suggested": int(tx.execute(came).scalar_one()),
        "suggestions_answered": int(row[0]),
        "adopted": int(row[1]),
    }


_LOST = (Sending.BLOCKED, Sending.FAILED, Sending.UNCERTAIN)


def messages(tx: Tx, area: str, month: Month) -> dict[str, int]:
    """Messages of the month to people who live or serve in the area that still wait for them, or never came."""
    lives = _outbox.c.person.in_(sa.select(_person.c.id).where(_person.c.area.startswith(area)))
    serves = _outbox.c.person.in_(sa.select(_role.c.person).where(_role.c.area.startswith(area)))
    query = sa.select(
        sa.func.coalesce(sa.func.sum(sa.case((_outbox.c.state == Sending.HELD, 1), else_=0)), 0),
        sa.func.coalesce(sa.func.sum(sa.case((_outbox.c.state.in_(_LOST), 1), else_=0)), 0),
    ).where(
        _outbox.c.state.in_((Sending.HELD, *_LOST)),
        _outbox.c.created_at >= month.starts,
        _outbox.c.created_at < month.ends,
        sa.or_(lives, serves),
    )
    held, lost = tx.execute(query).one()
    return {"held": int(held), "undelivered": int(lost)}


def agreed(area: str, month: Month) -> sa.Select[tuple[int]]:
    """Cadres of the area who have confirmed their report of the month: only what they did goes into its sums."""
    return sa.select(_report.c.person).where(
        _report.c.month == str(month),
        _report.c.area.startswith(area),
        _report.c.person.is_not(None),
        _report.c.confirmed_at.is_not(None),
    )


def of_cadres(tx: Tx, area: str, month: Month) -> dict[str, int]:
    """How many cadres confirmed their reports, and how many households all of them together called or wrote to."""
    those = agreed(area, month)
    confirmed = tx.execute(sa.select(sa.func.count()).select_from(those.subquery())).scalar_one()
    contacted = sa.select(sa.func.count(_event.c.ticket.distinct())).where(
        _during(month), _event.c.step.in_(_CONTACTS), _event.c.actor.in_(those)
    )
    return {"reports": int(confirmed), "contacted": int(tx.execute(contacted).scalar_one())}


def rectifications(tx: Tx, area: str, month: Month) -> dict[str, int]:
    """Items that were ticked off in the month, and those that were on the list at its end."""
    at_end = sa.or_(_ticket.c.closed_at.is_(None), _ticket.c.closed_at >= month.ends)
    in_month = sa.and_(_ticket.c.closed_at >= month.starts, _ticket.c.closed_at < month.ends)
    query = sa.select(
        sa.func.coalesce(sa.func.sum(sa.case((in_month, 1), else_=0)), 0),
        sa.func.coalesce(sa.func.sum(sa.case((at_end, 1), else_=0)), 0),
    ).where(
        _ticket.c.id.in_(sa.select(_rectification.c.ticket)),
        _ticket.c.area.startswith(area),
        _ticket.c.state != State.WITHDRAWN,
        _ticket.c.filed_at < month.ends,
    )
    ticked_off, listed = tx.execute(query).one()
    return {"ticked_off": int(ticked_off), "rectifying": int(listed)}


def duties(tx: Tx, area: str, month: Month) -> dict[str, int]:
    """How often each duty whose period ended in the month was noted as done, by all together who confirmed."""
    return _done(tx, month, _duty.c.person.in_(agreed(area, month)))


def own_duties(tx: Tx, person: int, month: Month) -> dict[str, int]:
    """The same of one cadre, for himself."""
    return _done(tx, month, _duty.c.person == person)


def _done(tx: Tx, month: Month, whose: sa.ColumnElement[bool]) -> dict[str, int]:
    query = (
        sa.select(_template.c.name, sa.func.sum(sa.case((_duty.c.state == DutyState.DONE, 1), else_=0)))
        .join(_period, _period.c.template == _template.c.id)
        .join(_duty, _duty.c.period == _period.c.id)
        .where(_period.c.ends_on >= month.first, _period.c.ends_on < month.after.first, whose)
        .group_by(_template.c.name)
        .order_by(_template.c.name)
    )
    return {f"{DUTY}{row[0]}": int(row[1]) for row in tx.execute(query)}
