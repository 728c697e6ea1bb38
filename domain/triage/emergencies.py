"""Spot an emergency: someone or something in danger now, not last year, not in a manner of speaking.

Two judge together: the lexicon's phrases, which know what they see, and the likeness to sorted sentences,
which also knows what nobody wrote a phrase for. Either can outvote the other when it is much surer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from domain.triage.finder import Finder
from domain.triage.likeness import Likeness
from domain.triage.notation import CLAUSE_ENDS, SENTENCE_ENDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from domain.triage.finder import Found
    from domain.triage.lexicon import EmergencyRule, Lexicon
    from domain.triage.likeness import Pieces
    from domain.triage.notation import Phrase

# How strongly a phrase speaks for danger, in the log odds that likeness is measured in; found by measuring.
_STANDS, _DOUBTFUL, _NOT_FOUND, _SPOKEN_AGAINST = 10, -4, -13, -28
# Every phrase that stands adds to it, up to four, unless the lexicon gives it a weight of its own: what can be
# told in several ways is seldom a slip.
_EACH, _MOST = 9, 4
_ASKING = -32
_LAST_WORDS = 30
# So close below the line the villager is asked.
_UNSURE = 11
# In a long story likeness is measured for about as much at a time as people write in one breath.
_BREATH = 28
_DANGER, _CALM = "danger", "calm"
# A character held on to (啊啊啊啊) says no more than once.
_CRY = re.compile(r"(.)\1{2,}")
_CLAUSE_END = re.compile(f"[{CLAUSE_ENDS}]")
# A counter-phrase further away than this, in characters, is about something else.
_NEARBY = 12


@dataclass(frozen=True)
class Emergency:
    """A danger: the numbers to call, in order, and the one thing to do first (≤ 40 characters)."""

    name: str
    numbers: tuple[str, ...]
    advice: str


@dataclass(frozen=True)
class Alarm:
    """What the lookout made of a text. `unsure` means: ask whether someone is in danger now.

    `topic` is the category and subcategory of the emergencies, where they have one.
    """

    emergencies: tuple[Emergency, ...]
    numbers: tuple[str, ...]
    words: tuple[str, ...]
    unsure: bool
    topic: tuple[str, str] | None


@dataclass(frozen=True)
class _Said:
    """What the phrases of a lexicon made of a text.

    `weight` is what they add to the likeness, `rules` the emergencies they name, `clauses` where they stand.
    """

    weight: int
    rules: set[EmergencyRule]
    clauses: tuple[str, ...]
    words: tuple[str, ...]


class _Role(Enum):
    ANY = auto()
    NOT_NOW = auto()
    UNLESS = auto()
    MAYBE = auto()
    SAYING = auto()
    PAST = auto()
    NOW = auto()
    ASKING = auto()


_CONTEXT = {_Role.NOT_NOW, _Role.UNLESS, _Role.PAST, _Role.NOW}
_Owner = tuple[_Role, "EmergencyRule | None"]


class Lookout:
    """Looks for the emergencies of a lexicon, and for what resembles its examples of danger.

    `examples` are the pieces of its sentences, each with the emergency it stands for, None for a calm one.
    """

    def __init__(self, lexicon: Lexicon, examples: Sequence[tuple[Pieces, str | None]]) -> None:
        self._rules = {rule: Emergency(rule.name, rule.numbers, rule.advice) for rule in lexicon.emergencies}
        self._finder = Finder(_owned_phrases(lexicon))
        self._danger = Likeness((pieces, _DANGER if danger else _CALM) for pieces, danger in examples)
        self._kind = Likeness((pieces, danger) for pieces, danger in examples if danger)

    def look(self, text: str) -> Alarm:
        said = self._said(text)
        likeness, breath = max(
            (
                (self._danger.weigh(breath).get(_DANGER, 0), breath)
                for breath in (*_breaths(text), *said.clauses)
            ),
            default=(0, ""),
        )
        evidence = likeness + said.weight
        rules, words = said.rules, said.words
        if evidence > 0 and not rules:
            alike = self._kind.weigh(breath)
            likest = max(alike, key=alike.__getitem__, default="")
            rules = {rule for rule in self._rules if rule.name == likest}
            words = words or self._kind.most_telling(breath, likest)
        raised = tuple(rule for rule in self._rules if rule in rules) if evidence > 0 else ()
        return Alarm(
            emergencies=tuple(self._rules[rule] for rule in raised),
            numbers=tuple(dict.fromkeys(number for rule in raised for number in rule.numbers)),
            words=words if raised or evidence > -_UNSURE else (),
            unsure=-_UNSURE < evidence <= 0,
            topic=next((rule.topic for rule in raised if rule.topic), None),
        )

    def _said(self, text: str) -> _Said:
        """What the lexicon's phrases make of `text`."""
        found = self._finder.find(text)
        sayings = 0
        for one in found:
            if one.owner[0] is _Role.SAYING:
                sayings |= one.mask
        # A phrase that shares a character with a figure of speech is that figure of speech: 气死人. What says that it
        # is about something else may share it: 停电 in 停电了快来人.
        literal = [one for one in found if one.owner[0] is _Role.UNLESS or not one.mask & sayings]
        context = [one for one in literal if one.owner[0] in _CONTEXT]
        dangers = [one for one in literal if one.owner[0] is _Role.ANY]
        certain = [one for one in dangers if _stands(one, context, text)]
        doubtful = [one for one in literal if one.owner[0] is _Role.MAYBE and _stands(one, context, text)]
        # A long story ends with what she wants; what she asks before that may be about something else.
        last = len(text) - _LAST_WORDS
        asks = any(one.owner[0] is _Role.ASKING and one.end > last for one in found)
        asking = _ASKING if asks else 0
        raised = {one.owner[1] for one in certain if one.owner[1]}
        words = tuple(dict.fromkeys(one.words for one in certain or doubtful))
        if certain:
            rules = {rule for rule in raised if not _is_idle(rule, raised)}
            weights = {one.words: one.phrase.weight or _EACH for one in certain}
            stands = _STANDS + sum(sorted(weights.values())[-_MOST:])
            # What else she tells says nothing about the danger that she names.
            places = dict.fromkeys(_stretch(text, one, CLAUSE_ENDS) for one in certain)
            return _Said(stands + asking, rules, tuple(text[start:end] for start, end in places), words)
        if dangers:
            return _Said(_SPOKEN_AGAINST + asking, set(), (), words)
        return _Said((_DOUBTFUL if doubtful else _NOT_FOUND) + asking, set(), (), words)


