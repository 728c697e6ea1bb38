"""The way into a survey: by a word, by a choice of a message or of the menu, by a link."""

import re
import unicodedata

from domain.surveys.codes import NOT_A_VOTE
from domain.talk import Choice, Reply, shorten
from handlers.engine import Engine
from handlers.scene import Replies, Scene
from services.surveys import answering, codes

DEED = re.compile(r"^s:(\d{1,9})(?::(\d{1,3}))?$")
"""Wire id of the choice that opens a survey, or a page of what was handed in."""
_LINK = re.compile(r"^s(\d{1,9})$")
"""Payload of the link that leads to a survey."""
_TYPED = re.compile(r"(?:[sS]|问卷)\s*(\d{1,9})号?|(\d{1,9})\s*号问卷")
_LISTED = 6
_TITLE = 18


def by_link(link: str) -> str | None:
    """The choice that a link stands for, if it leads to a survey."""
    found = _LINK.match(link)
    return f"s:{found[1]}" if found else None


def by_words(text: str) -> str | None:
    """The choice that typed words stand for: 问卷12, 问卷12号, 12号问卷, or a link's s12 where links are typed."""
    found = _TYPED.fullmatch(unicodedata.normalize("NFKC", text))
    return f"s:{found[1] or found[2]}" if found else None


def person_taps(scene: Scene, engine: Engine, wire: re.Match[str], *, busy: bool) -> Replies:
    """She opens it, or goes on reading what she has handed in."""
    survey, page = int(wire[1]), wire[2]
    if page and not busy:
        return engine.begin(scene, "survey-start", {"survey": survey, "page": int(page)})
    return person_is_invited(scene, engine, survey, busy=busy)


def person_is_invited(scene: Scene, engine: Engine, survey: int, *, busy: bool) -> Replies:
    """She came by a choice or a link. Consent and village are before it, and what she is just saying (`busy`)."""
    if scene.talk.flow == "join":
        scene.talk.draft["survey"] = survey
    if busy:
        return engine.repeat(scene, "先答完这个：")
    if not scene.person.consented and not scene.works:
        return engine.begin(scene, "join", {"survey": survey})
    return _begin(scene, engine, survey)


def is_code(scene: Scene, text: str) -> bool:
    """Are typed words, or a link's payload, an invitation to answer?"""
    return codes.is_code(scene.desk, text)


def person_has_a_code(scene: Scene, engine: Engine, text: str, *, busy: bool) -> Replies:
    """She holds an invitation that is nobody's by name. Raises Refusal for one that is used, or whose time is over."""
    survey = answering.come_in_by_code(scene.desk, text, scene.person)
    scene.sitting = None
    return [Reply(f"邀请码对。{NOT_A_VOTE}。"), *person_is_invited(scene, engine, survey, busy=busy)]


def _begin(scene: Scene, engine: Engine, survey: int) -> Replies:
    """From where she was, if she has begun."""
    return engine.begin(scene, "survey-start", {"survey": survey})


def surveys_are_asked_for(scene: Scene, engine: Engine) -> Replies:
    """“问卷”: the one that waits for her, or which of several."""
    choices = entries(scene)
    if not choices:
        return [Reply("现在没有等您答的问卷。有了会告诉您。")]
    if len(choices) == 1:
        found = DEED.match(choices[0].id)
        return _begin(scene, engine, int(found[1])) if found else []
    return [Reply("想答哪一份？", choices)]


def entries(scene: Scene) -> tuple[Choice, ...]:
    """A choice for each survey that waits for her, the newest first."""
    if not scene.asked:
        return ()
    waiting = answering.waiting_for(scene.desk, scene.person)[:_LISTED]
    return tuple(Choice(f"s:{one.id}", f"答{shorten(one.title, _TITLE)}") for one in waiting)
