"""What has to be said to whom: lanes, states of an outbox row, when a try is made again, when one may speak."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from domain.directory import Person
from domain.talk import About, Choice, MediaKind

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


class Via(StrEnum):
    """By which of a messenger's ways a message left, where it has several."""

    ONLY = ""
    PASSIVE = "passive"
    """As the answer to the person's own update, or about to leave so: costs nothing."""
    SERVICE = "service"
    """Unasked, out of the budget of the person's window."""
    MASS = "mass"
    """As one message to many, out of the few that a follower gets in a month."""
    TEMPLATE = "template"
    """Only a notice that there is something to read; the message itself waits for her."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a messenger made of one message.

    sent:   `remote_id` is the messenger's id of the message.
    later:  try again after `wait` seconds. `charged` is False when it was only told to slow down (429).
    held:   it cannot arrive before the person speaks to us again; `reason` says why.
    doubt:  the connection broke after the request left: it may or may not have arrived.
    """

    state: Sending
    remote_id: str = ""
    via: Via = Via.ONLY
    wait: float = 0
    charged: bool = True
    reason: str = ""
    needs: int = 0
    """Of one held: the sends that it needs, if it goes out as soon as there are so many."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored attachment: its bytes are in the media folder under its sha256."""

    id: int
    kind: MediaKind
    mime: str
    sha256: str
    maker: str = ""
    """The messenger that it came from, or what of ours made it."""
    ref: str = ""
    """What it is to its maker."""


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
    about: About = About.NOTHING
    via: Via = Via.ONLY
    private: str = ""
    """Name of the key under which its words rest sealed; here they are open."""


def sent(remote_id: str = "", via: Via = Via.ONLY) -> Outcome:
    return Outcome(Sending.SENT, remote_id=remote_id, via=via)


def held(reason: str, needs: int = 0) -> Outcome:
    """It waits for the person's next turn."""
    return Outcome(Sending.HELD, charged=False, reason=reason, needs=needs)


def slow_down(wait: float, reason: str = "slow down") -> Outcome:
    """The messenger said 429: wait as long as it says; it is no failure of the message."""
    return Outcome(Sending.QUEUED, wait=wait, charged=False, reason=reason)


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
class Settled:
    """What one try made of an outbox row."""

    row: int
    state: Sending
    tries: int
    doubts: int
    reason: str
    remote_id: str
    via: Via
    needs: int
    due_at: datetime
    settled_at: datetime | None
    about: About = About.NOTHING


def settle(message: Outgoing, outcome: Outcome, now: datetime) -> Settled:
    """What an outcome means for its row: done, tried again and when, or given up."""
    state, tries, doubts = outcome.state, message.tries + outcome.charged, message.doubts
    wait = timedelta(seconds=outcome.wait) if outcome.wait else back_off(tries)
    if state is Sending.UNCERTAIN:
        doubts += 1
        state, wait = (Sending.UNCERTAIN if doubts > MAX_DOUBTS else Sending.QUEUED), timedelta(0)
    if state is Sending.QUEUED and tries >= MAX_TRIES:
        state = Sending.UNCERTAIN if outcome.state is Sending.UNCERTAIN else Sending.FAILED
    again = state is Sending.QUEUED
    via = outcome.via or message.via
    return Settled(
        row=message.id,
        state=state,
        tries=tries,
        doubts=doubts,
        reason=outcome.reason[:200],
        remote_id=outcome.remote_id,
        via=Via.SERVICE if again and via is Via.PASSIVE else via,  # nobody listens for a response any more
        needs=outcome.needs,
        due_at=now + wait if again else now,
        settled_at=None if again or state is Sending.HELD else now,
        about=message.about,
    )


def in_bytes(words: str, choices: Sequence[Choice] = (), beside: int = 2) -> int:
    """Bytes of UTF-8 that a message takes with its choices as lines and a blank line behind it.

    beside: bytes of such a line that are not the label.
    """
    labels = sum(len(choice.label.encode()) for choice in choices)
    return len(words.encode()) + labels + len(choices) * (beside + 1) + 2


def together(messages: Sequence[Outgoing], limit: int) -> int:
    """How many of the first messages may leave as one of at most `limit` bytes; at least the first.

    Files go alone, and only the last may have choices, so that a number means one thing.
    """
    size = 0
    for count, message in enumerate(messages):
        size += in_bytes(message.text, message.choices)
        if count and (message.files or message.media or size > limit):
            return count
        if message.media or message.choices:
            return count + 1
    return len(messages)


def joined(messages: Sequence[Outgoing]) -> Outgoing:
    """Several messages as one, which keeps the first one's id and the last one's choices."""
    text = "\n\n".join(message.text for message in messages)
    return replace(messages[0], text=text, choices=messages[-1].choices)


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


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody for whom messages are held."""

    person: Person
    messages: int
    since: datetime
    reachable: bool
    """False: there is no account yet."""
    notified: bool
    """She was told by a notice that there is something to read."""
