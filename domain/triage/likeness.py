"""How much a sentence resembles sentences that people have sorted before: naive Bayes over short pieces.

Words catch what someone thought of; likeness catches the rest, since every few characters that the
examples of one kind share speak for that kind. Counting is all there is to learning, so that a lexicon
is ready a moment after it was edited.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# A pair of characters counts as one piece up to so many places apart.
_REACH = 6
_MOST_SHOWN = 3
# Counted to every piece, so that one never seen among the examples of a kind does not rule the kind out.
_SMOOTHING = 0.2
_SILENT = str.maketrans("", "", ",。!?;:、.-")


Pieces = frozenset[str]


def pieces_of(text: str) -> Pieces:
    """Characters, runs of three, and pairs a few apart (掉…井); ^ and $ stand for the beginning and the end."""
    text = text.translate(_SILENT)
    if not text:
        return frozenset()
    text = f"^{text}$"
    pieces = set(text)
    pieces.update(map("".join, pairwise(text)))
    pieces.update(map("".join, zip(text, text[1:], text[2:], strict=False)))
    for apart in range(2, _REACH):
        pieces.update(map("…".join, zip(text, text[apart:], strict=False)))
    return frozenset(pieces)


class Likeness:
    """Learned from `examples`: the pieces of a sentence, and its label."""

    def __init__(self, examples: Iterable[tuple[Pieces, str]]) -> None:
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for pieces, label in examples:
            counts[label].update(pieces)
        everywhere: Counter[str] = Counter()
        for count in counts.values():
            everywhere.update(count)
        total = everywhere.total() + _SMOOTHING * len(everywhere)
        sizes = {label: count.total() + _SMOOTHING * len(everywhere) for label, count in counts.items()}
        self._everywhere = everywhere
        self._counts = dict(counts)
        self._bases = {label: math.log(size / (total - size + 1)) for label, size in sizes.items()}

    def most_telling(self, text: str, label: str) -> tuple[str, ...]:
        """The pieces of `text`, of two characters or more, that speak most for `label`; for people to see."""
        count = self._counts.get(label, Counter())
        shares = {
            piece: count[piece] / (self._everywhere[piece] + 1)
            for piece in pieces_of(text)
            if len(piece) > 1 and count[piece] and "^" not in piece and "$" not in piece
        }
        return tuple(sorted(shares, key=lambda piece: (-shares[piece], text.find(piece)))[:_MOST_SHOWN])

    def weigh(self, text: str) -> dict[str, float]:
        """For each label, by how much `text` looks more like it than like all the others (log odds).

        Empty when there is nothing in `text` that the examples could speak of.
        """
        pieces = [(piece, self._everywhere[piece]) for piece in pieces_of(text) if piece in self._everywhere]
        if not pieces:
            return {}
        return {
            label: sum(
                math.log((count[piece] + _SMOOTHING) / (often - count[piece] + _SMOOTHING))
                - self._bases[label]
                for piece, often in pieces
            )
            for label, count in self._counts.items()
        }
