"""Somebody asks: the bank answers and says from where it knows, or a person does.

Nothing that may be a request comes here, and after every answer "还是要找人" files what was said, as it was said.
"""

from dataclasses import dataclass

from domain.flow import Ask, Done, Draft
from domain.knowledge.asking import is_question
from domain.knowledge.entry import quoted
from domain.talk import Choice, Reply
from handlers.engine import Engine, Talk, Then
from handlers.scene import Replies, Scene
from handlers.tickets.request import accuses
from services.knowledge import answering

AT_ONCE = 3
"""Messages of an answer that are told without being asked for."""
_ENOUGH, _PERSON, _MORE = (
    Choice("enough", "知道了"),
    Choice("person", "还是要找人"),
    Choice("more", "接着看"),
)
_NOT_SURE = Reply("这个我没有把握，让人来答复您。")


@dataclass(frozen=True, slots=True)
class Answered:
    """draft has "said", "parts", what is still to be told, and "shown", what was told last."""

    for_herself: bool
    """False: one who works here, and files nothing for himself."""

    def ask(self, draft: Draft) -> Ask | Done:
        if "then" in draft:
            return Done()
        choices = (_ENOUGH, *([_PERSON] if self.for_herself else []), *([_MORE] if draft["parts"] else []))
        return Ask("then", draft["shown"], choices)


def answered_flow(scene: Scene) -> Answered:
    return Answered(not scene.works)


def person_asks(scene: Scene, engine: Engine) -> Replies | None:
    """None: her words are no clear question, or there is no bank, and they go the way of all words."""
    then = answer_to(scene, {"text": scene.text, "media": list(scene.media)})
    if then is None:
        return None
    if scene.works and then.flow != "policy":
        return [Reply("这个我没有现成的答案，记下了，给县上看。")]
    return [*then.before, *engine.begin(scene, then.flow, then.draft)]


def answer_to(scene: Scene, said: Draft) -> Then | None:
    """What follows on her words, if they are a clear question and there is a bank."""
    if said["media"] or not is_question(said["text"]):
        return None
    verdict = scene.desk.county.triage.judge(said["text"])
    if verdict.emergency or verdict.unsure_danger or accuses(scene, said["text"]):
        return None
    looked = answering.look(scene.desk, said["text"])
    if looked is None:
        return None
    if looked.entry is not None:
        return _told(said, quoted(looked.entry))
    answering.note_unanswered(scene.desk, said["text"])
    return _to_a_person(scene, said, [_NOT_SURE])


def person_has_heard(scene: Scene, draft: Draft) -> Replies | Then:
    """She knows now, wants to hear the rest, or wants a person."""
    if draft["then"] == _MORE.id:
        return _told(draft["said"], draft["parts"])
    if draft["then"] == _PERSON.id:
        return _to_a_person(scene, draft["said"], [], {"right": "yes"})
    return [Reply("好，有事随时说。")]


def _to_a_person(scene: Scene, said: Draft, before: Replies, agreed: Draft | None = None) -> Then:
    """Her matter is filed; who is not known yet comes in first, and is not answered by the bank again."""
    if not scene.person.consented:
        return Then("join", {"said": said, "to_a_person": True}, before)
    return Then("request", {"said": said} | (agreed or {}), before)


def _told(said: Draft, parts: list[str]) -> Then:
    now, later = parts[:AT_ONCE], parts[AT_ONCE:]
    return Then("policy", {"said": said, "shown": now[-1], "parts": later}, [Reply(one) for one in now[:-1]])


TALKS = {"policy": Talk(answered_flow, person_has_heard)}
