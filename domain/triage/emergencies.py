"""Spot an emergency: someone or something in danger now, not last year, not in a manner of speaking."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from domain.triage.finder import Finder
from domain.triage.notation import CLAUSE_ENDS, SENTENCE_ENDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.triage.finder import Found
    from domain.triage.lexicon import EmergencyRule, Lexicon
    from domain.triage.notation import Phrase

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


class _Role(Enum):
    ANY = auto()
    NOT_NOW = auto()
    UNLESS = auto()
    MAYBE = auto()
    SAYING = auto()
    PAST = auto()
    NOW = auto()


_CONTEXT = {_Role.NOT_NOW, _Role.UNLESS, _Role.PAST, _Role.NOW}
_Owner = tuple[_Role, "EmergencyRule | None"]


class Lookout:
    """Looks for the emergencies of a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._rules = {rule: Emergency(rule.name, rule.numbers, rule.advice) for rule in lexicon.emergencies}
        self._finder = Finder(_owned_phrases(lexicon))

    def look(self, text: str) -> Alarm:
        found = self._finder.find(text)
        sayings = 0
        for one in found:
            if one.owner[0] is _Role.SAYING:
                sayings |= one.mask
        # A phrase that shares a character with a figure of speech is that figure of speech: 气死人.
        literal = [one for one in found if not one.mask & sayings]
        context = [one for one in literal if one.owner[0] in _CONTEXT]
        certain = [one for one in literal if one.owner[0] is _Role.ANY and _stands(one, context, text)]
        doubtful = [one for one in literal if one.owner[0] is _Role.MAYBE and _stands(one, context, text)]
        raised = {one.owner[1] for one in certain if one.owner[1]}
        emergencies = tuple(
            danger for rule, danger in self._rules.items() if rule in raised and not _is_idle(rule, raised)
        )
        return Alarm(
            emergencies=emergencies,
            numbers=tuple(dict.fromkeys(number for danger in emergencies for number in danger.numbers)),
            words=tuple(dict.fromkeys(one.words for one in certain or doubtful)),
            unsure=bool(doubtful) and not certain,
            topic=next((rule.topic for rule in self._rules if rule in raised and rule.topic), None),
        )


def _owned_phrases(lexicon: Lexicon) -> Iterator[tuple[Phrase, _Owner]]:
    for rule in lexicon.emergencies:
        yield from ((phrase, (_Role.ANY, rule)) for phrase in rule.any)
        yield from ((phrase, (_Role.NOT_NOW, rule)) for phrase in rule.not_now)
        yield from ((phrase, (_Role.UNLESS, rule)) for phrase in rule.unless)
        yield from ((phrase, (_Role.MAYBE, rule)) for phrase in rule.maybe)
    yield from ((phrase, (_Role.SAYING, None)) for phrase in lexicon.sayings)
    yield from ((phrase, (_Role.PAST, None)) for phrase in lexicon.past)
    yield from ((phrase, (_Role.NOW, None)) for phrase in lexicon.now)


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
            over = over and _distance(one, danger) <= _NEARBY
        if over:
            return False
    return True


def _touches(one: Found[_Owner], stretch: tuple[int, int]) -> bool:
    return one.start < stretch[1] and one.end > stretch[0]


def _stretch(text: str, danger: Found[_Owner], marks: str) -> tuple[int, int]:
    """From where to where the text around `danger` runs without any of the punctuation `marks`."""
    first = max(text.rfind(mark, 0, danger.start) for mark in marks) + 1
    ends = [place for mark in marks if (place := text.find(mark, danger.end)) >= 0]
    return first, min(ends, default=len(text))


def _distance(one: Found[_Owner], other: Found[_Owner]) -> int:
    return max(one.start - other.end, other.start - one.end, 0)
