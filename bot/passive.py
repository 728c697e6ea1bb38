"""Answering an update by the response to it: in time, or another way, and never both.

WeChat and WeCom wait five seconds for a response, then deliver the update again, three times in all. Whatever is
not said by then goes out like any other message; the row in the outbox says which way was taken (`via`), so no
process takes the other one too.
"""

import asyncio
import logging
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

    async def exchange(self, inbound: Inbound, response: Response) -> None:
        """One update and its response. Raises what the turn raises, if it does so in time."""
        turn = asyncio.ensure_future(self._take(inbound))
        done, _ = await asyncio.wait({turn}, timeout=self._within)
        if not done:
            log.warning("%s: a turn took too long for its answer to be the response", inbound.channel)
            self._in_background(self._too_late(turn))
            await response.send("")
            return
        answers = turn.result().answers
        self._delivery.hand.take(answers)
        said, rest, text = _fitting(answers, response)
        try:
            await response.send(text)
        except ConnectionError:
            self._in_background(self._unheard(answers))
            return
        self._delivery.hand.settled(said, sent(via=Via.PASSIVE))
        if rest:
            self._in_background(self._delivery.send_instead(rest))

    async def close(self) -> None:
        """What is still to be sent another way is in the outbox: the next start finds it there."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _too_late(self, turn: "asyncio.Future[Taken]") -> None:
        try:
            answers = (await turn).answers
        except Exception as fault:  # noqa: BLE001  the update was acknowledged: nobody else would say so
            log.error("a turn failed after its update was acknowledged: %s", type(fault).__name__)  # noqa: TRY400
            return
        self._delivery.hand.take(answers)
        await self._delivery.send_instead(answers)

    async def _unheard(self, answers: list[Outgoing]) -> None:
        """The messenger hung up. It will most likely deliver the update again; if not, the answer goes another way."""
        await asyncio.sleep(self._repeats_for)
        await self._delivery.send_instead(answers)

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
