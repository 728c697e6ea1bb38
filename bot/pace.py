"""Keeping to a messenger's limits: so many messages a second over all, and so many in some time to one chat."""

import asyncio
from collections import deque

from domain.talk import Traits


class Pace:
    """Hands out the next moment at which a message may leave. A limit of 0 is no limit."""

    def __init__(self, traits: Traits) -> None:
        self._gap = 1 / traits.per_second if traits.per_second else 0.0
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
            self._next = max(now, self._next) + self._gap
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
