"""What has to be said to whom: lanes, states of an outbox row, and when a try is made again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from domain.talk import Choice, MediaKind

CHINA = ZoneInfo("Asia/Shanghai")


class Lane(IntEnum):
    """The order of sending: answers before notices before reminders before broadcasts."""

    ANSWER = 0
    NOTICE = 1
    REMINDER = 2
    BROADCAST = 3


class Sending(StrEnum):
    """What became of one outbox row. Only `queued` and `sending` rows are work still to do."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"
    """It cannot arrive now (no account yet, window closed); it goes out when the person next appears."""
    BLOCKED = "blocked"
    """The person has blocked the bot."""
    FAILED = "failed"
    """The messenger refused it for good, or every try was used up."""
    UNCERTAIN = "uncertain"
    """Twice a sending was cut off before its result was known; a third copy would be worse than none."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a messenger made of one message.

    sent:   `remote_id` is the messenger's id of the message.
    later:  try again after `wait` seconds. `charged` is False when it was only told to slow down (429).
    doubt:  the connection broke after the request left: it may or may not have arrived.
    """

    state: Sending
    remote_id: str = ""
    wait: float = 0
    charged: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored attachment: its bytes are in the media folder under its sha256."""

    id: int
    kind: MediaKind
    mime: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One outbox row on its way to one account."""

    id: int
    person: int
    account: int
    channel: str
    address: str
    text: str
    choices: tuple[Choice, ...] = ()
    media: tuple[int, ...] = ()
    """Attachment ids, in order."""
    files: tuple[StoredFile, ...] = ()
    """The attachments that are stored by now."""
    tries: int = 0
    doubts: int = 0


def sent(remote_id: str = "") -> Outcome:
    return Outcome(Sending.SENT, remote_id=remote_id)


def slow_down(wait: float) -> Outcome:
    """The messenger said 429: wait as long as it says; it is no failure of the message."""
    return Outcome(Sending.QUEUED, wait=wait, charged=False, reason="slow down")


def try_later(reason: str, wait: float = 0) -> Outcome:
    """A passing fault, before anything was accepted."""
    return Outcome(Sending.QUEUED, wait=wait, reason=reason)


def in_doubt(reason: str) -> Outcome:
    """It may have arrived."""
    return Outcome(Sending.UNCERTAIN, reason=reason)


def blocked(reason: str) -> Outcome:
    return Outcome(Sending.BLOCKED, reason=reason)


def failed(reason: str) -> Outcome:
    return Outcome(Sending.FAILED, reason=reason)


MAX_TRIES = 16
"""With `back_off` a messenger may be away for more than an hour before a message is given up."""
MAX_DOUBTS = 1
"""A message in doubt is sent once more (an answer lost is worse than an answer doubled), then no more."""


def back_off(tries: int) -> timedelta:
    """How long to wait before try number `tries + 1`: 2, 4, 8 … seconds, at most 10 minutes."""
    return timedelta(seconds=min(2 ** max(tries, 1), 600))


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of the local day in which nobody is written to unasked. `start == end` switches them off."""

    start: int = 20
    end: int = 8

    def next_allowed(self, now: datetime) -> datetime:
        """`now`, or the end of the quiet hours in which `now` lies."""
        local = now.astimezone(CHINA)
        if self.start == self.end:
            return now
        morning = local.replace(hour=self.end, minute=0, second=0, microsecond=0)
        if self.start > self.end:
            if local.hour >= self.start:
                return (morning + timedelta(days=1)).astimezone(now.tzinfo)
            return morning.astimezone(now.tzinfo) if local.hour < self.end else now
        return morning.astimezone(now.tzinfo) if self.start <= local.hour < self.end else now
