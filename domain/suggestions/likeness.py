"""How much two suggestions say the same: the share of words that both have. It proposes; a person decides."""

from collections.abc import Iterable, Mapping

ENOUGH = 0.3
"""Found by trying: see tests/unit/suggestions."""


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Between 0 and 1 (Dice): twice the shared characters of words over all of them. Long words weigh more."""
    total = _weight(one) + _weight(other)
    return 2 * _weight(one & other) / total if total else 0.0


def alike(
    words: frozenset[str], others: Mapping[int, frozenset[str]], count: int, enough: float = ENOUGH
) -> list[int]:
    """The keys of the others that are like enough, the most alike first."""
    scores = {key: likeness(words, other) for key, other in others.items()}
    close = [key for key, score in scores.items() if score >= enough]
    return sorted(close, key=lambda key: (-scores[key], key))[:count]


def _weight(words: Iterable[str]) -> int:
    return sum(len(word) for word in words)
