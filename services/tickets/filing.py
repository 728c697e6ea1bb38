"""Filing: a request finds its owner and becomes a numbered promise."""

from dataclasses import dataclass, replace

from domain.directory import Candidate, Person, Rung, short_name
from domain.talk import Reply
from domain.tickets import words
from domain.tickets.clock import next_look, promise
from domain.tickets.steps import Closing, Event, Kind, State, Step, Ticket
from services.appointments import cards
from services.delivery import tell, within_reach
from services.desk import Desk
from services.directory.areas import owners
from storage import tickets
from storage.directory import areas, people


@dataclass(frozen=True, slots=True)
class Request:
    """What a villager asks for, as she confirmed it."""

    text: str
    category: str
    subcategory: str | None
    area: str
    channel: str
    media: tuple[int, ...] = ()
    kind: Kind = Kind.REQUEST
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    ticket: Ticket
    owner: Person | None


def file_ticket(desk: Desk, villager: Person, request: Request) -> Filed:
    """File a request, give it to whoever looks after the area, and tell him."""
    owner = _owner(desk, request)
    draft = _promised(desk, villager, request, owner)
    if draft.kind is Kind.PRAISE and owner is not None:  # nothing is left to do: it only has to be heard
        draft = replace(draft, state=State.CLOSED, closing=Closing.SOLVED, closed_at=desk.now)
    look_at = next_look(draft, desk.county.limits, desk.county.days)
    number, place = tickets.add(desk.tx, draft, _first_events(desk, draft, request), request.channel, look_at)
    ticket = replace(draft, id=number)
    if owner is not None:
        card = words.owner_card(ticket, short_name(place), villager, _HEADS.get(ticket.kind, "新"))
        tell(desk, owner.person.id, replace(card, media=request.media))
    return Filed(ticket, owner.person if owner else None)


_HEADS = {Kind.PRAISE: "表扬", Kind.IMMEDIATE: "立即办"}


def _owner(desk: Desk, request: Request) -> Candidate | None:
    return next(iter(owners(desk, request.area, request.kind)), None)


def _promised(desk: Desk, villager: Person, request: Request, owner: Candidate | None) -> Ticket:
    limits = promise(request.kind, desk.now, desk.county.limits, desk.county.days)
    return Ticket(
        id=0,
        kind=request.kind,
        state=State.ASSIGNED if owner else State.FILED,
        category=request.category,
        subcategory=request.subcategory,
        text=request.text,
        area=request.area,
        villager=villager.id,
        filed_by=villager.id,
        on_behalf_of=request.on_behalf_of,
        filed_at=desk.now,
        accept_by=limits.accept_by,
        contact_by=limits.contact_by,
        limit_at=limits.limit_at,
        owner=owner.person.id if owner else None,
        rung=owner.rung if owner else Rung.PRIMARY,
        events=2 if owner else 1,
    )


def _first_events(desk: Desk, ticket: Ticket, request: Request) -> list[Event]:
    filing = Event(
        ticket.id, 1, desk.now, Step.FILE, ticket.filed_by, State.FILED, request.text, request.media
    )
    if ticket.owner is None:
        return [filing]
    assigned = Event(ticket.id, 2, desk.now, Step.ASSIGN, None, State.ASSIGNED)
    thanked = Event(ticket.id, 2, desk.now, Step.CONFIRM, ticket.filed_by, State.CLOSED)
    return [filing, thanked if ticket.kind is Kind.PRAISE else assigned]


def card_for_owner(desk: Desk, ticket: Ticket, head: str = "") -> Reply:
    """The ticket as its owner sees it, with the pictures and sounds it was filed with."""
    if ticket.kind is Kind.APPOINTMENT:
        return cards.for_leader(desk, ticket, head)
    villager = people.find(desk.tx, ticket.villager) if within_reach(desk, ticket.villager) else None
    filing = tickets.events(desk.tx, ticket.id)[:1]
    area = areas.find(desk.tx, ticket.area)
    card = words.owner_card(ticket, area.short_name if area else "", villager, head)
    return replace(card, media=filing[0].media if filing else ())
