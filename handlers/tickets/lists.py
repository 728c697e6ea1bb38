"""My matters, my tasks."""

from domain.talk import Choice, Reply, shorten
from domain.tickets import words
from domain.tickets.checks import urged_today
from domain.tickets.steps import Kind, Step, Ticket
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


def villager_withdraws(scene: Scene) -> Replies:
    return _which_of_hers(scene, Step.WITHDRAW, "撤回不办了", "撤回")


def villager_urges(scene: Scene) -> Replies:
    return _which_of_hers(scene, Step.URGE, "催一催", "催")


def _which_of_hers(scene: Scene, step: Step, label: str, verb: str) -> Replies:
    """She says only what is to be done: with her one open matter, if she says yes, or with one of several."""
    open_ones = villager.open_ones(scene.desk, scene.person, _SHOWN)
    hers = [one for one in open_ones if villager.can(scene.desk, one, step)]
    if not hers:
        urged = step is Step.URGE and any(urged_today(one, scene.desk.now) for one in open_ones)
        return [Reply("今天催过了，明天还能再催。" if urged else f"您现在没有能{verb}的事。有事请直接说。")]
    if len(hers) > 1:
        return _listed(hers, step.value, f"要{verb}哪一件？回数字：", "")
    one = hers[0]
    choices = (
        Choice(words.deed(one.id, step.value), label),
        Choice(words.deed(one.id, "look"), f"不{verb}，看进度"),
    )
    return [Reply(f"要{verb}{one.id}号“{_about(one)}”吗？", choices)]


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
