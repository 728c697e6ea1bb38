"""Who asks for a talk: she books, takes another time, or does not come; afterwards she says how it was."""

from datetime import datetime

from domain.appointments import words
from domain.appointments.times import Slot
from domain.directory import Person, Rung
from domain.errors import Refusal
from domain.talk import Reply
from domain.tickets.clock import next_look, promise
from domain.tickets.steps import Closing, Event, Kind, Part, State, Step, Ticket
from services.appointments.access import check_changeable, hers
from services.appointments.cards import for_leader
from services.appointments.slots import tomorrow
from services.appointments.topics import forget, take_back
from services.calendar.files import file_of
from services.delivery import tell
from services.desk import Desk
from services.tickets.steps import take
from storage import appointments, slots, tickets
from storage.directory import people
from storage.statements import savepoint

CATEGORY = "约谈"
TOPIC_LENGTH = 200


class TakenError(Refusal):
    """The time is not free any more; others may be."""


def book(desk: Desk, person: Person, slot: int, topic: str, channel: str) -> tuple[Ticket, Slot]:
    """Take a time for a talk: the leader has to say within the promised days that it holds.

    Raises TakenError for a time that somebody else has, or that was withdrawn.
    """
    if open_one(desk, person) is not None:
        raise Refusal("您已经约了一次，谈完或取消了再约。")
    found = _free(desk, person, slot)
    with savepoint(desk.tx):
        ticket = _file(desk, person, found, channel)
        if not appointments.add(desk.tx, ticket.id, found.id, topic[:TOPIC_LENGTH], desk.now):
            raise _taken()
    tell(desk, found.leader, for_leader(desk, ticket, "新"))
    return ticket, found


def rebook(desk: Desk, ticket: int, person: Person, slot: int, why: str) -> tuple[Ticket, Slot]:
    """She wants another time: it is to be answered anew, and the one she had is free again.

    Raises TakenError as `book` does, and Refusal once the time that was fixed has come.
    """
    found, before = hers(desk, ticket, person)
    check_changeable(found, before, desk)
    to = _free(desk, person, slot)
    answer_by = _answer_by(desk, to)
    after = take(
        desk, found, Step.REBOOK, Part.VILLAGER, person.id,
        owner=to.leader, rung=Rung.SUPERVISOR, limit_at=answer_by, owner_by=answer_by, nudges=1,
    )  # fmt: skip
    appointments.rebook(desk.tx, ticket, to.id, desk.now)
    if before.slot.leader != to.leader:
        take_back(desk, before)
    card = for_leader(desk, after, "改时间")
    tell(desk, to.leader, Reply(f"{card.text}\n原因：{why}", card.choices, about=card.about))
    if before.slot.leader != to.leader:
        tell(desk, before.slot.leader, Reply(f"约谈{ticket}号不来了：{words.line(before.slot)}。原因：{why}"))
    return after, to


def withdraw(desk: Desk, ticket: int, person: Person, why: str) -> tuple[Ticket, int | None]:
    """She does not come: the time is free again, and the leader told why.

    Returns the file that takes it out of a calendar too, if one ever put it there.
    """
    found, before = hers(desk, ticket, person)
    check_changeable(found, before, desk)
    after = take(desk, found, Step.WITHDRAW, Part.VILLAGER, person.id, closed_at=desk.now)
    appointments.cancel(desk.tx, ticket, desk.now)
    forget(desk, found, before)
    file = file_of(desk, after) if before.fixed_at else None
    said = f"约谈{ticket}号对方取消了：{words.line(before.slot)}。原因：{why}"
    tell(desk, before.slot.leader, Reply(said, media=(file,) if file else ()))
    return after, file


def withdraw_all(desk: Desk, person: Person) -> None:
    """She leaves: nobody waits for her, and no topic of hers stays."""
    for number in appointments.open_of(desk.tx, person.id):
        found, before = hers(desk, number, person)
        take(desk, found, Step.WITHDRAW, Part.VILLAGER, person.id, closed_at=desk.now)
        appointments.cancel(desk.tx, number, desk.now)
        forget(desk, found, before)
        tell(
            desk,
            before.slot.leader,
            Reply(f"约谈{number}号取消了，对方已不用这里：{words.line(before.slot)}。"),
        )


