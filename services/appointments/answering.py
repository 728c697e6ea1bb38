"""The leader's side: it holds, it is moved, it is called off. Who asked is told, with the reason."""

from dataclasses import replace
from datetime import datetime

from domain.appointments import words
from domain.appointments.times import PLACE_LENGTH, Slot
from domain.directory import Person
from domain.errors import Refusal
from domain.talk import About, Choice, Reply
from domain.tickets.steps import WAITING, Part, State, Step, Ticket
from services.appointments.access import check_changeable, leaders
from services.appointments.topics import forget
from services.calendar.files import file_of
from services.delivery import tell
from services.desk import Desk
from services.tickets.steps import take
from storage import appointments, slots

Done = tuple[Ticket, Slot, int]
"""The ticket, its time, and the calendar's file."""


def fix(desk: Desk, ticket: int, person: Person) -> Done:
    """It will be then and there."""
    found, appointment = leaders(desk, ticket, person)
    check_changeable(found, appointment, desk)
    if found.state not in WAITING:
        raise Refusal(f"约谈{ticket}号{found.state_name}，要变请点改时间。")
    return _fix(desk, found, person, appointment.slot, Step.ACCEPT, "")


def move(desk: Desk, ticket: int, person: Person, to: int | datetime, why: str) -> Done:
    """Another time of the leader's: one that is open, or a moment at which none was open before.

    The time that it had is withdrawn: the leader has something else to do then. Raises Refusal for a moment that is
    past, or at which he has another talk.
    """
    found, appointment = leaders(desk, ticket, person)
    check_changeable(found, appointment, desk)
    before = appointment.slot
    after = _other_time(desk, before, to)
    slots.withdraw(desk.tx, before.id, desk.now)
    return _fix(desk, found, person, after, Step.MOVE, why)


def put_place(desk: Desk, ticket: int, person: Person, place: str, why: str) -> Done:
    """The same time, elsewhere. That is a word on when and where too."""
    found, appointment = leaders(desk, ticket, person)
    check_changeable(found, appointment, desk)
    if found.state is State.REOPENED:
        raise Refusal(f"约谈{ticket}号要先另定时间。")
    slots.put_place(desk.tx, appointment.slot.id, place[:PLACE_LENGTH])
    slot = replace(appointment.slot, place=place[:PLACE_LENGTH])
    return _fix(desk, found, person, slot, Step.MOVE, why)


def cancel(desk: Desk, ticket: int, person: Person, why: str) -> tuple[Ticket, int | None]:
    """There will be no talk; she is told why, and that there are other times.

    Returns the file that takes it out of a calendar too, if one ever put it there.
    """
    found, appointment = leaders(desk, ticket, person)
    check_changeable(found, appointment, desk)
    after = take(desk, found, Step.CANCEL, Part.OWNER, person.id, closed_at=desk.now)
    appointments.cancel(desk.tx, ticket, desk.now)
    forget(desk, found, appointment)
    slots.withdraw(desk.tx, appointment.slot.id, desk.now)
    file = file_of(desk, after) if appointment.fixed_at else None
    media = (file,) if file else ()
    line = words.line(appointment.slot)
    said = f"对不住，约谈{ticket}号谈不了了：{line}。原因：{why}"
    other = (Choice("m:book-talk", "另约时间"),)
    tell(desk, found.villager, Reply(said, other, media, About.PROGRESS))
    _tell_leader(desk, appointment.slot, person, Reply(f"约谈{ticket}号取消了：{line}。", media=media))
    return after, file


def _fix(desk: Desk, ticket: Ticket, person: Person, slot: Slot, step: Step, why: str) -> Done:
    if slot.starts_at <= desk.now:
        raise Refusal("这个时间已经过了，请改时间。")
    was_fixed = ticket.state is State.ACCEPTED
    after = take(
        desk, ticket, step, Part.OWNER, person.id,
        limit_at=slot.ends_at, owner_by=None, accepted_at=desk.now, contacted_at=desk.now,
    )  # fmt: skip
    appointments.fix(desk.tx, ticket.id, slot.id, desk.now)
    file = file_of(desk, after)
    head = "改了" if was_fixed else "定了"
    tell(desk, ticket.villager, replace(words.fixed(after, slot, head, why), media=(file,)))
    told = Reply(f"约谈{ticket.id}号{head}：{words.line(slot)}，在{slot.place}。", media=(file,))
    _tell_leader(desk, slot, person, told)
    return after, slot, file


def _tell_leader(desk: Desk, slot: Slot, person: Person, reply: Reply) -> None:
    """Where somebody else has acted for him."""
    if slot.leader != person.id:
        tell(desk, slot.leader, reply)


def _other_time(desk: Desk, before: Slot, to: int | datetime) -> Slot:
    if isinstance(to, int):
        found = slots.lock_free(desk.tx, to)
        if found is None or found.leader != before.leader:
            raise Refusal("这个时间刚被约走了，请另选。")
        return found
    if to <= desk.now:
        raise Refusal("这个时间已经过了，请另选。")
    ends_at = to + (before.ends_at - before.starts_at)
    if not slots.add(desk.tx, before.leader, before.level, before.area, (to, ends_at), before.place):
        raise Refusal("那时还有别的约谈，请另选时间。")
    made = slots.at(desk.tx, before.leader, to)
    if made is None:
        raise LookupError("the time that was just opened is gone")
    return made
