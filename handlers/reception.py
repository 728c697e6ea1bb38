"""The front door: from what a person did to the handler that knows what to do about it."""

import logging
import re
import unicodedata
from collections.abc import Callable

from domain.errors import Refusal
from domain.flow import Answer, Draft, number_in, pick, reserved
from domain.talk import Choice, Reply
from handlers import directory, emergency, linking, menu
from handlers.engine import Engine, Talk
from handlers.scene import Replies, Scene
from handlers.tickets import saying
from handlers.tickets.deeds import asks_for_words, ticket_deed
from handlers.tickets.request import joined, request_flow, villager_confirms
from services import delivery as said_to_her
from services import directory as people

ENGINE = Engine(
    {
        "join": Talk(directory.join_flow, directory.villager_joins),
        "danger": Talk(lambda _: emergency.Danger(), emergency.danger_is_answered),
        "request": Talk(request_flow, villager_confirms),
        "say": Talk(lambda _: saying.Say(), saying.person_has_said),
        "transfer": Talk(saying.transfer_flow, saying.cadre_transfers),
        "leave": Talk(lambda _: directory.Leave(), directory.cadre_takes_leave),
        "meaning": Talk(saying.meaning_flow, saying.cadre_has_meant),
    },
    directory.person_wants_a_human,
)

log = logging.getLogger(__name__)

_FLOW_CHOICE = re.compile(r"^(\d{1,9}):(.+)$")
_TICKET_DEED = re.compile(r"^t:(\d{1,9}):(\w+)$")
_LINK_DEED = re.compile(r"^l:([0-9]{6}):(\w+)$")
_TICKET_WORD = re.compile(r"^(?:查|看)?\s*(\d{1,9})\s*号$|^(?:查|看)\s*(\d{1,9})$")
_CARD = re.compile(rf"^[A-Za-z0-9_-]{{{directory.CARD_LENGTH}}}$")
"""A card's token, typed from paper or passed on by a friend."""
_MOBILE = re.compile(r"^[01]\d{10}$")


_HER_OWN_WORDS = frozenset({"join", "danger", "request"})
"""Flows that hold what somebody has said and not yet filed."""


def receive(scene: Scene) -> Replies:
    """Everything that comes in. Rules that say no are answered kindly."""
    replies = _unless_refused(scene, _receive)
    if scene.talk.flow is None:
        offered = next((reply.choices for reply in reversed(replies) if reply.choices), ())
        scene.talk.offered = [(choice.id, choice.label) for choice in offered]
    return replies


def _unless_refused(scene: Scene, handler: Callable[[Scene], Replies]) -> Replies:
    try:
        return handler(scene)
    except Refusal as refusal:
        log.info("account %d: a rule said no", scene.account.id)
        if scene.talk.flow is not None and _is_about_something_else(scene):
            return [Reply(refusal.say), *ENGINE.repeat(scene)]
        ENGINE.close(scene)
        return [Reply(refusal.say)]


def _is_about_something_else(scene: Scene) -> bool:
    """Was it a button of a ticket or of the menu, which leaves the open question open?"""
    return bool(scene.inbound.choice) and not _FLOW_CHOICE.match(scene.inbound.choice or "")


def _receive(scene: Scene) -> Replies:
    if scene.inbound.left:
        return directory.person_turns_away(scene)
    if scene.inbound.link:
        return _came_by_link(scene, scene.inbound.link)
    if scene.inbound.choice:
        return _tapped(scene, scene.inbound.choice)
    words = _reserved(scene)
    if words is not None:
        return words
    by_code = _by_code(scene)
    if by_code is not None:
        return by_code
    danger = _danger(scene)
    if danger is not None:
        return danger
    if scene.talk.flow is not None:
        return _answered(scene)
    if not scene.person.consented and not scene.works:
        return _stranger(scene)
    return _at_rest(scene)


def _came_by_link(scene: Scene, link: str) -> Replies:
    if len(link) != directory.CARD_LENGTH:
        return directory.guest_is_invited(scene, link)
    area, household = directory.known_area(scene, link)
    if scene.person.consented and scene.person.area == area:
        return menu.menu(scene)
    return ENGINE.begin(scene, "join", {"village": area, "household": household})


def _tapped(scene: Scene, wire: str) -> Replies:
    """A button. One of the open question answers it; one of a ticket does what it says; any other is old."""
    of_flow = _FLOW_CHOICE.match(wire)
    if of_flow:
        if scene.talk.flow is None:
            return [Reply("这个问题已经答过了。有事请直接说。")]
        if int(of_flow[1]) != scene.talk.asked:
            return ENGINE.repeat(scene, "那是前面的按钮。现在问的是：")
        return ENGINE.answer(scene, Answer(choice=of_flow[2]))
    return _deed(scene, wire)


def _deed(scene: Scene, wire: str) -> Replies:
    of_ticket = _TICKET_DEED.match(wire)
    if of_ticket and scene.talk.flow in _HER_OWN_WORDS and asks_for_words(of_ticket[2]):
        return ENGINE.repeat(scene, "先答完这个：")  # or what she said so far would be lost
    if of_ticket:
        return ticket_deed(scene, ENGINE, int(of_ticket[1]), of_ticket[2])
    of_link = _LINK_DEED.match(wire)
    if of_link:
        return linking.link_deed(scene, of_link[1], of_link[2])
    return menu.command(scene, ENGINE, wire)


