"""The front door: from what a person did to the handler that knows what to do about it."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta

from domain.errors import Refusal
from domain.flow import Draft, number_in, reserved
from domain.talk import Reply, shorten
from handlers import directory, emergency, linking, menu, pairs, shown
from handlers.commands import command_word, commanded, is_greeting, is_of_menu, names_something
from handlers.flows import ENGINE, GIVES_WAY
from handlers.knowledge.asking import person_asks
from handlers.scene import Replies, Scene
from handlers.suggestions import asking
from handlers.suggestions import talks as suggestions
from handlers.surveys import aside, entry
from handlers.surveys.staff_sheet import staff_send_a_sheet
from handlers.tapping import (
    FLOW_CHOICE,
    FOR_ANYBODY,
    FOR_STRANGERS,
    NEEDS_CONSENT,
    came_by_link,
    deed,
    invited_by_code,
    tapped,
)
from handlers.tickets.request import accuses, in_danger, joined
from handlers.tickets.saying import button_named
from services import directory as people
from services.tickets import handling

log = logging.getLogger(__name__)

_CARD = re.compile(rf"^[A-Za-z0-9_-]{{{directory.CARD_LENGTH}}}$")
"""A card's token, typed from paper or passed on by a friend."""
_MOBILE = re.compile(r"^[01]\d{10}$")

_NOT_YET_FILED = frozenset({"request", "danger", "answering"})
"""Flows whose question a danger does not wait for: it is filed with what she said before."""

FORGOTTEN_AFTER = timedelta(hours=12)
"""Somebody who did not confirm her words for so long does not go on with them."""


def receive(scene: Scene) -> Replies:
    """Everything that comes in. Rules that say no are answered kindly."""
    cut_short = bool(scene.talk.private) and scene.talk.flow is None and not scene.inbound.left
    replies = _unless_refused(scene, _private_talk_is_over if cut_short else _receive)
    if scene.talk.flow is None:
        offered = next((reply.choices for reply in reversed(replies) if reply.choices), ())
        scene.talk.offered = [(choice.id, choice.label) for choice in offered]
    return replies


def _unless_refused(scene: Scene, handler: Callable[[Scene], Replies]) -> Replies:
    try:
        return handler(scene)
    except Refusal as refusal:
        if not scene.talk.private:
            log.info("account %d: a rule said no", scene.account.id)
        if scene.talk.flow is not None and _is_about_something_else(scene):
            return [Reply(refusal.say), *ENGINE.repeat(scene)]
        ENGINE.close(scene)
        return [Reply(refusal.say)]


def _is_about_something_else(scene: Scene) -> bool:
    """Was it a button of a ticket or of the menu, which leaves the open question open?"""
    return bool(scene.inbound.choice) and not FLOW_CHOICE.match(scene.inbound.choice or "")


def _receive(scene: Scene) -> Replies:
    if scene.inbound.left:
        return directory.person_turns_away(scene)
    if scene.inbound.link:
        return came_by_link(scene, scene.inbound.link)
    if scene.inbound.choice:
        return tapped(scene, scene.inbound.choice)
    if scene.talk.flow in GIVES_WAY and not reserved(scene.text) and not ENGINE.fits(scene):
        ENGINE.close(scene)
    for look in (_spreadsheet, _reserved, _by_code, _another_matter, _danger):
        replies = look(scene)
        if replies is not None:
            return replies
    if scene.talk.flow is not None:
        return _answered(scene)
    if not scene.person.consented and not scene.works:
        return _stranger(scene)
    return _at_rest(scene)


def _private_talk_is_over(scene: Scene) -> Replies:
    """What she was answering was closed meanwhile: her words are no request of hers, and are dropped."""
    ENGINE.close(scene)
    if scene.inbound.link or scene.inbound.choice:
        return _receive(scene)
    return [Reply("刚才的匿名填写已结束，这句话没有保存。有事请再说一遍。")]


