"""Links, and buttons of questions, of tickets, of the menu: each does what it says, or says why it cannot."""

import re
from collections.abc import Callable

from domain.errors import Refusal
from domain.flow import Answer
from domain.talk import Reply
from handlers import commands, digest, directory, linking, menu, reports, shown, standing
from handlers.appointments import talks as appointments
from handlers.duties import talks as duties
from handlers.engine import Engine
from handlers.flows import ENGINE, HER_OWN_WORDS
from handlers.quizzes import practice as quizzes
from handlers.scene import Replies, Scene
from handlers.suggestions import talks as suggestions
from handlers.surveys import aside, entry
from handlers.surveys import staff as survey_staff
from handlers.tickets.deeds import asks_for_words, ticket_deed
from services import directory as people

FLOW_CHOICE = re.compile(r"^(\d{1,9}):(.+)$")
FOR_ANYBODY = frozenset({"m:person", "m:link", "m:no-broadcasts", "m:broadcasts"})
"""What can be had from the menu before consent, and amid a question."""
FOR_STRANGERS = FOR_ANYBODY | {"m:suggest", "m:board"}
"""What needs no consent, since nothing of whoever asks is kept."""
NEEDS_CONSENT = frozenset({"m:surveys", "m:quiz", "m:my-quizzes", "m:withdraw", "m:urge"})
"""What a stranger may ask for by its name, which is no request of hers."""


def came_by_link(scene: Scene, link: str) -> Replies:
    survey = entry.by_link(link)
    if survey is not None:
        return deed(scene, survey)
    if entry.is_code(scene, link):
        return invited_by_code(scene, link)
    if people.looks_like_invitation(link):
        return directory.guest_is_invited(scene, link)
    try:
        area, household = directory.known_area(scene, link)
    except Refusal as refusal:
        return _card_not_read(scene, refusal)
    if scene.talk.flow in HER_OWN_WORDS - {"join"}:
        return ENGINE.repeat(scene, "先答完这个：")
    at_home = scene.person.area == area and household in ("", scene.person.household)
    if scene.person.consented and at_home:
        return ENGINE.repeat(scene) if scene.talk.flow else menu.menu(scene)  # a digit answers the question
    return ENGINE.begin(scene, "join", {"village": area, "household": household})


def _card_not_read(scene: Scene, refusal: Refusal) -> Replies:
    """Damaged, cut off, forged or revoked: what she was at goes on, and a stranger picks her village instead."""
    if scene.talk.flow is not None:
        return [Reply(refusal.say), *ENGINE.repeat(scene)]
    if scene.person.consented or scene.works:
        return [Reply(refusal.say)]
    return [Reply(f"{refusal.say}也可以接着选您的村。"), *ENGINE.begin(scene, "join")]


def invited_by_code(scene: Scene, text: str) -> Replies:
    """An invitation to answer a survey, typed from paper or opened."""
    if aside.amid(scene):
        return aside.survey_waits(scene, ENGINE, lambda scene: invited_by_code(scene, text))
    return entry.person_has_a_code(scene, ENGINE, text, busy=scene.talk.flow in HER_OWN_WORDS)


def tapped(scene: Scene, wire: str) -> Replies:
    """A button. One of the open question answers it; one of a ticket does what it says; any other is old."""
    of_flow = FLOW_CHOICE.match(wire)
    if of_flow:
        if scene.talk.flow is None:
            return [Reply("这个问题已经答过了。有事请直接说。")]
        if int(of_flow[1]) != scene.talk.asked:
            return ENGINE.repeat(scene, "那是前面的按钮。现在问的是：")
        return ENGINE.answer(scene, Answer(choice=of_flow[2]))
    return deed(scene, wire)


def deed(scene: Scene, wire: str) -> Replies:
    if aside.amid(scene):
        return aside.survey_waits(scene, ENGINE, lambda scene: deed(scene, wire))
    of_survey = entry.DEED.match(wire)
    if of_survey:
        busy = scene.talk.flow in HER_OWN_WORDS
        return entry.person_taps(scene, ENGINE, of_survey, busy=busy)
    of_ticket = shown.TICKET_DEED.match(wire)
    if of_ticket and scene.talk.flow in HER_OWN_WORDS and asks_for_words(of_ticket[2]):
        return ENGINE.repeat(scene, "先答完这个：")  # or what she said so far would be lost
    if of_ticket:
        return ticket_deed(scene, ENGINE, int(of_ticket[1]), of_ticket[2])
    of_staff = None if scene.talk.flow in HER_OWN_WORDS else survey_staff.tapped(scene, ENGINE, wire)
    if of_staff is not None:
        return of_staff
    of_link = shown.LINK_DEED.match(wire)
    if of_link:
        return linking.link_deed(scene, of_link[1], of_link[2])
    for is_its_own, do_deed in _OF_OTHER_NOUNS:
        if is_its_own(wire):
            if scene.talk.flow in HER_OWN_WORDS:
                return ENGINE.repeat(scene, "先答完这个：")
            return do_deed(scene, ENGINE, wire)
    return _from_menu(scene, wire)


_OF_OTHER_NOUNS: tuple[tuple[Callable[[str], bool], Callable[[Scene, Engine, str], Replies]], ...] = (
    (suggestions.is_deed, suggestions.do_deed),
    (appointments.is_deed, appointments.do_deed),
    (duties.is_deed, duties.do_deed),
    (standing.is_deed, standing.do_deed),
    (quizzes.is_deed, quizzes.do_deed),
    (reports.is_deed, reports.do_deed),
    (digest.is_deed, digest.do_deed),
)
"""Of each noun: which buttons are its own, and who does what they say."""


def _from_menu(scene: Scene, wire: str) -> Replies:
    """A menu can stand below the talk, to be tapped by a stranger or in the middle of a question."""
    if wire not in FOR_ANYBODY:
        if scene.talk.flow in HER_OWN_WORDS:
            return ENGINE.repeat(scene, "先答完这个：")
        if not scene.person.consented and not scene.works and wire not in FOR_STRANGERS:
            return ENGINE.begin(scene, "join")
    return commands.command(scene, ENGINE, wire)
