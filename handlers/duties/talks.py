"""本月: what a cadre has to do, and his notes of it, one tap each. Nobody else sees them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from domain.duties import words
from domain.duties.choices import single_choices
from domain.duties.duty import Duty, Note, State
from domain.flow import Ask, Draft, OneQuestion
from domain.talk import Choice, Reply
from handlers import shown
from handlers.answers import words_or_media
from handlers.duties import standing_in
from handlers.engine import Engine, Talk
from handlers.scene import Replies, Scene
from services.duties import noting
from services.duties.standing_in import deputy_of

_NOT_HIS = "这是办事干部用的。有事直接说，比如“渠堵了”。"
_LONGEST_LINE = 500
"""Characters of a note."""


def cadre_sees_month(scene: Scene, start: int = 0) -> Replies:
    """His duties, open ones first."""
    mine = noting.mine(scene.desk, scene.person)
    others = standing_in.waiting_for_others(scene)
    if not mine and not others:
        return [Reply("您这个月没有要记的事。" if scene.works else _NOT_HIS)]
    offers = ((duty, noting.offer(scene.desk, duty)) for duty in mine)
    offered = next(((duty, ticket) for duty, ticket in offers if ticket is not None), None)
    return [words.month(mine, offered, noting.today(scene.desk), start, others)]


def is_deed(wire: str) -> bool:
    """Is it a button of a duty, or of a list of them?"""
    return wire.startswith("d:")


def do_deed(scene: Scene, engine: Engine, wire: str) -> Replies:
    """Do what a button of a duty says."""
    if found := shown.DUTY_DEED.match(wire):
        if found[3]:
            return standing_in.deed_for_another(scene, int(found[1]), found[2], int(found[3]))
        return _deed_on_one(scene, engine, int(found[1]), found[2])
    if found := shown.DUTIES_OF_ANOTHER.match(wire):
        return standing_in.deputy_sees_his(scene, int(found[1]), int(found[2] or 0))
    if found := shown.DUTY_LIST.match(wire):
        return cadre_sees_month(scene, int(found[1] or 0))
    if found := shown.DUTIES_BACK.match(wire):
        if found[2]:
            return standing_in.deputy_takes_all_back(scene, int(found[1]), int(found[2]))
        return _cadre_takes_all_back(scene, int(found[1]))
    found = shown.DUTIES_ALL.match(wire)
    day = _day(found[2]) if found else None
    if found is None or day is None:
        return [_UNKNOWN]
    if found[3]:
        return standing_in.deputy_has_done_all(scene, int(found[1]), day, int(found[3]))
    together = noting.note_all(scene.desk, scene.person, int(found[1]), day)
    return [words.noted_together(together.duties, together.tickets, int(found[1]), together.owed)]


_UNKNOWN = Reply("这个按钮用不了了，回“本月”看您的事。")


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        return None


def _deed_on_one(scene: Scene, engine: Engine, period: int, deed: str) -> Replies:
    if deed == "done":
        return _cadre_has_done(scene, engine, period)
    if deed == "note":
        noting.find(scene.desk, scene.person, period)
        return engine.begin(scene, "duty-note", {"period": period})
    if deed[:1] == "t" and deed[1:].isdecimal():
        return _noted(scene, noting.count_ticket(scene.desk, scene.person, period, int(deed[1:])))
    if deed[:1] == "n" and deed[1:].isdecimal():
        return _cadre_refuses_a_ticket(scene, period, int(deed[1:]))
    handler = _DEEDS.get(deed)
    return handler(scene, period) if handler else [_UNKNOWN]


def _cadre_looks(scene: Scene, period: int) -> Replies:
    duty = noting.find(scene.desk, scene.person, period)
    note = noting.written(scene.desk, duty) or Note("", ())
    by = deputy_of(scene.desk, duty)
    shown_one = words.single(duty, noting.offer(scene.desk, duty), note.line, by)
    return [Reply(shown_one.text, shown_one.choices, note.media)]


def _cadre_refuses_a_ticket(scene: Scene, period: int, ticket: int) -> Replies:
    return [words.not_counted(noting.refuse_ticket(scene.desk, scene.person, period, ticket), ticket)]


def _cadre_has_done(scene: Scene, engine: Engine, period: int) -> Replies:
    """Progress of rectifications is done by telling it: he is asked."""
    untold = noting.untold(scene.desk, scene.person, noting.find(scene.desk, scene.person, period))
    if untold:
        return engine.begin(scene, "rectification-report", {"number": untold[0]})
    return _noted(scene, noting.note_done(scene.desk, scene.person, period))


def _cadre_leaves_it_out(scene: Scene, period: int) -> Replies:
    return _noted(scene, noting.note_not_this_month(scene.desk, scene.person, period))


def _noted(scene: Scene, duty: Duty) -> Replies:
    return [words.noted(duty, noting.waiting(scene.desk, scene.person))]


def _cadre_puts_it_off(scene: Scene, period: int) -> Replies:
    duty = noting.find(scene.desk, scene.person, period)
    if duty.state is not State.OPEN:
        return _cadre_looks(scene, period)
    again = duty.remind_on
    when = f"{again.month}月{again.day}日再提醒您。" if again else "不再催您，回“本月”随时能记。"
    return [Reply(f"好，{when}")]


def _cadre_takes_back(scene: Scene, period: int) -> Replies:
    duty = noting.undo(scene.desk, scene.person, period)
    return [Reply(f"撤销了，{duty.name}还没记。", single_choices(duty))]


def _cadre_takes_all_back(scene: Scene, upto: int) -> Replies:
    count = noting.undo_all(scene.desk, scene.person, upto)
    if not count:
        return [Reply("没有要撤销的。回“本月”看您的事。")]
    return [Reply(f"撤销了，{count}件都还没记。", (Choice("d:list", "看一看"),))]


_DEEDS: dict[str, Callable[[Scene, int], Replies]] = {
    "look": _cadre_looks,
    "skip": _cadre_leaves_it_out,
    "later": _cadre_puts_it_off,
    "undo": _cadre_takes_back,
}


def noting_flow(scene: Scene) -> OneQuestion:
    """The line. draft has "period"."""
    duty = noting.find(scene.desk, scene.person, scene.talk.draft["period"])
    erase = (Choice("erase", "删掉写的"),) if noting.written(scene.desk, duty) else ()
    text = "想记什么？说一句，或发照片、语音。只有您看得到。"
    return OneQuestion(lambda _: Ask("said", text, erase, words_or_media))


def cadre_has_written(scene: Scene, draft: Draft) -> Replies:
    period, said = draft["period"], draft["said"]
    if said == "erase":
        noting.erase(scene.desk, scene.person, period)
        return [Reply("删掉了。", (Choice("d:list", "看别的"),))]
    words_said: dict[str, Any] = said
    note = Note(words_said["text"][:_LONGEST_LINE], tuple(words_said["media"]))
    duty = noting.write(scene.desk, scene.person, period, note)
    choices = single_choices(duty) if duty.state is State.OPEN else (Choice("d:list", "看别的"),)
    return [Reply("写下了，只有您看得到。", choices)]


TALKS = {"duty-note": Talk(noting_flow, cadre_has_written)}
