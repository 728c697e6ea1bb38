"""The words for duties. Each button is a wire id that does what it says, whenever it is tapped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from domain.duties.choices import AT_ONCE, all_back, all_done, deed, label, page, said_day, single_choices
from domain.duties.duty import STATE_NAMES, Absent, Counted, Duty, State, Task
from domain.duties.standing_in import for_others, reminded_for
from domain.talk import VILLAGER_TEXT_LIMIT, About, Choice, Reply


def named(duties: Sequence[Task], room: int) -> str:
    """By system, each on a line: 三个一：开会、学习、帮一户. Where that takes more than `room` characters: 三个一3件、集中学习."""
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
    counts = {system: sum(names.values()) for system, names in systems.items()}
    alone = {system: next(iter(names)) for system, names in systems.items() if counts[system] == 1}
    short = _counted(counts, alone)
    return short if len(short) <= room else _counted(counts, {})


def _counted(counts: Mapping[str, int], alone: Mapping[str, str]) -> str:
    """alone: by what a system's single duty goes, because 年度 or 包联 says nothing of what is to be done."""
    return "、".join(
        alone.get(system, system if count == 1 else f"{system}{count}件") for system, count in counts.items()
    )


STOPPED = "系统停过，没按时提醒，对不住。"


@dataclass(frozen=True, slots=True)
class Reminder:
    """What somebody is told on a day."""

    own: Sequence[Task] = ()
    """His open duties, if he is to be reminded of any of them."""
    due: frozenset[int] = frozenset()
    """Periods of those of which he is to be reminded."""
    again: bool = False
    """He was told of some of them before."""
    late: bool = False
    """The service was away when he should have been told."""
    for_others: Mapping[Absent, Sequence[Task]] = field(default_factory=dict)
    """What somebody who is on leave is to be reminded of, for whom he stands in."""

    def standing_in(self, away: Absent, his: "Reminder") -> "Reminder":
        """Also for somebody who is on leave."""
        duties = [one for one in his.own if one.period in his.due]
        return replace(self, for_others={**self.for_others, away: duties})

    def beside(self, before: "Reminder") -> "Reminder":
        """Also with what was to be said for others."""
        return replace(self, for_others=before.for_others)


def reminder(said: Reminder, day: date) -> Reply:
    """One message for all of it. Where a single duty is due only that is named; else all that is open this month."""
    due = [one for one in said.own if one.period in said.due]
    month = [one for one in said.own if one.is_of_month(day)] if len(due) > 1 else []
    month.sort(key=lambda one: one.period not in said.due)
    longer = [one for one in due if one not in month and one.ends_on >= day]
    missed = [one for one in due if one not in month and one.ends_on < day]
    parts = [STOPPED] if said.late else []
    if month:
        head = f"{day.month}月{'还没记的' if said.again else '的事'}："
        parts.append(f"{head}\n{named(month, VILLAGER_TEXT_LIMIT - len(head))}")
    parts += [f"{one.system}：{one.name}（到{said_day(one.ends_on)}）" for one in longer]
    if missed:
        parts.append(f"错过的{len(missed)}件已补开，想记就记。")
    for away, duties in said.for_others.items():
        names = "、".join(dict.fromkeys(one.name for one in duties))
        parts.append(f"{away.name}请假，请您代他：{names}")
    own = _reminder_choices(month, [*month, *longer, *missed], day)
    return Reply(
        "\n".join(parts), (*own, *reminded_for(said.for_others, AT_ONCE - len(own))), about=About.DUTY
    )


def _reminder_choices(month: Sequence[Task], listed: Sequence[Task], day: date) -> tuple[Choice, ...]:
    if len(listed) == 1:
        return single_choices(listed[0])
    if not listed:
        return ()
    all_of_month = (Choice(all_done(month, day), "都办了"),) if len(month) > 1 else ()
    return (*all_of_month, Choice("d:list", "一件一件记"))


