"""Find thousands of phrases in a short text quickly: look literals up, then try only their patterns."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from domain.triage.notation import Phrase

Owner = TypeVar("Owner")


@dataclass(frozen=True, eq=False, slots=True)
class Found(Generic[Owner]):
    """One occurrence of a phrase. `mask` has a bit for every character of the text that the phrase used."""

    phrase: Phrase
    owner: Owner
    start: int
    end: int
    mask: int
    words: str

    @property
    def weight(self) -> int:
        return self.mask.bit_count() if self.phrase.weight is None else self.phrase.weight


class Finder(Generic[Owner]):
    """Finds the phrases it was given; each comes back with the owner it was given with."""

    def __init__(self, phrases: Iterable[tuple[Phrase, Owner]]) -> None:
        plain: defaultdict[str, list[tuple[Phrase, Owner]]] = defaultdict(list)
        patterned: defaultdict[str, list[tuple[Phrase, Owner]]] = defaultdict(list)
        for phrase, owner in phrases:
            for anchor in phrase.anchors:
                (patterned if phrase.expression else plain)[anchor].append((phrase, owner))
        self._plain = dict(plain)
        self._patterned = dict(patterned)
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for anchor in (*plain, *patterned):
            lengths[anchor[0]].add(len(anchor))
        self._lengths = {first: tuple(sorted(sizes)) for first, sizes in lengths.items()}

    def find(self, text: str) -> list[Found[Owner]]:
        found: list[Found[Owner]] = []
        tried: set[int] = set()  # by id: comparing phrases costs more than looking for them
        for start, first in enumerate(text):
            for length in self._lengths.get(first, ()):
                piece = text[start : start + length]
                for phrase, owner in self._plain.get(piece, ()):
                    mask = ((1 << length) - 1) << start
                    found.append(Found(phrase, owner, start, start + length, mask, piece))
                for phrase, owner in self._patterned.get(piece, ()):
                    if id(phrase) not in tried:
                        tried.add(id(phrase))
                        found.extend(_matches(phrase, owner, text))
        return found


def _matches(phrase: Phrase, owner: Owner, text: str) -> Iterator[Found[Owner]]:
    place = 0
    while match := phrase.pattern.search(text, place):
        # Go on after the first word, not the last: in 我看见娃掉井里 the one who fell is the child.
        place = match.end(1)
        mask = 0
        for index in range(1, len(match.regs)):
            start, end = match.span(index)
            mask |= ((1 << (end - start)) - 1) << start
        yield Found(phrase, owner, match.start(), match.end(), mask, "…".join(match.groups()))
