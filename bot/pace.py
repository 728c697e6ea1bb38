"""Keeping to a messenger's limits: so many messages a second over all, and to one chat."""

import asyncio

from domain.talk import Traits


class Pace:
    """Hands out the next moment at which a message may leave. A limit of 0 is no limit."""

    def __init__(self, traits: Traits) -> None:
        self._gap = 1 / traits.per_second if traits.per_second else 0.0
        self._chat_gap = 1 / traits.per_chat_second if traits.per_chat_second else 0.0
        self._next = 0.0
        self._next_by_chat: dict[str, float] = {}
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
        moment = max(now, self._next, self._next_by_chat.get(chat, 0.0))
        if self._gap:
            self._next = max(now, self._next) + self._gap
        if self._chat_gap:
            self._next_by_chat[chat] = moment + self._chat_gap
            self._forget(now)
        return moment

    def _forget(self, now: float) -> None:
        if len(self._next_by_chat) > 10_000:  # noqa: PLR2004  bounds memory; old chats have no wait left
            self._next_by_chat = {chat: at for chat, at in self._next_by_chat.items() if at > now}
