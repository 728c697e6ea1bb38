"""One person's duty in one period, and a ticket that may count as it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from domain.directory import short_name
from domain.duties.calendar import month_of


class State(StrEnum):
    OPEN = "open"
    DONE = "done"
    NOT_THIS_MONTH = "not_this_month"


STATE_NAMES: Mapping[State, str] = {
    State.OPEN: "还没记",
    State.DONE: "办了",
    State.NOT_THIS_MONTH: "这次不办",
}


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done in one period, whoever's it is."""

    period: int
    name: str
    system: str
    starts_on: date
    ends_on: date

    def is_of_month(self, day: date) -> bool:
        """Does it end in the month of that day? What lasts longer is never noted with all others."""
        month = month_of(day)
        return month.starts_on <= self.ends_on <= month.ends_on


@dataclass(frozen=True, slots=True)
class Duty(Task):
    """One person's."""

    person: int
    counts: tuple[str, ...]
    """Categories of tickets that do it."""
    state: State
    remind_on: date | None
    """When its person is reminded next."""
    noted_on: date | None
    ticket: int | None
    """The ticket that counts as it."""
    noted_by: int | None = None
    """The deputy who noted it, while its person was on leave."""


class Absent(NamedTuple):
    """Somebody on leave, for whom a deputy stands in."""

    person: int
    name: str


class Counted(NamedTuple):
    """A ticket, as its owner knows it again. The name of whoever filed it is not among it."""

    id: int
    area: str
    category: str
    subcategory: str | None

    @property
    def title(self) -> str:
        return f"{short_name(self.area)}{self.id}号{self.subcategory or self.category}"


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody has written beside his duty. `media` are attachment ids."""

    line: str
    media: tuple[int, ...]
