"""What is done with a rectification: its owner says how it goes and proposes to tick it off, a reviewer decides."""

from dataclasses import replace

from domain.delivery import Lane
from domain.directory import Person
from domain.errors import Refusal
from domain.talk import About, Choice, Reply, shorten
from domain.tickets import rectification as words
from domain.tickets.checks import check_step
from domain.tickets.rectification import Item, Progress, check_reviewer, deed, month_of
from domain.tickets.steps import Closing, Part, Step
from services.delivery import tell
from services.desk import Desk
from services.duties.standing import progress_is_told
from services.rectification import access
from services.rectification.access import his_own, name_of, to_review
from services.rectification.filing import tell_given_away
from services.rectification.naming import named, nearby
from services.tickets.steps import take
from storage import rectifications, tickets
from storage.directory import areas

LISTED = 6
"""Lines of a list at the most: so many can be chosen by a digit."""


def report(desk: Desk, number: int, person: Person, said: Progress, media: tuple[int, ...]) -> Item:
    """How it goes this month; said again, it takes the place of what was said in this month before."""
    item = his_own(desk, number, person)
    ticket = take(desk, item.ticket, Step.REPORT, Part.OWNER, person.id, note=words.told(said), media=media)
    rectifications.write_progress(desk.tx, number, said, person.id, desk.now)
    progress_is_told(desk, person)
    return replace(item, ticket=ticket)


def propose(desk: Desk, number: int, person: Person, said: str, media: tuple[int, ...]) -> Item:
    """Its owner says that it is put right; those who may review it are told. Refused if there is nobody but himself."""
    item = his_own(desk, number, person)
    reviewers = access.reviewers(desk, item)
    if not reviewers:
        raise Refusal("县上没有别的人能复核，要请县上在清单表里换人。")
    ticket = take(
        desk, item.ticket, Step.PROPOSE, Part.OWNER, person.id, note=said, media=media, answered_at=desk.now
    )
    after = replace(item, ticket=ticket, proposed_by=person.id)
    rectifications.save(desk.tx, after)
    rectifications.drop_reminders(desk.tx, number)
    progress_is_told(desk, person)
    for reviewer in reviewers:
        offered = words.choices(after, owns=False, reviews=True)
        text = f"{number}号 {person.name}报销号：{said}\n{ticket.text}"
        tell(desk, reviewer, Reply(text, offered, media, About.TASK), Lane.REMINDER)
    return after


def tick_off(desk: Desk, number: int, person: Person) -> Item:
    """A reviewer looked at it: it is done. Raises Refusal if he answers for it himself."""
    item = to_review(desk, number, person)
    check_step(item.ticket, Step.TICK_OFF, Part.REVIEWER)
    check_reviewer(item, person.id)
    ticket = take(
        desk,
        item.ticket,
        Step.TICK_OFF,
        Part.REVIEWER,
        person.id,
        closing=Closing.TICKED_OFF,
        closed_at=desk.now,
    )
    after = replace(item, ticket=ticket, reviewed_by=person.id)
    rectifications.save(desk.tx, after)
    _tell_both(desk, after, f"{number}号{person.name}复核过了，已销号。")
    return after


def reopen(desk: Desk, number: int, person: Person, reason: str) -> Item:
    """It is not right yet, or no longer: its owner is told why and goes on."""
    item = to_review(desk, number, person)
    check_reviewer(item, person.id)
    ticket = take(
        desk, item.ticket, Step.REOPEN, Part.REVIEWER, person.id, note=reason,
        closing=None, closed_at=None, answered_at=None,
    )  # fmt: skip
    after = replace(item, ticket=ticket, proposed_by=None, reviewed_by=None)
    rectifications.save(desk.tx, after)
    _tell_both(desk, after, f"{number}号还要改：{reason}")
    return after


def give(desk: Desk, number: int, person: Person, to: int) -> Item:
    """Somebody else has to put it right from now on; both are told. Raises Refusal if he answers for it himself."""
    item = to_review(desk, number, person)
    check_reviewer(item, person.id)
    heir = named(desk, to)
    if heir.id == item.ticket.owner:
        raise Refusal(f"{number}号本来就由{heir.name}负责。")
    before = item.ticket.owner
    ticket = take(desk, item.ticket, Step.HAND_OVER, Part.REVIEWER, person.id, note=heir.name, owner=heir.id)
    after = replace(item, ticket=ticket)
    rectifications.drop_reminders(desk.tx, number)
    tell(desk, heir.id, card(desk, after, heir, "整改交给您"), Lane.REMINDER)
    tell_given_away(desk, after, before)
    return after


