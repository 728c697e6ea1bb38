"""The flow engine: one question at a time on every channel, with back, cancel and a person always at hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.flow import Answer, Ask, Done, Draft, Flow, Invalid, number_in, pick, step
from domain.talk import Choice, Conversation, Reply
from handlers.scene import Replies, Scene

MISSES_UNTIL_A_PERSON = 2


@dataclass(frozen=True, slots=True)
class Then:
    """One flow is done and another begins, in the same turn."""

    flow: str
    draft: Draft
    before: Replies


def _open(_draft: Draft) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Talk:
    """A flow as the house runs it: how to make it for a scene, and what to do when all is answered.

    private: the name of the key under which the talk rests sealed, as its draft stands; "" leaves it open.
    back: what 9 does on the flow's first question, which otherwise stays. leave: what 取消 does, where something is
    kept. lost: who helps when she was not understood twice, if no person is to be called.
    """

    flow: Callable[[Scene], Flow]
    finish: Callable[[Scene, Draft], Replies | Then]
    private: Callable[[Draft], str] = _open
    back: Callable[[Scene, Draft], Replies | Then] | None = None
    leave: Callable[[Scene, Draft], Replies] | None = None
    lost: Callable[[Scene], Replies] | None = None


def _put_down(talk: Conversation) -> None:
    talk.flow, talk.draft, talk.trail, talk.misses, talk.offered = None, {}, [], 0, []


class Engine:
    """Runs the flows it is given by name. The talk's state is the conversation; nothing else is kept."""

    def __init__(self, talks: Mapping[str, Talk], call_a_person: Callable[[Scene], Replies]) -> None:
        self._talks = talks
        self._call_a_person = call_a_person

    def begin(self, scene: Scene, name: str, draft: Draft | None = None) -> Replies:
        """Open a flow, with what is known already as its draft."""
        talk = scene.talk
        if talk.private and self._talks[name].private(draft or {}) != talk.private:
            talk.ends_privacy()
        talk.flow, talk.draft, talk.trail, talk.misses = name, dict(draft or {}), [], 0
        return self._go_on(scene, self._flow(scene).ask(talk.draft))

    def answer(self, scene: Scene, answer: Answer) -> Replies:
        """Take an answer to the open question."""
        talk = scene.talk
        flow = self._flow(scene)
        question = flow.ask(talk.draft)
        if isinstance(question, Done):
            return self._finish(scene)
        result = step(flow, talk.draft, answer)
        if isinstance(result, Invalid):
            return self._missed(scene, result, question)
        if isinstance(result, Ask) and result.missed:
            return self._missed(scene, Invalid(result.text), result)
        talk.misses = 0
        if question.key in talk.draft and question.key not in talk.trail:
            talk.trail.append(question.key)
        return self._go_on(scene, result)

    def back(self, scene: Scene) -> Replies:
        """Return to the question before; the first question stays."""
        talk = scene.talk
        if talk.trail:
            talk.draft.pop(talk.trail.pop(), None)
        elif (before := self._open_talk(scene).back) is not None:
            draft = talk.draft
            _put_down(talk)
            return self._then(scene, before(scene, draft))
        talk.misses = 0
        return self._go_on(scene, self._flow(scene).ask(talk.draft))

    def cancel(self, scene: Scene) -> Replies:
        """Leave the flow; nothing of it is kept, unless it sees to that itself."""
        leave, draft = self._open_talk(scene).leave, scene.talk.draft
        self.close(scene)
        return [Reply("好，不办了。有事随时再说。")] if leave is None else leave(scene, draft)

    def takes(self, scene: Scene) -> bool:
        """Is her word a digit that answers the open question, although it means something else everywhere else?"""
        number = number_in(scene.text)
        if number is None or scene.talk.flow is None:
            return False
        question = self.question(scene)
        return question is not None and str(number) in question.own

    def fits(self, scene: Scene) -> bool:
        """Are her words an answer to the open question, or a number, which is meant for it even where it is none?"""
        if scene.inbound.choice or scene.inbound.link or number_in(scene.text) is not None:
            return True
        question = self.question(scene)
        if question is None:
            return False
        if pick(scene.text, question.choices) is not None:
            return True
        return question.read is not None and not isinstance(question.read(scene.answer), Invalid)

    def question(self, scene: Scene) -> Ask | None:
        """The open question, if there is one."""
        question = self._flow(scene).ask(scene.talk.draft) if scene.talk.flow else None
        return question if isinstance(question, Ask) else None

    def repeat(self, scene: Scene, before: str = "") -> Replies:
        """Put the open question once more."""
        question = self._flow(scene).ask(scene.talk.draft)
        if isinstance(question, Done):
            return self._finish(scene)
        return [self._put(scene, question, before + question.text)]

    @staticmethod
    def close(scene: Scene) -> None:
        _put_down(scene.talk)
        scene.talk.ends_privacy()

    def _open_talk(self, scene: Scene) -> Talk:
        return self._talks[scene.talk.flow or ""]

    def _flow(self, scene: Scene) -> Flow:
        return self._open_talk(scene).flow(scene)

    def _go_on(self, scene: Scene, result: Ask | Invalid | Done) -> Replies:
        if not isinstance(result, Ask):
            return self._finish(scene)
        scene.talk.private = self._talks[scene.talk.flow or ""].private(scene.talk.draft)
        return [self._put(scene, result, result.text)]

    def _finish(self, scene: Scene) -> Replies:
        talk = self._open_talk(scene)
        draft: dict[str, Any] = scene.talk.draft
        _put_down(scene.talk)
        return self._then(scene, talk.finish(scene, draft))

    def _then(self, scene: Scene, result: Replies | Then) -> Replies:
        """Privacy goes on into a flow under the same key: where it ended in between would tell how far she has come."""
        if isinstance(result, Then):
            return [*result.before, *self.begin(scene, result.flow, result.draft)]
        scene.talk.ends_privacy()
        return result

    def _missed(self, scene: Scene, invalid: Invalid, question: Ask) -> Replies:
        scene.talk.misses += 1
        if scene.talk.misses >= MISSES_UNTIL_A_PERSON:
            scene.talk.misses = 0
            help_her = self._open_talk(scene).lost or self._call_a_person
            return [*help_her(scene), self._put(scene, question, question.text)]
        return [self._put(scene, question, invalid.say)]

    @staticmethod
    def _put(scene: Scene, question: Ask, text: str) -> Reply:
        """The question as a reply whose choices carry the question's number, so that an old tap is recognised."""
        talk = scene.talk
        talk.asked += 1
        talk.offered = []
        choices = tuple(Choice(f"{talk.asked}:{choice.id}", choice.label) for choice in question.choices)
        return Reply(text, choices, question.media)
