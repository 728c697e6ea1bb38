"""What can be asked for by a word or by an entry of the menu: one row each, with its deed and all words for it."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from domain.flow import Draft
from domain.talk import Reply
from handlers import broadcasts, digest, directory, linking, menu, pairs, reports
from handlers.appointments import booking
from handlers.appointments import calendar as calendars
from handlers.appointments import staff as appointments
from handlers.delivery import supervisor_sees_what_waits
from handlers.duties import talks as duties
from handlers.engine import Engine
from handlers.knowledge.staff import staff_see_unanswered
from handlers.quizzes import practice as quizzes
from handlers.rectification import deeds as rectifications
from handlers.scene import Replies, Scene
from handlers.suggestions import asking, board, staff
from handlers.suggestions import talks as suggestions
from handlers.surveys import results
from handlers.surveys import staff as survey_staff
from handlers.tickets import lists
from handlers.tickets.deeds import ticket_deed

Deed = Callable[[Scene, Engine], Replies]


@dataclass(frozen=True, slots=True)
class Command:
    """What is done, whether a menu's entry is tapped or one of the words is said."""

    wire: str
    deed: Deed
    words: str
    """With spaces between; small letters."""


def _shows(deed: Callable[[Scene], Replies]) -> Deed:
    """What opens no flow."""
    return lambda scene, _engine: deed(scene)


def _begins(flow: str, draft: Draft | None = None) -> Deed:
    return lambda scene, engine: engine.begin(scene, flow, draft)


def _courtesy(_scene: Scene) -> Replies:
    return [Reply("不客气，有事随时说。")]


def _person_suggests(scene: Scene, engine: Engine) -> Replies:
    """“意见” alone is also how staff ask for those that they have to answer."""
    if scene.text == "意见" and staff.reads_suggestions(scene):
        return staff.staff_see_what_waits(scene)
    return engine.begin(scene, "suggest")


def _worker_takes_leave(scene: Scene, engine: Engine) -> Replies:
    return engine.begin(scene, "leave") if scene.works else menu.menu(scene)


def _worker_is_back(scene: Scene, _engine: Engine) -> Replies:
    return directory.cadre_is_back(scene) if scene.works else menu.menu(scene)


_COMMANDS = (
    Command(
        "m:menu",
        _shows(menu.menu),
        "帮助 菜单 开始 更多 /start /help ? ？ 你好 您好 在吗 在不在 有人吗 喂 hello hi",
    ),
    Command("m:mine", _shows(lists.villager_sees_hers), "我的事 我报的事 我的工单 进度 查进度 /mine"),
    Command("m:withdraw", _shows(lists.villager_withdraws), "撤回 撤回不办了 撤销 不办了 我要撤回"),
    Command("m:urge", _shows(lists.villager_urges), "催 催办 催一下 催一催 催催 催下 我要催办"),
    Command("m:tasks", _shows(lists.cadre_sees_tasks), "工单 待办 我的待办 我手上的工单 手上的工单 任务"),
    Command(
        "m:duties",
        _shows(duties.cadre_sees_month),
        "本月 本月的事 本月任务 这个月 这月的事 我的任务 月任务 三个一",
    ),
    Command("m:overdue", _shows(lists.supervisor_sees_overdue), "超时 超时的 超时的工单"),
    Command("m:waiting", _shows(supervisor_sees_what_waits), "没送到 没送到的 没送到的话"),
    Command("m:decide", _shows(digest.person_asks_what_to_decide), "待定 要定的 要定的事 今早的"),
    Command("m:report", _shows(reports.person_asks_for_a_report), "月报 看月报 我的月报"),
    Command("m:leave-of-absence", _worker_takes_leave, "请假"),
    Command("m:back-from-leave", _worker_is_back, "销假 我回来了"),
    Command("m:file", _begins("request"), "报事 我要报事 办事 /file"),
    Command("m:behalf", _begins("request", {"for_another": True}), "代办 帮人报事 帮人办 替人报事"),
    Command("m:person", _shows(directory.person_wants_a_human), "找人 人工"),
    Command("m:link", _shows(linking.person_wants_to_link), "关联 关联账号 绑定 绑定账号 合并账号 合账号"),
    Command("m:surveys", survey_staff.surveys_are_asked_for, "问卷 答问卷 我的问卷 接着答 调查 答题"),
    Command("m:new-survey", survey_staff.staff_want_a_new_one, "发问卷 出问卷 新问卷 导入问卷"),
    Command("m:results", _shows(results.staff_asks_for_results), "结果 问卷结果 看结果"),
    Command(
        "m:no-broadcasts",
        _shows(broadcasts.person_wants_no_more),
        "退订 不要发了 别发了 不要再发了 /stop",
    ),
    Command("m:broadcasts", _shows(broadcasts.person_wants_them_again), "订阅 重新订阅"),
    Command(
        "m:suggest",
        _person_suggests,
        "提建议 提意见 提个建议 提个意见 提点建议 提点意见 我要提建议 我要提意见"
        " 我想提建议 我想提意见 我想提个建议 我想提个意见 我有建议 我有意见 建议 意见",
    ),
    Command("m:suggestions", _shows(staff.staff_see_what_waits), "等答复的意见 意见台账"),
    Command("m:my-suggestions", _shows(asking.writer_sees_hers), "我的意见 我的建议"),
    Command("m:board", _shows(board.anybody_reads), "看答复 看公开栏 公开栏"),
    Command("m:unanswered", _shows(staff_see_unanswered), "没答上的 没答上的问题 没答上来的"),
    Command("m:quiz", quizzes.person_wants_to_practise, "练习 练一练 做练习 做题 刷题 周学 季考"),
    Command("m:my-quizzes", _shows(quizzes.person_sees_her_practice), "我的练习"),
    Command("m:rectification", _shows(rectifications.person_sees_rectifications), "整改 我的整改 销号"),
    Command("m:all-rectifications", _shows(rectifications.person_sees_the_list), "整改清单 整改台账"),
    Command("m:new-rectification", rectifications.staff_want_a_new_one, "加整改 新整改"),
    Command("m:pairs", _shows(pairs.person_sees_pairs), "我的结对 结对"),
    Command("m:ask-expert", pairs.grower_wants_to_ask, "问专家 我的专家 找专家"),
    Command("m:office-pairs", _shows(pairs.office_sees_pairs), "结对台账"),
    Command(
        "m:appointments",
        appointments.person_says_talk,
        "约谈 预约 我要约谈 我想约谈 部长约谈 约领导 约领导谈 我的约谈",
    ),
    Command("m:book-talk", booking.person_wants_a_talk, "我要约领导谈"),
    Command("m:slots", _shows(appointments.staff_see_arrangements), "约谈安排 看约谈安排"),
    Command("m:open-slots", appointments.staff_want_to_open, "放约谈时间 开约谈 放约谈"),
    Command("m:calendar", _shows(calendars.cadre_wants_his_calendar), "订阅日历 日历 我的日历"),
    Command("m:new-calendar", _shows(calendars.cadre_takes_a_new_one), "换日历网址"),
    Command("m:no-calendar", _shows(calendars.cadre_wants_none), "停用日历 退订日历"),
    Command(
        "m:thanks",
        _shows(_courtesy),
        "谢谢 谢谢你 谢谢您 多谢 好 好的 好嘞 嗯 行 知道了 收到 对 哦 再见 拜拜",
    ),
    Command("m:nothing", _shows(_courtesy), "取消 /cancel"),
)
_BY_WIRE = {one.wire: one for one in _COMMANDS}
_BY_WORD = {word: one.wire for one in _COMMANDS for word in one.words.split()}
COMMANDS = tuple(_BY_WIRE)
"""Wire ids of what a menu can offer."""


