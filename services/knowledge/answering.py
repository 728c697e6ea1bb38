"""Answering from the bank: what it knows, what it does not, and what nobody has found in it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from domain.delivery import CHINA
from domain.knowledge.entry import Entry
from domain.talk import shorten
from domain.triage import Triage
from services.desk import Desk
from storage.knowledge import bank, unanswered
from storage.knowledge.unanswered import Unanswered

if TYPE_CHECKING:
    from domain.knowledge.ranking import Ranking

KEPT = timedelta(days=180)
"""So long after it was last asked an unanswered question is forgotten."""
_LONGEST = 80
_MOST_LISTED = 200
_NUMBERS = re.compile(r"[0-9A-Za-z]{5,}")
"""Phones, papers, plates: who asked may be known by them."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What the bank says to a question: an entry, or that it does not know, or is not sure."""

    entry: Entry | None


class _Shelf:
    """The ranking of the bank that was last asked, made anew when another one was loaded."""

    def __init__(self) -> None:
        self._held: tuple[str, Triage, Ranking] | None = None

    def ranking(self, desk: Desk) -> "Ranking | None":
        """None where there is no bank, or an empty one."""
        loaded = bank.newest(desk.tx)
        if loaded is None or not loaded.entries:
            return None
        held, triage = self._held, desk.county.triage
        if held is None or held[0] != loaded.mark or held[1] is not triage:
            # numpy and bm25s take twenty megabytes, which a county without a bank need not spend.
            from domain.knowledge.ranking import Ranking, Reader  # noqa: PLC0415

            made = Ranking(bank.entries(desk.tx), Reader(triage.words, triage.same))
            held = self._held = (loaded.mark, triage, made)
        return held[2]


_SHELF = _Shelf()


def look(desk: Desk, question: str) -> Looked | None:
    """What the bank says to a question; None where there is no bank. An entry that is out of date says nothing."""
    ranking = _SHELF.ranking(desk)
    if ranking is None:
        return None
    entry = ranking.look(question)
    return Looked(entry if entry is not None and entry.holds(_today(desk)) else None)


def note_unanswered(desk: Desk, question: str) -> None:
    """Staff will see that it was asked, never by whom."""
    unanswered.note(desk.tx, shorten(_NUMBERS.sub("…", question), _LONGEST), _today(desk))


def listed(desk: Desk) -> list[Unanswered]:
    """What is still not answered, the most often asked first. What the bank has learned since is dropped."""
    noted = unanswered.listed(desk.tx, _MOST_LISTED)
    known = [one.text for one in noted if (looked := look(desk, one.text)) and looked.entry]
    unanswered.drop(desk.tx, known)
    return [one for one in noted if one.text not in known]


def forget_the_old(desk: Desk) -> None:
    unanswered.forget(desk.tx, _today(desk) - KEPT)


def _today(desk: Desk) -> date:
    return desk.now.astimezone(CHINA).date()
