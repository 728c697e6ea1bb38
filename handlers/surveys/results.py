"""Staff ask what came of a survey: the figures at once, the chart and the workbook as soon as they are made."""

import re
import unicodedata

from domain.surveys.form import Kind
from domain.surveys.results import Results, Summary
from domain.surveys.suppression import LEAST
from domain.talk import Choice, Reply, shorten
from handlers.scene import Replies, Scene
from services.surveys import listening
from services.surveys.files import MOST_ROWS, order
from services.surveys.results import check_may_read, count, recent, results_of

DEED = re.compile(r"^r:(\d{1,9})(?::(\d{1,6}))?$")
"""Wire id of the choice that shows a survey's results, or what was said and shown at a place."""
_ASKED = re.compile(r"^(?:问卷)?结果\s*(\d{1,9})\s*号?$")
_MOST_LINES = 12
_TOLD = 3
"""Options of one question that are told; the chart has all."""
_AVERAGED = (Kind.RANGE, Kind.INTEGER, Kind.DECIMAL, Kind.CALCULATE)
_STATES = {"draft": "没开始", "open": "进行中", "closed": "已截止", "released": "可看"}


def asked_for(text: str) -> int | None:
    """The survey of “结果 12”."""
    found = _ASKED.match(unicodedata.normalize("NFKC", text).strip())
    return int(found[1]) if found else None


def staff_asks_for_results(scene: Scene) -> Replies:
    """“结果”: of which survey?"""
    found = recent(scene.desk, scene.person)
    if not found:
        return [Reply("没有您能看结果的问卷。")]
    choices = tuple(
        Choice(f"r:{one.id}", f"{one.id}号 {shorten(one.title, 14)}（{_STATES[one.state]}）") for one in found
    )
    return [Reply("看哪份问卷的结果？", choices)]


def staff_reads_results(scene: Scene, survey: int) -> Replies:
    """Raises Refusal for whoever may not, and where nobody may yet."""
    check_may_read(scene.desk, scene.person, survey)
    results = results_of(count(scene.desk, survey), None)
    if results.withheld:
        return [Reply(f"《{results.title}》收到的不足{LEAST}份，为了不让人猜出是谁，不公布。")]
    if not results.total.answered:
        return [Reply(f"《{results.title}》还没有人答。")]
    chart, workbook = order(scene.desk, survey)
    voices = listening.count(scene.desk, survey)
    listen = (Choice(f"r:{survey}:0", f"听语音、看照片（{voices}份）"),) if voices else ()
    told = Reply("\n".join(_lines(results)), listen)
    if results.total.answered > MOST_ROWS:
        return [told, Reply("结果图。表格太大，请找管理员导出。", media=(chart,))]
    return [told, Reply("结果图，和可以用表格软件打开的明细。", media=(chart, workbook))]


def staff_listen(scene: Scene, survey: int, place: int) -> Replies:
    """The voices and pictures of one answer. Raises Refusal as `staff_reads_results` does."""
    check_may_read(scene.desk, scene.person, survey)
    found, more = listening.heard(scene.desk, survey, place)
    if found is None:
        return [Reply("没有语音和照片。")]
    asked = "、".join(shorten(one, 12) for one in found.asked)
    onward = (Choice(f"r:{survey}:{place + 1}", "下一份"),) if more else ()
    who = f"，{found.person}" if found.person else ""
    return [Reply(f"第{found.number}份{who}：{asked}", onward, found.attachments)]


def _lines(results: Results) -> list[str]:
    total = results.total
    rate = "" if total.rate is None else f"，邀请{total.invited}人，答复率{total.rate:.0%}"
    told = [line for one in results.summaries if (line := _line(one))]
    more = len(told) - _MOST_LINES
    cut = [f"还有{more}题，见图和表格。"] if more > 0 else []
    return [f"《{results.title}》收到{total.answered}份{rate}。", *told[:_MOST_LINES], *cut, *results.unheard]


def _line(one: Summary) -> str:
    """A question in a line, "" where nobody answered it, or there is nothing short to be said."""
    if not one.answered:
        return ""
    title = shorten(one.title, 20)
    if one.kind in (Kind.ONE, Kind.SEVERAL):
        most = sorted((bar for bar in one.bars if bar.count), key=lambda bar: -bar.count)[:_TOLD]
        return f"· {title} " + "，".join(f"{shorten(bar.label, 10)}{bar.share:.0%}" for bar in most)
    if one.kind is Kind.RANK:
        return f"· {title} " + "，".join(bar.label for bar in one.bars[:_TOLD])
    if one.kind is Kind.TEXT:
        return f"· {title} " + "，".join((f"{one.answered}人说了", *one.facts))
    return f"· {title} {one.facts[0]}" if one.kind in _AVERAGED and one.facts else ""
