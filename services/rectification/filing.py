"""A problem comes on the list, or its line in the list changes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.delivery import Lane
from domain.directory import Person, Rung
from domain.errors import Refusal
from domain.talk import Reply, shorten
from domain.tickets.rectification import CATEGORY, Item, given
from domain.tickets.steps import Event, Kind, Part, State, Step, Ticket
from services.delivery import tell
from services.desk import Desk
from services.rectification.access import name_of, reviews_any
from services.tickets.steps import take
from storage import rectifications


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the list: what is wrong where, what is done about it, by whom, under whom, until when."""

    area: str
    problem: str
    measure: str
    owner: int
    leader: int
    limit_at: datetime


def enter(desk: Desk, problem: Problem, by: int | None, channel: str) -> Item:
    """Put a problem on the list. `by`: who wrote it; None is a file, for which the leader stands. Tells nobody yet."""
    ticket = Ticket(
        id=0,
        kind=Kind.RECTIFICATION,
        state=State.ASSIGNED,
        category=CATEGORY,
        subcategory=None,
        text=problem.problem,
        area=problem.area,
        villager=by or problem.leader,
        filed_by=by or problem.leader,
        on_behalf_of="",
        filed_at=desk.now,
        accept_by=problem.limit_at,
        contact_by=problem.limit_at,
        limit_at=problem.limit_at,
        owner=problem.owner,
        rung=Rung.PRIMARY,
        events=1,
    )
    filing = Event(0, 1, desk.now, Step.FILE, by, State.ASSIGNED, problem.problem)
    draft = Item(ticket, problem.measure, problem.leader)
    number = rectifications.add(desk.tx, draft, [filing], channel)
    return replace(draft, ticket=replace(ticket, id=number))


def enter_one(desk: Desk, person: Person, problem: Problem, channel: str) -> Item:
    """Staff put one problem on the list by chat; its owner and the leader are told."""
    check_may_enter(desk, person, problem.area)
    item = enter(desk, problem, person.id, channel)
    tell_new(desk, [item])
    return item


def check_may_enter(desk: Desk, person: Person, area: str) -> None:
    if not any(area.startswith(one) for one in reviews_any(desk, person)):
        raise Refusal("整改清单由县上录入。")


def tell_new(desk: Desk, items: Iterable[Item]) -> None:
    """One message to each owner and each leader, however many lines came."""
    owned: dict[int, list[Item]] = {}
    led: dict[int, list[Item]] = {}
    for item in items:
        owned.setdefault(item.ticket.owner or 0, []).append(item)
        led.setdefault(item.leader, []).append(item)
    for person, his in sorted(owned.items()):
        tell(desk, person, given(his, leads=False), Lane.REMINDER)
    for person, his in sorted(led.items()):
        tell(desk, person, given(his, leads=True), Lane.REMINDER)


def tell_given_away(desk: Desk, item: Item, before: int | None) -> None:
    """Whoever had it need not go on."""
    if before is not None:
        said = f"{item.id}号整改交给{name_of(desk, item.ticket.owner)}了：{shorten(item.ticket.text, 30)}"
        tell(desk, before, Reply(said), Lane.REMINDER)


def amend(desk: Desk, item: Item, problem: Problem) -> Item:
    """A file says something else of a line that is known: measure, leader, limit, owner. Tells nobody yet."""
    was = item.ticket
    said = [
        name
        for name, old, new in (
            ("措施", item.measure, problem.measure),
            ("时限", was.limit_at, problem.limit_at),
            ("责任领导", item.leader, problem.leader),
            ("责任人", was.owner, problem.owner),
        )
        if old != new
    ]
    ticket = take(
        desk, was, Step.AMEND, Part.REVIEWER, None, note="、".join(said),
        limit_at=problem.limit_at, owner=problem.owner,
    )  # fmt: skip
    after = replace(item, ticket=ticket, measure=problem.measure, leader=problem.leader)
    rectifications.save(desk.tx, after)
    rectifications.drop_reminders(desk.tx, after.id)
    return after
