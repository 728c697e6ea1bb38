"""How much a sentence resembles sentences that people have sorted before: naive Bayes over short pieces.

Words catch what someone thought of; likeness catches the rest, since every few characters that the
examples of one kind share speak for that kind. Counting is all there is to learning, so that a lexicon
is ready a moment after it was edited.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# A pair of characters counts as one piece up to so many places apart.
_REACH = 6
_MOST_SHOWN = 3
# Counted to every piece, so that one never seen among the examples of a kind does not rule the kind out.
_SMOOTHING = 0.2
_SILENT = str.maketrans("", "", ",。!?;:、.-")
# Sentences: a short one is looked at for danger and for its category.
_REMEMBERED = 16


Pieces = Collection[str]
"""Each once."""


def pieces_of(text: str) -> frozenset[str]:
    """Characters, runs of three, and pairs a few apart (掉…井); ^ and $ stand for the beginning and the end."""
    spoken = text.translate(_SILENT)
    return _pieces(f"^{spoken}$") if spoken else frozenset()


@lru_cache(_REMEMBERED)
def _pieces(text: str) -> frozenset[str]:
    pieces = set(text)
    pieces.update(map("".join, pairwise(text)))
    pieces.update(map("".join, zip(text, text[1:], text[2:], strict=False)))
    for apart in range(2, _REACH):
        pieces.update(map("…".join, zip(text, text[apart:], strict=False)))
    return frozenset(pieces)


@dataclass(frozen=True, slots=True)
class _Says:
    """What a piece says (log odds): to a label whose examples have it, its own; to every other one, `elsewhere`."""

    elsewhere: float
    beyond: tuple[tuple[str, float], ...]
    """By label: how much more than `elsewhere`."""


_Counts = tuple[tuple[str, int], ...]
"""By label: how many of its examples have a piece."""


class Likeness:
    """Learned from `examples`: the pieces of a sentence, and its label.

    There are hundreds of thousands of pieces, most of them found once. All that are found alike share what they say.
    """

    def __init__(self, examples: Iterable[tuple[Pieces, str]]) -> None:
        by_label: defaultdict[str, list[Pieces]] = defaultdict(list)
        for pieces, label in examples:
            by_label[label].append(pieces)
        self._alike: dict[str, int] = {}
        """By piece: its place in `found`, and so in `says`."""
        found: list[_Counts] = [()]
        places: dict[tuple[int, str, int], int] = {}
        sizes: dict[str, int] = {}
        for label, sentences in by_label.items():
            counts = Counter(chain.from_iterable(sentences))
            sizes[label] = counts.total()
            for piece, count in counts.items():
                before = self._alike.get(piece, 0)
                place = places.setdefault((before, label, count), len(found))
                if place == len(found):
                    found.append((*found[before], (label, count)))
                self._alike[piece] = place
        self._says = [_says(counts) for counts in found]
        smoothed = _SMOOTHING * len(self._alike)
        total = sum(sizes.values()) + smoothed
        self._bases = {
            label: math.log((size + smoothed) / (total - size - smoothed + 1))
            for label, size in sizes.items()
        }

    def most_telling(self, text: str, label: str) -> tuple[str, ...]:
        """The pieces of `text`, of two characters or more, that speak most for `label`; for people to see."""
        known = {piece: self._says[self._alike[piece]] for piece in pieces_of(text) if piece in self._alike}
        weights = {
            piece: weight
            for piece, says in known.items()
            for name, weight in says.beyond
            if name == label and len(piece) > 1 and "^" not in piece and "$" not in piece
        }
        return tuple(sorted(weights, key=lambda piece: (-weights[piece], text.find(piece)))[:_MOST_SHOWN])

    def weigh(self, text: str) -> dict[str, float]:
        """For each label, by how much `text` looks more like it than like all the others (log odds).

        Empty when there is nothing in `text` that the examples could speak of.
        """
        known = [self._says[place] for piece in pieces_of(text) if (place := self._alike.get(piece))]
        if not known:
            return {}
        elsewhere = sum(says.elsewhere for says in known)
        weights = {label: elsewhere - base * len(known) for label, base in self._bases.items()}
        for says in known:
            for label, beyond in says.beyond:
                weights[label] += beyond
        return weights


def _says(counts: _Counts) -> _Says:
    often = sum(count for _, count in counts)
    elsewhere = _odds(0, often)
    return _Says(elsewhere, tuple((label, _odds(count, often) - elsewhere) for label, count in counts))


def _odds(count: int, often: int) -> float:
    return math.log((count + _SMOOTHING) / (often - count + _SMOOTHING))
