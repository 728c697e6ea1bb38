"""What the clock does with tickets whose time has come: nudge, move up a level, close as unconfirmed."""

import logging
from datetime import timedelta

from domain.delivery import Lane
from domain.directory import Person
from domain.talk import About, Reply
from domain.tickets import words
from domain.tickets.clock import deadline, due_step, may_be_reminded, next_look, owners_time
from domain.tickets.steps import Closing, Kind, Part, Step, Ticket
from services.appointments.clock import talk_is_over
from services.delivery import tell
from services.desk import Desk
from services.digest import tells
from services.tickets.filing import card_for_owner
from services.tickets.handling import next_rung
from services.tickets.steps import take
from storage import tickets
from storage.statements import savepoint

log = logging.getLogger(__name__)


def look_at_due(desk: Desk, count: int = 200) -> int:
    """Do what is due, for at most `count` tickets. Returns how many were looked at; call again while it is full."""
    found = tickets.due(desk.tx, desk.now, count)
    for ticket in found:
        try:
            with savepoint(desk.tx):
                _look(desk, ticket)
        except Exception:
            log.exception("ticket %d could not be looked at; in an hour again", ticket.id)
            tickets.look_again(desk.tx, ticket.id, desk.now + timedelta(hours=1))
    return len(found)


def _look(desk: Desk, ticket: Ticket) -> None:
    step = due_step(ticket, desk.now, desk.county.limits, desk.county.days)
    if step is Step.NUDGE and not _waits_for_work(desk, ticket):
        _nudge(desk, ticket)
    elif step is Step.ESCALATE:
        _escalate(desk, ticket)
    elif step is Step.OVER:
        talk_is_over(desk, ticket)
    elif step is Step.EXPIRE:
        _expire(desk, ticket)
    elif step is None:
        tickets.look_again(desk.tx, ticket.id, next_look(ticket, desk.county.limits, desk.county.days))


def _waits_for_work(desk: Desk, ticket: Ticket) -> bool:
    """Would a reminder that is due come on a day off? Then the ticket is looked at again when work begins."""
    arrives = desk.county.quiet.next_allowed(desk.now)
    allowed = may_be_reminded(ticket, arrives, desk.county.days)
    if allowed == arrives:
        return False
    overdue = deadline(ticket, desk.county.limits)
    again = min(allowed, overdue) if overdue is not None and overdue > desk.now else allowed
    tickets.look_again(desk.tx, ticket.id, again)
    return True


def _nudge(desk: Desk, ticket: Ticket) -> None:
    after = take(desk, ticket, Step.NUDGE, Part.CLOCK, None, nudges=ticket.nudges + 1)
    _remind_owner(desk, after, "提醒")


def _escalate(desk: Desk, ticket: Ticket) -> None:
    """The next rung owns it now, with time of his own; at the top its owner is reminded each working day."""
    owner_by = owners_time(ticket, desk.now, desk.county.limits, desk.county.days)
    above = next_rung(desk, ticket)
    if above is None:
        if _waits_for_work(desk, ticket):
            return
        after = take(desk, ticket, Step.NUDGE, Part.CLOCK, None, owner_by=owner_by)
        _remind_owner(desk, after, "已超时")
        return
    after = take(
        desk,
        ticket,
        Step.ESCALATE,
        Part.CLOCK,
        None,
        owner=above.person.id,
        rung=above.rung,
        owner_by=owner_by,
    )
    tell(desk, above.person.id, card_for_owner(desk, after, "超时交您"), Lane.REMINDER)
    if ticket.owner is not None:
        tell(desk, ticket.owner, Reply(f"{ticket.id}号到时未办，已交{above.person.name}。"), Lane.REMINDER)
    _tell_villager(desk, after, above.person)


def _remind_owner(desk: Desk, ticket: Ticket, head: str) -> None:
    """Unless he hears of it this morning, among what he has to decide."""
    if ticket.owner is not None and not tells(desk, ticket):
        tell(desk, ticket.owner, card_for_owner(desk, ticket, head), Lane.REMINDER)


def _tell_villager(desk: Desk, ticket: Ticket, owner: Person) -> None:
    reply = Reply(f"{ticket.id}号超时了，对不住。现交{owner.name}{owner.phone}来办。", about=About.PROGRESS)
    tell(desk, ticket.villager, reply, Lane.REMINDER)


def _expire(desk: Desk, ticket: Ticket) -> None:
    after = take(desk, ticket, Step.EXPIRE, Part.CLOCK, None, closing=Closing.UNCONFIRMED, closed_at=desk.now)
    if ticket.kind is Kind.APPOINTMENT:  # to be asked once how a talk was is enough
        return
    days = desk.county.limits.silence_days
    reply = Reply(
        f"{ticket.id}号答复{days}天了没听到您的话，先收起。没解决就选下面的。",
        words.villager_choices(after),
        about=About.ANSWER,
    )
    tell(desk, ticket.villager, reply, Lane.REMINDER)
