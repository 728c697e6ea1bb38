"""When an account may write to a follower who did not just ask, and how often.

Rules since 12 June 2023: five messages within 48 hours of a follower's message; three within a minute of a menu
click, a follow or a scan. A tap on a menu message counts as a menu click.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.standins.tencent.refusals import RefusalError
from tests.standins.tencent.tokens import Clock

MESSAGE_WINDOW = (timedelta(hours=48), 5)
ACT_WINDOW = (timedelta(minutes=1), 3)


@dataclass
class Window:
    ends: datetime
    left: int


class Windows:
    """One follower's. Opening a window again renews it; sends do not add up."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, Window] = {}

    def follower_writes(self) -> None:
        self._begin("message", *MESSAGE_WINDOW)

    def follower_acts(self) -> None:
        """A menu click, a follow, a scan, a tap on a menu message."""
        self._begin("act", *ACT_WINDOW)

    def close(self) -> None:
        self._open.clear()

    def take(self) -> None:
        """Spend one send of the window that ends first. Raises 45015 if none is open, 45047 if all are used up."""
        still = sorted(
            (one for one in self._open.values() if one.ends > self._clock()), key=lambda one: one.ends
        )
        if not still:
            raise RefusalError(45015)
        for window in still:
            if window.left:
                window.left -= 1
                return
        raise RefusalError(45047)

    @property
    def left(self) -> int:
        """Sends that are still free now."""
        return sum(one.left for one in self._open.values() if one.ends > self._clock())

    def _begin(self, kind: str, length: timedelta, sends: int) -> None:
        self._open[kind] = Window(self._clock() + length, sends)
