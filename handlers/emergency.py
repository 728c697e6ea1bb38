"""The number first, before any ticket. The bot says that it is a machine and promises no rescue."""

from domain.flow import Ask, Done, Draft
from domain.talk import Choice, Reply, shorten
from domain.tickets.kinds import kind_of
from domain.triage import Verdict
from handlers.engine import Then
from handlers.scene import Replies, Scene
from handlers.tickets.request import in_danger
from services import directory


def danger_is_told(scene: Scene, verdict: Verdict) -> Replies:
    """What to do and whom to call; the cadre and all on duty are told."""
    first = verdict.emergencies[0]
    numbers = "、".join(verdict.emergency)
    return _paged(scene, f"快打{numbers}！{first.advice}", scene.text, verdict)


def advice(verdict: Verdict) -> Reply:
    """The number, to her alone: amid an anonymous talk nobody else may learn what she said."""
    return Reply(f"要是急事，快打{'、'.join(verdict.emergency)}！匿名填写没人看着，不能替您报警。")


class Danger:
    """When words alone do not tell: one question before anything else. draft has "said"."""

    @staticmethod
    def ask(draft: Draft) -> Ask | Done:
        if "danger" in draft:
            return Done()
        return Ask("danger", "现在有人危险吗？", (Choice("yes", "有"), Choice("no", "没有")))


def danger_is_answered(scene: Scene, draft: Draft) -> Then:
    """Whatever the answer, what she said is then filed: at once if it is a danger, else like any request."""
    said = draft["said"]
    if draft["danger"] == "no":
        return Then("request", {"said": said}, [])
    verdict = scene.desk.county.triage.judge(said["text"])
    told = _paged(scene, "快打110！着火打119，伤病打120。", said["text"], verdict)
    return Then("request", in_danger(scene, said), told)


def _paged(scene: Scene, advice: str, said: str, verdict: Verdict) -> Replies:
    directory.page_duty(scene.desk, scene.person, shorten(said, 80), kind_of(said, verdict.category))
    return [Reply(advice), Reply("我是机器人，不能替您报警，请您马上自己打。")]
