"""Staff tell those who took part in a survey what was done."""

from dataclasses import dataclass

from domain.flow import Answer, Ask, Done, Draft, Invalid
from domain.surveys.staffing import deeds
from domain.talk import Choice, Reply
from handlers.scene import Replies, Scene
from services.surveys import running


@dataclass(frozen=True, slots=True)
class Telling:
    """The words, and whether they are right: they go to many."""

    @staticmethod
    def ask(draft: Draft) -> Ask | Done:
        if "words" not in draft:
            return Ask("words", "我们做了什么？写一段，比如“路灯修了12盏”。", read=_words)
        if "sure" not in draft:
            choices = (Choice("yes", "发出去"), Choice("no", "先不发"))
            return Ask("sure", f"要告诉大家：\n{draft['words']}\n发吗？", choices)
        return Done()


def staff_have_told(scene: Scene, draft: Draft) -> Replies:
    survey = draft["survey"]
    if draft["sure"] == "no":
        return [Reply("没发。", deeds(survey, "show"))]
    running.tell_results(scene.desk, scene.person, survey, draft["words"])
    return [Reply("在发了，晚上和清早不打扰人。", deeds(survey, "show"))]


def _words(answer: Answer) -> str | Invalid:
    if not answer.text:
        return Invalid("请用文字写一段。")
    if len(answer.text) > running.MOST_TOLD:
        return Invalid(f"太长了，最多{running.MOST_TOLD}个字。")
    return answer.text
