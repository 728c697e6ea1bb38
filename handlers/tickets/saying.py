"""Deeds on a ticket that need the person's own words: one flow asks for them, whatever the deed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from domain.directory import Person
from domain.errors import Refusal
from domain.flow import Answer, Ask, Done, Draft, Invalid, pick
from domain.talk import Choice, Reply, shorten
from domain.tickets import words
from domain.tickets.steps import IN_HAND, Ticket
from handlers.answers import Read, no_mere_digit, words_not_a_digit, words_only, words_or_media
from handlers.engine import Engine
from handlers.scene import Replies, Scene
from handlers.tickets.request import joined
from services.desk import Desk
from services.tickets import handling, villager
from services.tickets.steps import his_own

Deed = Callable[[Desk, int, Person, str, tuple[int, ...]], Ticket]


@dataclass(frozen=True, slots=True)
class Saying:
    """What is asked for, what is done with it, and what is said when it is done."""

    question: str
    deed: Deed
    done: str
    read: Read = words_or_media
    unheard: str = ""
    """What is said instead of `done` when it cannot come to the villager any more."""
    to_villager: bool = False
    """Her messenger may let it come to her only when she next speaks: then that is said instead."""


def _text_only(deed: Callable[[Desk, int, Person, str], Ticket]) -> Deed:
    return lambda desk, ticket, person, text, _media: deed(desk, ticket, person, text)


def _no_button(read: Read) -> Read:
    """As `read`, but what stands on one of his buttons was meant for that button, not for whoever reads the answer."""
    return lambda answer: (
        Invalid(f"“{answer.text}”是按钮上的字。请说一句话，或回“取消”。")
        if answer.text.strip() in words.OWNER_BUTTONS
        else read(answer)
    )


_TO_HER = _no_button(words_or_media)
_MORE_THAN_A_DIGIT = _no_button(no_mere_digit(words_or_media))
_WORDS = _no_button(no_mere_digit(words_only))
_WAITS = "记下了，对方来说话时才看得到。急事请打电话。"
_GONE = "群众已不用这里了，请打电话或上门说一声。"

SAYINGS = {
    "message": Saying("想跟群众说什么？", handling.message, "话带到了。", _TO_HER, to_villager=True),
    "answer": Saying(
        "办得怎么样？用一句话答复。",
        handling.answer,
        "答复送到了，等群众说解决没有。",
        _MORE_THAN_A_DIGIT,
        unheard=f"答复记下了。{_GONE}",
        to_villager=True,
    ),
    "extend": Saying(
        "为什么要延期？原因会给群众看。",
        _text_only(handling.extend),
        "延好了，已告诉群众。",
        _WORDS,
        f"延好了。{_GONE}",
        to_villager=True,
    ),
    "decline": Saying(
        "为什么办不了，该去哪儿办？会给群众看。",
        _text_only(handling.decline),
        "已告诉群众。",
        _WORDS,
        f"记下了。{_GONE}",
        to_villager=True,
    ),
    "return": Saying("为什么退回？", _text_only(handling.send_back), "退回了，交给上一级。", _WORDS),
    "reply": Saying("想回他什么？", villager.reply, "话带到了。"),
    "add": Saying("还有什么要补充？说话或发照片都行。", villager.add, "补上了，干部看得到。"),
    "unsolved": Saying("哪里还没好？说一句，或发照片。", villager.reopen, "知道了，接着办。"),
}


def ask_for_words(draft: Draft) -> Ask:
    """Draft has "deed" and "ticket"."""
    saying = SAYINGS[draft["deed"]]
    return Ask("said", f"{draft['ticket']}号：{saying.question}", read=saying.read)


def person_has_said(scene: Scene, draft: Draft) -> Replies:
    saying = SAYINGS[draft["deed"]]
    said: dict[str, Any] = draft["said"]
    ticket = saying.deed(scene.desk, draft["ticket"], scene.person, said["text"], tuple(said["media"]))
    choices = words.owner_choices(ticket) if ticket.owner == scene.person.id and ticket.open else ()
    return [Reply(f"{ticket.id}号{_done(scene, saying, ticket)}", choices)]


def _done(scene: Scene, saying: Saying, ticket: Ticket) -> str:
    if saying.unheard and not handling.heard(scene.desk, ticket):
        return saying.unheard
    if saying.to_villager and not handling.arrives_now(scene.desk, ticket):
        return _WAITS
    return saying.done


class Transfer:
    """To whom, and why. draft has "ticket", and "targets" as they were shown."""

    @staticmethod
    def ask(draft: Draft) -> Ask | Done:
        if "to" not in draft:
            targets = tuple(Choice(*one) for one in draft["targets"])
            return Ask("to", f"{draft['ticket']}号转给谁？", targets)
        if "why" not in draft:
            return Ask("why", "为什么转？说一句。", read=_reason)
        return Done()


def cadre_wants_to_transfer(scene: Scene, engine: Engine, ticket: int) -> Replies:
    handling.check(scene.desk, ticket, scene.person, "transfer")
    others = handling.colleagues(scene.desk, his_own(scene.desk, ticket, scene.person))[:6]
    if not others:
        raise Refusal(f"{ticket}号现在没有别人能接，要您来办。")
    targets = [(str(one.person.id), f"{one.person.name} {RUNG_NAMES[one.rung]}") for one in others]
    return engine.begin(scene, "transfer", {"ticket": ticket, "targets": targets})


RUNG_NAMES = {"primary": "网格员", "deputy": "副网格员", "supervisor": "镇督办", "staff": "县上"}


def cadre_transfers(scene: Scene, draft: Draft) -> Replies:
    ticket = handling.pass_on(scene.desk, draft["ticket"], scene.person, int(draft["to"]), draft["why"])
    return [Reply(f"{ticket.id}号转出去了。")]


def _reason(answer: Answer) -> str:
    return answer.text[:200] or "（没有写原因）"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A cadre typed words while a ticket is at hand: what are they? draft has "ticket", "said"; he may go on."""

    choices: tuple[Choice, ...]

    def ask(self, draft: Draft) -> Ask | Done:
        joint = ""
        if isinstance(draft.get("meant"), dict):
            draft["said"] = joined(draft["said"], draft.pop("meant"))
            joint = f"“{shorten(draft['said']['text'], words.QUOTE)}”，"
        if "meant" in draft:
            return Done()
        return Ask("meant", f"{joint}这话是要{draft['ticket']}号：", self.choices, words_not_a_digit)


def button_named(scene: Scene, ticket: int) -> str | None:
    """The wire id of the button on his ticket whose very words he says."""
    return pick(scene.text, words.owner_buttons(his_own(scene.desk, ticket, scene.person)))


def meaning_flow(scene: Scene) -> Meaning:
    ticket = his_own(scene.desk, scene.talk.draft["ticket"], scene.person)
    in_hand = (Choice("answer", "答复办结"),) if ticket.state in IN_HAND else ()
    return Meaning((*in_hand, Choice("message", "先回句话"), Choice("nothing", "都不是")))


def cadre_has_meant(scene: Scene, draft: Draft) -> Replies:
    if draft["meant"] == "nothing":
        return [Reply("好。要办哪件，回“工单”看。")]
    return person_has_said(scene, draft | {"deed": draft["meant"]})
