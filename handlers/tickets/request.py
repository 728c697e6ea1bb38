"""A villager says what is wrong: read back, then filed."""

from dataclasses import dataclass, replace
from datetime import timedelta

from domain.flow import Answer, Ask, Done, Draft, Invalid
from domain.talk import Choice, Reply, shorten
from domain.tickets import words
from domain.tickets.kinds import kind_of
from domain.tickets.steps import Kind, State, Ticket
from handlers.answers import words_or_media
from handlers.scene import Replies, Scene
from services.tickets import filing, villager
from services.tickets.steps import her_own

SAME_DANGER = timedelta(hours=1)
"""Whoever cries for help again so soon speaks of what she has filed."""


@dataclass(frozen=True, slots=True)
class Request:
    """For whom (if for another), what, and "is that right?". `open_ticket` may be what she means instead."""

    open_ticket: tuple[int, State] | None

    def ask(self, draft: Draft) -> Ask | Done:
        if draft.get("for_another") and "behalf" not in draft:
            return Ask("behalf", "帮谁办？请回他的姓名和电话，比如“王大妈 13…”。", read=_name_and_phone)
        if "said" not in draft:
            return Ask("said", "是什么事？说一句，或拍张照、发语音。", read=words_or_media)
        if draft.get("right") == "no":
            del draft["right"], draft["said"]
            return self.ask(draft)
        if isinstance(draft.get("right"), dict):
            draft["said"] = joined(draft["said"], draft.pop("right"))
        if "right" not in draft:
            return Ask("right", self._read_back(draft), self._right_choices(), words_or_media)
        return Done()

    @staticmethod
    def _read_back(draft: Draft) -> str:
        said = shorten(draft["said"]["text"], words.QUOTE).rstrip("。？?！!")
        if not said:
            return "收到您发的图片或语音。就报这个，对吗？"
        behalf = f"替{shorten(draft['behalf'].split()[0], 8)}" if draft.get("behalf") else ""
        return f"您{behalf}说：{said}。对吗？"

    def _right_choices(self) -> tuple[Choice, ...]:
        choices = (Choice("yes", "对"), Choice("no", "不对"))
        if self.open_ticket is None:
            return choices
        ticket, state = self.open_ticket
        label = f"是说{ticket}号没解决" if state is State.ANSWERED else f"补充到{ticket}号"
        return (*choices, Choice(f"add{ticket}", label))


def request_flow(scene: Scene) -> Request:
    """Her newest open ticket may be what she means; never where her words accuse a cadre and its owner could read them."""
    draft = scene.talk.draft
    said = (draft.get("said") or {}).get("text", "")
    if draft.get("for_another") or accuses(scene, said):
        return Request(None)
    if "open" not in draft:  # once: a number means what was shown
        draft["open"] = [(one.id, one.state) for one in villager.open_ones(scene.desk, scene.person, 1)]
    return Request(next(((number, State(state)) for number, state in draft["open"]), None))


def accuses(scene: Scene, said: str) -> bool:
    """Do her words accuse a cadre? Then none of them may read it."""
    return kind_of(said, scene.desk.county.triage.judge(said).category) is Kind.COMPLAINT


def in_danger(scene: Scene, said: Draft, behalf: str = "") -> Draft:
    """The draft of a request that is filed without a question: she corrects it afterwards."""
    open_ones = (
        [] if behalf or accuses(scene, said["text"]) else villager.open_ones(scene.desk, scene.person, 1)
    )
    same = (one for one in open_ones if _is_same_danger(scene, one))
    right = next((f"add{one.id}" for one in same), "yes")
    return {"said": said, "right": right, "danger": True} | ({"behalf": behalf} if behalf else {})


def _is_same_danger(scene: Scene, ticket: Ticket) -> bool:
    return ticket.kind is Kind.IMMEDIATE and scene.desk.now - ticket.filed_at < SAME_DANGER


def said_before(scene: Scene, said: Draft) -> Draft:
    """The draft of a request of which she spoke before she came in."""
    danger = scene.desk.county.triage.judge(said["text"]).emergency
    return in_danger(scene, said) if danger else {"said": said}


def villager_confirms(scene: Scene, draft: Draft) -> Replies:
    """She said that it is right, or is in danger: file it, or add it to her open ticket."""
    said, media = draft["said"]["text"], tuple(draft["said"]["media"])
    if draft["right"] != "yes":
        return _added(scene, int(draft["right"].removeprefix("add")), said, media)
    county = scene.desk.county
    verdict = county.triage.judge(said)
    danger = "danger" in draft or bool(verdict.emergency)
    request = filing.Request(
        text=said,
        category=verdict.category,
        subcategory=verdict.subcategory,
        area=scene.person.area or county.code,
        channel=scene.inbound.channel,
        media=media,
        kind=_kind(said, verdict.category, danger=danger),
        on_behalf_of=draft.get("behalf", ""),
    )
    filed = filing.file_ticket(scene.desk, scene.person, request)
    if danger and filed.owner is not None and filed.ticket.kind is Kind.IMMEDIATE:
        told = words.filed_at_once(filed.ticket, filed.owner)
    else:
        told = words.filed(filed.ticket, filed.owner, county.hotline, county.complaint_lines)
    if scene.person.phone or request.on_behalf_of or filed.ticket.kind is Kind.PRAISE:
        return [told]
    return [replace(told, text=f"{told.text}\n要接电话，回个手机号。")]


def _kind(said: str, category: str, *, danger: bool) -> Kind:
    """A danger is to be looked after at once; an accusation stays one."""
    kind = kind_of(said, category)
    return Kind.IMMEDIATE if danger and kind in (Kind.REQUEST, Kind.CONSULT) else kind


def _added(scene: Scene, number: int, said: str, media: tuple[int, ...]) -> Replies:
    ticket = her_own(scene.desk, number, scene.person)
    if ticket.state is State.ANSWERED:
        villager.reopen(scene.desk, number, scene.person, said, media)
        return [Reply(f"知道了，{number}号接着办。")]
    villager.add(scene.desk, number, scene.person, said, media)
    corrections = words.corrections(ticket) if _is_same_danger(scene, ticket) else ()
    return [Reply(f"补上了，{number}号的干部看得到。", corrections)]


def joined(said: Draft | None, more: Draft) -> Draft:
    """What she goes on to say, or the next picture, belongs to the same matter."""
    if said is None:
        return more
    text = "，".join(filter(None, [said["text"], more["text"]]))
    return {"text": text, "media": [*said["media"], *more["media"]]}


def _name_and_phone(answer: Answer) -> str | Invalid:
    text = " ".join(answer.text.split())
    return text[:60] if text else Invalid("请回他的姓名和电话。")
