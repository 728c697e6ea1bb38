"""Staff ask what came of a survey: the figures at once, the chart and the workbook as soon as they are made."""

import re
import unicodedata

from domain.surveys.form import Kind
from domain.surveys.results import Results, Summary
from domain.surveys.spoken import SENT
from domain.surveys.suppression import LEAST
from domain.talk import VILLAGER_TEXT_LIMIT, About, Choice, Reply, packed, shorten
from handlers.scene import Replies, Scene
from services.surveys import listening
from services.surveys.files import MOST_ROWS, order, order_sent
from services.surveys.results import Counted, check_may_read, count, recent, results_of

_PACKED = "files"
DEED = re.compile(rf"^r:(\d{{1,9}})(?::(p?\d{{1,6}}|{_PACKED}))?$")
"""Wire id of the choice that shows a survey's results, a page of them, what was said and shown at a place, or all that was."""
_ASKED = re.compile(r"^(?:问卷)?结果\s*(\d{1,9})\s*号?$")
_AT_ONCE = 3
"""Messages of figures in one turn."""
_TITLE, _QUESTION, _OPTION = 20, 16, 8
"""Characters of a survey's title, a question and an option in a line."""
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


def tapped(scene: Scene, survey: int, what: str | None) -> Replies:
    """What the choice says. Raises Refusal for whoever may not, and where nobody may yet."""
    check_may_read(scene.desk, scene.person, survey)
    if what == _PACKED:
        return _packed(scene, survey)
    if what and what.isdigit():
        return _heard(scene, survey, int(what))
    return _figures(scene, survey, int(what[1:]) if what else 0)


def staff_reads_results(scene: Scene, survey: int) -> Replies:
    """The figures from the first. Raises Refusal as `tapped` does."""
    return tapped(scene, survey, None)


def _figures(scene: Scene, survey: int, page: int) -> Replies:
    """A page of short messages; with the first the chart and the workbook, which have all."""
    counted = count(scene.desk, survey)
    results = results_of(counted, None)
    if results.withheld:
        return [Reply(f"《{_named(results)}》收到的不足{LEAST}份，为了不让人猜出是谁，不公布。")]
    if not results.total.answered:
        return [Reply(f"《{_named(results)}》还没有人答。")]
    told = packed(shorten(one, VILLAGER_TEXT_LIMIT) for one in _lines(results))
    *above, last = told[page * _AT_ONCE :][:_AT_ONCE] or told[-1:]  # there were more when the button was made
    more = len(told) > (page + 1) * _AT_ONCE
    onward = (Choice(f"r:{survey}:p{page + 1}", "往下看"),) if more else ()
    figures = [*map(Reply, above), Reply(last, (*onward, *_sent(scene, counted)))]
    return figures if page else [*figures, _files(scene, survey, results.total.answered)]


def _files(scene: Scene, survey: int, answers: int) -> Reply:
    chart, workbook = order(scene.desk, survey)
    if answers > MOST_ROWS:
        return Reply("结果图。表格太大，请找管理员导出。", media=(chart,), about=About.MADE)
    return Reply("结果图，和可以用表格软件打开的明细。", media=(chart, workbook), about=About.MADE)


def _sent(scene: Scene, counted: Counted) -> tuple[Choice, ...]:
    """The ways to what was sent as answers: one answer after the other where they have names, and all at once."""
    survey = counted.survey.id
    if counted.survey.anonymous:
        files = sum(bool(one.sha256) for of_one in counted.sent.values() for one in of_one.values())
        return (Choice(f"r:{survey}:{_PACKED}", f"照片、语音打包（{files}个）"),) if files else ()
    answers = listening.count(scene.desk, survey)
    one_by_one = Choice(f"r:{survey}:0", f"听语音、看照片（{answers}份）")
    return (one_by_one, Choice(f"r:{survey}:{_PACKED}", "照片、语音打包")) if answers else ()


def _packed(scene: Scene, survey: int) -> Replies:
    counted = count(scene.desk, survey)
    if not _sent(scene, counted) or results_of(counted, None).withheld:
        return [Reply("没有语音和照片。")]
    told = "照片、语音打成一包，文件名和表格里的一样。"
    return [Reply(told, media=(order_sent(scene.desk, survey),), about=About.MADE)]


def _heard(scene: Scene, survey: int, place: int) -> Replies:
    """The voices and pictures of one answer."""
    found, more = listening.heard(scene.desk, survey, place)
    if found is None:
        return [Reply("没有语音和照片。")]
    asked = "、".join(shorten(one, 12) for one in found.asked)
    onward = (Choice(f"r:{survey}:{place + 1}", "下一份"),) if more else ()
    who = f"，{found.person}" if found.person else ""
    return [
        Reply(shorten(f"第{found.number}份{who}：{asked}", VILLAGER_TEXT_LIMIT), onward, found.attachments)
    ]


def _named(results: Results) -> str:
    return shorten(results.title, _TITLE)


def _lines(results: Results) -> list[str]:
    total = results.total
    rate = "" if total.rate is None else f"，邀请{total.invited}人，答复率{total.rate:.0%}"
    told = [line for one in results.summaries if (line := _line(one))]
    return [f"《{_named(results)}》收到{total.answered}份{rate}。", *results.unheard, *told]


def _line(one: Summary) -> str:
    """A question in a line, "" where nobody answered it, or there is nothing short to be said."""
    if not one.answered:
        return ""
    title = shorten(one.title, _QUESTION)
    if one.kind in (Kind.ONE, Kind.SEVERAL):
        most = sorted((bar for bar in one.bars if bar.count), key=lambda bar: -bar.count)[:_TOLD]
        return f"· {title} " + "，".join(f"{shorten(bar.label, _OPTION)}{bar.share:.0%}" for bar in most)
    if one.kind is Kind.RANK:
        return f"· {title} " + "，".join(bar.label for bar in one.bars[:_TOLD])
    if one.kind is Kind.TEXT:
        return f"· {title} " + "，".join((f"{one.answered}人说了", *one.facts))
    if one.kind in SENT:
        return f"· {title} {one.answered}人发了"
    return f"· {title} {one.facts[0]}" if one.kind in _AVERAGED and one.facts else ""
