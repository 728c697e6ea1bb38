"""看答复: the public board, one answer at a time."""

from domain.suggestions import words
from domain.talk import Choice, Reply
from handlers.scene import Replies, Scene
from services.suggestions import board


def anybody_reads(scene: Scene, place: int = 0) -> Replies:
    """The entry at a place, the newest at 0. Anybody may read it."""
    found, more = board.entry(scene.desk, place)
    if found is None:
        return [Reply("没有更多了。" if place else "还没有公开的答复。想提意见，回“提建议”。")]
    older = (Choice(f"b:{place + 1}", "下一条"),) if more else ()
    return [Reply(words.board_entry(found), older)]
