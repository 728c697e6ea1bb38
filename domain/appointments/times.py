"""Times that are open for talks, and an appointment, which takes one of them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from domain.delivery import CHINA
from domain.directory import RoleName
from domain.errors import Refusal
from domain.surveys.said import time_in

LONGEST_AHEAD = timedelta(days=180)
"""So far ahead may a time be opened; what lies further is a slip of the pen."""
MOST_AT_ONCE = 24
"""Times opened in one go."""
PLACE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class TalkRules:
    """The county's: how long a talk is, and which levels of leaders a person may turn to, by her post."""

    minutes: int = 30
    levels: Mapping[RoleName, Sequence[str]] = field(default_factory=dict)

    def levels_of(self, roles: Sequence[RoleName]) -> tuple[str, ...]:
        """Of her highest post. Who has none is a villager."""
        post = next((one for one in _HIGHEST_FIRST if one in roles), RoleName.VILLAGER)
        return tuple(self.levels.get(post, ()))

    @property
    def all_levels(self) -> tuple[str, ...]:
        """Every level that somebody may turn to, in the order in which they are written."""
        return tuple(dict.fromkeys(level for levels in self.levels.values() for level in levels))


_HIGHEST_FIRST = (RoleName.STAFF, RoleName.SUPERVISOR, RoleName.CADRE, RoleName.AGENT)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that a leader has for one talk. Times are aware UTC."""

    id: int
    leader: int
    leader_name: str
    level: str
    area: str
    """Whoever lives or serves in it may book: a county or a township."""
    starts_at: datetime
    ends_at: datetime
    place: str

    @property
    def day(self) -> date:
        return self.starts_at.astimezone(CHINA).date()


@dataclass(frozen=True, slots=True)
class Appointment:
    """A ticket's time. What was to be talked about is known only until the talk is over or called off."""

    ticket: int
    slot: Slot
    changed_at: datetime
    topic: str = ""
    fixed_at: datetime | None = None
    """When the leader's side gave its word that it will be then and there."""
    over_at: datetime | None = None
    cancelled_at: datetime | None = None
    reminded_at: datetime | None = None
    sequence: int = 0
    """Counts the changes: by it a calendar knows which word is the newest (RFC 5545, 3.8.7.4)."""


_BETWEEN = re.compile(r"\s*(?:-|–|—|~|到|至)\s*")
_PART_OF_DAY = re.compile(r"^(上午|下午|早上|晚上)")


def hours_in(text: str, minutes: int) -> tuple[time, time] | None:
    """The hours of 9:00-11:00 or 下午3点到5点; a single time is one talk of so many minutes. None if it is none."""
    words = _BETWEEN.split(unicodedata.normalize("NFKC", text).strip())
    if len(words) == 1:
        start = _time(words[0])
        end = None if start is None else _later(start, minutes)
    elif len(words) == 2:  # noqa: PLR2004  from and to
        part = _PART_OF_DAY.match(words[0])
        start = _time(words[0])
        end = _time(words[1] if part is None or _PART_OF_DAY.match(words[1]) else part[1] + words[1])
    else:
        return None
    return (start, end) if start is not None and end is not None and start < end else None


def _time(words: str) -> time | None:
    said = time_in(words)
    return None if said is None else time.fromisoformat(said)


def _later(start: time, minutes: int) -> time | None:
    """None past midnight."""
    end = datetime.combine(date.min, start) + timedelta(minutes=minutes)
    return end.time() if end.date() == date.min else None


def pieces(day: date, start: time, end: time, minutes: int) -> list[tuple[datetime, datetime]]:
    """The hours of a day cut into talks; what is left at the end is too short for one."""
    at, until = datetime.combine(day, start, CHINA), datetime.combine(day, end, CHINA)
    length = timedelta(minutes=minutes)
    found = []
    while at + length <= until:
        found.append((at, at + length))
        at += length
    return found


def check_opening(day: date, today: date, cut: Sequence[object]) -> None:
    """Raises Refusal for a day that is past, too near or too far, and for hours that hold no talk, or too many."""
    if day <= today:
        raise Refusal("要放明天以后的时间，好让人来得及约。")
    if day - today > LONGEST_AHEAD:
        raise Refusal("这天太远了，请放半年以内的。")
    if not cut:
        raise Refusal("这段时间不够谈一次，请放长一些。")
    if len(cut) > MOST_AT_ONCE:
        raise Refusal(f"一次最多放{MOST_AT_ONCE}个时间，请分开放。")


def check_ahead(slot: Slot, now: datetime) -> None:
    """Raises Refusal once its time has come."""
    if slot.starts_at <= now:
        raise Refusal("约谈的时间已经到了，改不了。")
