"""Staff send a survey to many from the chat: choose it, choose to whom, try it, start, look, stop."""

from dataclasses import dataclass

from domain.broadcasts import Audience, Reach, State
from domain.directory import RoleName
from domain.errors import Refusal
from domain.flow import Ask, Done, Draft
from domain.talk import Choice, Reply, shorten
from handlers.engine import Engine, Then
from handlers.scene import Replies, Scene
from services import broadcasts

OF_EACH_VILLAGE = 10
_TO_WHOM = (
    Choice("residents", "全部群众"),
    Choice("cadres", "全部网格员"),
    Choice("sample", f"每村抽{OF_EACH_VILLAGE}人"),
)
_GO = (Choice("try", "先试发给我"), Choice("yes", "开始发"), Choice("no", "不发"))
_REACHED = {
    Reach.SENT: "送出",
    Reach.ANSWERED: "答了",
    Reach.HELD: "等对方说话",
    Reach.REFUSED: "退订",
    Reach.BLOCKED: "拉黑",
    Reach.FAILED: "没送到",
    Reach.UNCERTAIN: "不确定",
}
_STATES = {State.GOING: "在发", State.PAUSED: "暂停", State.CANCELLED: "已取消", State.DONE: "发完"}


@dataclass(frozen=True, slots=True)
class Sending:
    """Which survey, to whom, and whether."""

    surveys: tuple[Choice, ...]

    def ask(self, draft: Draft) -> Ask | Done:
        if "survey" not in draft:
            return Ask("survey", "发哪份问卷？", self.surveys)
        if "to" not in draft:
            return Ask("to", "发给谁？", _TO_WHOM)
        if "go" not in draft:
            title = next((one.label for one in self.surveys if one.id == draft["survey"]), "")
            to = next(one.label for one in _TO_WHOM if one.id == draft["to"])
            return Ask("go", f"“{title}”发给{to}，对吗？", _GO)
        return Done()


def sending_flow(scene: Scene) -> Sending:
    listed = broadcasts.surveys_to_send(scene.desk)
    return Sending(tuple(Choice(str(number), shorten(title, 16)) for number, title in listed))


def staff_wants_to_send(scene: Scene, engine: Engine) -> Replies:
    broadcasts.areas_of_staff(scene.desk, scene.person)
    if not broadcasts.surveys_to_send(scene.desk, 1):
        raise Refusal("现在没有打开的问卷。")
    return engine.begin(scene, "sending")


def staff_has_decided(scene: Scene, draft: Draft) -> Replies | Then:
    areas = broadcasts.areas_of_staff(scene.desk, scene.person)
    survey = int(draft["survey"])
    if draft["go"] == "no":
        return [Reply("好，没有发。")]
    if draft["go"] == "try":
        broadcasts.rehearse(scene.desk, scene.person, survey)
        return Then(
            "sending", {"survey": draft["survey"], "to": draft["to"]}, [Reply("试发给您了，看看样子。")]
        )
    number = broadcasts.send_survey(scene.desk, survey, _audience(areas, draft["to"]), by=scene.person.id)
    return [Reply(f"{number}号群发开始了。看进度回“群发进度”，要停回“暂停群发”。")]


def _audience(areas: tuple[str, ...], to: str) -> Audience:
    if to == "cadres":
        return Audience(areas, (RoleName.CADRE,))
    return Audience(areas, of_each_village=OF_EACH_VILLAGE if to == "sample" else 0)


def staff_looks_how_far(scene: Scene) -> Replies:
    broadcasts.areas_of_staff(scene.desk, scene.person)
    come = broadcasts.progress(scene.desk, broadcasts.newest(scene.desk))
    counts = [f"{words}{come.counts[reach]}" for reach, words in _REACHED.items() if come.counts.get(reach)]
    finding = "" if come.broadcast.queued else "，还在数人"
    whole = f"{come.broadcast.id}号群发{_STATES[come.broadcast.state]}：共{come.broadcast.total}人{finding}"
    return [Reply("，".join([whole, *counts, f"还有{come.left}人没发"]) + "。")]


def staff_pauses(scene: Scene) -> Replies:
    broadcasts.pause(scene.desk, _newest(scene))
    return [Reply("停住了。接着发回“继续群发”，不发了回“取消群发”。")]


def staff_resumes(scene: Scene) -> Replies:
    broadcasts.resume(scene.desk, _newest(scene))
    return [Reply("接着发了。")]


def staff_cancels(scene: Scene) -> Replies:
    broadcasts.cancel(scene.desk, _newest(scene))
    return [Reply("取消了，没发的不发了。")]


def staff_reminds(scene: Scene) -> Replies:
    """Once: those who have not answered; everybody, where nobody may know who has."""
    number = broadcasts.remind(scene.desk, _newest(scene), by=scene.person.id)
    return [Reply(f"{number}号群发开始提醒了。看进度回“群发进度”。")]


def _newest(scene: Scene) -> int:
    broadcasts.areas_of_staff(scene.desk, scene.person)
    return broadcasts.newest(scene.desk)
