"""By when a suggestion is answered, and who hears of it when it is not. Lengths are the county's (`Limits`)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from domain.delivery import CHINA
from domain.suggestions.steps import WAITING, Suggestion
from domain.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class Limits:
    """Working days."""

    answer_days: int = 15
    stage_days: int = 3
    """From one reminder to the next, which goes higher."""


class Stage(StrEnum):
    """Who is told."""

    STAFF = "staff"
    OWNER = "owner"


def promise(day: date, limits: Limits, days: WorkingDays) -> datetime:
    """When the answer is due: the end of a working day, so that it tells nothing of the hour of writing."""
    return days.add(_noon(day), limits.answer_days)


def stage(told: int) -> Stage:
    """Who is told when an answer is overdue and was asked for `told` times: at first the staff, then the owner too."""
    return Stage.STAFF if told == 0 else Stage.OWNER


def next_look(suggestion: Suggestion, today: date, limits: Limits, days: WorkingDays) -> datetime | None:
    """When the clock must look at it again; None once it is answered or merged. It never gives up."""
    if suggestion.state not in WAITING:
        return None
    if suggestion.stage == 0:
        return suggestion.limit_at
    return days.add(_noon(today), limits.stage_days)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), CHINA)
