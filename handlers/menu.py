"""The menu, the words that open its entries, and small courtesies."""

from collections.abc import Callable

from domain.talk import Choice, Reply
from handlers import broadcasts, digest, directory, linking, pairs, reports, standing
from handlers.appointments import talks as appointments
from handlers.delivery import supervisor_sees_what_waits
from handlers.duties import talks
from handlers.engine import Engine
from handlers.knowledge.staff import staff_see_unanswered
from handlers.quizzes import practice as quizzes
from handlers.rectification import deeds as rectifications
from handlers.scene import Replies, Scene
from handlers.suggestions import asking, board, staff
from handlers.surveys import entry, results
from handlers.surveys import staff as survey_staff
from handlers.surveys.staff_sheet import runs_surveys
from handlers.tickets import lists
from services import directory as people
from services.duties import noting

_COMMANDS = {
    "m:menu": ("帮助", "菜单", "开始", "/start", "/help", "?", "？", "你好", "您好", "在吗", "有人吗", "喂"),
    "m:mine": ("我的事", "我的工单", "进度", "查进度", "/mine"),
    "m:tasks": ("工单", "待办", "我的待办", "任务"),
    "m:duties": (
        "本月",
        "本月的事",
        "本月任务",
        "这个月",
        "这月的事",
        "我的任务",
        "月任务",
        "三个一",
    ),
    "m:overdue": ("超时", "超时的"),
    "m:waiting": ("没送到", "没送到的", "没送到的话"),
    "m:results": ("结果", "问卷结果", "看结果"),
    "m:report": ("月报", "看月报", "我的月报"),
    "m:decide": ("待定", "要定的", "今早的"),
    "m:leave-of-absence": ("请假", "销假"),
    "m:file": ("报事", "我要报事", "办事", "/file"),
    "m:behalf": ("代办", "帮人报事", "帮人办", "替人报事"),
    "m:person": ("找人", "人工"),
    "m:link": ("关联", "关联账号", "绑定", "绑定账号", "合并账号", "合账号"),
    "m:surveys": ("问卷", "答问卷", "我的问卷", "接着答", "调查", "答题"),
    "m:new-survey": ("发问卷", "出问卷", "新问卷", "导入问卷"),
    "m:no-broadcasts": ("退订", "不要发了", "别发了", "不要再发了", "/stop"),
    "m:broadcasts": ("订阅", "重新订阅"),
    "m:thanks": (
        "谢谢",
        "谢谢你",
        "谢谢您",
        "多谢",
        "好",
        "好的",
        "好嘞",
        "嗯",
        "行",
        "知道了",
        "收到",
        "对",
        "哦",
    ),
    "m:nothing": ("取消", "/cancel"),
    "m:suggest": (
        "提建议",
        "提意见",
        "提个建议",
        "提个意见",
        "提点建议",
        "提点意见",
        "我要提建议",
        "我要提意见",
        "我想提建议",
        "我想提意见",
        "我想提个建议",
        "我想提个意见",
        "我有建议",
        "我有意见",
        "建议",
        "意见",
    ),
    "m:suggestions": ("等答复的意见", "意见台账"),
    "m:unanswered": ("没答上的", "没答上的问题", "没答上来的"),
    "m:quiz": ("练习", "练一练", "做练习", "做题", "刷题", "周学", "季考"),
    "m:my-quizzes": ("我的练习",),
    "m:my-suggestions": ("我的意见", "我的建议"),
    "m:rectification": ("整改", "我的整改", "销号"),
    "m:all-rectifications": ("整改清单", "整改台账"),
    "m:new-rectification": ("加整改", "新整改"),
    "m:pairs": ("我的结对", "结对"),
    "m:ask-expert": ("问专家", "我的专家", "找专家"),
    "m:office-pairs": ("结对台账",),
    "m:appointments": ("约谈", "预约", "我要约谈", "我想约谈", "部长约谈", "约领导", "我的约谈"),
    "m:book-talk": ("我要约领导谈",),
    "m:slots": ("约谈安排", "看约谈安排"),
    "m:open-slots": ("放约谈时间", "开约谈", "放约谈"),
    "m:calendar": ("订阅日历", "日历", "我的日历"),
    "m:new-calendar": ("换日历网址",),
    "m:no-calendar": ("停用日历", "退订日历"),
    "m:board": ("看答复", "看公开栏", "公开栏"),
}
_BY_WORD = {word: command for command, words in _COMMANDS.items() for word in words}
COMMANDS = tuple(_COMMANDS)
"""Wire ids of what a menu can offer."""
MOST = 6
"""Choices of a menu."""
_GREETINGS = set(_COMMANDS["m:menu"])


def command_word(text: str) -> str | None:
    """The command that a word stands for."""
    return _BY_WORD.get(text.strip().rstrip("。!！~").lower())


def is_greeting(text: str) -> bool:
    return text.strip().rstrip("。!！~").lower() in _GREETINGS


