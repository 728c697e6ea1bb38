"""Staff open a survey: named or anonymous, until when, to whom, what that comes to, and when it begins."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from domain.broadcasts import Audience
from domain.delivery import CHINA
from domain.directory import RoleName
from domain.flow import Answer, Ask, Done, Draft, Invalid
from domain.surveys.said import day_in, figure, moment_in
from domain.surveys.staffing import deeds, until
from domain.talk import Choice, Reply
from handlers.area_picker import AreaPicker
from handlers.engine import Then
from handlers.scene import Replies, Scene
from handlers.surveys.staff_code import link_and_code
from services import broadcasts, directory
from services.desk import Desk
from services.surveys import previews, running

MORNING = time(9)
_PHONE = re.compile(r"(?<!\d)[01]\d{10}(?!\d)")
_LONGEST = 366
"""Days that a survey may stay open."""
_MOST_DRAWN = 1000
_HOW = (Choice("named", "记名"), Choice("anonymous", "匿名"))
_UNTIL = (Choice("7", "一周"), Choice("14", "两周"), Choice("day", "另定日子"))
_GO = (
    Choice("now", "现在发"),
    Choice("morning", "明早9点发"),
    Choice("time", "另定时间"),
    Choice("rehearse", "先发给我看看"),
    Choice("again", "换人"),
)
_ROLES = (
    Choice(RoleName.CADRE, "网格员"),
    Choice(RoleName.AGENT, "代办员"),
    Choice(RoleName.SUPERVISOR, "镇街督办"),
    Choice(RoleName.STAFF, "工作人员"),
)
_TAGS = 6
"""Tags that are offered; any other can be typed."""
_WHOM = ("audience", "township", "village", "hits", "page", "role", "each", "tag", "listed")
"""What the draft knows of whom it is for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How it is asked, and whom. The draft has "survey", its "area", and of one that is open already "open"."""

    desk: Desk

    def ask(self, draft: Draft) -> Ask | Done:
        return self._how(draft) or self._until(draft) or self._whom(draft) or Done()

    @property
    def _today(self) -> date:
        return self.desk.now.astimezone(CHINA).date()

    def _how(self, draft: Draft) -> Ask | None:
        if "how" in draft or "open" in draft:
            return None
        return Ask("how", f"{draft['survey']}号问卷：记名还是匿名？打开以后不能改。", _HOW)

    def _until(self, draft: Draft) -> Ask | None:
        if "open" in draft:
            return None
        if "until" not in draft:
            return Ask("until", "收到什么时候？", _UNTIL)
        if draft["until"] == "day" and "day" not in draft:
            return Ask("day", "收到哪天（含当天）？比如“12月31号”。", read=self._read_day)
        return None

    def _whom(self, draft: Draft) -> Ask | None:
        kind = draft.get("audience")
        if kind is None:
            return Ask("audience", "问谁？", self._audiences(draft["area"]))
        if kind == "township":
            question = AreaPicker(self.desk).ask(draft)
            if isinstance(draft.get("township"), str) or "village" in draft:
                return None
            return question and replace(question, text="问哪个镇、街道？回数字，或直接打名字。")
        if kind == "role" and "role" not in draft:
            return Ask("role", "问哪些人？", _ROLES)
        if kind == "sample" and "each" not in draft:
            return Ask("each", "每村抽几人？请回一个数。", read=_read_each, own=frozenset("9"))
        if kind == "tag" and "tag" not in draft:
            tags = tuple(Choice(tag, f"{tag}（{count}人）") for tag, count in self._tags(draft)[:_TAGS])
            return Ask("tag", "问哪些人？回数字，或直接打标签。", tags, self._read_tag(draft))
        if kind == "list" and "listed" not in draft:
            return Ask("listed", "把手机号发来，一行一个，或用空格隔开。", read=_read_list)
        return None

    def _tags(self, draft: Draft) -> list[tuple[str, int]]:
        return broadcasts.given_tags(self.desk, draft["area"])

    def _read_tag(self, draft: Draft) -> Callable[[Answer], str | Invalid]:
        known = {tag for tag, _ in self._tags(draft)}
        return lambda answer: answer.text if answer.text in known else Invalid("没有这个标签，请再看看。")

    def _audiences(self, area: str) -> tuple[Choice, ...]:
        whole = Choice("whole", f"{directory.area(self.desk, area).short_name}所有人")
        one = (Choice("township", "一个镇街、一个村"),) if area == self.desk.county.code else ()
        tag = (Choice("tag", "带标签的人"),) if broadcasts.given_tags(self.desk, area) else ()
        return (
            whole,
            *one,
            Choice("role", "干部，按身份"),
            Choice("sample", "每村抽几人"),
            Choice("list", "一份名单"),
            *tag,
        )

    def _read_day(self, answer: Answer) -> str | Invalid:
        day = day_in(answer.text, self._today)
        if day is None or not 0 <= (day - self._today).days <= _LONGEST:
            return Invalid("请回一个以后的日子，比如“12月31号”。")
        return day.isoformat()


def _read_each(answer: Answer) -> int | Invalid:
    number = figure(answer.text)
    if number is None or not number.isdigit() or not 1 <= int(number) <= _MOST_DRAWN:
        return Invalid(f"请回1到{_MOST_DRAWN}的数。")
    return int(number)


def _read_list(answer: Answer) -> list[str] | Invalid:
    phones = list(dict.fromkeys(_PHONE.findall(unicodedata.normalize("NFKC", answer.text))))
    return phones or Invalid("没看到手机号。请发11位的号码，一行一个。")


def plan_flow(scene: Scene) -> Plan:
    return Plan(scene.desk)


def draft_of(scene: Scene, survey: int) -> Draft:
    """With which it begins. Raises Refusal for whoever does not run the survey, and when it is over."""
    found = running.check_runs(scene.desk, scene.person, survey, "draft", "open")
    return {"survey": survey, "area": found.area} | ({"open": True} if found.state == "open" else {})


def audience_of(draft: Draft) -> Audience:
    """Whom the draft means. The whole of an area is its survey's."""
    kind, area = draft["audience"], draft["area"]
    if kind == "township":
        return Audience((draft.get("village") or draft["township"],))
    roles = (RoleName(draft["role"]),) if kind == "role" else ()
    return Audience(
        (area,), roles, draft.get("tag", ""), of_each_village=draft["each"] if kind == "sample" else 0
    )


