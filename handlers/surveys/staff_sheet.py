"""Staff send a survey's spreadsheet."""

from domain.talk import Reply
from handlers.engine import Engine
from handlers.scene import Replies, Scene
from services.surveys import incoming
from services.surveys.access import staffed

_BRING_FILES = frozenset({"telegram", "web"})
"""Messengers that give us the files that people send."""
_HOW = "把问卷表格（XLSX、CSV）发到这里，我先检查。"
_WHERE = {"web": "点“照片”选表格。"}
"""What has to be tapped where that does not go without saying."""


def runs_surveys(scene: Scene) -> bool:
    return scene.serves and bool(staffed(scene.desk, scene.person))


def how_to_begin(scene: Scene) -> Reply:
    """How a new survey begins, here or where it can."""
    if scene.account.channel in _BRING_FILES:
        return Reply(f"{_HOW}{_WHERE.get(scene.account.channel, '')}")
    page = scene.desk.county.chat_page
    where = f"请到网页聊天里发：{page}" if page else "请到网页聊天里发。"
    return Reply(f"这里收不到表格，{where}\n头一回去，先在那边回“关联”接上账号。")


def staff_send_a_sheet(scene: Scene, engine: Engine) -> Replies | None:
    """None: nothing of the kind was sent, or by nobody of whom it is taken. An open question stays open."""
    files = [one for one in zip(scene.media, scene.inbound.media, strict=True) if one[1].kind == "file"]
    if not files or not runs_surveys(scene):
        return None
    if scene.account.channel not in _BRING_FILES:
        return _and_on(scene, engine, how_to_begin(scene))
    sheets = [(number, one) for number, one in files if incoming.looks_like_a_sheet(one)]
    if not sheets:
        return None
    if any(one.size > incoming.MAX_BYTES for _, one in sheets):
        most = incoming.MAX_BYTES // 1024 // 1024
        return _and_on(scene, engine, Reply(f"表格太大了，请发{most}兆以内的。"))
    if scene.talk.private:  # what comes in such a talk rests sealed with it, and nobody can read it
        return engine.repeat(scene, "先答完这份匿名的，再发表格：")
    for number, one in sheets:
        incoming.expect(scene.desk, scene.account, number, one.name)
    return _and_on(scene, engine, Reply("表格收到了，正在检查，马上告诉您。"))


def _and_on(scene: Scene, engine: Engine, reply: Reply) -> Replies:
    return [reply, *(engine.repeat(scene) if scene.talk.flow is not None else [])]
