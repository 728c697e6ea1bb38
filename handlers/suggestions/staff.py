"""What staff do with suggestions: `o:<number>:<deed>` does what it says whenever it is tapped, or says why it cannot."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from domain.flow import Answer, Ask, Done, Draft, Invalid
from domain.suggestions import words
from domain.suggestions.steps import STATE_NAMES, Step, Suggestion
from domain.talk import Choice, Reply, packed, shorten
from handlers.answers import sentence
from handlers.engine import Engine
from handlers.scene import Replies, Scene
from handlers.suggestions.asking import writer_looks
from services.suggestions import handling, writer
from services.suggestions.access import reads_any


def staff_see_what_waits(scene: Scene) -> Replies:
    """意见: what an answer is owed to, the most urgent first."""
    found = handling.waiting(scene.desk, scene.person)
    if not found:
        return [Reply("没有等答复的意见。")]
    shown = found[: handling.LISTED]
    head = f"等答复的意见{len(found)}条，最急的{len(shown)}条，回数字打开："
    return [Reply(head, tuple(Choice(words.deed(one.id, "show"), words.line(one)) for one in shown))]


def asked_for(scene: Scene) -> str | None:
    """The wire id that “意见12” stands for: staff open it, whoever signed it sees where it stands."""
    found = _ASKED.fullmatch(unicodedata.normalize("NFKC", scene.text))
    return words.deed(int(found[1]), "show" if reads_suggestions(scene) else "mine") if found else None


def reads_suggestions(scene: Scene) -> bool:
    return scene.serves and reads_any(scene.desk, scene.person)


def suggestion_deed(scene: Scene, engine: Engine, number: int, deed: str) -> Replies:
    """Do the deed of a button. Deeds that need words open the flow that asks for them."""
    if deed in _FLOWS:
        step, flow = _FLOWS[deed]
        if step is None:
            writer.her_own(scene.desk, number, scene.person)
        else:
            handling.check(scene.desk, number, scene.person, step)
        return engine.begin(scene, flow, {"number": number, "deed": deed})
    handler = _DEEDS.get(deed)
    return handler(scene, number) if handler else [Reply("这个按钮用不了了，回“帮助”看看能办什么。")]


_FLOWS: dict[str, tuple[Step | None, str]] = {
    "answer": (Step.ANSWER, "suggestion-answer"),
    "ask": (Step.ASK, "suggestion-say"),
    "hand": (Step.HAND, "suggestion-say"),
    "merge": (Step.MERGE, "suggestion-merge"),
    "add": (None, "suggestion-more"),
}
"""By deed: the step that is checked before words are asked for, and the flow that asks."""


def _show(scene: Scene, number: int) -> Replies:
    return [handling.show(scene.desk, number, scene.person)]


def _story(scene: Scene, number: int) -> Replies:
    story = handling.story(scene.desk, number, scene.person)
    return [Reply(one) for one in packed([f"意见{number}经过：", *story.splitlines()])]


def _hide(scene: Scene, number: int) -> Replies:
    return _done(handling.hide(scene.desk, number, scene.person), "从公开栏撤下了。")


def _restrict(scene: Scene, number: int) -> Replies:
    return _done(
        handling.restrict(scene.desk, number, scene.person), "改好了，只有县上能看，当事人一线都看不到。"
    )


def _split(scene: Scene, number: int) -> Replies:
    return _done(handling.split(scene.desk, number, scene.person), "分开了，要单独答复。")


def _done(after: Suggestion, said: str) -> Replies:
    return [Reply(f"意见{after.id}{said}", words.staff_choices(after))]


_DEEDS: dict[str, Callable[[Scene, int], Replies]] = {
    "show": _show,
    "story": _story,
    "hide": _hide,
    "restrict": _restrict,
    "split": _split,
    "mine": writer_looks,
}


def ask_staff(draft: Draft) -> Ask:
    """The words. draft has "number" and "deed"."""
    question = "想问写的人什么？" if draft["deed"] == "ask" else "交给哪个单位研究？"
    return Ask("said", f"意见{draft['number']}：{question}", read=sentence)


def staff_have_said(scene: Scene, draft: Draft) -> Replies:
    number, said = draft["number"], draft["said"]
    if draft["deed"] == "hand":
        return _done(handling.hand(scene.desk, number, scene.person, said[:60]), f"交给{said[:60]}了。")
    after = handling.ask(scene.desk, number, scene.person, said)
    return _done(after, "问过了，他用码来查时看得到。" if after.anonymous else "问过了。")


@dataclass(frozen=True, slots=True)
class Merge:
    """Into which other one. draft has "number"."""

    choices: tuple[Choice, ...]

    def ask(self, draft: Draft) -> Ask | Done:
        if "into" in draft:
            return Done()
        head = "像是说同一件事的，并到哪条？" if self.choices else "没找到相像的。"
        return Ask("into", f"{head}也可回“意见”加号码。", self.choices, _number)


def merge_flow(scene: Scene) -> Merge:
    draft = scene.talk.draft
    if "like" not in draft:  # once: a number means what was shown
        close = handling.like(scene.desk, draft["number"], scene.person)
        draft["like"] = [(str(one.id), _short(one)) for one in close]
    return Merge(tuple(Choice(*one) for one in draft["like"]))


def staff_merge(scene: Scene, draft: Draft) -> Replies:
    after = handling.merge(scene.desk, draft["number"], scene.person, int(draft["into"]))
    return _done(after, f"并到意见{after.merged_into}了，那边一答复，这边也就答复了。")


def _short(suggestion: Suggestion) -> str:
    return f"意见{suggestion.id} {shorten(suggestion.text, 10)} {STATE_NAMES[suggestion.state]}"


def _number(answer: Answer) -> str | Invalid:
    found = _NUMBERED.fullmatch(answer.text)
    return found[1] if found else _WHICH


_ASKED = re.compile(r"\s*(?:查|看)?意见\s*([0-9]{1,9})\s*号?\s*")
_NUMBERED = re.compile(r"\s*意见\s*([0-9]{1,9})\s*号?\s*")
"""A mere number is none: it was meant for a list on which there is no such line."""
_WHICH = Invalid("请回前面的数字，或“意见”加号码，比如“意见12”。")
