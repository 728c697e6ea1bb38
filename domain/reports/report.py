"""A report: figures that nobody writes, and lines to which its owner adds a sentence, or which he takes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.errors import Refusal
from domain.reports.figures import Figures, Tally, label, rising, said
from domain.reports.months import Month


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is stored. `person` has one of a cadre's own; None: that of the whole area."""

    id: int
    month: Month
    area: str
    person: int | None
    confirmed_at: datetime | None = None
    figures: Mapping[str, Any] | None = None
    """Of an area, once it is confirmed: the figures as they were then."""


class Part(StrEnum):
    """What a sentence of its owner is about: the columns that no count can fill."""

    PROGRESS = "progress"
    DIFFICULTY = "difficulty"
    PLAN = "plan"


PART_NAMES = {Part.PROGRESS: "本月进展", Part.DIFFICULTY: "困难", Part.PLAN: "下月打算"}


@dataclass(frozen=True, slots=True)
class Line:
    """One problem. `key` is `t` and a ticket's number, or `c` and a category; it never changes."""

    key: str
    problem: str
    measure: str
    owner: str
    leader: str
    limit: str
    progress: str
    ticked_off: bool
    said: Mapping[Part, str]
    """Sentences of the report's owner."""
    left_out: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """In the order of COLUMNS."""
        progress = "；".join(filter(None, (self.progress, self.said.get(Part.PROGRESS, ""))))
        return (
            self.problem,
            self.measure,
            self.owner,
            self.leader,
            self.limit,
            progress,
            self.said.get(Part.DIFFICULTY, ""),
            self.said.get(Part.PLAN, ""),
            "是" if self.ticked_off else "",
        )


COLUMNS = {
    "问题": 36,
    "措施": 30,
    "责任单位或责任人": 18,
    "责任领导": 14,
    "时限": 14,
    "本月进展": 36,
    "困难": 26,
    "下月打算": 26,
    "销号": 8,
}
"""Headings of the monthly report, and their widths in characters."""


UNKNOWN = "—"
_NOTHING = {said(0), said(None), UNKNOWN}


@dataclass(frozen=True, slots=True)
class Reading:
    """A report as it is read: this month beside the one before."""

    report: Report
    whose: str
    figures: Figures
    before: Figures
    lines: Sequence[Line]

    @property
    def title(self) -> str:
        return f"{self.whose}{self.report.month.year}年{self.report.month.said}月报"

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """(name, this month, the month before) of each figure."""
        before = self.before.counts
        return [
            (label(name), said(count), said(before[name]) if name in before else UNKNOWN)
            for name, count in self.figures.counts.items()
        ]

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """The rows that say something: where there is little room the others are left out."""
        return [row for row in self.rows if {row[1], row[2]} - _NOTHING]

    @property
    def empty(self) -> bool:
        """Nothing was counted in this month, and there is no line: nothing can be confirmed."""
        return not any(self.figures.counts.values()) and not self.lines

    @property
    def rising(self) -> list[tuple[str, int]]:
        return rising(self.figures.categories, self.before.categories)

    @property
    def kept(self) -> list[Line]:
        """The lines that its owner left in."""
        return [line for line in self.lines if not line.left_out]


def line_of(name: str, tally: Tally, before: Tally, whose: str) -> Line:
    """A category of an area as a problem. It names no person: what one of them did cannot be read from it."""
    return Line(
        key=f"c{name}",
        problem=f"{name}：{tally.filed}件（上月{before.filed}件）",
        measure=f"答复{tally.answered}件，群众确认{tally.confirmed}件",
        owner=whose,
        leader="",
        limit="",
        progress=f"没答复{tally.open}件，超时{tally.overdue}件" if tally.open else "都答复了",
        ticked_off=tally.open == 0,
        said={},
    )


def check_open(report: Report) -> None:
    """Raise Refusal if the report is confirmed: what was signed is not changed behind its back."""
    if report.confirmed_at is not None:
        raise Refusal("这份月报已确认。要改，先点“撤回确认”。")
