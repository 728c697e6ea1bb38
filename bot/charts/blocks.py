"""What is drawn of results: a title and lines with bars. Report and pictures show the same."""

from dataclasses import dataclass

from domain.surveys.form import Kind
from domain.surveys.results import Results, Summary, Turnout

MOST_LINES = 12
_OF_ALL = {Kind.ONE, Kind.SEVERAL, Kind.RANK}
"""Whose bars are parts of everybody; those of others are as long as they need to be told apart."""
_SORTED_FROM = 8
"""So many options are no scale any more: what most people chose comes first."""
_MADE_UP = {Kind.ONE, Kind.SEVERAL}


@dataclass(frozen=True, slots=True)
class Line:
    """`length` of the bar is 0 to 1, `figure` what is written behind it."""

    label: str
    figure: str
    length: float


@dataclass(frozen=True, slots=True)
class Block:
    """One question, or one view of who took part."""

    title: str
    note: str
    lines: tuple[Line, ...]
    facts: tuple[str, ...] = ()

    @property
    def below(self) -> str:
        """What stands below the title."""
        return "；".join((self.note, *self.facts))


def blocks_of(results: Results) -> list[Block]:
    """Turnout first, then the questions that have something to be drawn."""
    blocks = [turnout("哪里的人答了", results.townships)] if len(results.townships) > 1 else []
    asked = (block_of(one) for one in results.summaries)
    return [*blocks, *(block for block in asked if any(line.length for line in block.lines))]


def turnout(title: str, parts: tuple[Turnout, ...]) -> Block:
    """How many answered in each part: their share of those invited, or of all who answered where nobody counted."""
    most = max((part.answered for part in parts), default=0)
    lines = []
    for part in parts:
        if part.rate is None:
            lines.append(Line(part.name, f"{part.answered}份", part.answered / most if most else 0))
        else:
            lines.append(
                Line(part.name, f"{part.answered}/{part.invited}  {part.rate:.0%}", min(part.rate, 1))
            )
    return Block(title, f"{sum(part.answered for part in parts)}份", tuple(lines))


def block_of(one: Summary) -> Block:
    """The bars of one question; of what was written, the words that recur."""
    note = f"{one.answered}人作答" + (f"，{one.skipped}人跳过" if one.skipped else "")
    if one.voices is not None:
        most = max((people for _, people in one.voices.keywords), default=1)
        words = [Line(word, f"{people}人", people / most) for word, people in one.voices.keywords]
        return Block(one.title, f"{note}，常说到的词", tuple(words[:MOST_LINES]), one.facts)
    bars = list(one.bars)
    if one.kind in _MADE_UP and len(bars) > _SORTED_FROM:
        bars.sort(key=lambda bar: -bar.count)
    whole = 1.0 if one.kind in _OF_ALL else max((bar.share for bar in bars), default=1) or 1.0
    lines = [Line(bar.label, f"{bar.count}人  {bar.share:.0%}", bar.share / whole) for bar in bars]
    more = len(lines) - MOST_LINES
    cut = (f"另有{more}项没有画出",) if more > 0 else ()
    return Block(one.title, note, tuple(lines[:MOST_LINES]), (*one.facts, *cut))
