"""Staff tell those who took part in a survey what people said, and what was done."""

from dataclasses import dataclass

from domain.flow import Answer, Ask, Done, Draft, Invalid
from domain.surveys.staffing import deeds
from domain.talk import Choice, Reply
from handlers.scene import Replies, Scene
from services.surveys import running, telling

_SURE = (Choice("yes", "发出去"), Choice("no", "先不发"))


@dataclass(frozen=True, slots=True)
class Telling:
    """The two sentences, and whether they are right: they go to many, once."""

    @staticmethod
    def ask(draft: Draft) -> Ask | Done:
        if "said" not in draft:
            return Ask("said", "大家说得最多的是什么？写一句，比如“路灯坏了三个月”。", read=_words)
        if "did" not in draft:
            return Ask("did", "我们做了什么？写一句，比如“路灯修了12盏”。", read=_words)
        if "sure" not in draft:
            told = telling.words_of_thanks(
                draft["title"], draft["said"], draft["did"], anonymous=draft["anonymous"]
            )
            return Ask("sure", f"要告诉{draft['whom']}，只告诉这一次：\n{told}\n发吗？", _SURE)
        return Done()


def begin(scene: Scene, survey: int) -> Draft:
    """The draft with which it begins. Raises Refusal for whoever does not run the survey, and as `telling.whom` does."""
    running.check_runs(scene.desk, scene.person, survey)
    found = telling.whom(scene.desk, survey)
    title, anonymous = found.survey.title, found.survey.anonymous
    return {"survey": survey, "title": title, "anonymous": anonymous, "whom": found.in_words}


def staff_have_told(scene: Scene, draft: Draft) -> Replies:
    survey = draft["survey"]
    if draft["sure"] == "no":
        return [Reply("没发。", deeds(survey, "show"))]
    running.check_runs(scene.desk, scene.person, survey)
    telling.tell_results(scene.desk, survey, draft["said"], draft["did"], by=scene.person.id)
    return [Reply("在发了，晚上和清早不打扰人。", deeds(survey, "show"))]


def _words(answer: Answer) -> str | Invalid:
    if not answer.text:
        return Invalid("请用文字写一句。")
    if len(answer.text) > telling.MOST:
        return Invalid(f"太长了，最多{telling.MOST}个字。")
    return answer.text
