"""Buttons on rectifications: `x:<number>:<deed>` does what it says whenever it is tapped, or says why it cannot."""

from collections.abc import Callable

from domain.talk import Choice, Reply, packed
from domain.tickets import rectification as words
from handlers.engine import Engine, Talk
from handlers.rectification import entering, saying
from handlers.scene import Replies, Scene
from services.rectification import access, filing, handling

TALKS = {
    "rectification-report": Talk(saying.report_flow, saying.owner_has_reported),
    "rectification-propose": Talk(lambda _: saying.Propose(), saying.owner_has_proposed),
    "rectification-reopen": Talk(lambda _: saying.Reopen(), saying.reviewer_has_reopened),
    "rectification-withdraw": Talk(lambda _: saying.Withdraw(), saying.reviewer_has_withdrawn),
    "rectification-give": Talk(saying.give_flow, saying.reviewer_has_given),
    "rectification-enter": Talk(entering.enter_flow, entering.staff_have_entered),
}
_PAGE = 5
_ASKS = frozenset({"report", "propose", "reopen", "give", "withdraw"})
"""Deeds that open the flow of their name."""


def rectification_deed(scene: Scene, engine: Engine, number: int, deed: str) -> Replies:
    """Do the deed of a button. Deeds that need words open the flow that asks for them."""
    if deed in _ASKS:
        handling.check(scene.desk, number, scene.person, deed)
        return engine.begin(scene, f"rectification-{deed}", {"number": number})
    handler = _DEEDS.get(deed)
    return handler(scene, number) if handler else [Reply("这个按钮用不了了，回“整改”看看能办什么。")]


def person_sees_rectifications(scene: Scene) -> Replies:
    """整改: what waits for a word of his, the nearest limit first."""
    found = handling.mine(scene.desk, scene.person)
    add = (Choice("m:new-rectification", "加一件"),) if access.reviews_any(scene.desk, scene.person) else ()
    listed = found[: handling.LISTED - len(add)]
    choices = (*(Choice(words.deed(one.id, "show"), words.line(one)) for one in listed), *add)
    if not found:
        return [Reply("没有要您管的整改。", choices)]
    more = f"，最急的{len(listed)}件" if len(found) > len(listed) else ""
    return [Reply(f"要您管的整改{len(found)}件{more}，回数字打开：", choices)]


def person_sees_the_list(scene: Scene, start: int = 0) -> Replies:
    """整改清单: all that is not ticked off where the person watches, page by page."""
    found = handling.watched(scene.desk, scene.person)
    shown = found[start : start + _PAGE]
    if not shown:
        return person_sees_rectifications(scene)
    choices = [Choice(words.deed(one.id, "show"), words.line(one)) for one in shown]
    if start + _PAGE < len(found):
        choices.append(Choice(words.deed(start + _PAGE, "more"), "往下看"))
    return [Reply(f"没销号的整改{len(found)}件，时限近的在前：", tuple(choices))]


def entries(scene: Scene) -> tuple[Choice, ...]:
    """The way into rectifications, for whoever has one to put right, to answer for or to review."""
    waits = scene.works and handling.mine(scene.desk, scene.person)
    return (Choice("m:rectification", "我的整改"),) if waits else ()


def staff_want_a_new_one(scene: Scene, engine: Engine) -> Replies:
    filing.check_may_enter(scene.desk, scene.person, scene.desk.county.code)
    return engine.begin(scene, "rectification-enter")


def named_by_number(scene: Scene, number: int) -> Replies | None:
    """The rectification of a typed number; None if there is none that the person may see."""
    item = access.seen(scene.desk, number, scene.person) if scene.works else None
    return None if item is None else [handling.card(scene.desk, item, scene.person)]


def _shows(scene: Scene, number: int) -> Replies:
    item = access.held(scene.desk, number, scene.person)
    return [handling.card(scene.desk, item, scene.person)]


def _tells_the_story(scene: Scene, number: int) -> Replies:
    item = access.held(scene.desk, number, scene.person)
    return [Reply(one) for one in packed([f"{number}号经过：", *handling.story(scene.desk, item)])]


def _ticks_off(scene: Scene, number: int) -> Replies:
    after = handling.tick_off(scene.desk, number, scene.person)
    return saying.shown_after(scene, after, "销号了，已告诉责任人和领导。")


_DEEDS: dict[str, Callable[[Scene, int], Replies]] = {
    "show": _shows,
    "more": person_sees_the_list,
    "story": _tells_the_story,
    "tickoff": _ticks_off,
}