def rate(desk: Desk, ticket: int, person: Person, rating: int) -> None:
    """How she found the talk, which is also her word that there was one: 3 content, 2 fair, 1 not content."""
    found, _ = hers(desk, ticket, person)
    if found.rating is not None:
        raise Refusal(f"约谈{ticket}号您评过了，谢谢。")
    if found.state is State.ANSWERED:
        found = take(
            desk, found, Step.CONFIRM, Part.VILLAGER, person.id, closing=Closing.SOLVED, closed_at=desk.now
        )
    take(desk, found, Step.RATE, Part.VILLAGER, person.id, rating=rating)


def say_missed(desk: Desk, ticket: int, person: Person) -> Ticket:
    """There was no talk: the leader's side has to find another time."""
    found, _ = hers(desk, ticket, person)
    if found.state is not State.ANSWERED:
        raise Refusal(f"约谈{ticket}号{found.state_name}，这一步办不了。")
    limits, days = desk.county.limits, desk.county.days
    after = take(
        desk, found, Step.REOPEN, Part.VILLAGER, person.id, answered_at=None,
        nudges=1, limit_at=promise(Kind.APPOINTMENT, desk.now, limits, days).limit_at,
    )  # fmt: skip
    if after.owner is not None:
        tell(desk, after.owner, for_leader(desk, after, "没谈成"))
    return after


def open_one(desk: Desk, person: Person) -> int | None:
    """Her appointment that is not ended: nobody holds two times at once."""
    return next(iter(appointments.open_of(desk.tx, person.id)), None)


def _free(desk: Desk, person: Person, slot: int) -> Slot:
    """The time, held, if it is free and may be hers. Raises TakenError."""
    found = slots.lock_free(desk.tx, slot)
    if found is None or found.starts_at < tomorrow(desk):
        raise _taken()
    roles = [role for role, _ in people.roles(desk.tx, person.id, desk.now)]
    if found.level not in desk.county.talks.levels_of(roles) or found.leader == person.id:
        raise Refusal("这个时间不归您约，请另选。")
    return found


def _taken() -> TakenError:
    return TakenError("这个时间刚被别人约走了。")


def _file(desk: Desk, person: Person, slot: Slot, channel: str) -> Ticket:
    """The matter, without a word of what it is about."""
    answer_by = _answer_by(desk, slot)
    roles = people.roles(desk.tx, person.id, desk.now)
    area = person.area or next((area for _, area in roles), desk.county.code)
    draft = {
        "kind": Kind.APPOINTMENT,
        "state": State.ASSIGNED,
        "category": CATEGORY,
        "subcategory": None,
        "text": "",
        "area": area,
        "villager": person.id,
        "filed_by": person.id,
        "on_behalf_of": "",
        "filed_at": desk.now,
        "accept_by": answer_by,
        "contact_by": answer_by,
        "limit_at": answer_by,
        "owner": slot.leader,
        "rung": Rung.SUPERVISOR,
        "events": 2,
    }
    ticket = Ticket(id=0, **draft)  # type: ignore[arg-type]
    events = [
        Event(0, 1, desk.now, Step.FILE, person.id, State.FILED),
        Event(0, 2, desk.now, Step.ASSIGN, None, State.ASSIGNED),
    ]
    look_at = next_look(ticket, desk.county.limits, desk.county.days)
    number, _ = tickets.add(desk.tx, ticket, events, channel, look_at)
    return Ticket(id=number, **draft)  # type: ignore[arg-type]


def _answer_by(desk: Desk, slot: Slot) -> datetime:
    """The promised days; for a talk that is sooner, the last working day before it, or what is left until it."""
    promised = promise(Kind.APPOINTMENT, desk.now, desk.county.limits, desk.county.days)
    eve = desk.county.days.end_before(slot.day)
    return min(promised.limit_at, eve if eve > desk.now else slot.starts_at)
