"""How much a sentence resembles sentences that people have sorted before: naive Bayes over short pieces.

Words catch what someone thought of; likeness catches the rest, since every few characters that the
examples of one kind share speak for that kind. Counting is all there is to learning, so that a lexicon
is ready a moment after it was edited.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# A pair of characters counts as one piece up to so many places apart.
_REACH = 6
_MOST_SHOWN = 3
# Counted to every piece, so that one never seen among the examples of a kind does not rule the kind out.
_SMOOTHING = 0.2
_SILENT = str.maketrans("", "", ",。!?;:、.-")


class Likeness:
    """Learned from `examples`, pairs of a sentence in plain form and its label."""

    def __init__(self, examples: Iterable[tuple[str, str]]) -> None:
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for text, label in examples:
            counts[label].update(_pieces(text))
        everywhere = sum(counts.values(), Counter[str]())
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
            for piece in _pieces(text)
            if len(piece) > 1 and count[piece] and "^" not in piece and "$" not in piece
        }
        return tuple(sorted(shares, key=lambda piece: (-shares[piece], text.find(piece)))[:_MOST_SHOWN])

    def weigh(self, text: str) -> dict[str, float]:
        """For each label, by how much `text` looks more like it than like all the others (log odds).

        Empty when there is nothing in `text` that the examples could speak of.
        """
        pieces = [(piece, self._everywhere[piece]) for piece in _pieces(text) if piece in self._everywhere]
        if not pieces:
            return {}
        return {
            label: sum(
                math.log((count[piece] + _SMOOTHING) / (often - count[piece] + _SMOOTHING)) - self._bases[label]
                for piece, often in pieces
            )
            for label, count in self._counts.items()
        }


def _pieces(text: str) -> set[str]:
    """Characters, runs of three, and pairs a few apart (掉…井); ^ and $ stand for the beginning and the end."""
    text = text.translate(_SILENT)
    if not text:
        return set()
    text = f"^{text}$"
    pieces = set(text)
    for start, first in enumerate(text):
        pieces.add(text[start : start + 3])
        pieces.add(text[start : start + 2])
        pieces.update(f"{first}…{second}" for second in text[start + 2 : start + _REACH])
    return pieces
