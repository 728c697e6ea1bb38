"""Suggestions as the front door knows them: their flows, their buttons, and words that hold a code."""

from domain.flow import OneQuestion
from domain.talk import Reply
from handlers import directory, shown
from handlers.engine import Engine, Talk
from handlers.scene import Replies, Scene
from handlers.suggestions import answering, asking, board, staff, writing


def _nobody_understands(scene: Scene) -> Replies:
    """Nobody is called unless she asks for it, where she is or may yet become anonymous: he would learn of it."""
    if scene.talk.draft.get("as") == "signed":
        return directory.person_wants_a_human(scene)
    return [Reply("没听明白。不说了回“取消”，要找人回0。")]


TALKS = {
    "suggest": Talk(
        writing.suggest_flow, writing.person_has_suggested, writing.key_of, lost=_nobody_understands
    ),
    "receipt": Talk(asking.receipt_flow, asking.writer_has_answered, asking.key_of, lost=_nobody_understands),
    "suggestion-more": Talk(lambda _: OneQuestion(asking.ask_for_more), asking.writer_has_added),
    "suggestion-say": Talk(lambda _: OneQuestion(staff.ask_staff), staff.staff_have_said),
    "suggestion-merge": Talk(staff.merge_flow, staff.staff_merge),
    "suggestion-answer": Talk(answering.answer_flow, answering.staff_answer),
}


def is_deed(wire: str) -> bool:
    """Is it a button of a suggestion, or of the board?"""
    return bool(shown.SUGGESTION_DEED.match(wire) or shown.BOARD_PLACE.match(wire))


def do_deed(scene: Scene, engine: Engine, wire: str) -> Replies:
    """Do what such a button says."""
    of_suggestion = shown.SUGGESTION_DEED.match(wire)
    if of_suggestion:
        return staff.suggestion_deed(scene, engine, int(of_suggestion[1]), of_suggestion[2])
    return board.anybody_reads(scene, int(wire.removeprefix("b:")))


def person_shows_a_code(scene: Scene, engine: Engine) -> Replies | None:
    """A receipt code: at rest, in the talk about one, and before consent. None if her words hold none."""
    if scene.talk.flow not in (None, "join", "receipt"):
        return None
    return asking.person_shows_a_code(scene, engine)
