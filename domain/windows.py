"""Send windows: how often a messenger lets us write unasked to somebody who did something (decision 0015)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.talk import Opener


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which a messenger lets us write to one person unasked, and how often still."""

    opened_by: Opener
    remaining: int
    until: datetime


OPENINGS: Mapping[Opener, tuple[int, timedelta]] = {
    "message": (5, timedelta(hours=48)),
    "tap": (3, timedelta(minutes=1)),
}
"""Sends, and for how long, by what the person did (WeChat, customer-service messages, since 2023)."""


def opened(opener: Opener, now: datetime) -> Window:
    """The window that the person has just opened."""
    sends, lasting = OPENINGS[opener]
    return Window(opener, sends, now + lasting)


def spend(windows: Sequence[Window], sends: int, now: datetime) -> list[Window] | None:
    """The windows as they are after so many sends, those that end first used first. None: it is not enough."""
    after = []
    for window in sorted(windows, key=lambda one: one.until):
        taken = min(sends, window.remaining) if window.until > now else 0
        sends -= taken
        if taken:
            after.append(replace(window, remaining=window.remaining - taken))
    return None if sends else after


def unspend(windows: Sequence[Window], sends: int, now: datetime) -> list[Window]:
    """The windows as they are when so many sends were not used after all: never more than they were opened with.

    Those that end first get theirs first, as they were used first.
    """
    after = []
    for window in sorted(windows, key=lambda one: one.until):
        room = OPENINGS[window.opened_by][0] - window.remaining if window.until > now else 0
        given = min(sends, room)
        sends -= given
        if given:
            after.append(replace(window, remaining=window.remaining + given))
    return after
