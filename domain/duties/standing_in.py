"""The words for whoever notes duties of somebody on leave: each says whose it is."""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.duties.choices import AT_ONCE, deed, label, page, said_day, single_choices
from domain.duties.duty import STATE_NAMES, Absent, Duty, State, Task
from domain.talk import Choice, Reply


def list_of(away: Absent) -> str:
    return f"d:for:{away.person}"


def reminded_for(others: Mapping[Absent, Sequence[Task]], room: int) -> tuple[Choice, ...]:
    """What a deputy can do with a reminder: at once where it has one matter and no more, else by a list of each one's."""
    if room == AT_ONCE and len(others) == 1:
        ((away, duties),) = others.items()
        if len(duties) == 1:
            return single_choices(duties[0], away)
    return tuple(Choice(list_of(away), f"代{away.name}记") for away in others)[:room]


def for_others(others: Mapping[Absent, int]) -> list[Choice]:
    """In the deputy's own list: by whom, how many are open."""
    return [
        Choice(list_of(away), f"代{away.name}记（{left}件）" if left else f"代{away.name}记的")
        for away, left in others.items()
    ]


def month_of_another(away: Absent, his: Sequence[Duty], day: date, start: int) -> Reply:
    """What the deputy may note for him, the open ones first."""
    if not his:
        return Reply(f"{away.name}没有要代记的了。", (_OWN,))
    looks = [Choice(deed(one.period, "look", away), label(one, day)) for one in his]
    return Reply(f"代{away.name}记，选一件：", tuple(page(looks, start, AT_ONCE, list_of(away))))


def single_of_another(away: Absent, duty: Duty) -> Reply:
    if duty.state is State.OPEN:
        until = f"{said_day(duty.starts_on)}到{said_day(duty.ends_on)}"
        choices = (*single_choices(duty, away), Choice(list_of(away), "看他别的"))
        return Reply(f"{away.name}的{duty.name}（{until}）", choices)
    undo = Choice(deed(duty.period, "undo", away), "撤销")
    said = f"{away.name}的{duty.name}：您代他记的“{STATE_NAMES[duty.state]}”。"
    return Reply(said, (undo, Choice(list_of(away), "看他别的")))


def noted_for(away: Absent, duty: Duty, left: int) -> Reply:
    others = (Choice(list_of(away), f"他还有{left}件"),) if left else ()
    undo = Choice(deed(duty.period, "undo", away), "撤销")
    return Reply(f"替{away.name}记下了：{duty.name}，{STATE_NAMES[duty.state]}。", (*others, undo, _OWN))


def put_off_for(away: Absent, duty: Duty) -> Reply:
    again = f"{said_day(duty.remind_on)}再提醒" if duty.remind_on else "不再提醒"
    return Reply(f"好，{away.name}的{duty.name}先不记，{again}。", (Choice(list_of(away), "看他别的"), _OWN))


def taken_back_for(away: Absent, duty: Duty) -> Reply:
    return Reply(f"撤销了，{away.name}的{duty.name}还没记。", single_choices(duty, away))


_OWN = Choice("d:list", "看我自己的")
