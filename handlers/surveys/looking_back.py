"""Before she sends: what she has said, to be changed or handed in; then the receipt."""

from dataclasses import dataclass
from typing import Any

from domain.errors import Refusal
from domain.flow import Answer, Ask, Done, Draft, Invalid, number_in
from domain.talk import Choice, Reply, shorten
from handlers.engine import Then
from handlers.scene import Replies, Scene
from handlers.surveys.talks import go_on, look_back, paused, seated, take_back
from handlers.surveys.words import LATER, MORE, ONWARD, answered, is_word, lines, looked_back, to_change
from services.surveys import answering
from services.surveys.answering import Sitting

MOST_TAPPED = 6
"""Answers up to this many can be tapped to be changed; of more the number is typed."""
_TAPPED = 24
"""Characters of an answer on a button."""
_TITLE = 16


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
            _, more = looked_back(sitting.interview, sitting.answers, draft.get("page", 0))
            choices = (Choice("send", "交上去"), Choice("change", "改一题"), *((ONWARD,) if more else ()))
            return Ask(
                "deed", f"{count}题都答了，还没交。都对吗？", choices, lambda answer: _said(answer, count)
            )
        if draft["deed"] == "change" and "which" not in draft:
            own = frozenset({"9"}) if count >= 9 else frozenset()  # noqa: PLR2004  the digit that means back
            said = lines(sitting.interview, sitting.answers) if count <= MOST_TAPPED else ()
            choices = tuple(Choice(str(number), shorten(one, _TAPPED)) for number, one in enumerate(said, 1))
            return Ask(
                "which", "改第几题？请回数字。", choices, lambda answer: _which(answer, count), own=own
            )
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
        if deed == MORE.id:
            return look_back(sitting, [], draft.get("page", 0) + 1)
        if deed == "send":
            return _sent(scene, sitting)
        asked = answered(sitting.interview, sitting.answers)
        which = int(draft["which"] if deed == "change" else deed["which"])
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
    told = f"回执：《{shorten(survey.title, _TITLE)}》第{number}份，交上了，谢谢您！"
    return [Reply(f"{told}\n再看答了什么，回“问卷{survey.id}”。")]


def _said(answer: Answer, count: int) -> Any | Invalid:
    if is_word(LATER, answer.text):
        return LATER.id
    if is_word(MORE, answer.text):
        return MORE.id
    which = to_change(answer.text)
    if which is None or not 1 <= which <= count:
        return Invalid("回1交上去。要改哪题，比如回“改第3题”。")
    return {"which": which}


def _which(answer: Answer, count: int) -> int | Invalid:
    which = to_change(answer.text) or number_in(answer.text)
    return which if which is not None and 1 <= which <= count else Invalid(f"请回1到{count}的数字。")
