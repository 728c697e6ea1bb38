"""Before she sends: what she has said, to be changed or handed in; then the receipt."""

from dataclasses import dataclass
from typing import Any

from domain.errors import Refusal
from domain.flow import Answer, Ask, Done, Draft, Invalid, number_in
from domain.talk import Choice, Reply
from handlers.engine import Then
from handlers.scene import Replies, Scene
from handlers.surveys.talks import go_on, paused, seated, take_back
from handlers.surveys.words import LATER, answered, is_word, looked_back, to_change
from services.surveys import answering
from services.surveys.answering import Sitting


@dataclass(frozen=True, slots=True)
class Review:
    """Is all as she meant it? `sitting` is None when she cannot send; then nothing is asked."""

    sitting: Sitting | None

    def ask(self, draft: Draft) -> Ask | Done:
        sitting = self.sitting
        if sitting is None or sitting.question is not None:
            return Done()
        count = len(answered(sitting.interview, sitting.answers))
        if "deed" not in draft:
            text = f"{count}题都答了，还没交，您看看：\n{looked_back(sitting.interview, sitting.answers)}"
            choices = (Choice("send", "交上去"), Choice("change", "改一题"))
            return Ask("deed", text, choices, lambda answer: _said(answer, count))
        if draft["deed"] == "change" and "which" not in draft:
            own = frozenset({"9"}) if count >= 9 else frozenset()  # noqa: PLR2004  the digit that means back
            return Ask("which", "改第几题？请回数字。", read=lambda answer: _which(answer, count), own=own)
        return Done()


def review(scene: Scene) -> Review:
    try:
        return Review(seated(scene, scene.talk.draft["survey"]))
    except Refusal:
        return Review(None)


def person_has_looked_back(scene: Scene, draft: Draft) -> Replies | Then:
    """She sends it, changes an answer, or leaves it for later."""
    try:
        sitting = seated(scene, draft["survey"])
        deed: Any = draft.get("deed")
        if deed == LATER.id:
            return [paused(sitting)]
        if sitting.question is not None or deed is None:
            return go_on(scene, sitting, [])
        if deed == "send":
            return _sent(scene, sitting)
        asked = answered(sitting.interview, sitting.answers)
        which = draft["which"] if deed == "change" else deed["which"]
        if which <= len(asked):
            take_back(scene, sitting, asked[which - 1].name)
        return go_on(scene, sitting, [])
    except Refusal as no:
        return [Reply(no.say)]


def _sent(scene: Scene, sitting: Sitting) -> Replies:
    """The receipt; of an anonymous answer nothing is said again once it is gone."""
    survey = sitting.survey
    number = answering.hand_in(scene.desk, sitting, scene.person, scene.inbound.channel)
    scene.sitting = None
    if number is None:
        return [Reply("交上了，谢谢您！匿名的，我们也查不出哪份是您的。")]
    interview = sitting.interview
    told = f"回执：{survey.title}，第{number}份，交上了，谢谢您！"
    return [Reply(f"{told}\n{looked_back(interview, interview.complete(sitting.answers))}")]


def _said(answer: Answer, count: int) -> Any | Invalid:
    if is_word(LATER, answer.text):
        return LATER.id
    which = to_change(answer.text)
    if which is None or not 1 <= which <= count:
        return Invalid("回1交上去。要改哪题，比如回“改第3题”。")
    return {"which": which}


def _which(answer: Answer, count: int) -> int | Invalid:
    which = to_change(answer.text) or number_in(answer.text)
    return which if which is not None and 1 <= which <= count else Invalid(f"请回1到{count}的数字。")
