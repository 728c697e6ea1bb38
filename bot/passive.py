"""Answering an update by the response to it: in time, or another way, and never both.

WeChat and WeCom wait five seconds for a response, then deliver the update again, three times in all. Whatever is
not said by then goes out like any other message; the row in the outbox says which way was taken (`via`), so no
process takes the other one too, and within a process no other delivery of the same update does.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from bot.channels.contract import Response
from bot.channels.wording import utf8
from bot.delivery import Delivery
from bot.turn import Taken
from domain.delivery import Outgoing, Via, sent
from domain.talk import Inbound

log = logging.getLogger(__name__)

WITHIN = 4.5
"""Seconds for the whole turn: the messenger waits five."""
REPEATS_FOR = 16.0
"""Seconds after which no further delivery of the same update is to be expected."""
_PAUSES = (1.0, 5.0, 20.0, 60.0)
"""Seconds between the tries of a turn that failed after its update was acknowledged."""

_Update = tuple[str, str, str]


class Passive:
    """Takes turns whose answers are the response."""

    def __init__(
        self,
        take: Callable[[Inbound], Awaitable[Taken]],
        delivery: Delivery,
        within: float = WITHIN,
        repeats_for: float = REPEATS_FOR,
    ) -> None:
        self._take = take
        self._delivery = delivery
        self._within = within
        self._repeats_for = repeats_for
        self._tasks: set[asyncio.Task[None]] = set()
        self._late: set[asyncio.Future[Taken]] = set()
        """Turns whose updates were acknowledged before they were done."""
        self._open: Counter[_Update] = Counter()
        """How many deliveries of an update are being answered."""
        self._given_up: set[_Update] = set()
        """Updates whose answers are being turned over to the other way."""

    async def exchange(self, inbound: Inbound, response: Response) -> None:
        """One update and its response. Raises what the turn raises, if it does so in time."""
        update = (inbound.channel, inbound.address, inbound.update_id)
        if update in self._given_up:
            await response.send("")
            return
        self._open[update] += 1
        try:
            await self._answer(update, inbound, response)
        finally:
            self._open[update] -= 1
            if not self._open[update]:
                del self._open[update]

    async def _answer(self, update: _Update, inbound: Inbound, response: Response) -> None:
        turn = asyncio.ensure_future(self._take(inbound))
        done, _ = await asyncio.wait({turn}, timeout=self._within)
        if not done:
            log.warning("%s: a turn took too long for its answer to be the response", inbound.channel)
            self._in_background(self._too_late(update, inbound, turn))
            with contextlib.suppress(ConnectionError):
                await response.send("")
            return
        answers = turn.result().answers
        self._delivery.hand.take(answers)
        said, rest, text = _fitting(answers, response)
        try:
            await response.send(text)
        except ConnectionError:
            # The messenger will most likely deliver it again; if not, the answer goes another way.
            self._in_background(self._instead(update, answers, self._repeats_for))
            return
        self._delivery.hand.settled(said, sent(via=Via.PASSIVE))
        if rest:
            self._in_background(self._delivery.send_instead(rest))

    async def close(self) -> None:
        """What is still to be sent another way is in the outbox: the next start finds it there."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._late, return_exceptions=True)

    async def _too_late(self, update: _Update, inbound: Inbound, turn: "asyncio.Future[Taken]") -> None:
        answers = await self._in_the_end(inbound, turn)
        self._delivery.hand.take(answers)
        await self._instead(update, answers)

    async def _in_the_end(self, inbound: Inbound, turn: "asyncio.Future[Taken]") -> list[Outgoing]:
        """Nobody delivers an acknowledged update again: if its turn fails it is tried again here."""
        for pause in (*_PAUSES, 0):
            self._late.add(turn)
            turn.add_done_callback(self._late.discard)
            try:
                return (await asyncio.shield(turn)).answers
            except Exception as fault:  # noqa: BLE001  nobody else would say so
                kind = type(fault).__name__
                log.error("a turn failed after its update was acknowledged: %s", kind)  # noqa: TRY400
            if pause:
                await asyncio.sleep(pause)
                turn = asyncio.ensure_future(self._take(inbound))
        return []

    async def _instead(self, update: _Update, answers: list[Outgoing], after: float = 0) -> None:
        """Nobody listens for the answers any more: they go another way, unless another delivery gets them."""
        await asyncio.sleep(after)
        if self._open[update]:
            await asyncio.sleep(self._repeats_for)
        self._given_up.add(update)
        try:
            await self._delivery.send_instead(answers)
        finally:
            self._given_up.discard(update)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _fitting(answers: Sequence[Outgoing], response: Response) -> tuple[list[Outgoing], list[Outgoing], str]:
    """What can be the response, what cannot (pictures and sounds, and what is too long) in their order, and its text."""
    count, text = 0, ""
    for one in answers:
        longer = "" if one.media else response.text(answers[: count + 1])
        if one.media or utf8(longer) > response.limit:
            break
        count, text = count + 1, longer
    return list(answers[:count]), list(answers[count:]), text
