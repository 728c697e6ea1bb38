"""What somebody wants to talk about: the leader alone is told, and nothing of it stays when the talk is over."""

from domain.appointments import words
from domain.appointments.times import Appointment
from domain.tickets.steps import Ticket
from services.desk import Desk
from storage.delivery import striking

_STRUCK = "（已删）"


def forget(desk: Desk, ticket: Ticket, appointment: Appointment) -> None:
    """Strike the topic out of what the leader was told, and of what stands on her page of the web chat."""
    if appointment.topic:
        take_back(desk, appointment)
        striking.strike_own(desk.tx, ticket.villager, appointment.topic, _STRUCK)


def take_back(desk: Desk, appointment: Appointment) -> None:
    """She goes to another leader: the first has no more to do with it."""
    if appointment.topic:
        told = words.topic_line(appointment.topic)
        striking.strike(desk.tx, appointment.slot.leader, told, words.topic_line(_STRUCK))
