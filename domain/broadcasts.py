"""What is said to many: to whom, how far it has come, and how long it takes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.delivery import QuietHours, Sending
from domain.directory import RoleName
from domain.talk import Choice

OPT_OUT = "不想收这类消息，回“退订”。"
"""Told once in each broadcast."""
ANSWERED_ALREADY = "答过的不用再答。"
"""Said to everybody in the reminder of an anonymous survey: a choice of recipients would tell who has answered."""


class State(StrEnum):
    """Of a broadcast. One that has not begun to leave yet is `going` too: `starts_at` says when."""

    GOING = "going"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


STATE_NAMES: Mapping[State, str] = {
    State.GOING: "在发",
    State.PAUSED: "暂停",
    State.CANCELLED: "已取消",
    State.DONE: "发完",
}


class Reach(StrEnum):
    """How far a broadcast has come with one recipient."""

    WAITING = "waiting"
    QUEUED = "queued"
    """In the outbox, or in a batch that is being sent."""
    SENT = "sent"
    HELD = "held"
    """It waits until she writes: her messenger's window is closed."""
    BLOCKED = "blocked"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    """Twice a sending was cut off before its result was known."""
    ANSWERED = "answered"
    REFUSED = "refused"
    """She wants no such messages."""
    OVER = "over"
    """Of an anonymous survey: her turn has been; how it ended is only counted."""


BY_SENDING: Mapping[Sending, Reach] = {
    Sending.SENT: Reach.SENT,
    Sending.HELD: Reach.HELD,
    Sending.BLOCKED: Reach.BLOCKED,
    Sending.FAILED: Reach.FAILED,
    Sending.UNCERTAIN: Reach.UNCERTAIN,
}
"""What the end of an outbox row means for its recipient; the other states are no end."""
FINAL = (Reach.ANSWERED, Reach.REFUSED)
"""Not changed any more by what a messenger reports."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is meant. All that is given has to hold; leavers and those without an account are never in it."""

    areas: tuple[str, ...] = ()
    """Codes of areas: who lives in one of them, or with `roles` who serves there. Empty: the whole county."""
    roles: tuple[RoleName, ...] = ()
    """Those who have one of these roles now, instead of residents."""
    tag: str = ""
    """Only those who carry this tag (a list that was loaded)."""
    of_each_village: int = 0
    """Only so many of each village, drawn by lot; 0: all."""
    again: int = 0
    """Only recipients of this broadcast, to be reminded."""
    asked: int = 0
    """Only those whom this survey has reached, by whichever of its broadcasts."""

    @property
    def chosen(self) -> bool:
        """Is it some people of its areas, instead of whoever lives there?"""
        return bool(self.roles or self.tag or self.of_each_village)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> "Audience":
        roles = tuple(RoleName(role) for role in kept["roles"])
        return Audience(
            tuple(kept["areas"]),
            roles,
            kept["tag"],
            kept["of_each_village"],
            kept["again"],
            kept.get("asked", 0),
        )


@dataclass(frozen=True, slots=True)
class Broadcast:
    id: int
    survey: int | None
    text: str
    choices: tuple[Choice, ...]
    anonymous: bool
    """True: nothing is kept of one recipient but whether her turn is still to come."""
    audience: Audience
    serial: str
    """Random: makes the platform's ids of its batches unlike those of any other broadcast."""
    by_mass: bool
    """May it leave as a mass message, where the messenger has such?"""
    state: State
    total: int
    queued_to: int
    """Persons up to this id have been looked at."""
    queued: bool
    """Everybody who is meant has been found."""
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast has come, in counts."""

    broadcast: Broadcast
    counts: Mapping[Reach, int] = field(default_factory=dict)
    by_channel: Mapping[tuple[str, Reach], int] = field(default_factory=dict)
    doubts: int = 0
    """Messages that had to be sent again because it was not known whether they had arrived."""

    @property
    def settled(self) -> int:
        """Recipients of whom it is known what became of their message."""
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        return self.broadcast.total - self.settled


def batch_id(serial: str, batch: int) -> str:
    """By which the platform knows a batch that is sent again (`clientmsgid`, at most 64 bytes)."""
    return f"lianxin-{serial}-{batch}"


def with_opt_out(text: str) -> str:
    """The text as it is sent: how to get no more is said once."""
    return text if "退订" in text else f"{text}\n{OPT_OUT}"


MASS_SECONDS = 20
"""For one batch of a mass message: the platform takes it and reports later."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a messenger may be sent to."""

    per_second: float = 0
    """0: no limit that matters; then a hundred a second are reckoned with."""
    mass: int = 0
    """Recipients of one mass message; 0: the messenger has none."""

    def lasting(self, single: int, by_mass: int = 0) -> timedelta:
        """How long so many single messages and so many recipients of mass messages take."""
        batches = -(-by_mass // self.mass) if self.mass else 0
        return timedelta(seconds=single / (self.per_second or 100) + batches * MASS_SECONDS)


def ends_at(start: datetime, lasting: timedelta, quiet: QuietHours) -> datetime:
    """When something that takes so long is done, if it rests in the quiet hours."""
    now = quiet.next_allowed(start)
    while lasting > timedelta(0):
        step = min(lasting, timedelta(minutes=15))
        now = quiet.next_allowed(now + step)
        lasting -= step
    return now


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a broadcast would reach, by which way, and who stays without it and why."""

    single: Mapping[str, int]
    """By channel: those who get a message of their own."""
    mass: Mapping[str, int]
    """By channel: those who get it as a mass message."""
    waits: Mapping[str, int]
    """By channel: those for whom it has to wait until they write."""
    refused: int = 0
    blocked: int = 0
    no_account: int = 0

    @property
    def reached(self) -> int:
        return sum(self.single.values()) + sum(self.mass.values()) + sum(self.waits.values())

    def switched_off(self, running: Collection[str]) -> int:
        """How many of those are on messengers that do not run here."""
        ways = (self.single, self.mass, self.waits)
        return sum(people for way in ways for one, people in way.items() if one not in running)

    def ends_at(self, start: datetime, speeds: Mapping[str, Speed], quiet: QuietHours) -> datetime:
        """When the last of those who can be reached has it; messengers send side by side."""
        channels: Sequence[str] = [*{**self.single, **self.mass}]
        ends = [
            ends_at(start, speeds[one].lasting(self.single.get(one, 0), self.mass.get(one, 0)), quiet)
            for one in channels
            if one in speeds
        ]
        return max(ends, default=start)
