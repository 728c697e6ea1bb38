"""What passes between people and the service, free of any messenger's own words.

An `Inbound` is one thing a person did; a `Reply` is one thing the service says. Channels translate.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

MediaKind = Literal["image", "voice", "video", "file"]
Opener = Literal["message", "tap"]
"""What a person did that lets us write to her for a while, on messengers where that is limited."""

VILLAGER_TEXT_LIMIT = 60
"""Characters in one message to a villager (old people read slowly). What a person wrote is never cut by it."""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or sound that came with a message.

    `ref` is the messenger's own handle to fetch it by, or "" when `sha256` says it is stored already.
    """

    kind: MediaKind
    ref: str = ""
    sha256: str = ""
    mime: str = ""
    size: int = 0
    heard: str = ""
    """The messenger's own transcript of a voice message, often empty."""
    name: str = ""
    """A file's name at its sender, where the messenger tells it. Never believed, and never a name of ours."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One update from a messenger, already checked and parsed by its channel."""

    channel: str
    address: str
    """The messenger's id of the sender's account."""
    update_id: str
    """The messenger's id of this update: the same update delivered twice has the same id."""
    text: str = ""
    choice: str | None = None
    """Wire id of the choice that was tapped."""
    media: tuple[Media, ...] = ()
    link: str | None = None
    """Payload of the deep link by which the person came: a card's token or an invitation."""
    place: tuple[float, float] | None = None
    """Latitude and longitude that the person chose to send. Never asked for."""
    opens: Opener | None = None
    """The window that this opens, on messengers that have windows."""
    left: bool = False
    """The person has turned away: the account is to be forgotten."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap, or to answer by its number (its position from 1)."""

    id: str
    label: str


class About(StrEnum):
    """What a message is about, for messengers that want a notice of their own for each kind."""

    NOTHING = ""
    TASK = "task"
    """A ticket for whoever has to act on it."""
    PROGRESS = "progress"
    """Where a villager's matter stands."""
    ANSWER = "answer"
    """The answer to it, and whether it is solved."""
    WORDS = "words"
    """What the other side says."""
    DUTY = "duty"
    """What a cadre has to do this month."""
    BROADCAST = "broadcast"
    """What is said to many."""
    MADE = "made"
    """A picture or a table that we are making: nothing that is said after it waits for it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message of the service. `media` are attachment ids."""

    text: str
    choices: tuple[Choice, ...] = ()
    media: tuple[int, ...] = ()
    about: About = About.NOTHING
    private: str = ""
    """Name of the key under which its words rest sealed; "": they rest as they are."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What a messenger can do, as far as the house has to know."""

    buttons: bool
    """False: choices are written as numbered lines under the text."""
    text_bytes: int = 0
    """Bytes of UTF-8 in one message; 0: the channel itself sees to what is too long."""
    per_second: float = 0
    """Messages a second over all; 0 is no limit."""
    repeatable: bool = False
    """True: a message sent twice is shown once, so that a sending cut off leaves no doubt."""
    choice_bytes: int = 2
    """Bytes that a choice takes beside its label, where there are no buttons."""
    passive: bool = False
    """True: the answers of a turn go out as the response to the update."""
    mass: int = 0
    """Recipients of one mass message; 0: the messenger has none."""
    counted: bool = False
    """True: one may write to a person only so often after she has done something.

    So that is remembered, and what waits for one person leaves as one message where it can.
    """
    per_chat: tuple[tuple[int, float], ...] = ()
    """(messages, seconds): at most so many to one chat in any such time."""


@dataclass(slots=True)
class Conversation:
    """What the service remembers of the talk with one account between two turns. Kept as JSON.

    `asked` counts the questions put so far and is part of every flow choice's wire id, so a tap on an old
    button can be told from a tap on the open question.
    """

    asked: int = 0
    flow: str | None = None
    draft: dict[str, Any] = field(default_factory=dict)
    trail: list[str] = field(default_factory=list)
    """Keys answered so far in this flow, the newest last: where 9 (back) returns to."""
    offered: list[tuple[str, str]] = field(default_factory=list)
    """(id, label) of the newest reply's choices outside a flow: what a bare number then means."""
    misses: int = 0
    private: str = ""
    """Name of the key under which the talk rests sealed, with all that is said in it.

    With no flow open it means that the key died amid the talk.
    """

    def ends_privacy(self) -> None:
        """How many questions were put tells which way a form went: afterwards only the next multiple of 64 is known."""
        if self.private:
            self.private, self.asked = "", coarse(self.asked)


def coarse(asked: int) -> int:
    """The next multiple of 64 after a number of questions."""
    return asked + 64 - asked % 64


_UNTYPED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def typed(text: str) -> str:
    """Without what no person types and no database or screen takes: control characters, halves of characters."""
    return _UNTYPED.sub("", text)


def packed(lines: Iterable[str], limit: int = VILLAGER_TEXT_LIMIT) -> list[str]:
    """The lines in few messages that keep their order. A line is never cut: one that is longer is a message of its own."""
    told: list[str] = []
    for line in lines:
        if told and len(told[-1]) + 1 + len(line) <= limit:
            told[-1] = f"{told[-1]}\n{line}"
        else:
            told.append(line)
    return told


def shorten(text: str, limit: int) -> str:
    """`text` on one line and within `limit` characters, its end marked by … where it was cut."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
