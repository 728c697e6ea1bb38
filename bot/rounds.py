"""What is looked after again and again while the service runs: at start, when it is woken, and every so often."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from services.desk import Desk

log = logging.getLogger(__name__)

_SOON = 5.0
"""Seconds to the next round where there is more to do, or something failed."""


class Doing(Protocol):
    """Does a deed at a desk, in one transaction."""

    def __call__(self, deed: Callable[[Desk], Any], /) -> Awaitable[Any]: ...


class Rounds:
    """Does the work until it is closed, whatever goes wrong in one of its rounds."""

    def __init__(self, work: Callable[[], Awaitable[object]], every: float, fault: str) -> None:
        """every: seconds, where there was nothing to do; `work` returns something true where there may be more.

        fault: what is logged when a round fails.
        """
        self._work = work
        self._every = every
        self._fault = fault
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._go())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def wake(self) -> None:
        """There is something to do now."""
        self._wake.set()

    async def _go(self) -> None:
        while True:
            self._wake.clear()
            pause = await self._round()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _round(self) -> float:
        try:
            more = await self._work()
        except Exception:
            log.exception("%s; trying again", self._fault)
            more = True
        return min(self._every, _SOON) if more else self._every
