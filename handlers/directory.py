"""Coming in: by a card, by an invitation, or by picking one's village; and reaching a person."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from domain.flow import Answer, Ask, Done, Draft, Invalid
from domain.talk import Choice, Reply
from domain.triage.lexicon import OTHER
from handlers.answers import words_or_media
from handlers.appointments import booking
from handlers.area_picker import AreaPicker
from handlers.engine import Then
from handlers.knowledge.asking import answer_to
from handlers.scene import Replies, Scene
from handlers.tickets.request import said_before
from services import directory

CONSENT = "您说的事和电话，只给办事干部看。\n不要身份证号。\n不想用了，回“注销”就删除。"
CARD_LENGTH = 22


_AGREE = (Choice("yes", "同意"), Choice("no", "不同意"))


@dataclass(frozen=True, slots=True)
class Join:
    """Consent, then the village. draft["village"] is there from the start when a card was scanned.

    What she says instead of agreeing is kept (draft["said"]), to go on with once she has agreed.
    """

    picker: AreaPicker
    is_matter: Callable[[dict[str, Any]], bool]

    def ask(self, draft: Draft) -> Ask | Done:
        if isinstance(draft.get("consent"), dict):
            draft["said"] = draft.pop("consent")
            return Ask("consent", "您的话我记着。先回1同意，再接着办。", _AGREE, words_or_media)
        if "consent" not in draft:
            return Ask("consent", CONSENT, _AGREE, words_or_media)
        if draft["consent"] == "no":
            return Done()
        return self._ask_for_village(draft) or Done()

    def _ask_for_village(self, draft: Draft) -> Ask | None:
        """What she says instead of a place is kept too, once."""
        answers = [one for key in ("township", "village") if isinstance(one := draft.get(key), dict)]
        question = self.picker.ask(draft)
        if question is None or not question.missed or "said" in draft or not self.is_matter(answers[0]):
            return question
        draft["said"] = {key: answers[0][key] for key in ("text", "media")}
        return replace(question, text="您的话我记着。先选您在哪：回数字，或打村名。", missed=False)


def join_flow(scene: Scene) -> Join:
    triage = scene.desk.county.triage

    def is_matter(answer: dict[str, Any]) -> bool:
        return bool(answer["media"]) or triage.judge(answer["text"]).category != OTHER

    return Join(AreaPicker(scene.desk, read=_name_or_matter), is_matter)


def _name_or_matter(answer: Answer) -> dict[str, Any] | Invalid:
    said = words_or_media(answer)
    return said if isinstance(said, Invalid) else said | {"words": answer.text}


def villager_joins(scene: Scene, draft: Draft) -> Replies | Then:
    """She agreed and her village is known, or she did not agree and nothing is kept.

    What she said before she was asked (draft["said"]) is not lost: it goes on as her first question or request. A survey
    to which she was invited (draft["survey"]) is begun, and so is a talk that she asked for (draft["talk"]).
    """
    hotline = scene.desk.county.hotline
    if draft["consent"] == "no":
        return [Reply(f"好，什么都不记。有事可打{hotline}，或找村干部。")]
    scene.person = directory.join(scene.desk, scene.person, draft["village"], draft.get("household", ""))
    welcome = [Reply(_welcome(scene))]
    if draft.get("talk"):
        return booking.after_welcome(scene, welcome)
    if draft.get("said"):
        answer = None if draft.get("to_a_person") else answer_to(scene, draft["said"])
        then = answer or Then("request", said_before(scene, draft["said"]), [])
        return Then(then.flow, then.draft, [*welcome, *then.before])
    return Then("survey-start", {"survey": draft["survey"]}, welcome) if draft.get("survey") else welcome


def _welcome(scene: Scene) -> str:
    area = directory.area(scene.desk, scene.person.area or "")
    cadre = directory.current_cadre(scene.desk, area.code)
    who = f"您的网格员是{cadre.name}{cadre.phone}。" if cadre else ""
    return f"好了，{area.short_name}的乡亲。{who}有事直接说，比如“渠堵了”。"


def known_area(scene: Scene, token: str) -> tuple[str, str]:
    """(area, household) of a scanned card. Raises Refusal for a forged or revoked one."""
    card = directory.open_card(scene.desk, token)
    return card.area, card.household


def guest_is_invited(scene: Scene, code: str) -> Replies:
    """Somebody of the roster links this account to himself by his invitation code."""
    scene.becomes(directory.accept_invitation(scene.desk, scene.account, code))
    return [Reply(f"{scene.person.name}，您好，账号接好了。")]


def person_wants_a_human(scene: Scene) -> Replies:
    """0: name and number of a human, who is told to call; a colleague of the office, for one who works here."""
    hotline = scene.desk.county.hotline
    if scene.works:
        return [_whom_a_worker_asks(scene)]
    cadre = directory.ask_for_a_call(scene.desk, scene.person)
    if cadre is None:
        return [Reply(f"请打{hotline}，有人接。")]
    return [Reply(f"已告诉{cadre.name}找您。也可打他电话{cadre.phone}，或打{hotline}。")]


def _whom_a_worker_asks(scene: Scene) -> Reply:
    """He calls himself: nobody at the office is told to."""
    office = directory.office_of(scene.desk, scene.person)
    who = f"{office.name}{office.phone}" if office else scene.desk.county.hotline
    then = "回“帮助”看能办什么" if scene.talk.flow is None else "这件不办了，回“取消”"
    return Reply(f"要问人，可打{who}。{then}。")


class Leave:
    """How long the cadre is away. draft has nothing to start with."""

    @staticmethod
    def ask(draft: Draft) -> Ask | Done:
        if "days" in draft:
            return Done()
        return Ask("days", "请假期间，新工单转给副网格员。今天起请几天？", _DAYS)


_DAYS = (
    Choice("1", "一天"),
    Choice("2", "两天"),
    Choice("3", "三天"),
    Choice("4", "四天"),
    Choice("5", "五天"),
    Choice("7", "一周"),
)
"""Whoever answers the question with a number of days has taken that many."""


def cadre_takes_leave(scene: Scene, draft: Draft) -> Replies:
    days = int(draft["days"])
    until = directory.take_leave(scene.desk, scene.person, days)
    return [Reply(f"好，{until.month}月{until.day}日起再派给您。提前回来，回“销假”。")]


def cadre_is_back(scene: Scene) -> Replies:
    if not directory.is_on_leave(scene.desk, scene.person):
        return [Reply("您现在没有请假。")]
    directory.end_leave(scene.desk, scene.person)
    return [Reply("好，新工单又派给您了。")]


def person_leaves(scene: Scene) -> Replies:
    """注销: the profile goes; open tickets keep only their content."""
    directory.forget(scene.desk, scene.person)
    return [Reply("您的姓名、电话、村子都删了。再用时重新扫卡就行。")]


def person_turns_away(scene: Scene) -> Replies:
    """She left the messenger: she can hear nothing any more."""
    directory.leave_messenger(scene.desk, scene.account, scene.person)
    return []
