"""What those who work on a ticket do with it."""

from dataclasses import replace
from datetime import datetime

from domain.directory import RUNGS, Candidate, Person, RoleName
from domain.errors import Refusal
from domain.talk import About, Choice, Reply
from domain.tickets import words
from domain.tickets.checks import check_extend, check_reason, check_return, check_step
from domain.tickets.clock import owners_time
from domain.tickets.steps import WAITING, Kind, Part, Step, Ticket
from services import delivery
from services.appointments import cards
from services.delivery import tell, tell_all, within_reach
from services.desk import Desk
from services.directory.areas import owners, route
from services.tickets.filing import card_for_owner
from services.tickets.steps import check_no_appointment, held, his_own, may_see, may_work, take, taken
from storage import tickets
from storage.directory import people


def accept(desk: Desk, ticket: int, person: Person) -> Ticket:
    """Take a ticket on. Anyone on the ladder of its area may; the second one is told who was first."""
    found = held(desk, ticket)
    if not may_work(desk, found, person):
        raise Refusal(f"没有{ticket}号工单，请核对号码。")
    check_no_appointment(found)
    if found.state not in WAITING and found.owner != person.id:
        raise taken(desk, found)
    after = take(
        desk,
        found,
        Step.ACCEPT,
        Part.OWNER,
        person.id,
        owner=person.id,
        rung=rung_of(desk, found, person),
        accepted_at=found.accepted_at or desk.now,
    )
    phone = f"，电话{person.phone}" if person.phone else ""
    _tell_villager(desk, after, Reply(f"{ticket}号由{person.name}接了{phone}。"))
    return after


def message(desk: Desk, ticket: int, person: Person, text: str, media: tuple[int, ...]) -> Ticket:
    """Pass the owner's words on to the villager. Counts as first contact; refused if she can hear nothing."""
    found = his_own(desk, ticket, person)
    check_heard(desk, found)
    after = take(
        desk, found, Step.MESSAGE, Part.OWNER, person.id, note=text, media=media,
        contacted_at=found.contacted_at or desk.now,
    )  # fmt: skip
    reply = Choice(words.deed(ticket, "reply"), "回话")
    _tell_villager(desk, after, Reply(f"{person.name}（{ticket}号）：{text}", (reply,), media, About.WORDS))
    return after


def note_call(desk: Desk, ticket: int, person: Person) -> Ticket:
    """The owner says that he has called her. His word is enough; nothing is checked."""
    found = his_own(desk, ticket, person)
    return take(desk, found, Step.CALL, Part.OWNER, person.id, contacted_at=found.contacted_at or desk.now)


def answer(desk: Desk, ticket: int, person: Person, text: str, media: tuple[int, ...]) -> Ticket:
    """Answer the villager, who alone can then say that it is solved."""
    found = his_own(desk, ticket, person)
    after = take(
        desk, found, Step.ANSWER, Part.OWNER, person.id, note=text, media=media,
        answered_at=desk.now, contacted_at=found.contacted_at or desk.now,
    )  # fmt: skip
    told, question = words.answered(after, person, text)
    _tell_villager(desk, after, replace(told, media=media), question)
    return after


def extend(desk: Desk, ticket: int, person: Person, reason: str) -> Ticket:
    """Move the limit once, with a reason that the villager is shown. What is overdue gets its time from now on."""
    found = his_own(desk, ticket, person)
    check_extend(found)
    check_reason(found, reason)
    later = desk.county.days.add(max(found.limit_at, desk.now), desk.county.limits.extension_days)
    after = take(
        desk, found, Step.EXTEND, Part.OWNER, person.id, note=reason,
        limit_at=later, extensions=found.extensions + 1, nudges=min(found.nudges, 1),
    )  # fmt: skip
    _tell_villager(desk, after, Reply(f"{ticket}号要晚些，{words.when(later)}前答复。原因：{reason}"))
    return after


def decline(desk: Desk, ticket: int, person: Person, where_to_go: str) -> Ticket:
    """Say that it cannot be dealt with here, and where to go instead."""
    found = his_own(desk, ticket, person)
    check_reason(found, where_to_go)
    after = take(desk, found, Step.DECLINE, Part.OWNER, person.id, note=where_to_go, closed_at=desk.now)
    hotline = desk.county.hotline
    _tell_villager(
        desk,
        after,
        Reply(
            f"{ticket}号这里办不了：{where_to_go}\n不清楚可打{hotline}。\n—{person.name} {person.phone}".rstrip()
        ),
    )
    return after


def send_back(desk: Desk, ticket: int, person: Person, reason: str) -> Ticket:
    """Return a ticket to the next rung of the ladder, at most twice."""
    found = his_own(desk, ticket, person)
    check_return(found)
    check_reason(found, reason)
    above = next_rung(desk, found)
    if above is None:
        raise Refusal("上面没有人可退了，请办理或转办。")
    after = take(
        desk, found, Step.RETURN, Part.OWNER, person.id, note=reason,
        owner=above.person.id, rung=above.rung, returns=found.returns + 1, owner_by=time_for_next(desk, found),
    )  # fmt: skip
    tell(desk, above.person.id, card_for_owner(desk, after, f"{person.name}退回"))
    return after


def pass_on(desk: Desk, ticket: int, person: Person, to: int, reason: str) -> Ticket:
    """Transfer a ticket to another person who works for its area."""
    found = his_own(desk, ticket, person)
    target = next((one for one in colleagues(desk, found) if one.person.id == to), None)
    if target is None:
        raise Refusal("不能转给这个人，请重新选。")
    after = take(
        desk,
        found,
        Step.TRANSFER,
        Part.OWNER,
        person.id,
        note=reason,
        owner=target.person.id,
        rung=target.rung,
        owner_by=time_for_next(desk, found),
    )
    tell(desk, target.person.id, card_for_owner(desk, after, f"{person.name}转来"))
    tell_villager_whose(desk, after, target.person)
    return after