def _breaths(text: str) -> Iterator[str]:
    """Stretches of `text`, overlapping, each about as long as people write in one breath."""
    clauses = [clause for clause in _CLAUSE_END.split(_CRY.sub(r"\1", text)) if clause]
    for first in range(len(clauses)):
        breath, last = clauses[first], first + 1
        while last < len(clauses) and len(breath) + len(clauses[last]) <= _BREATH:
            breath, last = breath + clauses[last], last + 1
        starts = range(0, len(breath), _BREATH // 2) if len(breath) > _BREATH else [0]
        yield from (breath[start : start + _BREATH] for start in starts)
        if last == len(clauses):
            return


def _owned_phrases(lexicon: Lexicon) -> Iterator[tuple[Phrase, _Owner]]:
    for rule in lexicon.emergencies:
        yield from ((phrase, (_Role.ANY, rule)) for phrase in rule.any)
        yield from ((phrase, (_Role.NOT_NOW, rule)) for phrase in rule.not_now)
        yield from ((phrase, (_Role.UNLESS, rule)) for phrase in rule.unless)
        yield from ((phrase, (_Role.MAYBE, rule)) for phrase in rule.maybe)
    yield from ((phrase, (_Role.SAYING, None)) for phrase in lexicon.sayings)
    yield from ((phrase, (_Role.PAST, None)) for phrase in lexicon.past)
    yield from ((phrase, (_Role.NOW, None)) for phrase in lexicon.now)
    yield from ((phrase, (_Role.ASKING, None)) for phrase in lexicon.asking)


def _is_idle(rule: EmergencyRule, raised: set[EmergencyRule]) -> bool:
    """A bare cry for help adds nothing once someone has said what the matter is."""
    return rule.alone and any(not other.alone for other in raised)


def _stands(danger: Found[_Owner], context: list[Found[_Owner]], text: str) -> bool:
    """Nothing in the same sentence says that the danger is over, imagined, or something else altogether."""
    sentence = _stretch(text, danger, SENTENCE_ENDS)
    # People tell an old illness first, the danger after a comma: 我妈前年得过脑梗，倒地上叫不醒.
    clause = _stretch(text, danger, CLAUSE_ENDS)
    beside = [one for one in context if _touches(one, sentence)]
    happening_now = any(one.owner[0] is _Role.NOW for one in beside)
    for one in beside:
        role, rule = one.owner
        in_clause = _touches(one, clause)
        if role is _Role.PAST:
            over = in_clause and not happening_now
        else:
            over = rule is danger.owner[1] and (role is _Role.NOT_NOW or in_clause)
            over = over and _distance(one, danger) <= _NEARBY and not _says_less(one, danger)
        if over:
            return False
    return True


def _says_less(one: Found[_Owner], danger: Found[_Owner]) -> bool:
    """A canal that was washed away (渠…冲) is not what it says where a child was (渠…冲走…娃)."""
    return one.owner[0] is _Role.UNLESS and one.mask != danger.mask and not one.mask & ~danger.mask


def _touches(one: Found[_Owner], stretch: tuple[int, int]) -> bool:
    return one.start < stretch[1] and one.end > stretch[0]


def _stretch(text: str, danger: Found[_Owner], marks: str) -> tuple[int, int]:
    """From where to where the text around `danger` runs without any of the punctuation `marks`."""
    first = max(text.rfind(mark, 0, danger.start) for mark in marks) + 1
    ends = [place for mark in marks if (place := text.find(mark, danger.end)) >= 0]
    return first, min(ends, default=len(text))


def _distance(one: Found[_Owner], other: Found[_Owner]) -> int:
    return max(one.start - other.end, other.start - one.end, 0)
