"""No question is open: what somebody says then, by the menu's words, by number, or freely."""

import re
import unicodedata

from domain.flow import Draft, number_in
from handlers import menu, pairs, reports, shown
from handlers.flows import ENGINE
from handlers.knowledge.asking import person_asks
from handlers.rectification.deeds import named_by_number
from handlers.scene import Replies, Scene
from handlers.surveys import results
from handlers.tapping import FOR_STRANGERS, NEEDS_CONSENT, deed
from handlers.tickets.deeds import ticket_deed
from handlers.tickets.request import accuses

_TICKET_WORD = re.compile(r"^(?:查|看)?\s*(\d{1,9})\s*号$|^(?:查|看)\s*(\d{1,9})$")
_MOBILE = re.compile(r"^[01]\d{10}$")


def stranger_says(scene: Scene) -> Replies:
    """Not bound yet: consent and village first. Her first words are kept and go on as her request."""
    meant = _offered(scene)
    if meant is not None:
        return meant
    if menu.command_word(scene.text) in FOR_STRANGERS:
        return by_name(scene) or []
    if menu.command_word(scene.text) == "m:appointments":
        return ENGINE.begin(scene, "join", {"talk": True})
    asks_nothing = menu.is_greeting(scene.text) or menu.command_word(scene.text) in NEEDS_CONSENT
    if asks_nothing or (not scene.text and not scene.media):
        return ENGINE.begin(scene, "join")
    return person_asks(scene, ENGINE) or ENGINE.begin(scene, "join", {"said": said(scene)})


def person_says(scene: Scene) -> Replies:
    """Whoever is known, or works here: what was just offered, something by its name, or free words."""
    meant = _offered(scene)
    if meant is not None:
        return meant
    command = by_name(scene)
    if command is not None:
        return command
    if not scene.text and not scene.media:
        return menu.menu(scene)
    if number_in(scene.text) is not None:
        return menu.menu(scene, "没听明白这个数字。")
    if scene.works:
        return _worker_says(scene)
    if _MOBILE.match(scene.text):
        return menu.villager_leaves_phone(scene)
    return villager_says(scene)


def _offered(scene: Scene) -> Replies | None:
    """A number, or the very words of a choice, that belongs to what was last shown."""
    wires = shown.meant(scene)
    if not wires:
        return None
    return deed(scene, wires[0]) if len(wires) == 1 else [shown.which(scene, wires)]


def _worker_says(scene: Scene) -> Replies:
    """Free words of one who works on tickets: about the ticket at hand, if there is just one."""
    ticket = shown.ticket_at_hand(scene)
    if ticket is None:
        return pairs.answered(scene, ENGINE, said(scene)) or person_asks(scene, ENGINE) or menu.menu(scene)
    return ENGINE.begin(scene, "meaning", {"ticket": ticket, "said": said(scene)})


def villager_says(scene: Scene) -> Replies:
    """Free words of a villager: a danger, an answer to her cadre, a question, or a new matter."""
    if scene.desk.county.triage.judge(scene.text).unsure_danger:
        return ENGINE.begin(scene, "danger", {"said": said(scene)})
    ticket = shown.ticket_she_was_asked_about(scene)
    if ticket is not None and not accuses(scene, scene.text):
        return ENGINE.begin(scene, "answering", {"ticket": ticket, "said": said(scene)})
    answered = pairs.answered(scene, ENGINE, said(scene)) or person_asks(scene, ENGINE)
    return answered or ENGINE.begin(scene, "request", {"said": said(scene)})


def said(scene: Scene) -> Draft:
    return {"text": scene.text, "media": list(scene.media)}


def by_name(scene: Scene) -> Replies | None:
    """A word of the menu, or the number of a ticket."""
    command = menu.command_word(scene.text)
    if command is not None:
        return menu.command(scene, ENGINE, command)
    survey = results.asked_for(scene.text)
    if survey is not None:
        return results.staff_reads_results(scene, survey)
    report = reports.asked_for(scene.text) if scene.works else None
    if report is not None:
        return reports.person_asks_for_a_report(scene, going_on=report[0], place=report[1])
    ticket = _TICKET_WORD.match(unicodedata.normalize("NFKC", scene.text))
    if ticket is None:
        return None
    number = int(ticket[1] or ticket[2])
    return named_by_number(scene, number) or ticket_deed(
        scene, ENGINE, number, "show" if scene.works else "look"
    )


def names_something_else(scene: Scene) -> bool:
    """Whoever was not understood asks for something by its name instead."""
    by_number = _TICKET_WORD.match(unicodedata.normalize("NFKC", scene.text))
    return by_number is not None or menu.command_word(scene.text) is not None
