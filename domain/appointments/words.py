"""How a talk and its time are put into words: for the leader's side, and for who asked for it."""

from datetime import datetime

from domain.appointments.times import Appointment, Slot
from domain.delivery import CHINA
from domain.talk import About, Choice, Reply
from domain.tickets.steps import State, Ticket
from domain.tickets.words import RATINGS, when

_WEEKDAYS = "一二三四五六日"


def deed(ticket: int, name: str) -> str:
    """Wire id of a button that does one thing to one appointment, whenever it is tapped."""
    return f"a:{ticket}:{name}"


def slot_deed(slot: int, name: str) -> str:
    """Wire id of a button on a time that is open."""
    return f"a:s{slot}:{name}"


def _choices(ticket: int, *named: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(deed(ticket, name), label) for name, label in named)


def day_of(moment: datetime) -> str:
    """12月8日周二."""
    local = moment.astimezone(CHINA)
    return f"{local.month}月{local.day}日周{_WEEKDAYS[local.weekday()]}"


def clock_of(moment: datetime) -> str:
    """9点, 9点30分."""
    local = moment.astimezone(CHINA)
    return f"{local.hour}点{f'{local.minute:02}分' if local.minute else ''}"


def time_of(slot: Slot) -> str:
    return day_of(slot.starts_at) + clock_of(slot.starts_at)


def leader_of(slot: Slot) -> str:
    return f"{slot.level}{slot.leader_name}"


def line(slot: Slot) -> str:
    return f"{time_of(slot)} {leader_of(slot)}"


def leaders_choices(ticket: Ticket) -> tuple[Choice, ...]:
    fix = (("fix", "就这么定"),) if ticket.state is State.ASSIGNED else ()
    if ticket.state in (State.ASSIGNED, State.ACCEPTED):
        return _choices(ticket.id, *fix, ("move", "改时间"), ("place", "改地点"), ("cancel", "谈不了"))
    if ticket.state is State.REOPENED:
        return _choices(ticket.id, ("move", "另定时间"), ("cancel", "谈不了"))
    return ()


def her_choices(ticket: Ticket) -> tuple[Choice, ...]:
    if ticket.state is State.ANSWERED:
        return rating_choices(ticket)
    if ticket.open:
        return _choices(ticket.id, ("move", "改时间"), ("cancel", "不谈了"))
    return ()


def rating_choices(ticket: Ticket) -> tuple[Choice, ...]:
    rated = ((f"rate{value}", label) for value, label in zip((3, 2, 1), RATINGS, strict=True))
    return _choices(ticket.id, *rated, ("missed", "没谈成"))


def topic_line(topic: str) -> str:
    return f"想谈：{topic}"


def leaders_card(
    ticket: Ticket, appointment: Appointment, who: str, head: str = "", *, topic: bool = False
) -> Reply:
    """What the leader's side has to know: who comes, when, where, by when to answer.

    topic: also what about, if she said so; that is for the leader alone.
    """
    slot = appointment.slot
    lines = [f"{head or ticket.state_name} 约谈{ticket.id}号", who, line(slot), slot.place]
    if topic and appointment.topic:
        lines.append(topic_line(appointment.topic))
    if ticket.open and ticket.state is not State.ACCEPTED:
        lines.append(f"{when(ticket.limit_at)}前答复")
    return Reply("\n".join(lines), leaders_choices(ticket), about=About.TASK)


def her_card(ticket: Ticket, appointment: Appointment) -> Reply:
    """Where her appointment stands, and what she can do."""
    slot = appointment.slot
    text = f"约谈{ticket.id}号 {ticket.state_name}\n{line(slot)}"
    if ticket.state is State.ACCEPTED:
        text += f"\n{slot.place}"
    elif ticket.open and ticket.state is not State.ANSWERED:
        text += f"\n{when(ticket.limit_at)}前答复您"
    return Reply(text, her_choices(ticket), about=About.PROGRESS)


def booked(ticket: Ticket, slot: Slot) -> Reply:
    """The promise."""
    text = f"报上了，约谈{ticket.id}号：{line(slot)}。定没定，{when(ticket.limit_at)}前答复您。"
    return Reply(text, her_choices(ticket), about=About.PROGRESS)


def fixed(ticket: Ticket, slot: Slot, head: str = "定了", why: str = "") -> Reply:
    """Time and place, as she is told them."""
    reason = f"\n原因：{why}" if why else ""
    text = f"约谈{ticket.id}号{head}：{line(slot)}，在{slot.place}。{reason}"
    return Reply(text, her_choices(ticket), about=About.PROGRESS)


def coming(ticket: Ticket, slot: Slot) -> str:
    """The reminder before the talk; each side has its own choices."""
    return f"提醒：{line(slot)}，在{slot.place}。约谈{ticket.id}号。"


def over(ticket: Ticket) -> Reply:
    return Reply(f"约谈{ticket.id}号谈得怎么样？", rating_choices(ticket), about=About.ANSWER)
