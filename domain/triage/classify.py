"""Judge a sentence: its category by the lexicon's words and by likeness, its dangers by the lookout."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from domain.triage.emergencies import Alarm, Emergency, Lookout
from domain.triage.finder import Finder, Found
from domain.triage.lexicon import OTHER, Lexicon, Topic
from domain.triage.likeness import Likeness, pieces_of
from domain.triage.text import normalise
from domain.triage.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

_READ_FOR_DANGER = 2000
_READ_FOR_CATEGORY = 500
_REMEMBERED = 256
"""Sentences."""
# What the log odds of likeness count beside the weights of words; found by measuring.
_LIKENESS = 0.4
# A category with no more evidence than this is a guess; a person should look.
_DOUBT = 2
_DOUBT_OF_LIKENESS = 9
# So many points more evidence make a category e times as probable; found by measuring.
_SURE = 5


@dataclass(frozen=True)
class Verdict:
    """What triage thinks of `text`.

    `confidence` is between 0 and 1. `emergency` holds the numbers to call, if any.
    `unsure_danger` asks for the question "现在有人危险吗? 1 有 2 没有". `words` are those which decided.
    """

    text: str
    category: str
    subcategory: str | None
    confidence: float
    emergency: tuple[str, ...]
    emergencies: tuple[Emergency, ...]
    unsure_danger: bool
    words: tuple[str, ...]


class Triage:
    """Judges sentences by one lexicon. Safe to share between threads once warm.

    A dictionary for word boundaries is kept in `cache_dir`, by default the system's temporary folder.
    """

    def __init__(self, lexicon: Lexicon, cache_dir: str | None = None) -> None:
        phrases = [phrase for topic in lexicon.topics for phrase in topic.phrases]
        self._words = Words((word for phrase in phrases for word in phrase.anchors), cache_dir)
        self._finder = Finder((phrase, topic) for topic in lexicon.topics for phrase in topic.phrases)
        self._typos = lexicon.typos
        self.same = lexicon.same
        """Words that people use for one thing, by the one that stands for all."""
        self._typo = re.compile("|".join(map(re.escape, lexicon.typos)) or r"(?!)")
        known: dict[str, str] = {}  # the same piece of many sentences is kept once
        examples = [
            (tuple(known.setdefault(piece, piece) for piece in pieces_of(self._plain(one.text))), one)
            for one in lexicon.examples
        ]
        self._lookout = Lookout(lexicon, [(pieces, one.danger) for pieces, one in examples])
        self._likeness = Likeness((pieces, one.category) for pieces, one in examples if one.category)
        self.judge = lru_cache(_REMEMBERED)(self._judge)
        """What a sentence is about. It is asked again when she says that she was understood."""

    def warm(self) -> None:
        """Load the dictionary now, rather than at the first sentence."""
        self._words.warm()

    def words(self, text: str) -> list[str]:
        """What a sentence is made of, in plain form: half-width, simplified, usual typos mended."""
        return list(self._words.cut(self._plain(text)))

    def words_of(self, text: str) -> frozenset[str]:
        """The words of a text, each once, by which it can be compared with others."""
        plain = self._plain(text)[:_READ_FOR_CATEGORY]
        return frozenset(word for word in self._words.cut(plain) if word.isalnum())

    def _plain(self, text: str) -> str:
        return self._typo.sub(lambda typo: self._typos[typo[0]], normalise(text, _READ_FOR_DANGER))

    def _judge(self, text: str) -> Verdict:
        plain = self._plain(text)
        alarm = self._lookout.look(plain)
        start = plain[:_READ_FOR_CATEGORY]
        boundaries = self._words.boundaries(start)
        found = _longest_only([one for one in self._finder.find(start) if _is_word(one, boundaries)])
        # A word said twice weighs no more than once.
        unique = list({(id(one.phrase), id(one.owner)): one for one in found}.values())
        evidence = _scores((one.owner.category, one) for one in unique)
        likeness = self._likeness.weigh(start)
        usual = sum(likeness.values()) / (len(likeness) or 1)
        for category, odds in likeness.items():
            evidence[category] = evidence.get(category, 0) + _LIKENESS * (odds - usual)
        best = max(evidence, key=evidence.__getitem__, default=OTHER)
        # Without a word of the lexicon likeness has to be surer.
        enough = _DOUBT if unique else _DOUBT_OF_LIKENESS
        category = best if evidence.get(best, 0) > enough else OTHER
        verdict = _verdict(text, category, unique, alarm)
        words = verdict.words or self._likeness.most_telling(start, category)
        return replace(verdict, confidence=_confidence(evidence, category), words=words)


def _is_word(found: Found[Topic], boundaries: int) -> bool:
    """False for characters that only happen to stand side by side: 水费 in 浇水费劲, 路 in 路由器."""
    if found.phrase.expression:
        return True
    starts, ends = boundaries >> found.start & 1, boundaries >> found.end & 1
    if found.end - found.start == 1:
        return bool(starts and ends)
    cut_inside = boundaries & found.mask & ~(1 << found.start)
    return bool(starts or ends or not cut_inside)


def _longest_only(found: list[Found[Topic]]) -> list[Found[Topic]]:
    """Without the phrases that lie wholly inside a longer one: 修路占地 is about land, not about 修路."""
    return [one for one in found if not any(_swallows(other, one) for other in found)]


def _swallows(larger: Found[Topic], smaller: Found[Topic]) -> bool:
    if larger.mask == smaller.mask or larger.mask & smaller.mask != smaller.mask:
        return False
    return larger.owner.category != smaller.owner.category or larger.weight >= smaller.weight


def _verdict(text: str, category: str, found: list[Found[Topic]], alarm: Alarm) -> Verdict:
    category, subcategory = alarm.topic or (category, None)
    deciding = [one for one in found if one.owner.category == category]
    parts = _scores((one.owner.subcategory, one) for one in deciding if one.owner.subcategory)
    words = sorted(deciding, key=lambda one: -one.weight)
    return Verdict(
        text=text,
        category=category,
        subcategory=subcategory or max(parts, key=parts.__getitem__, default=None),
        confidence=0,
        emergency=alarm.numbers,
        emergencies=alarm.emergencies,
        unsure_danger=alarm.unsure,
        words=tuple(dict.fromkeys((*alarm.words, *(one.words for one in words)))),
    )


def _confidence(evidence: dict[str, float], category: str) -> float:
    """The probability of `category`, if nothing but evidence counts; what speaks for none takes its share."""
    odds = {name: math.exp(min(points, 400) / _SURE) for name, points in evidence.items()}
    return round(odds.get(category, 0) / (sum(odds.values()) + math.exp(_DOUBT / _SURE)), 2)


def _scores(weighed: Iterable[tuple[str | None, Found[Topic]]]) -> dict[str, float]:
    scores: defaultdict[str, float] = defaultdict(float)
    for name, one in weighed:
        if name:
            scores[name] += one.weight
    return dict(scores)