def _another_matter(scene: Scene) -> Replies | None:
    """Amid a survey she speaks of something else."""
    another = aside.hears_another_matter(scene, ENGINE, cold=_away_for_long(scene))
    return aside.survey_waits(scene, ENGINE, _receive) if another else None


def _spreadsheet(scene: Scene) -> Replies | None:
    return staff_send_a_sheet(scene, ENGINE)


def _reserved(scene: Scene) -> Replies | None:
    word = reserved(scene.text)
    if word in ("person", "back") and ENGINE.takes(scene):
        return None
    if word == "person":
        return directory.person_wants_a_human(scene)
    if word == "forget":
        ENGINE.close(scene)
        return directory.person_leaves(scene)
    if scene.talk.flow is None:
        if word == "back" and scene.held:
            return []  # she wants to see what else there is: that rides on the answer to every message
        turned = menu.page_before(scene) if word == "back" else None
        return turned or ([Reply("没有正在办的。有事请直接说。")] if word else None)
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
        return came_by_link(scene, scene.text)
    shown_code = suggestions.person_shows_a_code(scene, ENGINE)
    if shown_code is not None:
        return shown_code
    if scene.talk.flow == "join" and command_word(scene.text) in FOR_STRANGERS - FOR_ANYBODY:
        ENGINE.close(scene)
        return commanded(scene, ENGINE) or []
    if scene.talk.flow is not None and (scene.person.consented or scene.works):
        return None
    if entry.is_code(scene, scene.text):
        return invited_by_code(scene, scene.text)
    survey = entry.by_words(scene.text)
    if survey is not None:
        return deed(scene, survey)
    if command_word(scene.text) == "m:link":
        ENGINE.close(scene)
        return linking.person_wants_to_link(scene)
    asked = linking.person_types_a_code(scene)
    if asked is not None:
        ENGINE.close(scene)
    return asked


def _danger(scene: Scene) -> Replies | None:
    """Emergencies come before everything else a villager says; what she said is then filed at once."""
    if scene.works or not scene.text or number_in(scene.text) is not None:
        return None
    verdict = scene.desk.county.triage.judge(scene.text)
    if not verdict.emergency:
        return None
    if scene.talk.private:
        return [emergency.advice(verdict), *_unless_refused(scene, _answered)]
    told = emergency.danger_is_told(scene, verdict)
    if scene.talk.flow is not None and scene.talk.flow not in _NOT_YET_FILED:
        return [*told, *_unless_refused(scene, _answered)]
    if not scene.person.consented:
        return [*told, *ENGINE.begin(scene, "join", {"said": _said(scene)})]
    before = scene.talk.draft if scene.talk.flow else {}
    said = joined(before.get("said"), _said(scene))
    return [*told, *ENGINE.begin(scene, "request", in_danger(scene, said, before.get("behalf", "")))]


def _answered(scene: Scene) -> Replies:
    """Words while a question is open. A bare number is not taken if something else arrived in between."""
    if number_in(scene.text) is not None:
        if shown.pushed(scene):
            return ENGINE.repeat(scene, "刚来了新消息。先答这个：")
        return ENGINE.answer(scene, scene.answer)
    # What she began to ask for stays open, as when she taps that button.
    named = shown.named_since(scene) if scene.talk.flow == "request" else None
    if named is not None:
        return deed(scene, named)
    if scene.talk.flow == "say" and is_of_menu(scene.text):  # or others would read it as said to them
        return ENGINE.repeat(scene, f"先说完，要看“{scene.text}”就先回“取消”。")
    names = scene.talk.flow == "meaning" or asking.is_without_a_code(scene)
    if (names and names_something(scene)) or asking.is_about_something_else(scene):
        ENGINE.close(scene)
        return _at_rest(scene)
    if scene.talk.flow == "request" and _away_for_long(scene):
        return _left_alone(scene)
    # Never on as a request: it may be an anonymous one.
    if scene.talk.flow == "suggest" and _away_for_long(scene):
        return ENGINE.repeat(scene, "上回的意见没说完，刚才的话没记。")
    if _away_for_long(scene) and aside.asks_for_free_words(scene, ENGINE):
        return ENGINE.repeat(scene, "问卷停在这里，刚才的话没记。")
    return ENGINE.answer(scene, scene.answer)


