"""Rectifications (整改): what each has beside a ticket, who may tick it off, and how it is put into words.

Nobody and nothing here says that a branch is transformed: an item is ticked off because a person looked at it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from domain.dates import read_day, spoken
from domain.delivery import CHINA
from domain.directory import RoleName
from domain.errors import Refusal
from domain.talk import About, Choice, Reply, shorten
from domain.tickets.steps import RECTIFICATION_STATES, STEP_NAMES, Event, State, Step, Ticket

CATEGORY = "整改"
STATE_NAMES = RECTIFICATION_STATES
NOT_YET = (State.ASSIGNED, State.REOPENED, State.ANSWERED)
"""Not ticked off."""
NAMED = (RoleName.CADRE, RoleName.SUPERVISOR, RoleName.STAFF, RoleName.OWNER, RoleName.LEADER)
"""Who may be named as an item's owner or leader, and is reminded of it as long as he has one of these roles."""


@dataclass(frozen=True, slots=True)
class Item:
    """A ticket whose text is the problem. `proposed_by` and `reviewed_by` are empty again once it is reopened."""

    ticket: Ticket
    measure: str
    leader: int
    proposed_by: int | None = None
    reviewed_by: int | None = None

    @property
    def id(self) -> int:
        return self.ticket.id


@dataclass(frozen=True, slots=True)
class Progress:
    """What was said for one month, "2026-11"; "" where there was nothing to say."""

    month: str
    done: str = ""
    difficulty: str = ""
    plan: str = ""


def month_of(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m}"


def check_reviewer(item: Item, person: int) -> None:
    """Whoever answers for an item, or proposed it, does not tick it off himself."""
    if person in (item.ticket.owner, item.proposed_by, item.leader):
        raise Refusal(f"{item.id}号您自己负责，要由别的人来复核。")


_DAY_ENDS = time(18)


def read_limit(text: str) -> datetime | None:
    """The end of the working day of a date as people write it; None if it is none."""
    day = read_day(text)
    return datetime.combine(day, _DAY_ENDS, CHINA) if day else None


def ends_on(moment: datetime) -> datetime:
    """The end of the working day of a moment's date."""
    return datetime.combine(moment.astimezone(CHINA).date(), _DAY_ENDS, CHINA)


class Stage(StrEnum):
    """Of what its owner is reminded."""

    BEFORE = "before"
    AFTER = "after"


DAYS_BEFORE = 7


def stage_of(limit_at: datetime, today: date) -> Stage | None:
    """What is due of a limit on a day in China: some days before it, or on any day after it. Its own day is his."""
    left = (limit_at.astimezone(CHINA).date() - today).days
    if left < 0:
        return Stage.AFTER
    return Stage.BEFORE if 0 < left <= DAYS_BEFORE else None


def given(items: Sequence[Item], *, leads: bool) -> Reply:
    """To whoever has got some items to put right, or to answer for: which they are."""
    if len(items) > 1:
        head = f"整改清单有{len(items)}件由您包联" if leads else f"整改清单给您派了{len(items)}件"
        looks = _looks(items, [shorten(one.ticket.text, 12) for one in items])
        return Reply(f"{head}，先看哪件？", looks, about=About.TASK)
    (item,) = items
    whose = "由您包联" if leads else "派给您"
    day = item.ticket.limit_at.astimezone(CHINA).date()
    until = f"{day.month}月{day.day}日前改好" if leads else f"请{day.month}月{day.day}日前改好"
    text = f"{item.id}号整改{whose}：{shorten(item.ticket.text, 26)}，{until}。"
    return Reply(text, (Choice(deed(item.id, "show"), "看这件"),), about=About.TASK)


def _looks(items: Sequence[Item], said: Sequence[str]) -> tuple[Choice, ...]:
    """A button for each item; where they are too many, the last leads to the list of them."""
    looks = tuple(
        Choice(deed(one.id, "show"), f"{one.id}号 {words}") for one, words in zip(items, said, strict=True)
    )
    return looks if len(looks) <= _AT_ONCE else (*looks[: _AT_ONCE - 1], Choice("m:rectification", "看全部"))


