"""Staff run surveys in talk: `q:<number>:<deed>` does what it says whenever it is tapped, or says why it cannot."""

import re
from collections.abc import Callable

from domain.broadcasts import State
from domain.errors import Refusal
from domain.surveys.staffing import deeds, moved, until
from domain.talk import Choice, Reply, shorten
from handlers.engine import Engine, Talk
from handlers.scene import Replies, Scene
from handlers.surveys import entry, results, staff_launch, staff_telling, staff_trial, talks
from handlers.surveys.staff_code import link_and_code
from handlers.surveys.staff_sheet import how_to_begin, runs_surveys
from services import broadcasts
from services.surveys import ballots, running
from services.surveys.running import Standing

_DEED = re.compile(r"^q:(\d{1,9}):([a-z-]+)$")
_LISTED = 5
_STATES = {"draft": "没打开", "open": "开着", "closed": "已截止", "released": "已截止"}


def _lost(_scene: Scene) -> Replies:
    """Staff are whom others call: they need no person, but the ways on."""
    return [Reply("没听明白。往回一步回“返回”，不办了回“取消”。")]


TALKS = {
    "survey-trial": Talk(
        staff_trial.trial,
        staff_trial.staff_have_answered,
        back=staff_trial.staff_go_back,
        leave=staff_trial.staff_stop,
        lost=talks.nobody_understands,
    ),
    "survey-plan": Talk(
        staff_launch.plan_flow,
        staff_launch.staff_have_planned,
        back=staff_launch.staff_plan_anew,
        leave=staff_launch.staff_leave,
        lost=_lost,
    ),
    "survey-launch": Talk(
        staff_launch.launch_flow,
        staff_launch.staff_launch,
        back=staff_launch.staff_go_back,
        leave=staff_launch.staff_leave,
        lost=_lost,
    ),
    "survey-tell": Talk(lambda _: staff_telling.Telling(), staff_telling.staff_have_told, lost=_lost),
}


def surveys_are_asked_for(scene: Scene, engine: Engine) -> Replies:
    """“问卷”: staff see those that they run, and what waits for themselves; anybody else what waits for her."""
    if not runs_surveys(scene):
        return entry.surveys_are_asked_for(scene, engine)
    found = running.running(scene.desk, scene.person, _LISTED)
    choices = tuple(Choice(f"q:{one.survey.id}:show", _line(one)) for one in found)
    if not choices:
        return [Reply("还没有问卷。"), how_to_begin(scene)]
    return [Reply("您管的问卷。要出新的，把表格发来。看哪份？", (*choices, *entry.entries(scene)[:1]))]


def staff_want_a_new_one(scene: Scene, engine: Engine) -> Replies:
    return [how_to_begin(scene)] if runs_surveys(scene) else entry.surveys_are_asked_for(scene, engine)


def tapped(scene: Scene, engine: Engine, wire: str) -> Replies | None:
    """The deed of a button, if it is one of these. Raises Refusal for whoever is not staff of the survey's area."""
    of_results = results.DEED.match(wire)
    if of_results:
        return results.tapped(scene, int(of_results[1]), of_results[2])
    found = _DEED.match(wire)
    return _do(scene, engine, int(found[1]), found[2]) if found else None


def _do(scene: Scene, engine: Engine, survey: int, deed: str) -> Replies:
    """Deeds that need words open the flow that asks for them."""
    if deed == "try":
        return engine.begin(scene, "survey-trial", staff_trial.begin(scene, survey))
    if deed in ("launch", "send"):
        return engine.begin(scene, "survey-plan", staff_launch.draft_of(scene, survey))
    if deed == "tell":
        return engine.begin(scene, "survey-tell", staff_telling.begin(scene, survey))
    handler = _DEEDS.get(deed)
    return handler(scene, survey) if handler else [Reply("这个按钮用不了了，回“问卷”看看能办什么。")]


def _line(one: Standing) -> str:
    survey, come = one.survey, one.come
    state = _STATES[survey.state]
    if come is not None and come.broadcast.state in (State.GOING, State.PAUSED):
        sent = f"{come.settled}/{come.broadcast.total}"
        state = f"{'暂停' if come.broadcast.state is State.PAUSED else '在发'}{sent}"
    return f"{survey.id}号{shorten(survey.title, 10)} {state}"