def tell_villager_whose(desk: Desk, ticket: Ticket, owner: Person) -> None:
    """She hears who has her matter now."""
    _tell_villager(desk, ticket, Reply(f"{ticket.id}号转给{owner.name}{owner.phone}办理。"))


def colleagues(desk: Desk, ticket: Ticket) -> list[Candidate]:
    """Who else may own the ticket, the nearest first."""
    seen = {ticket.owner}
    others = []
    for step in owners(desk, ticket.area, ticket.kind):
        if step.person.id not in seen:
            seen.add(step.person.id)
            others.append(step)
    return others


def next_rung(desk: Desk, ticket: Ticket) -> Candidate | None:
    """Who owns the ticket next when it climbs: the first person on a higher rung than its owner's.

    An owner who is gone or on leave may be followed by one on his own rung; where there is none, anybody will do.
    """
    if ticket.owner is None:
        lowest = 0
    else:
        present = any(step.person.id == ticket.owner for step in owners(desk, ticket.area, ticket.kind))
        lowest = _RANK[ticket.rung] + present
    return next((one for one in colleagues(desk, ticket) if _RANK[one.rung] >= lowest), None)


_RANK: dict[str, int] = {rung: number for number, rung in enumerate(RUNGS)}


def rung_of(desk: Desk, ticket: Ticket, person: Person) -> str:
    """The rung on which a person stands for the ticket; where it is now, if he has none of his own."""
    steps = route(desk, ticket.area)
    return next((step.rung for step in steps if step.person.id == person.id), ticket.rung)


def time_for_next(desk: Desk, ticket: Ticket) -> datetime:
    """Time for one who gets the ticket from its owner; passing it on wins no time beyond what is promised."""
    time = owners_time(ticket, desk.now, desk.county.limits, desk.county.days)
    return min(time, max(ticket.limit_at, ticket.owner_by or ticket.limit_at))


def _tell_villager(desk: Desk, ticket: Ticket, *replies: Reply) -> None:
    said = [replace(reply, about=reply.about or About.PROGRESS) for reply in replies]
    for person in dict.fromkeys((ticket.villager, ticket.filed_by)):
        tell_all(desk, person, said)


def mine(desk: Desk, person: Person, count: int) -> list[Ticket]:
    """The person's open tickets, the most urgent first."""
    return tickets.open_of_owner(desk.tx, person.id, count)


def overdue(desk: Desk, person: Person, count: int) -> list[Ticket]:
    """What is past its limit in the areas that the person supervises or staffs, the longest overdue first."""
    watched = {RoleName.SUPERVISOR, RoleName.STAFF}
    scopes = [area for role, area in people.roles(desk.tx, person.id, desk.now) if role in watched]
    found = {one.id: one for area in scopes for one in tickets.overdue(desk.tx, area, desk.now, count)}
    return sorted(found.values(), key=lambda one: one.limit_at)[:count]


def card(desk: Desk, ticket: int, person: Person) -> Reply:
    """The ticket as its owner sees it, or another who works for its area; as she sees it, if it is only hers."""
    found = held(desk, ticket)
    if not may_see(desk, found, person):
        raise Refusal(f"没有{ticket}号工单，请核对号码。")
    if found.kind is Kind.APPOINTMENT and found.villager == person.id:
        return cards.for_her(desk, found)
    if found.kind is Kind.APPOINTMENT:
        return cards.for_leader(desk, found, reader=person.id)
    if not may_work(desk, found, person):
        return words.progress(found, desk.now)
    card = card_for_owner(desk, found)
    return card if found.owner == person.id else replace(card, choices=words.onlooker_choices(found))


_STEP_OF = {
    "message": Step.MESSAGE,
    "answer": Step.ANSWER,
    "extend": Step.EXTEND,
    "decline": Step.DECLINE,
    "return": Step.RETURN,
    "transfer": Step.TRANSFER,
}


def check(desk: Desk, ticket: int, person: Person, deed: str) -> None:
    """Raise Refusal if the owner's deed would be refused, before he is asked for words."""
    found = his_own(desk, ticket, person)
    check_step(found, _STEP_OF[deed], Part.OWNER)
    if deed == "message":
        check_heard(desk, found)
    if deed == "return":
        check_return(found)
    if deed == "extend":
        check_extend(found)


def heard(desk: Desk, ticket: Ticket) -> bool:
    """Can whoever the ticket is about still be told anything by chat?"""
    return any(within_reach(desk, person) for person in {ticket.villager, ticket.filed_by})


def arrives_now(desk: Desk, ticket: Ticket) -> bool:
    """Will what is said of the ticket reach somebody now, rather than when they next speak?"""
    return any(delivery.arrives_now(desk, person) for person in {ticket.villager, ticket.filed_by})


def check_heard(desk: Desk, ticket: Ticket) -> None:
    if not heard(desk, ticket):
        raise Refusal("群众已不用这里了，请打电话或上门。")


def has_to_answer(desk: Desk, ticket: int, person: Person) -> bool:
    """Is it the person who has to answer the ticket now?"""
    found = tickets.find(desk.tx, ticket)
    return found is not None and found.owner == person.id and found.open


def owner_of(desk: Desk, ticket: Ticket) -> Person | None:
    return people.find(desk.tx, ticket.owner) if ticket.owner else None
