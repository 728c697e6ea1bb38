"""Who may do what with an appointment: she who asked for it; the leader, its owner, and county staff."""

from domain.appointments.times import Appointment, check_ahead
from domain.directory import Person
from domain.errors import Refusal
from domain.tickets.steps import Kind, State, Ticket
from services.appointments.cards import of
from services.desk import Desk
from services.tickets.steps import held, may_work


def hers(desk: Desk, ticket: int, person: Person) -> tuple[Ticket, Appointment]:
    """The appointment, locked, if she has asked for it; else as if it did not exist."""
    found = _held(desk, ticket)
    if found.villager != person.id:
        raise none_of(ticket)
    return found, of(desk, found)


def leaders(desk: Desk, ticket: int, person: Person) -> tuple[Ticket, Appointment]:
    """The appointment, locked, if the person is on the leader's side; else as if it did not exist."""
    found = _held(desk, ticket)
    appointment = of(desk, found)
    if person.id != appointment.slot.leader and not may_work(desk, found, person):
        raise none_of(ticket)
    return found, appointment


def is_hers(desk: Desk, ticket: int, person: Person) -> bool:
    """On which side is the person? Raises Refusal where it is neither."""
    found = _held(desk, ticket)
    if found.villager == person.id:
        return True
    leaders(desk, ticket, person)
    return False


def check_changeable(ticket: Ticket, appointment: Appointment, desk: Desk) -> None:
    """Raises Refusal when it is ended, or when the time that was fixed has come."""
    if not ticket.open or ticket.state is State.ANSWERED:
        raise Refusal(f"约谈{ticket.id}号{ticket.state_name}，改不了。")
    if ticket.state is State.ACCEPTED:
        check_ahead(appointment.slot, desk.now)


def none_of(ticket: int) -> Refusal:
    return Refusal(f"没有{ticket}号约谈，请核对号码。")


def _held(desk: Desk, ticket: int) -> Ticket:
    found = held(desk, ticket)
    if found.kind is not Kind.APPOINTMENT:
        raise none_of(ticket)
    return found
