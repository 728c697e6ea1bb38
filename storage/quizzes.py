"""The bank of quiz questions, and what somebody has had right: marks that only the key leads back from."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from domain.quizzes import Question
from storage import schema
from storage.database import Tx
from storage.keys import keys_of
from storage.statements import InsertOnce, lock_name

KEY = "quiz-1"
_question = schema.quiz_question
_right = schema.quiz_right
_once = InsertOnce(_right)


def replace(tx: Tx, questions: Sequence[Question]) -> None:
    """From now on these are asked. A question that stays, by its words, stays had right."""
    lock_name(tx, "quiz")
    known = {row.question: row.id for row in tx.execute(sa.select(_question.c.id, _question.c.question))}
    tx.execute(sa.update(_question).values(asked=False))
    for one in questions:
        values = {
            "topic": one.topic,
            "question": one.question,
            "options": list(one.options),
            "correct": list(one.correct),
            "explanation": one.explanation,
            "asked": True,
        }
        if one.question in known:
            tx.execute(sa.update(_question).where(_question.c.id == known[one.question]).values(values))
        else:
            tx.execute(sa.insert(_question), values)


_ASKED = sa.select(_question).where(_question.c.asked).order_by(_question.c.id)
_TOPICS = sa.select(_question.c.id, _question.c.topic).where(_question.c.asked).order_by(_question.c.id)


_ANY = sa.select(_question.c.id).where(_question.c.asked).limit(1)


def is_any(tx: Tx) -> bool:
    """Is a question in force?"""
    return tx.execute(_ANY).first() is not None


def asked(tx: Tx) -> list[Question]:
    """All that are in force, in the order of the file."""
    return [_read(row) for row in tx.execute(_ASKED)]


def topics(tx: Tx) -> dict[str, list[int]]:
    """The questions in force by topic."""
    found: dict[str, list[int]] = {}
    for row in tx.execute(_TOPICS):
        found.setdefault(row.topic, []).append(row.id)
    return found


def find(tx: Tx, question: int) -> Question | None:
    """Also one that is not asked any more, which somebody may just be answering."""
    row = tx.execute(sa.select(_question).where(_question.c.id == question)).first()
    return None if row is None else _read(row)


def _read(row: Any) -> Question:
    return Question(row.topic, row.question, tuple(row.options), tuple(row.correct), row.explanation, row.id)


def had_right(tx: Tx, person: int, questions: Collection[int]) -> set[int]:
    """Which of them she has had right."""
    marks = _marks(tx, person, questions)
    found = tx.execute(sa.select(_right.c.mark).where(_right.c.mark.in_(list(marks))))
    return {marks[bytes(mark)] for mark in found.scalars()}


def note_right(tx: Tx, person: int, question: int) -> None:
    keys_of(tx).make(KEY)
    for mark in _marks(tx, person, [question]):
        _once(tx, {"mark": mark})


def forget(tx: Tx, person: int) -> None:
    """She never practised."""
    marks = _marks(tx, person, _ever(tx))
    if marks:
        tx.execute(sa.delete(_right).where(_right.c.mark.in_(list(marks))))


def hand_over(tx: Tx, gone: int, kept: int) -> None:
    """Two turn out to be one."""
    for question in had_right(tx, gone, _ever(tx)):
        note_right(tx, kept, question)
    forget(tx, gone)


def _ever(tx: Tx) -> list[int]:
    return list(tx.execute(sa.select(_question.c.id)).scalars())


def _marks(tx: Tx, person: int, questions: Collection[int]) -> dict[bytes, int]:
    """The person's mark for each question. None without the key, which is in no backup: then all is forgotten."""
    key = keys_of(tx).find(KEY) if questions else None
    return {} if key is None else {key.mark(f"{person}:{one}"): one for one in questions}