def menu(scene: Scene, before: str = "") -> Replies:
    """What can be done here."""
    if scene.works:
        rest = Choice("m:leave-of-absence", "请假")
        asks = (Choice("m:surveys", "问卷"),) if runs_surveys(scene) else (rest, *_surveys(scene))
        work = [
            *((Choice("m:tasks", "我手上的工单"),) if scene.answers else ()),
            *_duties(scene),
            Choice("m:behalf", "帮人报事"),
            *asks,
            *standing.entries(scene),
        ]
        if staff.reads_suggestions(scene):
            work.append(Choice("m:suggestions", "等答复的意见"))
        if scene.watches:
            work[1:1] = [Choice("m:overdue", "超时的工单"), Choice("m:waiting", "没送到的话")]
        for rare in ("m:behalf", "m:leave-of-absence"):  # a word opens it too
            if len(work) > MOST:
                work = [choice for choice in work if choice.id != rare]
        return [
            Reply(
                f"{before}{scene.person.name or '您'}，您好。要看什么？也可回“约谈”“订阅日历”。", tuple(work)
            )
        ]
    choices = (
        Choice("m:mine", "我报的事"),
        Choice("m:behalf", "帮人报事"),
        Choice("m:person", "找人"),
        Choice("m:suggest", "提建议"),
        Choice("m:board", "看答复"),
    )
    hint = f"{before or '您好！'}有事直接说，比如“渠堵了”。约领导回“约谈”，合账号回“关联”。也可以："
    return [Reply(hint, (*_surveys(scene), *standing.entries(scene), *choices)[:MOST])]


def _duties(scene: Scene) -> tuple[Choice, ...]:
    """The way to what he has to do this month, where something is left."""
    waiting = noting.waiting(scene.desk, scene.person)
    return (Choice("m:duties", f"本月的事（{waiting}件）"),) if waiting else ()


def _surveys(scene: Scene) -> tuple[Choice, ...]:
    """The way into surveys, where one waits for her."""
    waiting = entry.entries(scene)
    return waiting if len(waiting) <= 1 else (Choice("m:surveys", f"答问卷（{len(waiting)}份）"),)


_ASKING: dict[str, Callable[[Scene, Engine], Replies]] = {
    "m:surveys": survey_staff.surveys_are_asked_for,
    "m:new-survey": survey_staff.staff_want_a_new_one,
    "m:new-rectification": rectifications.staff_want_a_new_one,
    "m:ask-expert": pairs.grower_wants_to_ask,
    "m:quiz": quizzes.person_wants_to_practise,
}
"""Entries that may open a flow."""


def command(scene: Scene, engine: Engine, wire: str) -> Replies:
    """Do what a menu entry says."""
    if wire == "m:file":
        return engine.begin(scene, "request")
    if wire == "m:behalf":
        return engine.begin(scene, "request", {"for_another": True})
    if wire == "m:suggest":
        if scene.text == "意见" and staff.reads_suggestions(scene):
            return staff.staff_see_what_waits(scene)
        return engine.begin(scene, "suggest")
    if wire in appointments.COMMANDS:
        return appointments.COMMANDS[wire](scene, engine)
    if wire == "m:leave-of-absence" and scene.works:
        return engine.begin(scene, "leave")
    if wire in _ASKING:
        return _ASKING[wire](scene, engine)
    simple = {
        "m:mine": lists.villager_sees_hers,
        "m:tasks": lists.cadre_sees_tasks,
        "m:duties": talks.cadre_sees_month,
        "m:overdue": lists.supervisor_sees_overdue,
        "m:waiting": supervisor_sees_what_waits,
        "m:report": reports.person_asks_for_a_report,
        "m:decide": digest.person_asks_what_to_decide,
        "m:results": results.staff_asks_for_results,
        "m:person": directory.person_wants_a_human,
        "m:link": linking.person_wants_to_link,
        "m:suggestions": staff.staff_see_what_waits,
        "m:unanswered": staff_see_unanswered,
        "m:my-quizzes": quizzes.person_sees_her_practice,
        "m:my-suggestions": asking.writer_sees_hers,
        "m:board": board.anybody_reads,
        "m:pairs": pairs.person_sees_pairs,
        "m:office-pairs": pairs.office_sees_pairs,
        "m:all-rectifications": rectifications.person_sees_the_list,
        "m:rectification": rectifications.person_sees_rectifications,
        "m:no-broadcasts": broadcasts.person_wants_no_more,
        "m:broadcasts": broadcasts.person_wants_them_again,
        "m:thanks": _courtesy,
        "m:nothing": _courtesy,
    }
    return simple.get(wire, menu)(scene)


def _courtesy(_scene: Scene) -> Replies:
    return [Reply("不客气，有事随时说。")]


def villager_leaves_phone(scene: Scene) -> Replies:
    people.keep_phone(scene.desk, scene.person, scene.text)
    return [Reply("电话记下了，只给办事干部看。")]
