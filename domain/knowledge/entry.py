"""One entry of the bank: what people ask, what is answered, and who says so."""

import re
from dataclasses import dataclass
from datetime import date

from domain.talk import VILLAGER_TEXT_LIMIT

MOST_ENTRIES = 2000
MOST_ASKS = 20
LONGEST_QUESTION = 60
LONGEST_ANSWER = 600
LONGEST_SOURCE = 24
"""Characters. The source stands before the answer, in its first message."""

_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]*|\n")
_CLAUSE = re.compile(r"[^，、：]+[，、：]?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and its answer. `day` is when the source said so; after `until` it is not answered any more."""

    question: str
    asks: tuple[str, ...]
    """Other ways to ask it."""
    answer: str
    source: str
    day: date
    until: date | None = None

    def holds(self, today: date) -> bool:
        return self.until is None or today <= self.until


def quoted(entry: Entry) -> list[str]:
    """The answer as it is told: who says so and when, then the words, in messages that an old person can read."""
    said = f"据{entry.source}（{entry.day.year}年{entry.day.month}月）：{entry.answer}"
    return messages(said)


def messages(text: str) -> list[str]:
    """`text` in messages of at most `VILLAGER_TEXT_LIMIT` characters, cut where a sentence or a clause ends."""
    told = [""]
    for piece in _pieces(text):
        if len(told[-1]) + len(piece.rstrip()) > VILLAGER_TEXT_LIMIT:
            told.append("")
        told[-1] += piece if told[-1] else piece.lstrip()
    return [one.strip() for one in told if one.strip()]


def _pieces(text: str) -> list[str]:
    """Sentences; of a long one its clauses; of a long clause as many characters as fit."""
    pieces: list[str] = []
    for sentence in _SENTENCE.findall(text):
        parts = [sentence] if len(sentence) <= VILLAGER_TEXT_LIMIT else _CLAUSE.findall(sentence)
        for part in parts:
            starts = range(0, len(part), VILLAGER_TEXT_LIMIT)
            pieces += [part[start : start + VILLAGER_TEXT_LIMIT] for start in starts]
    return pieces