def command_word(text: str) -> str | None:
    """The command that a word stands for."""
    return _BY_WORD.get(text.strip().rstrip("。!！~").lower())


MAY_BE_AN_ANSWER = frozenset({"m:thanks", "m:nothing", "m:menu"})
"""Commands whose words may well be what somebody wants to say to another."""


def is_of_menu(text: str) -> bool:
    """Is it the name of something in the menu, which hardly anybody wants to say to another?"""
    return command_word(text) not in MAY_BE_AN_ANSWER | {None}


def is_greeting(text: str) -> bool:
    return command_word(text) == "m:menu"


def command(scene: Scene, engine: Engine, wire: str) -> Replies:
    """Do what an entry of a menu says: one of another page turns to that page."""
    if found := _BY_WIRE.get(wire):
        return found.deed(scene, engine)
    return menu.menu(scene, page=menu.page_of(wire))


_TICKET = re.compile(r"^(?:查|看)?\s*(\d{1,9})\s*号$|^(?:查|看)\s*(\d{1,9})$")


def names_something(scene: Scene) -> bool:
    """Whoever was not understood asks for something by its name instead."""
    return _ticket(scene.text) is not None or command_word(scene.text) is not None


def commanded(scene: Scene, engine: Engine) -> Replies | None:
    """Do what a word of the menu says, or show the ticket, suggestion, results or report that is named. None: no such words."""
    wire = command_word(scene.text)
    if wire is not None:
        return command(scene, engine, wire)
    survey = results.asked_for(scene.text)
    if survey is not None:
        return results.staff_reads_results(scene, survey)
    suggestion = staff.asked_for(scene)
    if suggestion is not None:
        return suggestions.do_deed(scene, engine, suggestion)
    report = reports.asked_for(scene.text) if scene.works else None
    if report is not None:
        return reports.person_asks_for_a_report(scene, going_on=report[0], place=report[1])
    number = _ticket(scene.text)
    if number is None:
        return None
    shown = rectifications.named_by_number(scene, number)
    return shown or ticket_deed(scene, engine, number, "show" if scene.works else "look")


def _ticket(text: str) -> int | None:
    """The number in 12号, 查12 and 看12号."""
    found = _TICKET.match(unicodedata.normalize("NFKC", text))
    return int(found[1] or found[2]) if found else None
