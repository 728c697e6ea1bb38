"""Amid a survey she speaks of something else: then the survey waits."""

import re
import unicodedata
from collections.abc import Callable

from domain.flow import Invalid, number_in, pick
from domain.talk import Reply
from domain.triage import OTHER
from handlers.commands import MAY_BE_AN_ANSWER, command_word
from handlers.engine import Engine, Talk
from handlers.scene import Replies, Scene
from handlers.surveys import looking_back, talks


def _key(draft: dict[str, str]) -> str:
    return draft.get("private", "")


TALKS = {
    "survey-start": Talk(talks.beginning, talks.person_begins),
    "survey": Talk(
        talks.asking,
        talks.person_has_answered,
        _key,
        talks.person_goes_back,
        talks.person_pauses,
        talks.nobody_understands,
    ),
    "survey-review": Talk(
        looking_back.review,
        looking_back.person_has_looked_back,
        _key,
        talks.person_goes_back,
        talks.person_pauses,
        talks.nobody_understands,
    ),
}

_WAITS = Reply("问卷先放着，回“问卷”接着答。")
_DIGITS = re.compile(r"[\d\s、,.;/-]+")


def amid(scene: Scene) -> bool:
    """Is a survey what is being talked about?"""
    return scene.talk.flow in TALKS


def hears_another_matter(scene: Scene, engine: Engine, *, cold: bool) -> bool:
    """Does she speak of something else than the open question? What can be its answer is its answer.

    cold: she was away for so long that free words are hardly an answer any more; a danger then never is one.
    """
    text = unicodedata.normalize("NFKC", scene.text)
    if not amid(scene) or _DIGITS.fullmatch(text) or number_in(text) is not None:
        return False
    question = engine.question(scene)
    if question is None or pick(text, question.choices) is not None:
        return False
    command = command_word(text)
    if command is not None and command not in MAY_BE_AN_ANSWER:
        return True
    if scene.talk.private:
        return False  # nothing said amid an anonymous survey becomes a matter with her name on it
    fits = question.read is not None and not isinstance(question.read(scene.answer), Invalid)
    if not cold and (fits or talks.is_spoken_of(scene, text)):
        return False
    return _is_a_matter(scene, text, only_danger=fits)


def _is_a_matter(scene: Scene, text: str, *, only_danger: bool) -> bool:
    if scene.works:
        return False
    if not text:  # a voice that nothing was heard of is an answer of one who cannot type
        return not only_danger and any(one.kind != "voice" for one in scene.inbound.media)
    verdict = scene.desk.county.triage.judge(text)
    if verdict.emergency or only_danger:
        return bool(verdict.emergency)
    return verdict.unsure_danger or verdict.category != OTHER


def survey_waits(scene: Scene, engine: Engine, something_else: Callable[[Scene], Replies]) -> Replies:
    """She does something else, and is told how to come back."""
    engine.close(scene)
    replies = something_else(scene)
    return replies if amid(scene) else [*replies[:-1], _WAITS, *replies[-1:]]


def asks_for_free_words(scene: Scene, engine: Engine) -> bool:
    """Is a survey's question open to which anything at all would be an answer?"""
    question = engine.question(scene) if amid(scene) else None
    return question is not None and question.free
