"""Questions that the bank has no answer to: their words, and how often they came. Never who asked."""

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from storage import schema
from storage.database import Tx
from storage.statements import InsertOnce

_question = schema.unanswered_question
_once = InsertOnce(_question)


class Unanswered(NamedTuple):
    text: str
    times: int
    last_on: date


def note(tx: Tx, text: str, day: date) -> None:
    """It was asked, once more if it was before."""
    if not _once(tx, {"text": text, "times": 1, "first_on": day, "last_on": day}):
        again = {"times": _question.c.times + 1, "last_on": day}
        tx.execute(sa.update(_question).where(_question.c.text == text).values(again))


def listed(tx: Tx, most: int) -> list[Unanswered]:
    """The most often asked first."""
    query = sa.select(_question.c.text, _question.c.times, _question.c.last_on)
    ordered = query.order_by(_question.c.times.desc(), _question.c.last_on.desc(), _question.c.text)
    return [Unanswered(row.text, row.times, row.last_on) for row in tx.execute(ordered.limit(most))]


def drop(tx: Tx, texts: list[str]) -> None:
    tx.execute(sa.delete(_question).where(_question.c.text.in_(texts)))


def forget(tx: Tx, before: date) -> None:
    """Those that nobody has asked since."""
    tx.execute(sa.delete(_question).where(_question.c.last_on < before))
