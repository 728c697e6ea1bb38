"""An appointment as each side sees it."""

from domain.appointments import words
from domain.appointments.times import Appointment
from domain.directory import RoleName
from domain.talk import Reply
from domain.tickets.steps import Ticket
from services.delivery import within_reach
from services.desk import Desk
from storage import appointments
from storage.directory import areas, people

_POSTS = {
    RoleName.STAFF: "工作人员",
    RoleName.SUPERVISOR: "镇督办",
    RoleName.CADRE: "网格员",
    RoleName.AGENT: "代办员",
}


def of(desk: Desk, ticket: Ticket) -> Appointment:
    """The ticket's time."""
    found = appointments.find(desk.tx, ticket.id)
    if found is None:
        raise LookupError(f"ticket {ticket.id} has no time for a talk")
    return found


def for_leader(desk: Desk, ticket: Ticket, head: str = "", *, reader: int | None = None) -> Reply:
    """As the leader, and staff who act for him, see it. reader: who will read it, if it is not its owner."""
    appointment = of(desk, ticket)
    himself = appointment.slot.leader == (ticket.owner if reader is None else reader)
    return words.leaders_card(ticket, appointment, _who(desk, ticket), head, topic=himself)


def for_her(desk: Desk, ticket: Ticket) -> Reply:
    """As whoever asked for it sees it."""
    return words.her_card(ticket, of(desk, ticket))


def _who(desk: Desk, ticket: Ticket) -> str:
    person = people.find(desk.tx, ticket.villager) if within_reach(desk, ticket.villager) else None
    if person is None:
        return "（已不用这里）"
    area = areas.find(desk.tx, ticket.area)
    roles = {role for role, _ in people.roles(desk.tx, person.id, desk.now)}
    post = next((name for role, name in _POSTS.items() if role in roles), "群众")
    return " ".join(filter(None, [area.short_name if area else "", post, person.name, person.phone]))
