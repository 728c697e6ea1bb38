"""每早一清单: what a supervisor or the staff have to decide, and the one tap that decides it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.directory import Person
from domain.talk import Choice, Reply, shorten
from domain.tickets.checks import MAX_EXTENSIONS
from domain.tickets.steps import WAITING, Kind, State, Ticket

LISTED = 6


class Way(StrEnum):
    """What one tap does."""

    TAKE = "take"
    """Whoever decides takes it on himself."""
    GIVE = "give"
    """To a cadre of the grid who is there."""
    EXTEND = "extend"
    """Once; the villager is told why."""
    CALL = "call"
    """He has called her."""


@dataclass(frozen=True, slots=True)
class Item:
    """One matter, and what is proposed."""

    ticket: Ticket
    way: Way
    why: str
    to: Person | None = None
    """To whom it is given."""


def way_of(ticket: Ticket, *, his: bool, heir: bool, now: datetime) -> tuple[Way, str] | None:
    """What is proposed for a ticket, and why; None where no tap decides anything.

    his: it has come up to the one who decides. heir: a cadre of the grid is there who could have it.
    """
    if not his:
        why = _late(ticket, now) or "负责人不在"
        return (Way.GIVE if heir else Way.TAKE), why
    if ticket.state in WAITING or ticket.state is State.REOPENED:
        return Way.TAKE, "没解决" if ticket.state is State.REOPENED else _late(ticket, now) or "等您接"
    if ticket.contacted_at is None and ticket.contact_by <= now:
        return Way.CALL, "还没联系"
    if ticket.limit_at <= now + _NEARLY:
        if ticket.extensions < MAX_EXTENSIONS:
            return Way.EXTEND, _late(ticket, now) or "今天到时"
        return (Way.GIVE, _late(ticket, now) or "今天到时") if heir else None
    return None


_NEARLY = timedelta(hours=12)
"""Whatever ends on the day of the digest is decided in the morning."""


def _late(ticket: Ticket, now: datetime) -> str:
    """How long it is overdue, in days begun; "" when it is not."""
    if ticket.limit_at > now:
        return ""
    return f"超时{(now - ticket.limit_at).days + 1}天"


def most_urgent_first(items: Sequence[Item]) -> list[Item]:
    """What was to be done at once, then what has been due for longest."""
    return sorted(
        items, key=lambda one: (one.ticket.kind is not Kind.IMMEDIATE, one.ticket.limit_at, one.ticket.id)
    )


def wire(item: Item) -> str:
    """Wire id of the button: whom it is given to stands in it, so that it does what it says."""
    return f"g:{item.ticket.id}:{item.way}{item.to.id if item.to else ''}"


_SAYS = {Way.TAKE: "我来办", Way.EXTEND: "准许延期", Way.CALL: "我打过电话了"}


def label(item: Item) -> str:
    """The matter, why, and what a tap does. It names the matter, and nobody who let it lie."""
    ticket = item.ticket
    what = "投诉" if ticket.kind is Kind.COMPLAINT else shorten(ticket.text, 8) or "图片语音"
    says = f"交{item.to.name}" if item.to else _SAYS[item.way]
    return f"{ticket.id}号{what} {item.why}→{says}"


def digest(items: Sequence[Item], head: str) -> Reply:
    """At most `LISTED` of them, the most urgent first, and how many more there are."""
    more = f"还有{len(items) - LISTED}件。" if len(items) > LISTED else ""
    text = f"{head}{len(items)}件要您定，点一下就办。{more}要看详情，回号码，比如“{items[0].ticket.id}号”。"
    return Reply(text, tuple(Choice(wire(one), label(one)) for one in items[:LISTED]))
