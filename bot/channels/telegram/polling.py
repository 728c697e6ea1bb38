"""Fetching updates by long polling, so that none is lost and nobody's words change their order."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from bot.channels.http import CallError
from bot.channels.telegram.api import BotApi, RefusedError
from bot.channels.telegram.updates import Received, understand, update_number
from storage.database import UnavailableError

log = logging.getLogger(__name__)

WANTED = ["message", "callback_query"]
"""Kinds of update that Telegram is asked for. The others are none of ours."""

POLL_SECONDS = 25
"""How long Telegram holds a call open while there is nothing to tell."""

AT_ONCE = 32
"""Turns run at the same time, each of another chat."""

RETRIES = 5
LONGEST_PAUSE = 60.0

_FAULTS: dict[int, str] = {
    HTTPStatus.CONFLICT: "409: another process or a webhook takes this bot's updates",
    HTTPStatus.UNAUTHORIZED: "401: the token is refused",
    HTTPStatus.NOT_FOUND: "404: the token or the address of the API is wrong",
}


class Poller:
    """Runs `handle` for everything people say, one by one for one chat.

    Telegram forgets an update once a later one is asked for, so that is done only when all of a batch are handled.
    """

    def __init__(
        self, api: BotApi, handle: Callable[[Received], Awaitable[None]], first_pause: float = 1
    ) -> None:
        """`first_pause`: seconds to wait after a first failure. Each further one waits twice as long."""
        self._api = api
        self._handle = handle
        self._first_pause = first_pause
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Until cancelled."""
        offset = 0
        failures = 0
        while True:
            try:
                updates = await self._api.call(
                    "getUpdates",
                    {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": WANTED},
                    patience=POLL_SECONDS,
                )
                offset = max([offset, *(update_number(raw) + 1 for raw in updates)])
            except Exception as fault:  # noqa: BLE001 - whatever happens, the service must not go deaf
                failures += 1
                pause = self._pause(failures, fault)
                log.warning("telegram: no updates (%s), next try in %.0f s", _plainly(fault), pause)
                await asyncio.sleep(pause)
            else:
                failures = 0
                await self._take_all(updates)

    async def _take_all(self, updates: list[object]) -> None:
        chats: dict[str, list[Received]] = defaultdict(list)
        for raw in updates:
            if received := understand(raw):
                chats[received.inbound.address].append(received)
        await asyncio.gather(*(self._take_chat(said) for said in chats.values()))

    async def _take_chat(self, said: list[Received]) -> None:
        async with self._slots:
            for received in said:
                await self._take(received)

    async def _take(self, received: Received) -> None:
        """Try until it is done. While nothing can be stored it waits; only an update that is itself bad is passed."""
        number = received.inbound.update_id
        failures = bad = 0
        while bad <= RETRIES:
            try:
                return await self._handle(received)
            except Exception as fault:  # noqa: BLE001 - one bad update must not stop the others
                log.warning("telegram: update %s failed: %s", number, type(fault).__name__)
                failures += 1
                bad += not isinstance(fault, UnavailableError)
                if bad <= RETRIES:
                    await asyncio.sleep(self._pause(failures, fault))
        log.error("telegram: update %s is given up", number)
        return None

    def _pause(self, failures: int, fault: Exception) -> float:
        """Seconds: doubling, and never less than Telegram asked for."""
        doubled = min(self._first_pause * (1 << min(failures - 1, 10)), LONGEST_PAUSE)
        if isinstance(fault, RefusedError) and fault.status == HTTPStatus.TOO_MANY_REQUESTS:
            return max(doubled, fault.retry_after)
        return doubled


def _plainly(fault: Exception) -> str:
    if isinstance(fault, RefusedError):
        return _FAULTS.get(fault.status, str(fault.status))
    return str(fault) if isinstance(fault, CallError) else type(fault).__name__
