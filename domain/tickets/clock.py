"""By when a ticket must be accepted, first contacted and answered; what the clock does when it is not.

Lengths are the county's (`Limits`), never constants of the code; the defaults are DOMAIN's: accept within 24 h,
first contact within 1 working day, ordinary answer 5 working days, immediate the same working day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.delivery import CHINA
from domain.tickets.steps import IN_HAND, WAITING, Kind, State, Step, Ticket
from domain.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class Limits:
    """Time allowed. Hours are clock hours, days are working days unless the name says otherwise."""

    accept_hours: int = 24
    contact_days: int = 1
    ordinary_days: int = 5
    extension_days: int = 10
    silence_days: int = 7
    """Calendar days without the villager's word after which an answered ticket closes as unconfirmed."""
    escalated_days: int = 1
    """Working days that each next owner has."""
    appointment_days: int = 3
    """To the word on when and where a talk is."""


@dataclass(frozen=True, slots=True)
class Promise:
    accept_by: datetime
    contact_by: datetime
    limit_at: datetime


def promise(kind: Kind, filed_at: datetime, limits: Limits, days: WorkingDays) -> Promise:
    """What the villager is told at filing. The clock starts at filing and nothing said later resets it."""
    if kind is Kind.IMMEDIATE:
        today = days.end_of_working_day(filed_at)
        return Promise(days.later_by_hours(filed_at, 2), today, today)
    if kind is Kind.APPOINTMENT:
        answer_by = days.add(filed_at, limits.appointment_days)
        return Promise(answer_by, answer_by, answer_by)
    return Promise(
        accept_by=filed_at + timedelta(hours=limits.accept_hours),
        contact_by=days.add(filed_at, limits.contact_days),
        limit_at=days.add(filed_at, limits.ordinary_days),
    )


def owners_time(ticket: Ticket, now: datetime, limits: Limits, days: WorkingDays) -> datetime:
    """By when somebody who has just got the ticket must act: an immediate one within the working day."""
    if ticket.kind is Kind.IMMEDIATE:
        return days.end_of_working_day(now)
    return days.add(now, limits.escalated_days)


def deadline(ticket: Ticket, limits: Limits) -> datetime | None:
    """When the ticket next becomes overdue in its present state. None once nothing more is owed.

    A rectification is never taken from its owner, nor closed by silence: of its limit the monthly duty reminds him.
    """
    if ticket.kind is Kind.RECTIFICATION:
        return None
    if ticket.state in WAITING | IN_HAND:
        promised = _promised(ticket)
        return max(promised, ticket.owner_by) if ticket.owner_by else promised
    if ticket.state is State.ANSWERED and ticket.answered_at is not None:
        return ticket.answered_at + timedelta(days=limits.silence_days)
    return None


def _promised(ticket: Ticket) -> datetime:
    if ticket.state in WAITING:
        return min(ticket.accept_by, ticket.limit_at)
    if ticket.contacted_at is None:
        return min(ticket.contact_by, ticket.limit_at)
    return ticket.limit_at


def nudges(ticket: Ticket, days: WorkingDays) -> tuple[datetime, ...]:
    """When the owner is reminded: at half of the time to the limit, and one day before it.

    What was promised in working days is reminded of on one, in its hours; what is to be done at once is when it is time.
    The limit of an appointment that is fixed is the end of the talk, of which both sides are reminded otherwise.
    """
    if ticket.kind is Kind.APPOINTMENT and ticket.state is State.ACCEPTED:
        return ()
    half = ticket.filed_at + (ticket.limit_at - ticket.filed_at) / 2
    day_before = ticket.limit_at - timedelta(days=1)
    due = {half, day_before} if day_before > half else {half}
    if ticket.kind is not Kind.IMMEDIATE:
        due = {days.in_hours(moment) for moment in due}
    return tuple(sorted(due))


def next_look(ticket: Ticket, limits: Limits, days: WorkingDays) -> datetime | None:
    """When the clock must look at the ticket again, or None if never."""
    overdue = deadline(ticket, limits)
    if overdue is None or ticket.state is State.ANSWERED:
        return overdue
    due = nudges(ticket, days)
    coming = due[ticket.nudges] if ticket.nudges < len(due) else overdue
    return min(overdue, coming)


def due_step(ticket: Ticket, now: datetime, limits: Limits, days: WorkingDays) -> Step | None:
    """What the clock has to do about a ticket at `now`; nothing when its time has not come."""
    overdue = deadline(ticket, limits)
    if overdue is None:
        return None
    if overdue <= now:
        return _when_time_is_up(ticket)
    if ticket.state is State.ANSWERED:
        return None
    due = nudges(ticket, days)
    return Step.NUDGE if ticket.nudges < len(due) and due[ticket.nudges] <= now else None


def may_be_reminded(ticket: Ticket, arrives: datetime, days: WorkingDays) -> datetime:
    """When the owner may get a reminder that would come at `arrives`.

    What was missed while the service was down waits for a working day, unless it is to be done at once.
    """
    if ticket.kind is Kind.IMMEDIATE or days.is_working(arrives.astimezone(CHINA).date()):
        return arrives
    return days.in_hours(arrives)


def _when_time_is_up(ticket: Ticket) -> Step:
    if ticket.state is State.ANSWERED:
        return Step.EXPIRE
    fixed = ticket.kind is Kind.APPOINTMENT and ticket.state is State.ACCEPTED
    return Step.OVER if fixed else Step.ESCALATE