def _reserved(scene: Scene) -> Replies | None:
    word = reserved(scene.text)
    if word == "person":
        return directory.person_wants_a_human(scene)
    if word == "forget":
        ENGINE.close(scene)
        return directory.person_leaves(scene)
    if scene.talk.flow is None:
        if word == "back" and scene.held:
            return []  # she wants to see what else there is: that rides on the answer to every message
        return [Reply("没有正在办的。有事请直接说。")] if word else None
    if word == "back":
        return ENGINE.back(scene)
    if word == "cancel":
        return ENGINE.cancel(scene)
    return None


def _by_code(scene: Scene) -> Replies | None:
    """A card, an invitation, a linking code or the wish for one: at rest, and while she is still being asked to agree."""
    if not scene.person.consented and people.is_invitation(scene.desk, scene.text):
        ENGINE.close(scene)
        return directory.guest_is_invited(scene, scene.text)
    if not scene.person.consented and _CARD.match(scene.text):
        return _came_by_link(scene, scene.text)
    if scene.talk.flow is not None and (scene.person.consented or scene.works):
        return None
    if menu.command_word(scene.text) == "m:link":
        ENGINE.close(scene)
        return linking.person_wants_to_link(scene)
    asked = linking.person_types_a_code(scene)
    if asked is not None:
        ENGINE.close(scene)
    return asked


def _danger(scene: Scene) -> Replies | None:
    """Emergencies come before everything else a villager says; what she said is then filed all the same."""
    if scene.works or not scene.text or number_in(scene.text) is not None:
        return None
    verdict = scene.desk.county.triage.judge(scene.text)
    if not verdict.emergency:
        return None
    told = emergency.danger_is_told(scene, verdict)
    if scene.talk.flow is not None and scene.talk.flow != "request":
        return [*told, *_unless_refused(scene, _answered)]
    said: Draft = {"text": scene.text, "media": list(scene.media)}
    if not scene.person.consented:
        return [*told, *ENGINE.begin(scene, "join", {"said": said})]
    before = scene.talk.draft if scene.talk.flow == "request" else {}
    kept = {key: before[key] for key in ("for_another", "behalf") if key in before}
    return [*told, *ENGINE.begin(scene, "request", kept | {"said": joined(before.get("said"), said)})]


def _answered(scene: Scene) -> Replies:
    """Words while a question is open. A bare number is not taken if something else arrived in between."""
    if number_in(scene.text) is not None and _pushed(scene):
        return ENGINE.repeat(scene, "刚来了新消息。先答这个：")
    return ENGINE.answer(scene, scene.answer)


def _stranger(scene: Scene) -> Replies:
    """Not bound yet: consent and village first. Her first words are kept and go on as her request."""
    meant = _offered(scene)
    if meant is not None:
        return meant
    if menu.is_greeting(scene.text) or (not scene.text and not scene.media):
        return ENGINE.begin(scene, "join")
    return ENGINE.begin(scene, "join", {"said": {"text": scene.text, "media": list(scene.media)}})


def _at_rest(scene: Scene) -> Replies:
    """No question is open."""
    meant = _offered(scene)
    if meant is not None:
        return meant
    command = menu.command_word(scene.text)
    if command is not None:
        return menu.command(scene, ENGINE, command)
    ticket = _TICKET_WORD.match(unicodedata.normalize("NFKC", scene.text))
    if ticket:
        return ticket_deed(scene, ENGINE, int(ticket[1] or ticket[2]), "show" if scene.works else "look")
    if not scene.text and not scene.media:
        return menu.menu(scene)
    if number_in(scene.text) is not None:
        return menu.menu(scene, "没听明白这个数字。")
    if scene.works:
        return _worker_says(scene)
    if _MOBILE.match(scene.text):
        return menu.villager_leaves_phone(scene)
    said = {"text": scene.text, "media": list(scene.media)}
    if scene.desk.county.triage.judge(scene.text).unsure_danger:
        return ENGINE.begin(scene, "danger", {"said": said})
    return ENGINE.begin(scene, "request", {"said": said})


def _pushed(scene: Scene) -> list[tuple[Choice, ...]]:
    """The choices of messages that came unasked since this account's last turn, the newest first."""
    return said_to_her.choices_since(scene.desk, scene.account.id, scene.since) if scene.pushed else []


def _offered(scene: Scene) -> Replies | None:
    """A number, or the very words of a choice, that belongs to what was last shown. Never a guess between two."""
    if not scene.text:
        return None
    menus = _pushed(scene)
    if scene.talk.offered and not menus:
        menus = [tuple(Choice(choice, label) for choice, label in scene.talk.offered)]
    hits = {wire for wire in (pick(scene.text, choices) for choices in menus) if wire is not None}
    if not hits:
        return None
    if len(hits) == 1 and (len(menus) == 1 or number_in(scene.text) is None):
        return _deed(scene, hits.pop())
    tickets = dict.fromkeys(match[1] for wire in hits if (match := _TICKET_DEED.match(wire)))
    look = "show" if scene.works else "look"
    meant = [Choice(f"t:{number}:{look}", f"{number}号") for number in tickets]
    codes = dict.fromkeys(match[1] for wire in hits if (match := _LINK_DEED.match(wire)))
    meant += [Choice(f"l:{code}:ask", "合账号的事") for code in codes]
    return [Reply("您指哪一件？", tuple(meant))]


def _worker_says(scene: Scene) -> Replies:
    """Free words of one who works on tickets: about the ticket at hand, if there is just one."""
    wires = [choice.id for choices in _pushed(scene) for choice in choices] or [
        one[0] for one in scene.talk.offered
    ]
    at_hand = {match[1] for wire in wires if (match := _TICKET_DEED.match(wire))}
    if len(at_hand) != 1:
        return menu.menu(scene)
    said = {"text": scene.text, "media": list(scene.media)}
    return ENGINE.begin(scene, "meaning", {"ticket": int(at_hand.pop()), "said": said})