def _show(scene: Scene, number: int) -> Replies:
    one = running.standing(scene.desk, scene.person, number)
    survey = one.survey
    how = "匿名" if survey.anonymous else "记名"
    told = f"{number}号《{shorten(survey.title, 20)}》{_STATES[survey.state]}"
    if survey.state == "draft":
        return [Reply(f"{told}。", deeds(number, "try", "launch", "drop"))]
    closes = f"，{until(survey.closes_at)}" if survey.closes_at and survey.state == "open" else ""
    only = "，只有请到的人能答" if one.for_chosen and survey.state == "open" else ""
    lines = [f"{told}，{how}{closes}{only}。"]
    if one.come is not None:
        lines.append(moved(one.come, scene.desk.now))
    if one.answered is not None:
        lines.append(f"收到{one.answered}份。")
    if survey.anonymous and survey.state == "closed":
        lost = ballots.are_lost(scene.desk, number)
        lines.append(ballots.LOST if lost else "在打乱，过几分钟再来看结果。")
    if one.told:
        lines.append("做了什么，告诉大家了。")
    return [Reply("\n".join(lines), deeds(number, *_can(one)))]


def _can(one: Standing) -> tuple[str, ...]:
    """What can be done to it now."""
    read = () if one.survey.anonymous and one.survey.state != "released" else ("results",)
    if one.survey.state != "open":
        return (*read, *(() if one.told else ("tell",))) if read else ("show",)
    if one.come is None:
        return ("send", "link", *read, "close")
    link = () if one.for_chosen else ("link",)
    moving = {
        State.GOING: ("show", "pause", "cancel"),
        State.PAUSED: ("resume", "cancel"),
        State.DONE: () if one.reminded else ("remind",),
        State.CANCELLED: (),
    }
    first = moving[one.come.broadcast.state]
    if one.come.broadcast.state is State.DONE:  # what tells many people something is no first choice
        return (*read, *link, *first, "close")
    return (*first, *link, *read, "close")


def _broadcast(deed: Callable[..., object], said: str) -> Callable[[Scene, int], Replies]:
    def handler(scene: Scene, survey: int) -> Replies:
        running.check_runs(scene.desk, scene.person, survey)
        deed(scene.desk, broadcasts.newest_of(scene.desk, survey))
        return [Reply(said), *_show(scene, survey)]

    return handler


def _asked_once_more(warning: str, deed: str) -> Callable[[Scene, int], Replies]:
    def handler(scene: Scene, survey: int) -> Replies:
        running.check_runs(scene.desk, scene.person, survey, "open")
        return [Reply(f"{survey}号问卷：{warning}", deeds(survey, deed, "keep"))]

    return handler


def _close(scene: Scene, survey: int) -> Replies:
    running.close(scene.desk, scene.person, survey)
    return [Reply("截止了，没交的收不上来了。"), *_show(scene, survey)]


def _drop(scene: Scene, survey: int) -> Replies:
    running.drop(scene.desk, scene.person, survey)
    return [Reply(f"{survey}号问卷删了。要出新的，把表格发来。")]


def _link(scene: Scene, survey: int) -> Replies:
    running.check_runs(scene.desk, scene.person, survey)
    found = link_and_code(scene, survey)
    if not found:
        raise Refusal("还没有对外的网址，给不了链接。请找管系统的人设置。")
    return found


def _remind(scene: Scene, survey: int) -> Replies:
    """Of an anonymous one all are reminded whom it reached, so how many they are tells nothing of who answered."""
    found = running.check_runs(scene.desk, scene.person, survey, "open")
    people = broadcasts.would_be_reminded(scene.desk, broadcasts.newest_of(scene.desk, survey))
    if not people:
        return [Reply("没有要提醒的人。", deeds(survey, "show"))]
    whom = f"收到过的{people}人" if found.anonymous else f"还没答的{people}人"
    return [Reply(f"提醒{whom}？只能提醒一次。", deeds(survey, "remind-sure", "keep"))]


def _remind_sure(scene: Scene, survey: int) -> Replies:
    running.check_runs(scene.desk, scene.person, survey, "open")
    newest = broadcasts.newest_of(scene.desk, survey)
    broadcasts.remind(scene.desk, newest, by=scene.person.id)
    return [Reply("在提醒了，只提醒这一次。"), *_show(scene, survey)]


_DEEDS: dict[str, Callable[[Scene, int], Replies]] = {
    "show": _show,
    "pause": _broadcast(broadcasts.pause, "暂停了，没发的先不发。"),
    "resume": _broadcast(broadcasts.resume, "接着发了。"),
    "cancel": _asked_once_more("不发了？没发的不再发，问卷还开着。", "cancel-sure"),
    "cancel-sure": _broadcast(broadcasts.cancel, "不发了。"),
    "close": _asked_once_more("现在截止？没交的收不上来。", "close-sure"),
    "close-sure": _close,
    "remind": _remind,
    "remind-sure": _remind_sure,
    "keep": _show,
    "link": _link,
    "results": results.staff_reads_results,
    "drop": _drop,
}
