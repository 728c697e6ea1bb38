"""A person books a talk, takes another time, or does not come."""

from dataclasses import dataclass

from domain.appointments import words
from domain.directory import Person
from domain.flow import Answer, Ask, Done, Draft, Invalid, number_in
from domain.talk import Choice, Reply
from handlers.answers import NO_SUCH_DIGIT
from handlers.engine import Engine, Then
from handlers.scene import Replies, Scene
from services.appointments import access, booking, slots
from services.appointments.booking import TakenError
from services.desk import Desk
from services.tickets import villager

PAGE = 5
_MORE, _FIRST = "more", "first"
_TOPICS = {"none": "", "work": "工作上的事", "home": "家里的难处", "advice": "有建议"}
_TOPIC_CHOICES = tuple(Choice(key, label or "当面说") for key, label in _TOPICS.items())
_REASONS = (Choice("那天来不了", "那天来不了"), Choice("有别的事", "有别的事"))
_NO_TIME = "现在没有能约的时间，过几天再来看看。急事直接说，或回0找人。"
REASON_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Book:
    """Which time, and what about; of one who has a time already: which other one, and why.

    The draft keeps the times that were shown, so that a number means what it meant on the screen.
    """

    desk: Desk
    person: Person

    def ask(self, draft: Draft) -> Ask | Done:
        if draft.get("slot") in (_MORE, _FIRST):
            draft["skip"] = draft.get("skip", 0) + PAGE if draft["slot"] == _MORE else 0
            del draft["slot"], draft["shown"]
        if "slot" not in draft:
            return self._which(draft)
        if "again" in draft and "why" not in draft:
            return Ask("why", "为什么改？会告诉对方。", _REASONS, reason)
        if "again" not in draft and "topic" not in draft:
            return Ask("topic", "想谈什么？可以不说，选1就行。谈完就删。", _TOPIC_CHOICES, _topic)
        return Done()

    def _which(self, draft: Draft) -> Ask:
        if "shown" not in draft:
            skip = draft.get("skip", 0)
            found = slots.free_for(self.desk, self.person, PAGE + 1, skip)
            draft["shown"] = [(str(one.id), words.line(one)) for one in found[:PAGE]]
            if len(found) > PAGE:
                draft["shown"].append((_MORE, "看后面的时间"))
            elif skip or not found:
                draft["shown"].append((_FIRST, "从头看"))
        return Ask("slot", "约哪个时间？", tuple(Choice(*one) for one in draft["shown"]))


def book_flow(scene: Scene) -> Book:
    return Book(scene.desk, scene.person)


def person_wants_a_talk(scene: Scene, engine: Engine) -> Replies:
    """约谈: what she has booked, or what there is."""
    booked = booking.open_one(scene.desk, scene.person)
    if booked is not None:
        return [villager.look(scene.desk, booked, scene.person)]
    return _begin(scene, engine, {})


def after_welcome(scene: Scene, welcome: Replies) -> Replies | Then:
    """She asked for a talk before she had agreed."""
    if not slots.free_for(scene.desk, scene.person, 1):
        return [*welcome, Reply(_NO_TIME)]
    return Then("appointment-book", {}, welcome)


def person_takes_another_time(scene: Scene, engine: Engine, ticket: int) -> Replies:
    found, appointment = access.hers(scene.desk, ticket, scene.person)
    access.check_changeable(found, appointment, scene.desk)
    return _begin(scene, engine, {"again": ticket})


def _begin(scene: Scene, engine: Engine, draft: Draft) -> Replies:
    if not slots.free_for(scene.desk, scene.person, 1):
        return [Reply(_NO_TIME)]
    return engine.begin(scene, "appointment-book", draft)


def person_has_chosen(scene: Scene, draft: Draft) -> Replies | Then:
    """Booked, or booked anew. Where somebody was quicker she is shown the other times, and says nothing twice."""
    slot = int(draft["slot"])
    try:
        if "again" in draft:
            why = _said(draft["why"])
            ticket, taken = booking.rebook(scene.desk, draft["again"], scene.person, slot, why)
        else:
            topic = _said(draft["topic"], _TOPICS)
            ticket, taken = booking.book(scene.desk, scene.person, slot, topic, scene.inbound.channel)
    except TakenError as gone:
        if not slots.free_for(scene.desk, scene.person, 1):
            return [Reply(f"{gone.say}{_NO_TIME}")]
        known: Draft = {key: draft[key] for key in ("again", "topic", "why") if key in draft}
        return Then("appointment-book", known, [Reply(f"{gone.say}还有这些。")])
    return [words.booked(ticket, taken)]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Why not. The draft has "ticket" and "choices", the reasons that need no typing."""

    @staticmethod
    def ask(draft: Draft) -> Ask | Done:
        if "why" in draft:
            return Done()
        choices = tuple(Choice(why, why) for why in draft["choices"])
        return Ask("why", f"取消约谈{draft['ticket']}号，为什么？会告诉对方。", choices, reason)


def person_wants_to_cancel(scene: Scene, engine: Engine, ticket: int) -> Replies:
    found, appointment = access.hers(scene.desk, ticket, scene.person)
    access.check_changeable(found, appointment, scene.desk)
    choices = ["那天来不了", "事情解决了", "不想谈了"]
    return engine.begin(scene, "appointment-cancel", {"ticket": ticket, "choices": choices})


def person_has_cancelled(scene: Scene, draft: Draft) -> Replies:
    ticket, file = booking.withdraw(scene.desk, draft["ticket"], scene.person, _said(draft["why"]))
    return [Reply(f"约谈{ticket.id}号取消了，已告诉对方。", media=(file,) if file else ())]


def person_rates(scene: Scene, ticket: int, deed: str) -> Replies:
    booking.rate(scene.desk, ticket, scene.person, int(deed.removeprefix("rate")))
    return [Reply("记下了，谢谢您。")]


def person_says_it_was_missed(scene: Scene, ticket: int) -> Replies:
    after = booking.say_missed(scene.desk, ticket, scene.person)
    return [Reply("知道了，让那边另定时间告诉您。", words.her_choices(after))]


def reason(answer: Answer) -> dict[str, str] | Invalid:
    """Words, which the other side will read."""
    if number_in(answer.text) is not None:
        return NO_SUCH_DIGIT
    return {"text": answer.text[:REASON_LENGTH]} if answer.text else Invalid("请用文字说一句，或回数字。")


def _topic(answer: Answer) -> dict[str, str] | Invalid:
    if number_in(answer.text) is not None:
        return NO_SUCH_DIGIT
    if not answer.text:
        return Invalid("照片和语音留着当面说，请打字，或选1。")
    return {"text": answer.text[: booking.TOPIC_LENGTH]}


def _said(value: str | dict[str, str], labels: dict[str, str] | None = None) -> str:
    """What she typed, or what the choice stands for."""
    return value["text"] if isinstance(value, dict) else (labels or {}).get(value, value)