def staff_have_planned(scene: Scene, draft: Draft) -> Then:
    """How many they are is told before it is asked how to send, where it can be counted at once."""
    if "how" in draft:
        running.decide(scene.desk, scene.person, draft["survey"], anonymous=draft["how"] == "anonymous")
    before = []
    if "listed" in draft:  # the numbers themselves stay in no talk
        phones = draft.pop("listed")
        draft["tag"], known = broadcasts.list_people(scene.desk, draft["survey"], draft["area"], phones)
        before = [Reply(f"{len(phones)}个号码，认得{known}人。")]
        if not known:
            return Then("survey-plan", _without(draft, *_WHOM), [Reply("这些号码都不认得，请换一种。")])
    counted = previews.at_once_or_later(scene.desk, scene.account, audience_of(draft))
    return Then("survey-launch", draft, [*before, counted])


def staff_plan_anew(_scene: Scene, draft: Draft) -> Then:
    """9 where the plan was taken up again: the question before."""
    before = ("until", "day") if "until" in draft else ("how",)
    return Then("survey-plan", _without(draft, *_WHOM, *before), [])


@dataclass(frozen=True, slots=True)
class Launch:
    """When it begins, if it does. The draft is that of the plan."""

    now: datetime

    def ask(self, draft: Draft) -> Ask | Done:
        if "go" not in draft:
            return Ask("go", f"{draft['survey']}号问卷：怎么发？", _GO)
        if draft["go"] == "time" and "when" not in draft:
            return Ask("when", "哪天几点起发？比如“明天9点”。", read=self._read_when)
        return Done()

    def _read_when(self, answer: Answer) -> str | Invalid:
        moment = moment_in(answer.text, self.now.astimezone(CHINA).date(), CHINA)
        if moment is None or not self.now < moment < self.now + timedelta(days=_LONGEST):
            return Invalid("请回以后的时间，比如“明天9点”“12月1号上午10点”。")
        return moment.isoformat()


def launch_flow(scene: Scene) -> Launch:
    return Launch(scene.desk.now)


def staff_launch(scene: Scene, draft: Draft) -> Replies | Then:
    """It is opened and begins to leave; or it is first sent to oneself, or meant for others after all."""
    survey, go = draft["survey"], draft["go"]
    if go == "again":
        return staff_go_back(scene, draft)
    if go == "rehearse":
        return Then("survey-launch", _without(draft, "go"), [_rehearsed(scene.desk, survey)])
    plan = _plan(scene.desk.now, draft)
    running.launch(scene.desk, scene.person, survey, plan)
    done = Reply(_launched(survey, plan), deeds(survey, "show", "pause", "cancel"))
    return [done] if plan.audience.chosen else [*link_and_code(scene, survey), done]


def _rehearsed(desk: Desk, survey: int) -> Reply:
    """Before the question, and without a number to answer by: a number then means the question, and nothing else."""
    shown = broadcasts.rehearsal(desk, survey)
    return Reply(f"{shown.text}\n（下面有“{shown.choices[0].label}”可点。）")


def staff_go_back(_scene: Scene, draft: Draft) -> Then:
    """9: to whom?"""
    return Then("survey-plan", _without(draft, *_WHOM, "go", "when"), [])


def staff_leave(_scene: Scene, draft: Draft) -> Replies:
    return [Reply("先不发。回“问卷”接着办。", deeds(draft["survey"], "show"))]


def _without(draft: Draft, *keys: str) -> Draft:
    return {key: value for key, value in draft.items() if key not in keys}


def _plan(now: datetime, draft: Draft) -> running.Plan:
    local = now.astimezone(CHINA)
    starts: Any = {
        "now": None,
        "morning": datetime.combine(local.date() + timedelta(days=1), MORNING, CHINA),
    }
    starts_at = starts[draft["go"]] if draft["go"] in starts else datetime.fromisoformat(draft["when"])
    return running.Plan(
        draft.get("how") == "anonymous", audience_of(draft), _closes_at(local, draft), starts_at
    )


def _closes_at(local: datetime, draft: Draft) -> datetime | None:
    """The end of its last day."""
    if "until" not in draft:
        return None
    if draft["until"] == "day":
        last = date.fromisoformat(draft["day"])
    else:
        last = local.date() + timedelta(days=int(draft["until"]))
    return datetime.combine(last + timedelta(days=1), time(), CHINA)


def _launched(survey: int, plan: running.Plan) -> str:
    closes = f"，{until(plan.closes_at)}" if plan.closes_at else ""
    starts = f"{plan.starts_at:%-m月%-d日%H:%M}起发" if plan.starts_at else "开始发了"
    whose = "请到的人才能答。" if plan.audience.chosen else ""
    return f"{survey}号问卷打开了{closes}，{starts}。{whose}看进度回“问卷”。"