def reminder(items: Sequence[Item], today: date, told: frozenset[int] = frozenset()) -> Reply:
    """To the owner of some items whose limits are near or over: one message, with what helps.

    told: those of which something was said this month.
    """
    if len(items) > 1:
        looks = _looks(items, [_said_limit(one, today) for one in items])
        return Reply(f"您有{len(items)}件整改快到或过了时限，先看哪件？", looks, about=About.TASK)
    (item,) = items
    offered = choices(item, owns=True, reviews=False, told=item.id in told)
    return Reply(
        f"{item.id}号整改{_said_limit(item, today)}：{shorten(item.ticket.text, 30)}",
        offered,
        about=About.TASK,
    )


_AT_ONCE = 6


def _said_limit(item: Item, today: date) -> str:
    day = item.ticket.limit_at.astimezone(CHINA).date()
    left = (day - today).days
    return (
        f"{day.month}月{day.day}日到时限，还有{left}天" if left > 0 else f"{day.month}月{day.day}日的时限过了"
    )


def deed(item: int, name: str) -> str:
    """Wire id of a button that does one thing to one item, whenever it is tapped."""
    return f"x:{item}:{name}"


def choices(item: Item, *, owns: bool, reviews: bool, told: bool = False) -> tuple[Choice, ...]:
    """What somebody can do with an item now. told: something was said of this month, which can still be said anew."""
    state = item.ticket.state
    named: list[tuple[str, str]] = []
    if owns and state in (State.ASSIGNED, State.REOPENED) and not told:
        named.append(("report", "说本月进展"))
    if owns and state in (State.ASSIGNED, State.REOPENED):
        named.append(("propose", "报销号"))
    if owns and state in NOT_YET and told:
        named.append(("report", "改本月进展"))
    if reviews and state is State.ANSWERED:
        named += [("tickoff", "确认销号"), ("reopen", "还没改好")]
    if reviews and state in (State.ASSIGNED, State.REOPENED):
        named.append(("give", "换责任人"))
    if reviews and state in NOT_YET:
        named.append(("withdraw", "撤销（录错了）"))
    named.append(("story", "看经过"))
    if reviews and state is State.CLOSED:  # not where "确认销号" was: a digit sent twice opens nothing again
        named.append(("reopen", "重新整改"))
    return tuple(Choice(deed(item.id, name), label) for name, label in named)


def line(item: Item) -> str:
    """An item in a list."""
    return f"{item.id}号 {shorten(item.ticket.text, 12)} {STATE_NAMES[item.ticket.state]}"


def card(
    item: Item,
    place: str,
    names: Mapping[int, str],
    said: Progress | None,
    offered: tuple[Choice, ...],
    head: str = "",
) -> Reply:
    """All that is known of an item now. `said`: of this month, if anything was."""
    ticket = item.ticket
    lines = [
        f"{head or '整改'} {ticket.id}号 {STATE_NAMES[ticket.state]}",
        f"{place}：{ticket.text}",
        f"措施：{item.measure}",
        f"责任人{names.get(ticket.owner or 0, '')}，责任领导{names.get(item.leader, '')}",
        f"时限{spoken(ticket.limit_at)}",
    ]
    if ticket.state in NOT_YET:
        lines.append(f"本月：{said.done or '没有新进展'}" if said else "本月还没说进展")
    return Reply("\n".join(lines), offered)


def told(said: Progress) -> str:
    """A month's progress in one line."""
    parts = (("", said.done or "没有新进展"), ("困难：", said.difficulty), ("下月：", said.plan))
    return "；".join(f"{head}{words}" for head, words in parts if words)


def story_line(event: Event, names: Mapping[int, str], longest: int = 30) -> str:
    """A step of an item's history. Here all words are everybody's who may read the item."""
    local = event.at.astimezone(CHINA)
    actor = names.get(event.actor or 0, "")
    step = "重新整改" if event.step is Step.REOPEN else STEP_NAMES[event.step]
    said = f"：{shorten(event.note, longest)}" if event.note else ""
    return f"{local.month}月{local.day}日 {actor}{step}{said}"
