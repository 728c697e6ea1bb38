"""What is counted of a month. Figures are the database's; nobody can write them, only comment on them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.surveys.suppression import LEAST
from domain.tickets.steps import Step

OF_AREA = {
    "filed": "群众报事",
    "answered": "答复",
    "confirmed": "群众确认解决",
    "unconfirmed": "未确认办结",
    "reopened": "没解决重办",
    "declined": "不予受理",
    "escalated": "到时上交",
    "open": "月末没答复",
    "overdue": "超时没答复",
    "praise": "表扬",
    "ticked_off": "整改销号",
    "rectifying": "整改没销号",
    "complaints": "投诉（县上专办）",
    "suggested": "收到意见",
    "suggestions_answered": "答复意见",
    "adopted": "采纳或部分采纳",
    "held": "等对方说话才能送的话",
    "undelivered": "没送到的话",
    "reports": "干部确认的月报",
    "contacted": "联系群众",
}
"""Figures of a township or the county, in the order in which they are told, with their names."""
OF_CADRE = {
    "accepted": "签收",
    "contacted": "联系群众",
    "answered": "答复",
    "confirmed": "群众确认解决",
    "unconfirmed": "未确认办结",
    "open": "手上没答复",
    "overdue": "超时没答复",
}
"""Figures of a cadre's own report."""
STEP_OF = {
    "filed": Step.FILE,
    "answered": Step.ANSWER,
    "confirmed": Step.CONFIRM,
    "unconfirmed": Step.EXPIRE,
    "reopened": Step.REOPEN,
    "declined": Step.DECLINE,
    "escalated": Step.ESCALATE,
}
"""Figures that count tickets by a step taken in the month."""
_FEW = frozenset({"complaints", "suggested", "suggestions_answered", "adopted", "contacted"})
"""Where a small number could point to whoever complained or suggested, or to what one cadre noted."""

Counts = Mapping[str, int | None]
"""By the figure's name. None: so few that it is not told, none at all included."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a month brought in one category."""

    filed: int = 0
    answered: int = 0
    confirmed: int = 0
    open: int = 0
    """Without an answer at the month's end, whenever filed."""
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is counted of one month: the figures, and the same by category for an area."""

    counts: Counts
    categories: Mapping[str, Tally] = field(default_factory=dict)


def told(counts: Mapping[str, int], cadres: int) -> dict[str, int | None]:
    """The counts with those taken out that are too small to be told (decision 0022).

    What cadres noted themselves is told as a sum of `LEAST` cadres at least.
    """
    few = {name for name in counts if name in _FEW and counts[name] < LEAST}
    if cadres < LEAST:
        few |= {name for name in counts if name == "contacted" or name.startswith(DUTY)}
    return {name: None if name in few else count for name, count in counts.items()}


DUTY = "duty:"
"""Begins the name of a figure that counts how often a duty was noted as done."""


def label(name: str) -> str:
    """What a figure is called."""
    return (
        f"{name.removeprefix(DUTY)}（办了）" if name.startswith(DUTY) else OF_AREA.get(name) or OF_CADRE[name]
    )


def said(count: int | None) -> str:
    return f"不足{LEAST}" if count is None else str(count)


RISING = 3
"""Categories that are named as rising."""


def rising(now: Mapping[str, Tally], before: Mapping[str, Tally]) -> list[tuple[str, int]]:
    """(category, how many more) of what was filed noticeably more often than the month before, the steepest first."""
    more = {
        name: tally.filed - before.get(name, Tally()).filed
        for name, tally in now.items()
        if tally.filed >= LEAST
    }
    risen = sorted(((name, count) for name, count in more.items() if count > 0), key=lambda one: -one[1])
    return risen[:RISING]
