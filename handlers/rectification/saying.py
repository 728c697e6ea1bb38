"""Deeds on a rectification that need words, each skipped by a digit where nothing is to be said."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from domain.directory import Person
from domain.flow import Answer, Ask, Done, Draft, Invalid, number_in
from domain.talk import Choice, Reply, shorten
from domain.tickets.rectification import Item, Progress, deed, month_of
from handlers.answers import words_not_a_digit
from handlers.scene import Replies, Scene
from services.rectification import access, handling
from services.rectification.naming import by_phone

_NOTHING = Choice("none", "没什么说的")


@dataclass(frozen=True, slots=True)
class Report:
    """The month's progress, a difficulty, next month's plan. draft has "number"."""

    problem: str

    def ask(self, draft: Draft) -> Ask | Done:
        head = f"{draft['number']}号"
        if "done" not in draft and "done media" not in draft:
            choices = (_NOTHING, Choice("all", "三样都没有，记上"))
            text = f"{head}“{shorten(self.problem, 16)}”：这个月有什么进展？"
            return Ask("done", text, choices, words_not_a_digit)
        if draft.get("done") == "all":
            return Done()
        for key in ("done", "difficulty", "plan"):
            if (more := _words_to_a_picture(draft, key)) is not None:
                return more
        if "difficulty" not in draft:
            return Ask(
                "difficulty", f"{head}：有什么困难？", (Choice("none", "没有困难"),), words_not_a_digit
            )
        if "plan" not in draft:
            return Ask(
                "plan", f"{head}：下个月打算怎么办？", (Choice("none", "照原来的办"),), words_not_a_digit
            )
        return Done()


def report_flow(scene: Scene) -> Report:
    item = access.his_own(scene.desk, scene.talk.draft["number"], scene.person)
    return Report(item.ticket.text)


def _words_to_a_picture(draft: Draft, key: str) -> Ask | None:
    """A picture and its words come one after the other on most messengers: what came without words may get some."""
    said, before = draft.get(key), draft.pop(f"{key} media", [])
    if said == "just":
        draft[key] = {"text": _WITHOUT_WORDS, "media": before}
    elif isinstance(said, dict):
        said["media"] = before + said["media"]
        if not said["text"]:
            before = draft.pop(key)["media"]
    if key in draft or not before:
        return None
    draft[f"{key} media"] = before
    return Ask(key, "收到了。再说一句，或回1。", (Choice("just", "就这些"),), words_not_a_digit)


_WITHOUT_WORDS = "（图片或语音）"


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    media: tuple[int, ...]


def _said(answer: Any) -> Said:
    """A choice says nothing."""
    if not isinstance(answer, dict):
        return Said("", ())
    media = tuple(answer["media"])
    return Said(answer["text"][:500], media)


def owner_has_reported(scene: Scene, draft: Draft) -> Replies:
    done, difficulty, plan = (_said(draft.get(key)) for key in ("done", "difficulty", "plan"))
    said = Progress(month_of(scene.desk.now), done.text, difficulty.text, plan.text)
    media = done.media + difficulty.media + plan.media
    after = handling.report(scene.desk, draft["number"], scene.person, said, media)
    told = shown_after(scene, after, "本月进展记下了。")
    left = handling.untold(scene.desk, scene.person)
    if not left:
        return told
    next_one = Choice(deed(left[0], "report"), f"接着说{left[0]}号")
    return [
        replace(told[0], text=f"{told[0].text}还有{len(left)}件没说。", choices=(next_one, *told[0].choices))
    ]


class Propose:
    """What was put right. draft has "number"."""

    @staticmethod
    def ask(draft: Draft) -> Ask | Done:
        if (more := _words_to_a_picture(draft, "said")) is not None:
            return more
        if "said" in draft:
            return Done()
        text = f"{draft['number']}号报销号，改成什么样了？"
        return Ask("said", text, (Choice("none", "照措施都改好了"),), words_not_a_digit)


def owner_has_proposed(scene: Scene, draft: Draft) -> Replies:
    said = _said(draft["said"])
    text = said.text or "照措施都改好了"
    after = handling.propose(scene.desk, draft["number"], scene.person, text, said.media)
    return shown_after(scene, after, "报上去了，等县上复核。")


class Reopen:
    """Why it is not right. draft has "number"."""

    @staticmethod
    def ask(draft: Draft) -> Ask | Done:
        if "why" in draft:
            return Done()
        return Ask("why", f"{draft['number']}号哪里还要改？会给责任人看。", read=_reason)


def reviewer_has_reopened(scene: Scene, draft: Draft) -> Replies:
    after = handling.reopen(scene.desk, draft["number"], scene.person, draft["why"])
    return shown_after(scene, after, "退回去重新整改了。")


class Withdraw:
    """Is it sure? draft has "number"."""

    @staticmethod
    def ask(draft: Draft) -> Ask | Done:
        if "sure" in draft:
            return Done()
        text = f"{draft['number']}号要从清单上撤下来吗？撤了不能恢复。"
        return Ask("sure", text, (Choice("no", "不撤"), Choice("yes", "撤下来")))


def reviewer_has_withdrawn(scene: Scene, draft: Draft) -> Replies:
    number = draft["number"]
    if draft["sure"] == "no":
        return [Reply(f"好，{number}号没有动。")]
    handling.withdraw(scene.desk, number, scene.person)
    return [Reply(f"{number}号撤下来了。")]


@dataclass(frozen=True, slots=True)
class Give:
    """To whom. draft has "number"."""

    colleagues: Callable[[], list[Person]]
    read: Callable[[Answer], str | Invalid]

    def ask(self, draft: Draft) -> Ask | Done:
        if "to" in draft:
            return Done()
        choices = people_shown(draft, "heirs", self.colleagues)
        return Ask("to", f"{draft['number']}号交给谁？回数字，或打他的电话。", choices, self.read)


def give_flow(scene: Scene) -> Give:
    item = access.to_review(scene.desk, scene.talk.draft["number"], scene.person)
    return Give(lambda: handling.colleagues(scene.desk, item), phone_reader(scene))


def reviewer_has_given(scene: Scene, draft: Draft) -> Replies:
    after = handling.give(scene.desk, draft["number"], scene.person, int(draft["to"]))
    return shown_after(scene, after, "交过去了。")


def people_shown(draft: Draft, of: str, people: Callable[[], list[Person]]) -> tuple[Choice, ...]:
    """People to choose from as they were first shown in this talk: whoever comes or goes meanwhile moves nobody's number."""
    shown = draft.setdefault("shown", {})
    if of not in shown:
        shown[of] = [(str(one.id), one.name) for one in people()[:6]]
    return tuple(Choice(*one) for one in shown[of])


def phone_reader(scene: Scene) -> Callable[[Answer], str | Invalid]:
    """Whoever has a typed phone, of those who may be named."""

    def read(answer: Answer) -> str | Invalid:
        found = by_phone(scene.desk, answer.text.replace(" ", ""))
        return str(found.id) if found else Invalid("花名册里没有这个电话，请回数字或再打一遍。")

    return read


def shown_after(scene: Scene, item: Item, said: str) -> Replies:
    """What was done, and what can be done next."""
    card = handling.card(scene.desk, item, scene.person)
    return [replace(card, text=f"{item.id}号{said}")]


def _reason(answer: Answer) -> str | Invalid:
    if not answer.text or number_in(answer.text) is not None:
        return Invalid("请用文字说一句原因。")
    return answer.text[:200]
