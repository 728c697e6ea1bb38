"""Staff put one problem on the list by chat: where, what, what is done, who, under whom, until when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.dates import spoken
from domain.flow import Answer, Ask, Done, Draft, Invalid
from domain.talk import Choice, Reply
from domain.tickets.rectification import ends_on, read_limit
from handlers.area_picker import AreaPicker
from handlers.rectification.saying import people_shown, phone_reader, shown_after
from handlers.scene import Replies, Scene
from services.rectification import filing
from services.rectification.access import name_of
from services.rectification.naming import leaders, nearby

_UNTIL = (Choice("30", "一个月内"), Choice("90", "三个月内"), Choice("180", "半年内"))
_DATE = Invalid("请回数字，或打日期，比如“2026-12-31”。")


@dataclass(frozen=True, slots=True)
class Enter:
    """draft is empty at first."""

    scene: Scene
    picker: AreaPicker
    phone: Callable[[Answer], str | Invalid]

    def ask(self, draft: Draft) -> Ask | Done:
        where = self.picker.ask(draft)
        if where is not None:
            return where
        if "problem" not in draft:
            return Ask("problem", "是什么问题？用一句话说。", read=_words)
        if "measure" not in draft:
            return Ask("measure", "怎么整改？用一句话说。", read=_words)
        if "owner" not in draft:
            return Ask("owner", "谁负责改？回数字，或打他的电话。", self._owners(draft), self.phone)
        if "leader" not in draft:
            return Ask("leader", "责任领导是谁？回数字，或打他的电话。", self._leaders(draft), self.phone)
        if "until" not in draft:
            return Ask("until", "什么时候改好？回数字，或打日期。", _UNTIL, _until)
        if "sure" not in draft:
            return Ask("sure", self._read_back(draft), (Choice("yes", "记上清单"), Choice("no", "不记")))
        return Done()

    def _owners(self, draft: Draft) -> tuple[Choice, ...]:
        village = draft["village"]
        return people_shown(draft, f"owners {village}", lambda: nearby(self.scene.desk, village))

    def _leaders(self, draft: Draft) -> tuple[Choice, ...]:
        village, owner = draft["village"], draft["owner"]
        return people_shown(
            draft,
            f"leaders {village} {owner}",
            lambda: [one for one in leaders(self.scene.desk, village) if str(one.id) != owner],
        )

    def _read_back(self, draft: Draft) -> str:
        owner, leader = (name_of(self.scene.desk, int(draft[key])) for key in ("owner", "leader"))
        limit = spoken(_limit(self.scene, draft))
        return (
            f"问题：{draft['problem']}\n措施：{draft['measure']}\n{owner}改，{leader}包联，{limit}前。对吗？"
        )


def enter_flow(scene: Scene) -> Enter:
    return Enter(scene, AreaPicker(scene.desk, "问题"), phone_reader(scene))


def staff_have_entered(scene: Scene, draft: Draft) -> Replies:
    if draft["sure"] == "no":
        return [Reply("没有记。要加再回“整改”。")]
    problem = filing.Problem(
        area=draft["village"],
        problem=draft["problem"],
        measure=draft["measure"],
        owner=int(draft["owner"]),
        leader=int(draft["leader"]),
        limit_at=_limit(scene, draft),
    )
    item = filing.enter_one(scene.desk, scene.person, problem, scene.inbound.channel)
    return shown_after(scene, item, "记上清单了，已告诉责任人和领导。")


def _limit(scene: Scene, draft: Draft) -> datetime:
    """The end of the day that was said, or of the day so many days from today."""
    said = read_limit(str(draft["until"]))
    return said or ends_on(scene.desk.now + timedelta(days=int(draft["until"])))


def _until(answer: Answer) -> str | Invalid:
    return answer.text if read_limit(answer.text) else _DATE


def _words(answer: Answer) -> str | Invalid:
    return answer.text[:300] if answer.text else Invalid("请用文字说一句。")
