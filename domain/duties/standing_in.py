"""The words for whoever notes duties of somebody on leave: each says whose it is."""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.duties.choices import AT_ONCE, all_back, all_done, deed, label, page, said_day, single_choices
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
    of_month = [one for one in his if one.state is State.OPEN and one.is_of_month(day)]
    first = [Choice(all_done(of_month, day, away), "都办了")] if len(of_month) > 1 and not start else []
    looks = [Choice(deed(one.period, "look", away), label(one, day)) for one in his]
    listed = page(looks, start, AT_ONCE - len(first), list_of(away))
    return Reply(f"代{away.name}记，选一件：", (*first, *listed))


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


def noted_together_for(away: Absent, duties: Sequence[Duty], upto: int, owed: Sequence[Duty]) -> Reply:
    """owed: what only he can say."""
    left = f"{owed[0].name}要他自己来说。" if owed else ""
    if not duties:
        return Reply(f"{away.name}这些都记过了。{left}", (_OWN,))
    said = f"替{away.name}都记下了，{len(duties)}件，办了。{left}"
    return Reply(said, (Choice(all_back(upto, away), "撤销"), Choice(list_of(away), "看一看"), _OWN))


def put_off_for(away: Absent, duty: Duty) -> Reply:
    again = f"{said_day(duty.remind_on)}再提醒" if duty.remind_on else "不再提醒"
    return Reply(f"好，{away.name}的{duty.name}先不记，{again}。", (Choice(list_of(away), "看他别的"), _OWN))


def taken_back_for(away: Absent, duty: Duty) -> Reply:
    return Reply(f"撤销了，{away.name}的{duty.name}还没记。", single_choices(duty, away))


_OWN = Choice("d:list", "看我自己的")
