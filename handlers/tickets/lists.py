"""My matters, my tasks."""

from domain.talk import Choice, Reply, shorten
from domain.tickets import words
from domain.tickets.steps import Kind, Ticket
from handlers.scene import Replies, Scene
from services.tickets import handling, villager


def villager_sees_hers(scene: Scene) -> Replies:
    hers = villager.mine(scene.desk, scene.person)
    none = "您还没有报过事。有事直接说，比如“渠堵了”。"
    return _listed(hers, "look", "您报的事，回数字看进度：", none)


def cadre_sees_tasks(scene: Scene) -> Replies:
    tasks = handling.mine(scene.desk, scene.person, _SHOWN + 1)
    return _listed(tasks, "show", f"您手上的工单，{_cut(tasks)}回数字打开：", "您手上没有待办的工单。")


def supervisor_sees_overdue(scene: Scene) -> Replies:
    late = handling.overdue(scene.desk, scene.person, _SHOWN + 1)
    return _listed(late, "show", f"超过答复时限的，{_cut(late)}回数字打开：", "没有超时的工单。")


_SHOWN = 6


def _cut(tickets: list[Ticket]) -> str:
    """Said where there are more than are shown."""
    return f"先看最急的{_SHOWN}件，" if len(tickets) > _SHOWN else ""


def _listed(tickets: list[Ticket], deed: str, head: str, none: str) -> Replies:
    """A list to choose from by number, or the word that there is nothing."""
    choices = tuple(Choice(words.deed(one.id, deed), _line(one)) for one in tickets[:_SHOWN])
    return [Reply(head, choices)] if choices else [Reply(none)]


def _line(ticket: Ticket) -> str:
    return f"{ticket.id}号 {_about(ticket)} {ticket.state_name}"


def _about(ticket: Ticket) -> str:
    if ticket.kind is Kind.APPOINTMENT:
        return ticket.title
    return shorten(ticket.text, 10) or "图片语音"
