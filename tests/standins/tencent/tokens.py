"""Access tokens: 7200 seconds by the server's clock."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

from tests.standins.tencent.refusals import RefusalError

LIFE = timedelta(seconds=7200)
Clock = Callable[[], datetime]


class Tokens:
    """One account's tokens. `overlap`: so long before its end a token is followed by a new one, both good."""

    def __init__(self, clock: Clock, *, unknown: int, overlap: timedelta = timedelta()) -> None:
        self._clock = clock
        self._unknown = unknown
        self._overlap = overlap
        self._ends: dict[str, datetime] = {}
        self._newest = ""
        self._numbers = itertools.count(1)

    def current(self) -> tuple[str, int]:
        """The newest token and its seconds left, a new one if that is at its end."""
        left = self._ends.get(self._newest, self._clock()) - self._clock()
        if left <= self._overlap:
            self._newest = f"token-{next(self._numbers)}-{'x' * 120}"
            self._ends[self._newest] = self._clock() + LIFE
            left = LIFE
        return self._newest, int(left.total_seconds())

    def renew(self) -> tuple[str, int]:
        """A new token; no older one is known any more."""
        self._ends.clear()
        return self.current()

    def expire(self) -> None:
        """All tokens are at their end, as after two hours."""
        self._ends = dict.fromkeys(self._ends, self._clock())

    def check(self, token: str) -> None:
        if not token:
            raise RefusalError(41001)
        if token not in self._ends:
            raise RefusalError(self._unknown)
        if self._ends[token] <= self._clock():
            raise RefusalError(42001)
