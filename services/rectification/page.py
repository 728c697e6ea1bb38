"""All that happened with one rectification, for a page that is printed."""

from dataclasses import dataclass

from domain.delivery import CHINA
from domain.tickets import rectification as words
from domain.tickets.rectification import Item, Progress
from services.desk import Desk
from services.rectification.access import name_of, none_such
from storage import rectifications, tickets
from storage.directory import areas


@dataclass(frozen=True, slots=True)
class History:
    item: Item
    place: str
    owner: str
    leader: str
    months: list[Progress]
    story: list[str]


def history(desk: Desk, number: int) -> History:
    """An item with all its months and steps, the oldest first. Raises Refusal if there is none of this number."""
    item = rectifications.find(desk.tx, number)
    if item is None:
        raise none_such(number)
    events = tickets.events(desk.tx, number)
    names = {event.actor: name_of(desk, event.actor) for event in events if event.actor}
    place = areas.find(desk.tx, item.ticket.area)
    return History(
        item,
        place.short_name if place else "",
        name_of(desk, item.ticket.owner),
        name_of(desk, item.leader),
        rectifications.progress(desk.tx, number),
        [f"{event.at.astimezone(CHINA).year}年{words.story_line(event, names, 500)}" for event in events],
    )
