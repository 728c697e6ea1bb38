"""Practice: a few questions of a topic, an answer at once, and nothing that anybody could be judged by."""

from collections.abc import Collection
from dataclasses import dataclass

from domain.knowledge.entry import messages

AT_ONCE = 5
"""Questions of one quiz."""
MOST_QUESTIONS = 2000
LETTERS = "ABCDEF"
LONGEST_TOPIC, LONGEST_QUESTION, LONGEST_OPTION, LONGEST_EXPLANATION = 15, 50, 30, 120


@dataclass(frozen=True, slots=True)
class Question:
    """`correct`: places of the right options, from 0. With more than one, all of them have to be chosen."""

    topic: str
    question: str
    options: tuple[str, ...]
    correct: tuple[int, ...]
    explanation: str
    id: int = 0

    def is_right(self, chosen: Collection[int]) -> bool:
        return set(chosen) == set(self.correct)


@dataclass(frozen=True, slots=True)
class Practised:
    """One topic: how many of its questions somebody has had right, and how many are left."""

    topic: str
    right: int
    left: int


def told(question: Question, chosen: Collection[int]) -> list[str]:
    """What she hears at once, in messages that can be read."""
    if question.is_right(chosen):
        return messages(f"对了。{question.explanation}")
    right = "、".join(question.options[place] for place in question.correct)
    return messages(f"不对，是“{right}”。{question.explanation}")
