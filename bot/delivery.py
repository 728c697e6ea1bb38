"""Delivery: sends what the outbox holds, after the commit, and writes what became of each message.

Answers of a turn come here at once (`deliver`), already claimed by this process; everything else waits in the
queue and is claimed by the process that holds the channel's lease. Messages to one account leave in order.
Outcomes are written in batches: one transaction for all that was settled meanwhile.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.channels.contract import Channel
from bot.clock import Clock
from bot.pace import Pace
from domain.delivery import (
    MAX_DOUBTS,
    MAX_TRIES,
    Outcome,
    Outgoing,
    Sending,
    back_off,
    failed,
    in_doubt,
    try_later,
)
from storage import delivery as outbox
from storage import jobs, media
from storage.database import Database, Tx
from storage.directory import people

log = logging.getLogger(__name__)

CLAIM = 200
"""Rows of one channel in hand at once."""
LEASE = timedelta(seconds=30)
POLL = 1.0
"""Seconds between two looks at the queue when nobody woke us."""
MEDIA_WAIT = 3.0
"""Seconds after which a message is tried again whose picture is still being fetched."""


class Delivery:
    """The sender of all channels in this process."""

    def __init__(
        self, database: Database, channels: Mapping[str, Channel], clock: Clock, process: str
    ) -> None:
        self._database = database
        self._channels = channels
        self._clock = clock
        self._process = process
        self._paces = {name: Pace(channel.traits) for name, channel in channels.items()}
        self._lanes: dict[int, asyncio.Queue[Outgoing]] = {}
        self._settled: list[tuple[Outgoing, Outcome]] = []
        self._settle_now = asyncio.Event()
        self._wakes = {name: asyncio.Event() for name in channels}
        self._in_hand = dict.fromkeys(channels, 0)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Take back what a dead process left, then begin to send."""
        await self.take_back()
        for loop in (self._settle_forever(), *(self._pump(name) for name in self._channels)):
            self._spawn(loop)

    async def close(self) -> None:
        """Stop sending; what was sent so far is written."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._write_settled()
        await self._database.run(lambda tx: jobs.drop_leases(tx, self._process))

    def wake(self, channels: Iterable[str] | None = None) -> None:
        """There may be something new in the queue of these channels (of all, if none are named)."""
        for name in self._wakes if channels is None else channels:
            if name in self._wakes:
                self._wakes[name].set()

    def send_soon(self, messages: list[Outgoing]) -> None:
        """Send messages that this process has claimed, each account's in order."""
        for message in messages:
            lane = self._lanes.get(message.account)
            if lane is None:
                lane = self._lanes[message.account] = asyncio.Queue()
                self._spawn(self._send_lane(message.account, lane))
            lane.put_nowait(message)
            self._in_hand[message.channel] = self._in_hand.get(message.channel, 0) + 1

    async def take_back(self) -> int:
        """Messages that were being sent by a process that is no more go out again, once. Returns how many."""
        now = self._clock()

        def deed(tx: Tx) -> int:
            left = outbox.abandoned(tx, [self._process, *jobs.living(tx, now)])
            outbox.settle(tx, [self._change(one, in_doubt("the sending process died"), now) for one in left])
            return len(left)

        count = await self._database.run(deed)
        if count:
            log.warning("%d messages were being sent when a process died; they are in doubt", count)
            self.wake()
        return count

    async def _pump(self, channel: str) -> None:
        wake = self._wakes[channel]
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await wake.wait()
            wake.clear()
            try:
                await self._claim(channel)
            except Exception:
                log.exception("the outbox of %s could not be read; trying again", channel)
                await asyncio.sleep(POLL)

    async def _claim(self, channel: str) -> None:
        """Take due rows into hand, up to CLAIM at a time: a broadcast of a million is never all in memory."""
        now, room = self._clock(), CLAIM - self._in_hand[channel]

        def deed(tx: Tx) -> list[Outgoing]:
            if not jobs.hold_lease(tx, f"sender:{channel}", self._process, now, now + LEASE):
                return []
            return outbox.claim(tx, channel, self._process, now, room) if room > 0 else []

        self.send_soon(await self._database.run(deed))

    async def _send_lane(self, account: int, lane: "asyncio.Queue[Outgoing]") -> None:
        stop: Outcome | None = None
        while not lane.empty():
            message = lane.get_nowait()
            outcome = stop or await self._send(message)
            if outcome.state in (Sending.QUEUED, Sending.UNCERTAIN):
                # Those behind it wait as long as it does, so that what was said keeps its order.
                stop = stop or Outcome(
                    Sending.QUEUED, wait=outcome.wait or 2, charged=False, reason="behind another"
                )
            self._in_hand[message.channel] -= 1
            self._settled.append((message, outcome))
            self._settle_now.set()
        del self._lanes[account]

    async def _send(self, message: Outgoing) -> Outcome:
        channel = self._channels.get(message.channel)
        if channel is None:
            return failed("this messenger is switched off")
        if message.media:
            message, ready = await self._with_files(message)
            if not ready:
                return replace(try_later("its picture is still being fetched", MEDIA_WAIT), charged=False)
        pace = self._paces[message.channel]
        await pace.wait(message.address)
        try:
            outcome = await channel.send(message)
        except Exception as error:
            log.exception("sending message %d failed", message.id)
            return in_doubt(type(error).__name__)
        if outcome.state is Sending.QUEUED and not outcome.charged:
            pace.hold(outcome.wait)
        return outcome

    async def _with_files(self, message: Outgoing) -> tuple[Outgoing, bool]:
        ready, coming = await self._database.read(lambda tx: media.files(tx, message.media))
        return replace(message, files=tuple(ready)), not coming

    async def _settle_forever(self) -> None:
        while True:
            await self._settle_now.wait()
            self._settle_now.clear()
            try:
                await self._write_settled()
            except Exception:
                log.exception("outcomes could not be written; trying again")
                self._settle_now.set()
                await asyncio.sleep(POLL)

    async def _write_settled(self) -> None:
        batch = self._settled
        if not batch:
            return
        now = self._clock()

        def deed(tx: Tx) -> None:
            outbox.settle(tx, [self._change(message, outcome, now) for message, outcome in batch])
            for account in {m.account for m, outcome in batch if outcome.state is Sending.BLOCKED}:
                people.mark_blocked(tx, account, blocked=True)

        await self._database.run(deed)
        self._settled = self._settled[len(batch) :]

    @staticmethod
    def _change(message: Outgoing, outcome: Outcome, now: datetime) -> dict[str, Any]:
        """What an outcome means for its row."""
        state, tries, doubts = outcome.state, message.tries + outcome.charged, message.doubts
        wait = timedelta(seconds=outcome.wait) if outcome.wait else back_off(tries)
        if state is Sending.UNCERTAIN:
            doubts += 1
            state, wait = (Sending.UNCERTAIN if doubts > MAX_DOUBTS else Sending.QUEUED), timedelta(0)
        if state is Sending.QUEUED and tries >= MAX_TRIES:
            state = Sending.FAILED
        return {
            "row": message.id,
            "to_state": state,
            "to_tries": tries,
            "to_doubts": doubts,
            "to_reason": outcome.reason[:200],
            "to_remote_id": outcome.remote_id,
            "to_due_at": now + wait if state is Sending.QUEUED else now,
            "to_settled_at": None if state is Sending.QUEUED else now,
        }

    def _spawn(self, loop: Any) -> None:
        task = asyncio.create_task(loop)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
