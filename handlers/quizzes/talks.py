"""The flows of a quiz. Words that choose nothing end it, and are heard as whatever else they are."""

from dataclasses import dataclass

from domain.flow import Answer, Ask, Done, Draft, Invalid
from domain.quizzes import Question
from domain.surveys.said import several
from domain.talk import Choice, Reply
from handlers.engine import Talk, Then
from handlers.quizzes.practice import all_known, drawn
from handlers.scene import Replies, Scene
from services.quizzes import practice

_PAGE = 4
"""Topics shown at once, beside all of them and the rest."""
_ALL, _OTHERS = Choice("all", "什么都练"), Choice("others", "看别的")


class Topic:
    """Which topic. draft has "topics"."""

    @staticmethod
    def ask(draft: Draft) -> Ask | Done:
        if draft.get("topic") == _OTHERS.id:
            del draft["topic"]
            following = draft.get("from", 0) + _PAGE
            draft["from"] = following if following < len(draft["topics"]) else 0
        if "topic" in draft:
            return Done()
        start = draft.get("from", 0)
        shown = [
            Choice(f"t{number}", topic)
            for number, topic in enumerate(draft["topics"])
            if start <= number < start + _PAGE
        ]
        others = [_OTHERS] if len(draft["topics"]) > _PAGE else []
        return Ask("topic", "练哪一类？", (_ALL, *shown, *others))


def person_has_chosen(scene: Scene, draft: Draft) -> Replies | Then:
    chosen = draft["topic"]
    topic = "" if chosen == _ALL.id else draft["topics"][int(chosen.removeprefix("t"))]
    new = drawn(scene, topic)
    return Then("quiz", new, []) if new else [all_known(topic)]


@dataclass(frozen=True, slots=True)
class Quiz:
    """One question after the other. `question` is None if it is gone meanwhile.

    The draft keeps the options as they were shown: a bank that is loaded meanwhile may have them in another order.
    """

    question: Question | None

    def ask(self, draft: Draft) -> Ask | Done:
        if self.question is None or "chosen" in draft:
            return Done()
        head = f"第{draft['of'] - len(draft['left'])}题，共{draft['of']}题：{self.question.question}"
        options = draft.setdefault("options", list(self.question.options))
        if len(self.question.correct) == 1:
            choices = tuple(Choice(str(place), option) for place, option in enumerate(options))
            return Ask("chosen", head, choices)
        lines = [f"{place} {option}" for place, option in enumerate(options, 1)]
        text = "\n".join([head, *lines, "可选几个，比如“13”。"])
        return Ask("chosen", text, read=lambda answer: _several(answer, options))


def _several(answer: Answer, options: list[str]) -> list[int] | Invalid:
    places = several(answer.text, tuple(options))
    return Invalid(f"请回1到{len(options)}的数字，可选几个。") if places is None else places


def quiz_flow(scene: Scene) -> Quiz:
    return Quiz(practice.question(scene.desk, scene.talk.draft["asked"]))


def person_has_answered(scene: Scene, draft: Draft) -> Replies | Then:
    """She hears at once whether she was right, and why; then comes the next."""
    question = practice.question(scene.desk, draft["asked"])
    told: Replies = []
    if question is not None and "chosen" in draft:
        places = draft["chosen"] if isinstance(draft["chosen"], list) else [int(draft["chosen"])]
        meant = [draft["options"][place] for place in places]
        chosen = [question.options.index(one) if one in question.options else -1 for one in meant]
        told = [Reply(one) for one in practice.answer(scene.desk, scene.person, question, chosen)]
    if draft["left"]:
        following = {
            "topic": draft["topic"],
            "asked": draft["left"][0],
            "left": draft["left"][1:],
            "of": draft["of"],
        }
        return Then("quiz", following, told)
    again = (Choice(f"z:{draft['topic']}", "再来几题"), Choice("m:thanks", "不练了"))
    return [*told, Reply("练完了。没答对的，下回还出。", again)]


def _stops(_scene: Scene, _draft: Draft) -> Replies:
    return [Reply("好，停在这儿。想练再回“练习”。")]


def _nobody_is_called(_scene: Scene) -> Replies:
    return [Reply("回选项前面的数字就行，不练了回“取消”。")]


TALKS = {
    "quiz-topic": Talk(lambda _: Topic(), person_has_chosen, leave=_stops, lost=_nobody_is_called),
    "quiz": Talk(quiz_flow, person_has_answered, leave=_stops, lost=_nobody_is_called),
}