def month(
    mine: Sequence[Duty],
    offered: tuple[Duty, Counted] | None,
    day: date,
    start: int,
    others: Mapping[Absent, int] = MappingProxyType({}),
) -> Reply:
    """His duties from the one at place `start` on, the open ones first; what a ticket has done is offered.

    others: how many he may note for whom he stands in for: the first is offered before the list, more of them in it.
    """
    open_ones = [one for one in mine if one.state is State.OPEN]
    of_month = [one for one in open_ones if one.is_of_month(day)]
    head = (
        f"{day.month}月的事，选一件记：" if open_ones or others else f"{day.month}月的事都记了，想改选一件："
    )
    first: list[Choice] = []
    if offered is not None and not start:
        duty, ticket = offered
        head = f"{counted_as(duty, ticket)}，算上吗？\n别的选一件记："
        first += _count_or_not(duty, ticket)
    if len(of_month) > 1 and not start:
        first.append(Choice(all_done(of_month, day), "都办了"))
    looks = [Choice(deed(one.period, "look"), label(one, day)) for one in mine]
    of_others = for_others(others)
    if not start:
        first += of_others[:1]
    looks[len(open_ones) : len(open_ones)] = of_others[1:]
    return Reply(head, (*first, *page(looks, start, AT_ONCE - len(first), "d:list")))


def _count_or_not(duty: Duty, ticket: Counted) -> tuple[Choice, ...]:
    return (
        Choice(deed(duty.period, f"t{ticket.id}"), "算上"),
        Choice(deed(duty.period, f"n{ticket.id}"), "不算"),
    )


def counted_as(duty: Duty, ticket: Counted) -> str:
    return f"{duty.name}：{ticket.title}"


def single(duty: Duty, offered: Counted | None, line: str, by: str = "") -> Reply:
    """One duty, and what can be noted of it. by: the deputy who has noted it."""
    note = Choice(deed(duty.period, "note"), "改一句" if line else "记一句")
    beside = f"\n您写的：{line}" if line else ""
    if duty.state is not State.OPEN:
        who = f"{by}代您" if by else ""
        when = f"{said_day(duty.noted_on)}{who}记的" if duty.noted_on else ""
        ticket = f"，算的是{duty.ticket}号" if duty.ticket else ""
        choices = (Choice(deed(duty.period, "undo"), "撤销"), note, Choice("d:list", "看别的"))
        return Reply(f"{duty.name}：{when}“{STATE_NAMES[duty.state]}”{ticket}。{beside}", choices)
    until = f"{duty.name}（{said_day(duty.starts_on)}到{said_day(duty.ends_on)}）{beside}"
    if offered is None:
        return Reply(until, (*single_choices(duty), note))
    return Reply(
        f"{counted_as(duty, offered)}，算上吗？{beside}",
        (*_count_or_not(duty, offered), *_done_otherwise(duty), note),
    )


def not_counted(duty: Duty, ticket: int) -> Reply:
    """He has said that a ticket is not it; he may still change his mind."""
    again = Choice(deed(duty.period, f"t{ticket}"), "还是算上")
    return Reply(
        f"好，{ticket}号不算，不再问了。", (*_done_otherwise(duty), again, Choice("d:list", "看别的"))
    )


def _done_otherwise(duty: Duty) -> tuple[Choice, ...]:
    done, *others = single_choices(duty)
    return (Choice(done.id, "办了，是别的"), *others)


def noted(duty: Duty, left: int) -> Reply:
    """What was noted; it can be taken back, and a line be written beside it."""
    ticket = f"，算的是{duty.ticket}号" if duty.ticket else ""
    choices = (Choice(deed(duty.period, "undo"), "撤销"), Choice(deed(duty.period, "note"), "记一句"))
    others = (Choice("d:list", f"还有{left}件"),) if left else ()
    return Reply(f"记下了：{duty.name}，{STATE_NAMES[duty.state]}{ticket}。", (*others, *choices))


def noted_together(
    duties: Sequence[Duty], tickets: Sequence[Counted], upto: int, owed: Sequence[Duty] = ()
) -> Reply:
    """owed: progress of rectifications, which is done by telling it."""
    progress = tuple(Choice(deed(one.period, "done"), "说整改进展") for one in owed[:1])
    if not duties and owed:
        return Reply("只剩整改进展没说，说了就算办了。", progress)
    if not duties:
        return Reply("这些都记过了。回“本月”能看能改。")
    counts = f"其中{'、'.join(one.title for one in tickets)}也算上了。" if tickets else ""
    choices = (Choice(all_back(upto), "撤销"), Choice("d:list", "看一看"))
    left = "整改进展还要您说几句。" if owed else ""
    return Reply(f"都记下了，{len(duties)}件，办了。{counts}{left}", (*progress, *choices))
