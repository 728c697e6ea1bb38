"""What the clock does with appointments: it reminds of those to come, and asks how those that are over were."""

from datetime import date, datetime, time, timedelta

from domain.appointments import words
from domain.delivery import CHINA, Lane
from domain.talk import About, Reply
from domain.tickets.steps import Part, Step, Ticket
from services.appointments.cards import of
from services.appointments.slots import today
from services.appointments.topics import forget
from services.delivery import tell
from services.desk import Desk
from services.tickets.steps import take
from storage import appointments, tickets


def remind_due(desk: Desk, count: int = 50) -> int:
    """Remind both sides, once, on the last working day before the talk. Returns how many talks that were.

    What was fixed on that very day needs no reminder then, and gets one in the morning of the talk. Outside working
    hours nothing is said: it would be heard on the next morning, be that of a Saturday.
    """
    day = today(desk)
    if not desk.county.days.at_work(desk.now):
        return 0
    until = _midnight_after(desk.county.days.next_working(day))
    due = appointments.to_remind_of(desk.tx, _midnight_after(day - timedelta(days=1)), desk.now, until, count)
    for number in due:
        ticket = tickets.find(desk.tx, number)
        if ticket is not None:
            _remind(desk, ticket)
    return len(due)


def _remind(desk: Desk, ticket: Ticket) -> None:
    slot = of(desk, ticket).slot
    appointments.reminded(desk.tx, ticket.id, desk.now)
    said = words.coming(ticket, slot)
    tell(desk, ticket.villager, Reply(said, words.her_choices(ticket), about=About.PROGRESS), Lane.REMINDER)
    tell(desk, slot.leader, Reply(said, words.leaders_choices(ticket), about=About.TASK), Lane.REMINDER)


def talk_is_over(desk: Desk, ticket: Ticket) -> None:
    """Its time has passed: what was to be talked about is forgotten, and she is asked how it was."""
    after = take(desk, ticket, Step.OVER, Part.CLOCK, None, answered_at=desk.now)
    appointment = of(desk, ticket)
    appointments.end(desk.tx, ticket.id, desk.now)
    forget(desk, ticket, appointment)
    tell(desk, ticket.villager, words.over(after), Lane.REMINDER)


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), CHINA)
