"""Delivery: sends what the outbox holds, after the commit, and writes what became of each message.

Answers of a turn come here at once (`deliver`), already claimed by this process; everything else waits in the
queue and is claimed by the process that holds the channel's lease. Messages to one account leave in order:
while one waits for its next try, those behind it wait too. Every process holds a lease of its own, by which the
others know that it lives; what a dead one left half sent is taken back by whoever notices first.
Outcomes are written in batches: one transaction for all that was settled meanwhile.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.channels.contract import Channel, Own
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
    sent,
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
BEHIND = timedelta(seconds=2 * POLL)
"""How much later than a message that waits for its next try those behind it are due: it is in hand again by then."""
MEDIA_WAIT = 3.0
"""Seconds after which a message is tried again whose picture is still being fetched."""


class Delivery:
    """The sender of all channels in this process."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        clock: Clock,
        process: str,
        own: Mapping[str, Own] | None = None,
    ) -> None:
        """`own`: those of the channels that are messengers of our own."""
        self._database = database
        self._channels = channels
        self._clock = clock
        self._process = process
        self._own = own or {}
        self._leases: dict[str, datetime] = {}
        """By channel: until when this process is its sender."""
        self._paces = {name: Pace(channel.traits) for name, channel in channels.items()}
        self._lanes: dict[int, asyncio.Queue[Outgoing]] = {}
        self._held_up: dict[int, tuple[int, datetime]] = {}
        """By account: the message that waits for its next try, and until when those behind it wait."""
        self._settled: list[tuple[Outgoing, dict[str, Any]]] = []
        self._settle_now = asyncio.Event()
        self._wakes = {name: asyncio.Event() for name in channels}
        self._in_hand = dict.fromkeys(channels, 0)
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Take back what a dead process left, then begin to send."""
        await self.take_back()
        self._spawn(self._settle_forever())
        self._spawn(self._take_back_forever())
        for name in self._channels:
            self._spawn(self._pump(name))

    async def close(self) -> None:
        """Stop sending; what was sent so far is written, what was not begun goes back to the queue."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for lane in self._lanes.values():
            while not lane.empty():
                self._settle(lane.get_nowait(), replace(try_later("the service stopped"), charged=False))
        await self._write_settled()
        await self._database.run(lambda tx: jobs.drop_leases(tx, self._process))

    def busy(self, account: int) -> bool:
        """Are messages to this account on their way, or waiting for their next try, in this process?"""
        return account in self._lanes or account in self._held_up

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
        """Messages that were being sent by a process that is no more go out again, once. Returns how many.

        It also says to the others that this process lives, for as long as LEASE.
        """
        now = self._clock()

        def deed(tx: Tx) -> int:
            jobs.hold_lease(tx, f"process:{self._process}", self._process, now, now + LEASE)
            left = outbox.abandoned(tx, [self._process, *jobs.living(tx, now)])
            outbox.settle(tx, [self._change(one, in_doubt("the sending process died"), now) for one in left])
            return len(left)

        count = await self._database.run(deed)
        if count:
            log.warning("%d messages were being sent when a process died; they are in doubt", count)
            self.wake()
        return count

    async def _take_back_forever(self) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            try:
                await self.take_back()
            except Exception:
                log.exception("nothing could be taken back; trying again")

    async def _pump(self, channel: str) -> None:
        wake, own = self._wakes[channel], self._own.get(channel)
        at_once = own
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await wake.wait()
            wake.clear()
            try:
                await self._claim(channel, at_once)
                at_once = own
            except Exception:
                log.exception("the outbox of %s could not be read; trying again", channel)
                self._leases.pop(channel, None)
                at_once = None  # one by one, so that a single message cannot stop the others
                await asyncio.sleep(POLL)

    async def _claim(self, channel: str, own: Own | None) -> None:
        """Take due rows into hand, up to CLAIM at a time: a broadcast of a million is never all in memory.

        A messenger of our own gets in the same transaction what need not wait for anything.
        """
        now, room = self._clock(), CLAIM - self._in_hand[channel]

        def deed(tx: Tx) -> tuple[list[Outgoing], list[Outgoing]]:
            if room <= 0 or not self._is_sender(tx, channel, now):
                return [], []
            claimed = outbox.claim(tx, channel, self._process, now, room)
            if own is None:
                return claimed, []
            waiting = {one.account for one in claimed if one.media or self.busy(one.account)}
            kept = [one for one in claimed if one.account not in waiting]
            for one in kept:
                own.keep(tx, one)
            outbox.settle(tx, [self._change(one, sent(), now) for one in kept])
            return [one for one in claimed if one.account in waiting], kept

        to_send, kept = await self._database.run(deed)
        self.send_soon(to_send)
        if own is not None:
            for one in kept:
                own.announce(one.address)

    def _is_sender(self, tx: Tx, channel: str, now: datetime) -> bool:
        """Is this process the channel's sender? The lease is written anew when half of it is over."""
        if self._leases.get(channel, now) - now > LEASE / 2:
            return True
        held = jobs.hold_lease(tx, f"sender:{channel}", self._process, now, now + LEASE)
        self._leases[channel] = now + LEASE if held else now
        return held

    async def _send_lane(self, account: int, lane: "asyncio.Queue[Outgoing]") -> None:
        while not lane.empty():
            message = lane.get_nowait()
            wait_until = self._behind(message)
            if wait_until is None:
                self._settle(message, await self._send(message))
            else:
                outcome = replace(try_later("behind another"), charged=False)
                self._settle(message, outcome, wait_until)
        del self._lanes[account]

    def _behind(self, message: Outgoing) -> datetime | None:
        """Until when a message waits, so that what was said keeps its order; None if it may go."""
        first, until = self._held_up.get(message.account, (message.id, self._clock()))
        if message.id > first and until > self._clock():
            return until
        if message.id >= first:
            self._held_up.pop(message.account, None)
        return None

    def _settle(self, message: Outgoing, outcome: Outcome, due_at: datetime | None = None) -> None:
        change = self._change(message, outcome, self._clock())
        if due_at is not None:
            change["to_due_at"] = due_at
        elif change["to_state"] is Sending.QUEUED:
            self._held_up[message.account] = (message.id, change["to_due_at"] + BEHIND)
        self._in_hand[message.channel] -= 1
        self._settled.append((message, change))
        self._settle_now.set()

    async def _send(self, message: Outgoing) -> Outcome:
        channel = self._channels.get(message.channel)
        if channel is None:
            return failed("this messenger is switched off")
        if message.media:
            try:
                message, ready = await self._with_files(message)
            except Exception as error:
                log.exception("the files of message %d could not be read", message.id)
                return try_later(type(error).__name__)
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
        batch = self._settled.copy()  # more is settled while these are being written
        if not batch:
            return

        def deed(tx: Tx) -> None:
            outbox.settle(tx, [change for _, change in batch])
            for account in {m.account for m, change in batch if change["to_state"] is Sending.BLOCKED}:
                people.mark_blocked(tx, account, blocked=True)

        await self._database.run(deed)
        del self._settled[: len(batch)]

    @staticmethod
    def _change(message: Outgoing, outcome: Outcome, now: datetime) -> dict[str, Any]:
        """What an outcome means for its row."""
        state, tries, doubts = outcome.state, message.tries + outcome.charged, message.doubts
        wait = timedelta(seconds=outcome.wait) if outcome.wait else back_off(tries)
        if state is Sending.UNCERTAIN:
            doubts += 1
            state, wait = (Sending.UNCERTAIN if doubts > MAX_DOUBTS else Sending.QUEUED), timedelta(0)
        if state is Sending.QUEUED and tries >= MAX_TRIES:
            state = Sending.UNCERTAIN if outcome.state is Sending.UNCERTAIN else Sending.FAILED
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
