"""月报: a person reads his report, corrects lines by number, and confirms it with one tap."""

import re
import unicodedata
from collections.abc import Callable

from domain.delivery import CHINA
from domain.directory import Level
from domain.flow import Ask, Draft, OneQuestion
from domain.reports.months import Month, month_of, newest_of_areas, newest_own
from domain.reports.report import PART_NAMES, Part, Report
from domain.talk import About, Choice, Reply
from handlers.answers import words_only
from handlers.engine import Engine, Talk
from handlers.scene import Replies, Scene
from services import directory
from services.reports import access, correcting, files, reading, words

_ASKED = re.compile(r"^(?:看)?(月报|本月报告|这个月的报告)\s*(\S{0,12})$")
_LISTED = 5


def asked_for(text: str) -> tuple[bool, str] | None:
    """Of “月报”, “本月报告” and “月报 城关”: is it the month that goes on, and of which place?"""
    found = _ASKED.match(unicodedata.normalize("NFKC", text).strip().rstrip("。"))
    return None if found is None else (found[1] != "月报", found[2])


def person_asks_for_a_report(scene: Scene, *, going_on: bool = False, place: str = "") -> Replies:
    """His own, that of what he leads, or a choice between them."""
    if place:
        return _of_place(scene, place, going_on=going_on)
    own = access.own_report(scene.desk, scene.person, _month(scene, own=True, going_on=going_on))
    month = _month(scene, own=False, going_on=going_on)
    led = access.led(scene.desk, scene.person)[:_LISTED]
    found = [one for one in (own,) if one is not None]
    found += [access.area_report(scene.desk, scene.person, month, area) for area in led]
    if not found:
        return [Reply("月报是干部的。您报的事，回“我的事”看。")]
    if len(found) == 1:
        return _shown(scene, found[0])
    choices = tuple(Choice(words.deed(one, "show"), _whose(scene, one)) for one in found)
    return [Reply("看哪份月报？", choices)]


def _of_place(scene: Scene, place: str, *, going_on: bool) -> Replies:
    month = _month(scene, own=False, going_on=going_on)
    for area in directory.find_areas(scene.desk, scene.desk.county.code, place):
        if area.level is Level.TOWNSHIP:  # a village may have its name
            return _shown(scene, access.area_report(scene.desk, scene.person, month, area.code))
    return [Reply(f"没有找到“{place}”，请写镇的名字。")]


def _month(scene: Scene, *, own: bool, going_on: bool) -> Month:
    if going_on:
        return month_of(scene.desk.now)
    today = scene.desk.now.astimezone(CHINA).date()
    return (newest_own if own else newest_of_areas)(today, scene.desk.county.days)


def _whose(scene: Scene, report: Report) -> str:
    if report.person is not None:
        return f"我自己的（{report.month.said}）"
    return f"{directory.area(scene.desk, report.area).short_name}（{report.month.said}）"


def is_deed(wire: str) -> bool:
    return words.DEED.match(wire) is not None


def do_deed(scene: Scene, engine: Engine, wire: str) -> Replies:
    """Do what a button says. Deeds that need words open the flow that asks for them."""
    found = words.DEED.match(wire)
    number, deed, of = (int(found[1]), found[2], found[3] or "") if found else (0, "", "")
    if deed in PART_NAMES and of:
        correcting.check_correct(scene.desk, scene.person, number, of)
        return engine.begin(scene, "report-say", {"report": number, "part": deed, "line": of})
    handler = _DEEDS.get(deed)
    return handler(scene, number, of) if handler else [Reply("这个按钮用不了了，回“月报”看看能办什么。")]


def _shown(scene: Scene, report: Report) -> Replies:
    due = correcting.is_due(scene.desk, report)
    return [words.shown(reading.read(scene.desk, report), due=due)]


def _show(scene: Scene, number: int, _of: str) -> Replies:
    return _shown(scene, access.readable(scene.desk, scene.person, number))


def _lines(scene: Scene, number: int, of: str) -> Replies:
    report = access.readable(scene.desk, scene.person, number)
    after = int(of) if of.isascii() and of.isdigit() else 0
    return [words.listed(reading.read(scene.desk, report), after)]


def _line(scene: Scene, number: int, of: str) -> Replies:
    return [words.one_line(*correcting.line(scene.desk, scene.person, number, of))]


def _out(scene: Scene, number: int, of: str) -> Replies:
    correcting.leave_out(scene.desk, scene.person, number, of, out=True)
    return _line(scene, number, of)


def _in(scene: Scene, number: int, of: str) -> Replies:
    correcting.leave_out(scene.desk, scene.person, number, of, out=False)
    return _line(scene, number, of)


def _confirm(scene: Scene, number: int, _of: str) -> Replies:
    report = correcting.confirm(scene.desk, scene.person, number)
    said = f"{report.month.said}月报确认了。"
    if report.person is not None:
        said += "只有合计进镇上的月报，别人看不到您的。"
    choices = (
        Choice(words.deed(report, "files"), "要图和表格"),
        Choice(words.deed(report, "back"), "撤回确认"),
    )
    return [Reply(said, choices)]


def _take_back(scene: Scene, number: int, _of: str) -> Replies:
    correcting.take_back(scene.desk, scene.person, number)
    return [Reply("撤回了，可以再改。"), *_show(scene, number, "")]


def _before(scene: Scene, number: int, _of: str) -> Replies:
    """The same report of the month before."""
    report = access.readable(scene.desk, scene.person, number)
    earlier = report.month.before
    if report.person is None:
        return _shown(scene, access.area_report(scene.desk, scene.person, earlier, report.area))
    own = access.own_report(scene.desk, scene.person, earlier)
    return _shown(scene, own) if own else [Reply("您现在没有负责的网格，看不到以前的月报了。")]


def _files(scene: Scene, number: int, _of: str) -> Replies:
    report = access.readable(scene.desk, scene.person, number)
    return [
        Reply(
            f"{report.month.said}月报的图，和可以用表格软件打开的表。",
            media=files.order(scene.desk, report.id),
            about=About.MADE,
        )
    ]


_DEEDS: dict[str, Callable[[Scene, int, str], Replies]] = {
    "show": _show,
    "lines": _lines,
    "line": _line,
    "out": _out,
    "in": _in,
    "confirm": _confirm,
    "back": _take_back,
    "before": _before,
    "files": _files,
}


def _ask_for_a_sentence(draft: Draft) -> Ask:
    """Draft has "report", "part" and "line"."""
    return Ask("said", words.QUESTIONS[Part(draft["part"])], read=words_only)


def person_has_said(scene: Scene, draft: Draft) -> Replies:
    part, number = Part(draft["part"]), draft["report"]
    correcting.say(scene.desk, scene.person, number, draft["line"], part, draft["said"]["text"])
    return [Reply(f"补上了（{PART_NAMES[part]}）。"), *_lines(scene, number, "")]


TALKS = {"report-say": Talk(lambda _: OneQuestion(_ask_for_a_sentence), person_has_said)}
