"""What can be tapped of duties: wire ids, the choices of one, a page of many."""

from collections.abc import Sequence
from datetime import date

from domain.duties.calendar import month_of
from domain.duties.duty import Absent, Duty, State, Task
from domain.talk import Choice

AT_ONCE = 6
"""Choices of one message."""


def deed(period: int, what: str, away: Absent | None = None) -> str:
    """A button on one duty: of whoever taps it, or of somebody on leave."""
    return f"d:{period}:{what}" if away is None else f"d:{period}:{what}:{away.person}"


def single_choices(duty: Task, away: Absent | None = None) -> tuple[Choice, ...]:
    return (
        Choice(deed(duty.period, "done", away), "办了"),
        Choice(deed(duty.period, "skip", away), "这次不办"),
        Choice(deed(duty.period, "later", away), "以后再说"),
    )


def all_done(listed: Sequence[Task], day: date, away: Absent | None = None) -> str:
    """Notes everything of the day's month that was listed, and nothing that was opened since."""
    wire = f"d:all:{max(one.period for one in listed)}:{day:%Y%m%d}"
    return wire if away is None else f"{wire}:{away.person}"


def all_back(upto: int, away: Absent | None = None) -> str:
    """Takes back what was noted by such a tap."""
    return f"d:back:{upto}" if away is None else f"d:back:{upto}:{away.person}"


def label(duty: Duty, day: date) -> str:
    """A duty in a list: ✓ where it is noted, and of which time it is where that is not the whole month."""
    mark = "" if duty.state is State.OPEN else "✓"
    month = month_of(day)
    if duty.ends_on < month.starts_on:
        return f"{mark}{duty.name}（{said_day(duty.starts_on)}起）"
    if duty.ends_on != month.ends_on or duty.starts_on > month.starts_on:
        return f"{mark}{duty.name}（到{said_day(duty.ends_on)}）"
    return f"{mark}{duty.name}"


def said_day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def page(listed: Sequence[Choice], start: int, room: int, turn: str) -> list[Choice]:
    """So many of a list from one place on; the last leads on, if not all of it fits."""
    start = min(start, max(len(listed) - 1, 0))
    more = len(listed) - start > room
    shown = listed[start : start + room - more]
    return [*shown, *((Choice(f"{turn}:{start + len(shown)}", "后面的"),) if more else ())]
