"""What the bank could not answer, for those who keep it."""

from domain.talk import Reply, shorten
from handlers.scene import Replies, Scene
from handlers.suggestions.staff import reads_suggestions
from services.knowledge import answering

_SHOWN = 8
_LENGTH = 30


def staff_see_unanswered(scene: Scene) -> Replies:
    """没答上的: the questions most often asked in vain. Who asked is not known."""
    if not reads_suggestions(scene):
        return [Reply("这个给县上工作人员看。")]
    found = answering.listed(scene.desk)
    if not found:
        return [Reply("没有没答上的问题。")]
    lines = [f"{one.times}次 {shorten(one.text, _LENGTH)}" for one in found[:_SHOWN]]
    more = len(found) - len(lines)
    rest = [f"另有{more}个，见 lianxin knowledge unanswered。"] if more > 0 else []
    return [Reply("\n".join(["没答上的问题，不知道是谁问的：", *lines, *rest]))]
