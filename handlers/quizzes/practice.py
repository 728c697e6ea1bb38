"""The way into a quiz, and what one has practised so far, which is nobody else's matter."""

import re

from domain.knowledge.entry import messages
from domain.talk import Choice, Reply
from handlers.engine import Engine
from handlers.scene import Replies, Scene
from services.quizzes import practice

_AGAIN = re.compile(r"^z:(.{0,15})$")
"""Wire id of the choice that goes on with a topic; "" stands for all."""
_NONE = Reply("还没有练习题。")
_FIRST = Reply("自己练，不记分，不给别人看。回数字就行，不练了回“取消”。")


def person_wants_to_practise(scene: Scene, engine: Engine) -> Replies:
    topics = [one.topic for one in practice.practised(scene.desk, scene.person)]
    if not topics:
        return [_NONE]
    if len(topics) == 1:
        return begin(scene, engine, topics[0])
    return [_FIRST, *engine.begin(scene, "quiz-topic", {"topics": topics})]


def is_deed(wire: str) -> bool:
    return bool(_AGAIN.match(wire))


def do_deed(scene: Scene, engine: Engine, wire: str) -> Replies:
    """More of the same topic."""
    return begin(scene, engine, wire.removeprefix("z:"))


def begin(scene: Scene, engine: Engine, topic: str) -> Replies:
    draft = drawn(scene, topic)
    return [_FIRST, *engine.begin(scene, "quiz", draft)] if draft else [all_known(topic)]


def drawn(scene: Scene, topic: str) -> dict[str, object]:
    """The draft of a new quiz; empty if nothing is left to ask."""
    questions = practice.draw(scene.desk, scene.person, topic)
    if not questions:
        return {}
    return {"topic": topic, "asked": questions[0], "left": questions[1:], "of": len(questions)}


def all_known(topic: str) -> Reply:
    return Reply(f"{topic}的题您都答对过了。" if topic else "题您都答对过了。")


def person_sees_her_practice(scene: Scene) -> Replies:
    """我的练习: to her alone."""
    topics = practice.practised(scene.desk, scene.person)
    if not topics:
        return [_NONE]
    lines = [f"{one.topic}：答对过{one.right}题，还有{one.left}题。" for one in topics]
    told = messages("\n".join([*lines, "只给您自己看。"]))
    return [*map(Reply, told[:-1]), Reply(told[-1], (Choice("m:quiz", "接着练"),))]
