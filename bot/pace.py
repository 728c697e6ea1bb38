"""Keeping to a messenger's limits: so many messages a second over all, and so many in some time to one chat."""

import asyncio
from collections import deque

from domain.talk import Traits

MAKES_UP = 0.1
"""Seconds of lateness that are made up for: whoever came late leaves sooner after the one before, and yet never more
than the limit leave in a second."""
IDLE = 1.0
"""After so many seconds without a message nobody is late."""


class Pace:
    """Hands out the next moment at which a message may leave. A limit of 0 is no limit."""

    def __init__(self, traits: Traits) -> None:
        self._gap = 1 / traits.per_second if traits.per_second else 0.0
        self._left: deque[float] = deque(maxlen=max(int(traits.per_second), 1))
        """When as many as may leave in a second have left, or will leave, the oldest first."""
        self._limits = traits.per_chat
        self._most = max((count for count, _ in self._limits), default=0)
        self._longest = max((seconds for _, seconds in self._limits), default=0.0)
        self._next = 0.0
        self._left_at: dict[str, deque[float]] = {}
        """By chat: when its newest messages left, or will leave, the oldest first."""
        self._rest_until = 0.0

    async def wait(self, chat: str) -> None:
        """Sleep until the next message to `chat` may leave."""
        loop = asyncio.get_running_loop()
        while (moment := self._moment(chat, loop.time())) > loop.time():
            await asyncio.sleep(moment - loop.time())
            if self._rest_until <= loop.time():  # else a rest was asked for while it waited
                return

    def hold(self, seconds: float) -> None:
        """The messenger asked for a rest: nothing leaves for so long."""
        self._rest_until = max(self._rest_until, asyncio.get_running_loop().time() + seconds)
        self._next = max(self._next, self._rest_until)

    def _moment(self, chat: str, now: float) -> float:
        """The next moment at which a message to `chat` may leave; it is taken by this."""
        moment = max(now, self._next)
        if self._gap:
            full = len(self._left) == self._left.maxlen
            moment = max(moment, self._left[0] + len(self._left) * self._gap) if full else moment
            late = now - self._next
            begun = now - MAKES_UP if late < IDLE else now
            self._next = max(begun, self._next, self._rest_until) + self._gap
            self._left.append(moment)
        if self._limits:
            left_at = self._left_at.setdefault(chat, deque(maxlen=self._most))
            free = (left_at[-count] + seconds for count, seconds in self._limits if len(left_at) >= count)
            moment = max(moment, *free, 0.0)
            left_at.append(moment)
            self._forget(now)
        return moment

    def _forget(self, now: float) -> None:
        if len(self._left_at) > 10_000:  # noqa: PLR2004  bounds memory; old chats have no wait left
            self._left_at = {
                chat: left_at for chat, left_at in self._left_at.items() if left_at[-1] + self._longest > now
            }
