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
    if scene.media or not is_question(scene.text):
        return None
    if scene.desk.county.triage.judge(scene.text).emergency or accuses(scene, scene.text):
        return None
    looked = answering.look(scene.desk, scene.text)
    if looked is None:
        return None
    said: Draft = {"text": scene.text, "media": []}
    if looked.entry is not None:
        then = _told(said, quoted(looked.entry))
        return [*then.before, *engine.begin(scene, then.flow, then.draft)]
    answering.note_unanswered(scene.desk, scene.text)
    if scene.works:
        return [Reply("这个我没有现成的答案，记下了，给县上看。")]
    return [_NOT_SURE, *engine.begin(scene, *_to_a_person(scene, said))]


def person_has_heard(scene: Scene, draft: Draft) -> Replies | Then:
    """She knows now, wants to hear the rest, or wants a person."""
    if draft["then"] == _MORE.id:
        return _told(draft["said"], draft["parts"])
    if draft["then"] == _PERSON.id:
        flow, begun = _to_a_person(scene, draft["said"])
        agreed = {"right": "yes"} if flow == "request" else {}
        return Then(flow, begun | agreed, [])
    return [Reply("好，有事随时说。")]


def _to_a_person(scene: Scene, said: Draft) -> tuple[str, Draft]:
    return ("request" if scene.person.consented else "join"), {"said": said}


def _told(said: Draft, parts: list[str]) -> Then:
    now, later = parts[:AT_ONCE], parts[AT_ONCE:]
    return Then("policy", {"said": said, "shown": now[-1], "parts": later}, [Reply(one) for one in now[:-1]])


TALKS = {"policy": Talk(answered_flow, person_has_heard)}
