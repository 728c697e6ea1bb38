"""The way into a survey: by a word, by a choice of a message or of the menu, by a link."""

import re

from domain.talk import Choice, Reply, shorten
from handlers.engine import Engine
from handlers.scene import Replies, Scene
from services.surveys import answering

DEED = re.compile(r"^s:(\d{1,9})$")
"""Wire id of the choice that opens a survey."""
_LINK = re.compile(r"^s(\d{1,9})$")
"""Payload of the link that leads to a survey."""
_LISTED = 7
_TITLE = 18


def by_link(link: str) -> int | None:
    """The survey that a link leads to, if it is such a link."""
    found = _LINK.match(link)
    return int(found[1]) if found else None


def begin(scene: Scene, engine: Engine, survey: int) -> Replies:
    """She wants to answer this one: from where she was, if she has begun."""
    return engine.begin(scene, "survey-start", {"survey": survey})


def surveys_are_asked_for(scene: Scene, engine: Engine) -> Replies:
    """“问卷”: the one that waits for her, or which of several."""
    choices = entries(scene)
    if not choices:
        return [Reply("现在没有等您答的问卷。有了会告诉您。")]
    if len(choices) == 1:
        found = DEED.match(choices[0].id)
        return begin(scene, engine, int(found[1])) if found else []
    return [Reply("想答哪一份？", choices)]


def entries(scene: Scene) -> tuple[Choice, ...]:
    """A choice for each survey that waits for her, the newest first."""
    waiting = answering.waiting_for(scene.desk, scene.person)[:_LISTED]
    return tuple(Choice(f"s:{one.id}", f"答{shorten(one.title, _TITLE)}") for one in waiting)
