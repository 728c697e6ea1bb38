"""Staff answer a suggestion: digits first, words only where the outcome needs them, and all read back before it goes."""

from dataclasses import dataclass
from datetime import timedelta

from domain.flow import Answer, Ask, Done, Draft, Invalid
from domain.suggestions import words
from domain.suggestions.steps import NEEDS, OUTCOME_NAMES, Outcome
from domain.talk import Choice, Reply
from handlers.answers import sentence
from handlers.scene import Replies, Scene
from services.suggestions import handling, public
from services.suggestions.access import held, today

_OUTCOMES = tuple(Choice(one.value, OUTCOME_NAMES[one]) for one in Outcome)
_BY = (Choice("7", "一周内"), Choice("30", "一个月内"), Choice("90", "三个月内"), Choice("0", "没有期限"))
_ASKED = {
    "office": "转给哪个单位？",
    "reason": "原因是什么？会给写的人看。",
    "measure": "打算怎么办？会给写的人看。",
}


@dataclass(frozen=True, slots=True)
class AnswerIt:
    """draft has "number"."""

    text: str
    restricted: bool
    names: tuple[str, ...]
    """Names that must not stand on the public board."""

    def ask(self, draft: Draft) -> Ask | Done:
        if "outcome" not in draft:
            return Ask("outcome", f"意见{draft['number']}怎么答复？", _OUTCOMES)
        missing = next((need for need in NEEDS[Outcome(draft["outcome"])] if need not in draft), None)
        if missing is not None:
            return Ask(missing, _ASKED[missing], read=sentence)
        if "measure" in draft and "by" not in draft:
            return Ask("by", "多久办好？", _BY)
        if "answer" not in draft:
            drafted = words.drafted_answer(draft)
            return Ask(
                "answer", f"答复就写：\n{drafted}\n不行就另打一段。", (Choice("drafted", "行"),), sentence
            )
        if not self.restricted and "gist" not in draft:
            return self._ask_for_gist(draft)
        if "sure" not in draft:
            return Ask("sure", self._read_back(draft), (Choice("yes", "发出"), Choice("no", "不发")))
        return Done()

    def _ask_for_gist(self, draft: Draft) -> Ask:
        named = public.names_in(f"{draft.get('office', '')}\n{_answer(draft)}", self.names)
        if named:
            text = f"答复里有“{named[0]}”，上不了公开栏。回9改答复，或回1不公开。"
            return Ask("gist", text, (Choice("none", "不公开"),))
        choices = [Choice("none", "不公开")]
        if self.text and not public.names_in(self.text, self.names):
            choices.append(Choice("own", "公开，用原话"))
        return Ask("gist", "上公开栏吗？可另打一句公开的说法，不写人名。", tuple(choices), self._gist)

    def _gist(self, answer: Answer) -> str | Invalid:
        named = public.names_in(answer.text, self.names)
        if named:
            return Invalid(f"里面有“{named[0]}”，公开栏不写人名和电话，请换个说法。")
        return sentence(answer)

    def _read_back(self, draft: Draft) -> str:
        outcome = OUTCOME_NAMES[Outcome(draft["outcome"])]
        gist = gist_of(draft, self.text)
        shown = f"公开栏：{gist}" if gist else "不上公开栏"
        return f"意见{draft['number']}：{outcome}\n{_answer(draft)}\n{shown}\n发出吗？"


def answer_flow(scene: Scene) -> AnswerIt:
    found = held(scene.desk, scene.talk.draft["number"], scene.person)
    return AnswerIt(found.text, found.restricted, public.names(scene.desk, found))


def staff_answer(scene: Scene, draft: Draft) -> Replies:
    number = draft["number"]
    if draft["sure"] == "no":
        return [Reply("没有发。", words.staff_choices(held(scene.desk, number, scene.person)))]
    days = int(draft.get("by", "0"))
    given = handling.Answer(
        outcome=Outcome(draft["outcome"]),
        answer=_answer(draft),
        reason=draft.get("reason", ""),
        measure=draft.get("measure", ""),
        measure_by=today(scene.desk) + timedelta(days=days) if days else None,
        office=draft.get("office", "")[:60],
        gist=gist_of(draft, held(scene.desk, number, scene.person).text),
    )
    after = handling.answer(scene.desk, number, scene.person, given)
    heard = "写的人用码来查。" if after.anonymous else "已发给写的人。"
    return [Reply(f"意见{number}答复好了，{heard}", words.staff_choices(after))]


def gist_of(draft: Draft, text: str) -> str:
    """How it stands on the board; "" if it does not."""
    gist = str(draft.get("gist", "none"))
    return {"none": "", "own": text}.get(gist, gist)


def _answer(draft: Draft) -> str:
    given = str(draft["answer"])
    return words.drafted_answer(draft) if given == "drafted" else given