def withdraw(desk: Desk, number: int, person: Person) -> Item:
    """It was put on the list by mistake. Raises Refusal if he answers for it himself."""
    item = to_review(desk, number, person)
    check_reviewer(item, person.id)
    ticket = take(desk, item.ticket, Step.WITHDRAW, Part.REVIEWER, person.id, closed_at=desk.now)
    after = replace(item, ticket=ticket)
    rectifications.drop_reminders(desk.tx, number)
    _tell_both(desk, after, f"{number}号撤销了，不用整改：{shorten(ticket.text, 30)}")
    return after


_STEP_OF = {
    "report": (Step.REPORT, Part.OWNER),
    "propose": (Step.PROPOSE, Part.OWNER),
    "reopen": (Step.REOPEN, Part.REVIEWER),
    "give": (Step.HAND_OVER, Part.REVIEWER),
    "withdraw": (Step.WITHDRAW, Part.REVIEWER),
}


def check(desk: Desk, number: int, person: Person, name: str) -> Item:
    """The item; raises Refusal if the deed would be refused, before anybody is asked for words."""
    step, part = _STEP_OF[name]
    item = his_own(desk, number, person) if part is Part.OWNER else to_review(desk, number, person)
    check_step(item.ticket, step, part)
    if part is Part.REVIEWER:
        check_reviewer(item, person.id)
    return item


def mine(desk: Desk, person: Person) -> list[Item]:
    """What waits for the person: first what he has to review, then what he has to put right or answers for."""
    waiting = [
        item
        for area in access.reviews_any(desk, person)
        for item in rectifications.to_review(desk.tx, area)
        if access.reviews(desk, item, person)
    ]
    known = {item.id for item in waiting}
    return waiting + [item for item in rectifications.of_person(desk.tx, person.id) if item.id not in known]


def watched(desk: Desk, person: Person) -> list[Item]:
    """All that is not ticked off where the person's role watches, the nearest limit first."""
    found = {
        one.id: one
        for area in access.watches(desk, person)
        for one in rectifications.open_within(desk.tx, area)
    }
    return sorted(found.values(), key=lambda one: (one.ticket.limit_at, one.id))


def colleagues(desk: Desk, item: Item) -> list[Person]:
    """Who else may put it right, the nearest first."""
    return [one for one in nearby(desk, item.ticket.area) if one.id not in (item.ticket.owner, item.leader)]


def card(desk: Desk, item: Item, person: Person, head: str = "") -> Reply:
    """An item as the person sees it, with what he can do."""
    area = areas.find(desk.tx, item.ticket.area)
    names = {one: name_of(desk, one) for one in (item.ticket.owner, item.leader) if one}
    months = {one.month: one for one in rectifications.progress(desk.tx, item.id)}
    said = months.get(month_of(desk.now))
    offered = words.choices(
        item,
        owns=person.id == item.ticket.owner,
        reviews=access.reviews(desk, item, person),
        told=said is not None,
    )
    place = area.short_name if area else ""
    return words.card(item, place, names, said, offered, head)


def untold(desk: Desk, person: Person) -> list[int]:
    """What he has to put right and has said nothing of this month, the nearest limit first."""
    return rectifications.owed(desk.tx, person.id, month_of(desk.now))


def story(desk: Desk, item: Item, count: int = 8) -> list[str]:
    """An item's history, the newest `count` steps, oldest first, a line each."""
    told = tickets.events(desk.tx, item.id)
    names = {event.actor: name_of(desk, event.actor) for event in told if event.actor}
    return [words.story_line(event, names) for event in told[-count:]]


def _tell_both(desk: Desk, item: Item, text: str) -> None:
    look = (Choice(deed(item.id, "show"), "看这件"),)
    for person in sorted({item.ticket.owner or item.leader, item.leader}):
        tell(desk, person, Reply(text, look, about=About.PROGRESS), Lane.NOTICE)
