"""The calendar's file of one talk: ordered inside a turn, made after it, sent when it is there."""

from domain.talk import Media
from domain.tickets.steps import Ticket
from services.desk import Desk
from storage import media

MADE = "calendar"
"""Stands in an attachment for the messenger that it comes from: these we make ourselves."""
NAMES = {"": ("约谈", "")}
"""What such a file is called, before and behind the ticket's number."""


def file_of(desk: Desk, ticket: Ticket) -> int:
    """The attachment, still to be made."""
    [file] = media.add(desk.tx, MADE, [Media("file", str(ticket.id))], desk.now)
    return file