def _away_for_long(scene: Scene) -> bool:
    return scene.desk.now - scene.since > FORGOTTEN_AFTER


def _left_alone(scene: Scene) -> Replies:
    """Words of another day are another matter. What she had not confirmed was not filed, and she is told so."""
    before = (scene.talk.draft.get("said") or {}).get("text", "")
    replies = _villager_says(scene)
    said = f"上回您说“{shorten(before, 16)}”，没确认，没有报。要报请再说一遍。"
    return [Reply(said), *replies] if before else replies


def _stranger(scene: Scene) -> Replies:
    """Not bound yet: consent and village first. Her first words are kept and go on as her request."""
    meant = _offered(scene)
    if meant is not None:
        return meant
    if command_word(scene.text) in FOR_STRANGERS:
        return commanded(scene, ENGINE) or []
    if command_word(scene.text) == "m:appointments":
        return ENGINE.begin(scene, "join", {"talk": True})
    asks_nothing = is_greeting(scene.text) or command_word(scene.text) in NEEDS_CONSENT
    if asks_nothing or (not scene.text and not scene.media):
        return ENGINE.begin(scene, "join")
    return person_asks(scene, ENGINE) or ENGINE.begin(scene, "join", {"said": _said(scene)})


def _at_rest(scene: Scene) -> Replies:
    """No question is open."""
    meant = _offered(scene)
    if meant is not None:
        return meant
    named = commanded(scene, ENGINE)
    if named is not None:
        return named
    if not scene.text and not scene.media:
        return menu.menu(scene)
    if number_in(scene.text) is not None:
        return menu.menu(scene, "没听明白这个数字。")
    if scene.works:
        return _worker_says(scene)
    if _MOBILE.match(scene.text):
        return menu.villager_leaves_phone(scene)
    return _villager_says(scene)


def _offered(scene: Scene) -> Replies | None:
    """A number, or the very words of a choice, that belongs to what was last shown."""
    wires = shown.meant(scene)
    if not wires:
        return None
    return deed(scene, wires[0]) if len(wires) == 1 else [shown.which(scene, wires)]


def _worker_says(scene: Scene) -> Replies:
    """Free words of one who works on tickets: about the ticket at hand, if there is just one and it is his."""
    ticket = shown.ticket_at_hand(scene)
    if ticket is None or not handling.has_to_answer(scene.desk, ticket, scene.person):
        heard = pairs.answered(scene, ENGINE, _said(scene)) or person_asks(scene, ENGINE)
        return heard or menu.menu(scene, "没听明白。替人报事，回“代办”。")
    named = None if scene.media else button_named(scene, ticket)  # a picture would be lost
    return (
        deed(scene, named)
        if named
        else ENGINE.begin(scene, "meaning", {"ticket": ticket, "said": _said(scene)})
    )


def _villager_says(scene: Scene) -> Replies:
    """Free words of a villager: a danger, an answer to her cadre, a question, or a new matter."""
    if scene.desk.county.triage.judge(scene.text).unsure_danger:
        return ENGINE.begin(scene, "danger", {"said": _said(scene)})
    ticket = shown.ticket_she_was_asked_about(scene)
    if ticket is not None and not accuses(scene, scene.text):
        return ENGINE.begin(scene, "answering", {"ticket": ticket, "said": _said(scene)})
    answered = pairs.answered(scene, ENGINE, _said(scene)) or person_asks(scene, ENGINE)
    return answered or ENGINE.begin(scene, "request", {"said": _said(scene)})


def _said(scene: Scene) -> Draft:
    return {"text": scene.text, "media": list(scene.media)}
