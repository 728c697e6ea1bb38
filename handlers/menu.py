"""The menu: what can be done here, what waits to be done first, at most six choices on a page."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from domain.talk import VILLAGER_TEXT_LIMIT, Choice, Reply
from handlers import standing
from handlers.appointments.staff import talks_are_there
from handlers.scene import Replies, Scene
from handlers.suggestions.staff import reads_suggestions
from handlers.surveys import entry
from handlers.surveys.staff_sheet import runs_surveys
from services import directory as people
from services.duties import noting
from services.quizzes import practice

_ON_A_PAGE = 6
"""Choices of a page, with the one that turns it."""
_BESIDE_WHAT_WAITS = 2
_PAGE = re.compile(r"^m:page:(\d{1,3})$")
_MORE, _BACK = "更多", "返回"


def menu(scene: Scene, before: str = "", page: int | None = None) -> Replies:
    """What can be done here. before: said ahead of it. page: from 1; the first where there is none such.

    Nobody who just speaks up wants six choices before what was held for him: it rides on this answer, if it has room.
    """
    entries = _of_worker if scene.works else _of_villager
    if page is not None and page > 1 and (choices := page_at(entries(scene), page)):
        return [Reply("还能办这些，回9看前面的：", choices)]
    choices = page_at(entries(scene), 1)
    if page is None and scene.held:
        choices = (*choices[:_BESIDE_WHAT_WAITS], Choice(_turn(1), _MORE))
    if scene.works:
        return [Reply(f"{before}{scene.person.name or '您'}，您好。要看什么？", choices)]
    return [Reply(_greeting(before or "您好！", choices), choices)]


def _greeting(before: str, choices: tuple[Choice, ...]) -> str:
    """With an example, where all of it can still be read at a glance also as numbered lines."""
    said = f"{before}有事直接说，比如“渠堵了”。"
    lines = sum(len(f"\n1 {choice.label}") for choice in choices)
    return said if len(said) + lines <= VILLAGER_TEXT_LIMIT else f"{before}有事直接说。"


def page_at(entries: Iterable[Choice], number: int) -> tuple[Choice, ...]:
    """On each page five, and a sixth that turns it; all of them on one, if they fit. Empty behind the last page.

    No entry is asked for that stands behind the page: whether there is something to practise takes a look.
    """
    room = _ON_A_PAGE - 1
    known = list(islice(entries, number * room + 2))
    if len(known) <= _ON_A_PAGE:
        alone = tuple(known)
        return alone if number == 1 else ()
    shown = known[(number - 1) * room : number * room]
    turn = (
        Choice(_turn(number + 1), _MORE) if len(known) > number * room else Choice(_turn(number - 1), _BACK)
    )
    return (*shown, turn) if shown else ()


def _turn(page: int) -> str:
    return f"m:page:{page}"


def page_of(wire: str) -> int:
    """The page to which an entry turns; the first, if it is none that does."""
    found = _PAGE.match(wire)
    return int(found[1]) if found else 1


def page_before(scene: Scene) -> Replies | None:
    """The page to which 9 leads from the one that was just shown; None from the first, or from no menu."""
    wire, label = scene.talk.offered[-1] if scene.talk.offered else ("", "")
    if not _PAGE.match(wire):
        return None
    before = page_of(wire) if label == _BACK else page_of(wire) - 2
    return menu(scene, page=before) if before >= 1 else None


_Row = tuple[bool | Callable[[Scene], bool], str, str]
"""Whether there is such a thing, or how to find out; the command; what it is called.

A row that takes a look stands behind seven that do not, but for a leader: seven tell that there is a second page.
"""


def _of_worker(scene: Scene) -> Iterator[Choice]:
    """What is his to act on, then what he wants now and then, then what is rare."""
    duties = noting.waiting(scene.desk, scene.person)
    runs, reads = runs_surveys(scene), reads_suggestions(scene)
    away = people.is_on_leave(scene.desk, scene.person)
    offered: tuple[_Row, ...] = (
        (scene.answers, "m:tasks", "我手上的工单"),
        (scene.watches, "m:decide", "要定的事"),
        (scene.watches, "m:overdue", "超时的工单"),
        (bool(duties), "m:duties", f"本月的事（{duties}件）"),
    )
    later: tuple[_Row, ...] = (
        (reads, "m:suggestions", "等答复的意见"),
        (runs, "m:surveys", "问卷"),
        (scene.watches, "m:waiting", "没送到的话"),
        (True, "m:behalf", "帮人报事"),
        (scene.answers and not away, "m:leave-of-absence", "请假"),
        (away, "m:back-from-leave", "我回来了（销假）"),
        (scene.answers, "m:report", "月报"),
        (not duties, "m:duties", "本月的事"),
        (bool(scene.desk.county.public_url), "m:calendar", "订阅日历"),
        (scene.watches, "m:all-rectifications", "整改清单"),
        (scene.watches, "m:office-pairs", "结对台账"),
        (reads, "m:unanswered", "没答上的问题"),
        (True, "m:suggest", "提建议"),
        (True, "m:board", "看答复"),
        (talks_are_there, "m:appointments", "约谈"),
        (_quizzes_are_there, "m:quiz", "练习"),
        (True, "m:mine", "我报的事"),
        (True, "m:my-suggestions", "我的意见"),
        (True, "m:link", "关联账号"),
    )
    asked = () if runs else _surveys(scene)
    yield from _those(scene, offered)
    yield from (*standing.entries(scene), *asked)
    yield from _those(scene, later)


def _of_villager(scene: Scene) -> Iterator[Choice]:
    """What waits for her, then what most people want."""
    offered: tuple[_Row, ...] = (
        (True, "m:mine", "我报的事"),
        (True, "m:behalf", "帮人报事"),
        (True, "m:person", "找人"),
        (True, "m:suggest", "提建议"),
        (True, "m:board", "看答复"),
        (True, "m:my-suggestions", "我的意见"),
        (True, "m:link", "关联账号"),
        (talks_are_there, "m:appointments", "约领导谈"),
        (_quizzes_are_there, "m:quiz", "练习"),
    )
    yield from (*_surveys(scene), *standing.entries(scene))
    yield from _those(scene, offered)


def _those(scene: Scene, rows: Iterable[_Row]) -> Iterator[Choice]:
    for is_there, wire, label in rows:
        if is_there(scene) if callable(is_there) else is_there:
            yield Choice(wire, label)


def _quizzes_are_there(scene: Scene) -> bool:
    return practice.is_any(scene.desk)


def _surveys(scene: Scene) -> tuple[Choice, ...]:
    """The way into surveys, where one waits for her."""
    waiting = entry.entries(scene)
    return waiting if len(waiting) <= 1 else (Choice("m:surveys", f"答问卷（{len(waiting)}份）"),)


def villager_leaves_phone(scene: Scene) -> Replies:
    people.keep_phone(scene.desk, scene.person, scene.text)
    return [Reply("电话记下了，只给办事干部看。")]
