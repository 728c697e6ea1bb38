"""Practising. Who has had what right is known to nobody but her: the database alone cannot tell."""

from collections.abc import Collection, Sequence
from secrets import SystemRandom

from domain.directory import Person
from domain.quizzes import AT_ONCE, Practised, Question, told
from services.desk import Desk
from storage import quizzes


def load(desk: Desk, questions: Sequence[Question]) -> None:
    """From now on these are asked, and no others."""
    quizzes.replace(desk.tx, questions)


def is_any(desk: Desk) -> bool:
    """Is there anything to practise?"""
    return quizzes.is_any(desk.tx)


def in_force(desk: Desk) -> list[Question]:
    return quizzes.asked(desk.tx)


def practised(desk: Desk, person: Person) -> list[Practised]:
    """Every topic, and how far she has come."""
    found = quizzes.topics(desk.tx)
    right = quizzes.had_right(desk.tx, person.id, [one for questions in found.values() for one in questions])
    return [
        Practised(topic, len(right & set(questions)), len(set(questions) - right))
        for topic, questions in found.items()
    ]


def draw(desk: Desk, person: Person, topic: str) -> list[int]:
    """A few questions of a topic ("" for all) that she has not had right yet, in no order."""
    of_topics = quizzes.topics(desk.tx)
    of_topic = (
        of_topics.get(topic, []) if topic else [one for questions in of_topics.values() for one in questions]
    )
    left = set(of_topic) - quizzes.had_right(desk.tx, person.id, of_topic)
    return SystemRandom().sample(sorted(left), min(AT_ONCE, len(left)))


def question(desk: Desk, number: int) -> Question | None:
    return quizzes.find(desk.tx, number)


def answer(desk: Desk, person: Person, asked: Question, chosen: Collection[int]) -> list[str]:
    """What she hears. What she has had right is not asked again; of what she has not, nothing is kept."""
    if asked.is_right(chosen):
        quizzes.note_right(desk.tx, person.id, asked.id)
    return told(asked, chosen)
