"""What this process has in hand: messages that it claimed, until what became of them is written.

Outcomes are written in batches: one transaction for all that was settled meanwhile.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.clock import Clock
from bot.order import Order
from domain.delivery import Outcome, Outgoing, Sending, Settled, settle, try_later
from domain.talk import About
from domain.windows import spend
from storage.database import Database, Tx
from storage.delivery import held, outbox, windows
from storage.directory import people

log = logging.getLogger(__name__)
T = TypeVar("T")

SOON = 0.05
"""Seconds after which something is tried again that is nobody's fault."""
PAUSE = 1.0
"""Seconds before outcomes are written again that could not be written."""


class Hand:
    """The messages of one process, of all channels."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        process: str,
        lost_after: timedelta,
        wake: Callable[[Iterable[str]], None],
    ) -> None:
        """`lost_after`: see Order. `wake`: told which channels have got something to send."""
        self._database = database
        self._clock = clock
        self._process = process
        self._wake = wake
        self.order = Order(lost_after, SOON)
        self._messages: dict[int, Outgoing] = {}
        self._begun: set[int] = set()
        """Those among them that may have left."""
        self._settled: list[tuple[Outgoing, Settled]] = []
        self._settle_now = asyncio.Event()
        self._news = asyncio.Event()
        self._also: list[tuple[Callable[[Tx], Any], asyncio.Future[Any]]] = []

    def __contains__(self, message: Outgoing) -> bool:
        return message.id in self._messages

    def is_settled(self, message: Outgoing) -> bool:
        """Is it known what became of it, and not written yet?"""
        return any(one.id == message.id for one, _ in self._settled)

    def count(self, channel: str) -> int:
        """How many messages of a channel are in hand."""
        return sum(one.channel == channel for one in self._messages.values())

    def rows(self, channel: str) -> set[int]:
        """Those of a channel that are in hand."""
        return {one.id for one in self._messages.values() if one.channel == channel}

    def take(self, messages: Iterable[Outgoing]) -> None:
        """They were claimed for this process."""
        self._messages |= {message.id: message for message in messages}

    def let_go(self, message: Outgoing) -> None:
        """Another process has it now."""
        self._messages.pop(message.id, None)

    def begin(self, messages: Iterable[Outgoing]) -> None:
        """From now on they may have left."""
        self._begun |= {message.id for message in messages}

    def settled(self, messages: Iterable[Outgoing], outcome: Outcome) -> None:
        """What became of them; soon written."""
        now = self._clock()
        for message in messages:
            settled = settle(message, outcome, now)
            if settled.state is Sending.QUEUED and message.about is not About.MADE:
                self.order.waits(message, settled.due_at)
            self._settled.append((message, settled))
        self._settle_now.set()
        self._news.set()
        self._news = asyncio.Event()

    async def known(self, messages: Iterable[Outgoing]) -> None:
        """Wait until it is known what became of these."""
        for message in messages:
            while message in self and not self.is_settled(message):
                await self._news.wait()

    async def after_writing(self, deed: Callable[[Tx], T]) -> T:
        """Do a deed in the transaction that writes all outcomes so far. Raises what the deed raises."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._also.append((deed, done))
        self._settle_now.set()
        return await done

    async def write_forever(self) -> None:
        """Write outcomes as they come."""
        while True:
            await self._settle_now.wait()
            self._settle_now.clear()
            await asyncio.sleep(0)  # whoever waited for an outcome may want to do something beside it
            try:
                await self._write()
            except Exception:
                log.exception("outcomes could not be written; trying again")
                self._settle_now.set()
                await asyncio.sleep(PAUSE)

    async def close(self, cut_off: Callable[[Outgoing], Outcome]) -> None:
        """Write all outcomes. What was not begun goes back into the queue; what was begun is `cut_off`."""
        unsent = replace(try_later("the service stopped before it was sent", SOON), charged=False)
        for number in self._messages.keys() - {message.id for message, _ in self._settled}:
            message = self._messages[number]
            self.settled([message], cut_off(message) if number in self._begun else unsent)
        await self._write()

    async def _write(self) -> None:
        batch = list(self._settled)  # more is settled while this is being written
        also, self._also = [one for one in self._also if not one[1].done()], []
        if not batch and not also:
            return

        def deed(tx: Tx) -> tuple[set[str], list[Any]]:
            return self._write_down(tx, batch), [one(tx) for one, _ in also]

        try:
            freed, values = await self._database.run(deed)
        except BaseException as error:
            for _, done in also:
                _end(done, error)
            if not also or not isinstance(error, Exception):
                raise
            self._settle_now.set()  # the outcomes by themselves: it may be the other deed that cannot be done
            return
        self._settled = self._settled[len(batch) :]
        for message, _ in batch:
            if self._messages.get(message.id) is message:  # else it was claimed anew meanwhile
                del self._messages[message.id]
                self._begun.discard(message.id)
        for (_, done), value in zip(also, values, strict=True):
            if not done.done():
                done.set_result(value)
        self._wake(freed)

    def _write_down(self, tx: Tx, batch: list[tuple[Outgoing, Settled]]) -> set[str]:
        """Returns the channels that have got something to send by it."""
        outbox.settle(tx, self._process, [settled for _, settled in batch])
        for account in {one.account for one, settled in batch if settled.state is Sending.BLOCKED}:
            people.mark_blocked(tx, account, blocked=True)
        now = self._clock()
        return {channel for one in batch for channel in _freed(tx, *one, now)}


def _end(done: "asyncio.Future[Any]", error: BaseException) -> None:
    if done.done():
        return
    if isinstance(error, Exception):
        done.set_exception(error)
    else:
        done.cancel()


def _freed(tx: Tx, message: Outgoing, settled: Settled, now: datetime) -> Iterator[str]:
    """What is held goes out where it can arrive: on another account of hers, or here if she wrote meanwhile.

    Yields the channel.
    """
    if settled.state is not Sending.HELD:
        return
    people.lock_account(tx, message.account)  # a turn of hers that is under way opens a window
    best = people.best_account(tx, message.person, now)
    if best is None or not best.open:
        return
    here, needs = best.account.id == message.account, settled.needs
    if here and (not needs or spend(windows.of_account(tx, message.account), needs, now) is None):
        return
    held.move(tx, message.id, best.account.id, best.account.channel, now)
    yield best.account.channel
