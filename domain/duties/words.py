"""The words for duties. Each button is a wire id that does what it says, whenever it is tapped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from domain.duties.calendar import month_of
from domain.duties.duty import Duty
from domain.talk import VILLAGER_TEXT_LIMIT, About, Choice, Reply


def deed(period: int, what: str) -> str:
    return f"d:{period}:{what}"


def all_done(listed: Sequence[Duty], day: date) -> str:
    """Notes everything of the day's month that was listed, and nothing that was opened since."""
    return f"d:all:{max(one.period for one in listed)}:{day:%Y%m%d}"


def named(duties: Sequence[Duty], room: int) -> str:
    """By system, each on a line: 三个一：开会、学习、帮一户. Where that takes more than `room` characters: 三个一3件、周学."""
    systems: dict[str, dict[str, int]] = {}
    for one in duties:
        names = systems.setdefault(one.system, {})
        names[one.name] = names.get(one.name, 0) + 1
    lines = [
        f"{system}：{'、'.join(name if times == 1 else f'{name}{times}次' for name, times in names.items())}"
        for system, names in systems.items()
    ]
    whole = "\n".join(lines)
    if len(whole) <= room:
        return whole
    return "、".join(f"{system}{sum(names.values())}件" for system, names in systems.items())


def single_choices(duty: Duty) -> tuple[Choice, ...]:
    return (
        Choice(deed(duty.period, "done"), "办了"),
        Choice(deed(duty.period, "skip"), "这次不办"),
        Choice(deed(duty.period, "later"), "以后再说"),
    )


STOPPED = "系统停过，没按时提醒，对不住。"


@dataclass(frozen=True, slots=True)
class Reminder:
    """What somebody is told on a day."""

    own: Sequence[Duty] = ()
    """His open duties, if he is to be reminded of any of them."""
    due: frozenset[int] = frozenset()
    """Periods of those of which he is to be reminded."""
    again: bool = False
    """He was told of each of them before."""
    late: bool = False
    """The service was away when he should have been told."""
    for_others: Mapping[str, Sequence[Duty]] = field(default_factory=dict)
    """By name: what somebody who is on leave is to be reminded of, for whom he stands in."""

    def standing_in(self, name: str, his: "Reminder") -> "Reminder":
        """Also for somebody who is on leave."""
        duties = [one for one in his.own if one.period in his.due]
        return replace(self, for_others={**self.for_others, name: duties})

    def beside(self, before: "Reminder") -> "Reminder":
        """Also with what was to be said for others."""
        return replace(self, for_others=before.for_others)


def reminder(said: Reminder, day: date) -> Reply:
    """One message for all of them."""
    month = sorted(
        (one for one in said.own if one.is_of_month(day)), key=lambda one: one.period not in said.due
    )
    longer = [one for one in said.own if one.period in said.due and one.ends_on > month_of(day).ends_on]
    missed = [one for one in said.own if one.period in said.due and one.ends_on < month_of(day).starts_on]
    parts = []
    if said.late:
        parts.append(STOPPED)
    if month:
        parts.append(
            f"{day.month}月{'还没记的' if said.again else '的事'}：\n{named(month, VILLAGER_TEXT_LIMIT - 10)}"
        )
    parts += [f"到{one.ends_on.month}月{one.ends_on.day}日：{one.name}" for one in longer]
    if missed:
        parts.append(f"错过的{len(missed)}件已补开，想记就记。")
    for name, duties in said.for_others.items():
        names = "、".join(dict.fromkeys(one.name for one in duties))
        parts.append(f"{name}请假，请您代他：{names}")
    return Reply(
        "\n".join(parts), _reminder_choices(month, [*month, *longer, *missed], day), about=About.DUTY
    )


def _reminder_choices(month: Sequence[Duty], listed: Sequence[Duty], day: date) -> tuple[Choice, ...]:
    if len(listed) == 1:
        return single_choices(listed[0])
    if not listed:
        return ()
    all_of_month = (Choice(all_done(month, day), "都办了"),) if len(month) > 1 else ()
    return (*all_of_month, Choice("d:list", "一件一件记"))
