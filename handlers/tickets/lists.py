"""My matters, my tasks."""

from domain.talk import Choice, Reply, shorten
from domain.tickets import words
from domain.tickets.steps import STATE_NAMES, Ticket
from handlers.scene import Replies, Scene
from services.tickets import handling, villager


def villager_sees_hers(scene: Scene) -> Replies:
    hers = villager.mine(scene.desk, scene.person)
    if not hers:
        return [Reply("您还没有报过事。有事直接说，比如“渠堵了”。")]
    choices = tuple(Choice(words.deed(one.id, "look"), _line(one)) for one in hers)
    return [Reply("您报的事，回数字看进度：", choices)]


def cadre_sees_tasks(scene: Scene) -> Replies:
    tasks = handling.mine(scene.desk, scene.person)
    if not tasks:
        return [Reply("您手上没有待办的工单。")]
    choices = tuple(Choice(words.deed(one.id, "show"), _line(one)) for one in tasks)
    return [Reply("您手上的工单，回数字打开：", choices)]


def supervisor_sees_overdue(scene: Scene) -> Replies:
    late = handling.overdue(scene.desk, scene.person)
    if not late:
        return [Reply("没有超时的工单。")]
    choices = tuple(Choice(words.deed(one.id, "show"), _line(one)) for one in late)
    return [Reply("超过答复时限的，回数字打开：", choices)]


def _line(ticket: Ticket) -> str:
    return f"{ticket.id}号 {shorten(ticket.text, 10) or '图片语音'} {STATE_NAMES[ticket.state]}"
