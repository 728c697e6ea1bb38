"""What the villager does with her own ticket: only her word closes it."""

from dataclasses import replace

from domain.directory import Person
from domain.errors import Refusal
from domain.talk import About, Choice, Reply
from domain.tickets import words
from domain.tickets.checks import check_step, check_urge
from domain.tickets.steps import Closing, Kind, Part, Step, Ticket
from services.appointments import cards
from services.delivery import tell
from services.desk import Desk
from services.directory.areas import owners
from services.tickets.filing import card_for_owner
from services.tickets.steps import held, her_own, hers, may_see, take
from storage import tickets
from storage.directory import people


def confirm(desk: Desk, ticket: int, person: Person) -> Ticket:
    """Her word that it is solved."""
    found = her_own(desk, ticket, person)
    after = take(
        desk, found, Step.CONFIRM, Part.VILLAGER, person.id, closing=Closing.SOLVED, closed_at=desk.now
    )
    _tell_owner(desk, after, Reply(f"{ticket}号 群众确认解决，已办结。"))
    return after


def reopen(desk: Desk, ticket: int, person: Person, text: str, media: tuple[int, ...]) -> Ticket:
    """Her word that it is not solved: its owner goes to work again, on a fresh limit."""
    found = _with_an_owner(desk, her_own(desk, ticket, person))
    after = take(
        desk, found, Step.REOPEN, Part.VILLAGER, person.id, note=text, media=media,
        closing=None, closed_at=None, answered_at=None, rating=None, nudges=1,
        limit_at=desk.county.days.add(desk.now, desk.county.limits.ordinary_days),
    )  # fmt: skip
    _tell_owner(desk, after, _with_words(card_for_owner(desk, after, "没解决，重办"), text, media))
    return after


def _with_an_owner(desk: Desk, ticket: Ticket) -> Ticket:
    """The ticket, with another owner where its own no longer looks after her area, or is away."""
    steps = owners(desk, ticket.area, ticket.kind)
    if not steps or any(step.person.id == ticket.owner for step in steps):
        return ticket
    return replace(ticket, owner=steps[0].person.id, rung=steps[0].rung)


def rate(desk: Desk, ticket: int, person: Person, rating: int) -> Ticket:
    """How she found it: 3 content, 2 fair, 1 not content. Shown to nobody as a ranking."""
    return take(desk, her_own(desk, ticket, person), Step.RATE, Part.VILLAGER, person.id, rating=rating)


def withdraw(desk: Desk, ticket: int, person: Person) -> Ticket:
    found = her_own(desk, ticket, person)
    after = take(desk, found, Step.WITHDRAW, Part.VILLAGER, person.id, closed_at=desk.now)
    _tell_owner(desk, after, Reply(f"{ticket}号 群众已撤回，不用办了。"))
    return after


def add(desk: Desk, ticket: int, person: Person, text: str, media: tuple[int, ...]) -> Ticket:
    """More words or pictures of hers; passed on to the owner."""
    found = her_own(desk, ticket, person)
    after = take(desk, found, Step.ADD, Part.VILLAGER, person.id, note=text, media=media)
    _tell_owner(desk, after, _from_her(after, person, text, media))
    return after


def reply(desk: Desk, ticket: int, person: Person, text: str, media: tuple[int, ...]) -> Ticket:
    """Her answer to the owner's message."""
    found = her_own(desk, ticket, person)
    after = take(desk, found, Step.MESSAGE, Part.VILLAGER, person.id, note=text, media=media)
    _tell_owner(desk, after, _from_her(after, person, text, media))
    return after


def urge(desk: Desk, ticket: int, person: Person) -> Ticket:
    """Ask to hurry, at most once a day. The clock is not reset by it."""
    found = her_own(desk, ticket, person)
    check_urge(found, desk.now)
    after = take(desk, found, Step.URGE, Part.VILLAGER, person.id, urged_at=desk.now)
    _tell_owner(desk, after, card_for_owner(desk, after, "群众催办"))
    return after


_STEP_OF = {"reply": Step.MESSAGE, "add": Step.ADD, "unsolved": Step.REOPEN}


def check(desk: Desk, ticket: int, person: Person, deed: str) -> None:
    """Raise Refusal if the villager's deed would be refused, before she is asked for words."""
    check_step(her_own(desk, ticket, person), _STEP_OF[deed], Part.VILLAGER)


def can(desk: Desk, ticket: Ticket, step: Step) -> bool:
    """Would this step of hers, which needs no words, be taken now?"""
    try:
        check_step(ticket, step, Part.VILLAGER)
        if step is Step.URGE:
            check_urge(ticket, desk.now)
    except Refusal:
        return False
    return True


def mine(desk: Desk, person: Person, count: int = 5) -> list[Ticket]:
    """Her tickets, the newest first."""
    return tickets.of_villager(desk.tx, person.id, count)


def open_ones(desk: Desk, person: Person, count: int = 5) -> list[Ticket]:
    return tickets.open_of_villager(desk.tx, person.id, count)


def look(desk: Desk, ticket: int, person: Person) -> Reply:
    """Where her ticket stands and what she can do."""
    found = hers(desk, ticket, person)
    return cards.for_her(desk, found) if found.kind is Kind.APPOINTMENT else words.progress(found, desk.now)


def story(desk: Desk, ticket: int, person: Person) -> str:
    """The timeline, for her and for those who may see the ticket."""
    found = held(desk, ticket)
    if not may_see(desk, found, person):
        found = hers(desk, ticket, person)
    told = tickets.events(desk.tx, found.id)
    actors = {event.actor for event in told if event.actor}
    names = {actor: _name(desk, actor, found) for actor in actors}
    return words.story(told, names)


def _name(desk: Desk, actor: int, ticket: Ticket) -> str:
    if actor in (ticket.villager, ticket.filed_by):
        return "群众"
    person = people.find(desk.tx, actor)
    return person.name if person and person.name else "群众"  # the nameless: forgotten, or joined to another


def _from_her(ticket: Ticket, person: Person, text: str, media: tuple[int, ...]) -> Reply:
    who = person.name or "群众"
    said = text or "（图片或语音）"
    choices = (
        Choice(words.deed(ticket.id, "message"), "回话"),
        Choice(words.deed(ticket.id, "show"), "看工单"),
    )
    return Reply(f"{ticket.id}号 {who}说：{said}", choices, media, About.WORDS)


def _with_words(card: Reply, text: str, media: tuple[int, ...]) -> Reply:
    said = f"{card.text}\n她说：{text}" if text else card.text
    return replace(card, text=said, media=media)


def _tell_owner(desk: Desk, ticket: Ticket, reply: Reply) -> None:
    if ticket.owner is not None:
        tell(desk, ticket.owner, reply)
