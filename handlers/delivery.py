"""What has not arrived, as those see it who can call instead."""

from domain.delivery import CHINA
from domain.talk import Reply
from handlers.scene import Replies, Scene
from services import delivery
from services.delivery import Waiting


def supervisor_sees_what_waits(scene: Scene) -> Replies:
    """Who has to be called, since no message can reach them. Never what was said to them."""
    found = delivery.waiting(scene.desk, scene.person)
    if not found:
        return [Reply("话都送到了。")]
    return [Reply("\n".join(["这些人的话还没送到，可打电话告诉：", *map(_line, found)]))]


def _line(waiting: Waiting) -> str:
    person, since = waiting.person, waiting.since.astimezone(CHINA)
    who = " ".join(filter(None, [person.name or "群众", person.phone or "（没留电话）"]))
    return f"{who} {waiting.count}条，{since.month}月{since.day}日起，{_why(waiting)}"


def _why(waiting: Waiting) -> str:
    if not waiting.reachable:
        return "还没接账号"
    return "发过提醒，等回话" if waiting.notified else "微信要等对方先说话"
