"""Delivery: sends what the outbox holds, after the commit, and writes what became of each message.

Answers of a turn come here at once, already claimed by this process; everything else waits in the queue and is
claimed by the process that holds the channel's lease. Messages to one account leave in order.

Every process holds a lease of its own as long as it lives. What a dead one was sending is taken back by any other.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from typing import Any

from bot.channels.contract import Channel, Own
from bot.clock import Clock
from bot.departure import Departure
from bot.hand import SOON, Hand
from bot.journal import Journals
from domain.delivery import (
    Outcome,
    Outgoing,
    Sending,
    Via,
    sent,
    settle,
    together,
    try_later,
)
from domain.talk import About
from storage import jobs, turns
from storage.database import Database, Tx
from storage.delivery import held, outbox

log = logging.getLogger(__name__)

CLAIM = 200
"""Rows of one channel in hand at once."""
LEASE = timedelta(seconds=30)
"""After this long without a sign of life a process is taken for dead."""
POLL = 1.0
"""Seconds between two looks at the queue when nobody woke us."""


class Delivery:
    """The sender of all channels in this process."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        clock: Clock,
        process: str,
        own: Mapping[str, Own] | None = None,
        journals: Journals | None = None,
    ) -> None:
        """`own`: those of the channels that are messengers of our own. `journals`: of what leaves of broadcasts."""
        self._database = database
        self.channels = channels
        self._clock = clock
        self.process = process
        self.own = own or {}
        self._journals = journals
        self._lines: dict[str, deque[Outgoing]] = {}
        """By channel: broadcast messages, which leave one after the other."""
        self._leases: dict[str, datetime] = {}
        """By channel: until when this process is its sender."""
        self._lanes: dict[int, deque[Outgoing]] = {}
        self._more: set[int] = set()
        """Accounts that have more in the queue than was claimed."""
        self.hand = Hand(database, clock, process, LEASE, self.wake)
        self.departure = Departure(database, channels, journals, self.hand.begin)
        self._strays: set[int] = set()
        self._wakes = {name: asyncio.Event() for name in channels}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Take back what a dead process left, then begin to send."""
        await self.take_back(starting=True)
        pumps = (self._pump(name) for name in self.channels)
        for loop in (self.hand.write_forever(), self._live(), *pumps):
            self._spawn(loop)

    async def close(self) -> None:
        """Stop sending; what was sent so far is written, and what was not begun goes back into the queue."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.hand.close(lambda message: self.departure.cut_off(message, "the service stopped"))
        await self._database.run(lambda tx: jobs.drop_leases(tx, self.process))

    def busy(self, account: int) -> bool:
        """Are messages to this account on their way, or waiting for their next try, in this process?"""
        return account in self._lanes or self.hand.order.holds(account)

    def wake(self, channels: Iterable[str] | None = None) -> None:
        """There may be something new in the queue of these channels (of all, if none are named)."""
        for name in self._wakes if channels is None else channels:
            if name in self._wakes:
                self._wakes[name].set()

    def send_soon(self, messages: list[Outgoing]) -> None:
        """Send messages that this process has claimed, each account's in order, those of broadcasts one by one."""
        self.hand.take(messages)
        for message in messages:
            if message.about is About.MADE:  # behind which nothing waits
                self._spawn(self._send_aside(message))
            elif message.about is not About.BROADCAST:
                self._enter_lane(message)
            elif message.channel in self._lines:
                self._lines[message.channel].append(message)
            else:
                self._lines[message.channel] = deque([message])
                self._spawn(self._send_line(message.channel))

    def _enter_lane(self, message: Outgoing) -> None:
        lane = self._lanes.get(message.account)
        if lane is None:
            lane = self._lanes[message.account] = deque()
            self._spawn(self._send_lane(message.account, lane))
        lane.append(message)

    async def _send_line(self, channel: str) -> None:
        """So an answer waits for one of them at the most, and one at the most is in doubt if this process dies."""
        while line := self._lines[channel]:
            message = line.popleft()
            self._enter_lane(message)
            await self.hand.known([message])
        del self._lines[channel]

    def starts_anew(self, channel: str) -> None:
        """What was noted of broadcasts on this channel is not needed any more, but of what is in hand."""
        if self._journals is not None:
            self._journals.keep_only(channel, self.hand.rows(channel))

    async def send_and_wait(self, messages: Sequence[Outgoing], but: int) -> None:
        """Send messages that this process has claimed, and wait until it is known what became of them.

        but: not of the last so many, where there are more than that.
        """
        self.send_soon(list(messages))
        await self.hand.known(messages[:-but] or messages)

    async def send_instead(self, messages: Iterable[Outgoing]) -> None:
        """Send answers that were to be a response, except those that have been one meanwhile, or are another process's."""
        listed = [message for message in messages if not self.hand.is_settled(message)]
        rows = [message.id for message in listed]
        ours = await self._database.run(lambda tx: held.give_up_passive(tx, rows, self.process))
        for message in listed:
            if message.id not in ours:
                self.hand.let_go(message)
        self.send_soon([replace(message, via=Via.SERVICE) for message in listed if message.id in ours])

    async def take_back(self, *, starting: bool = False) -> int:
        """Renew our lease; messages that a dead process was sending go out again. Returns how many.

        Whoever was cut off from the database until just now judges nobody: the others may have been cut off too.
        """
        now = self._clock()

        def deed(tx: Tx) -> tuple[list[Outgoing], list[Outgoing], list[str]]:
            living = jobs.living(tx, now)
            jobs.hold_lease(tx, f"alive:{self.process}", self.process, now, now + LEASE)
            ours = outbox.being_sent(tx, self.process)
            if not starting and self.process not in living:
                return [], ours, []
            taken = outbox.take_over(tx, [self.process, *living], self.process)
            cut_off = [(one, self._fate(one, before)) for one, before in taken]
            outbox.settle(tx, self.process, [settle(one, outcome, now) for one, outcome in cut_off])
            return [one for one, _ in taken], ours, [self.process, *living]

        left, ours, judges = await self._database.run(deed)
        if self._journals is not None and judges:
            self._journals.forget_all_but(judges)
        await self._find_strays(ours)
        if left:
            log.warning("%d messages were being sent when a process died; they go out again", len(left))
            self.wake()
        return len(left)

    def _fate(self, message: Outgoing, sender: str) -> Outcome:
        """What is known of a message that a process was sending when it died."""
        fates = None
        if self._journals is not None and message.about is About.BROADCAST:
            fates = self._journals.fates(sender, message.channel)
        fate = "in doubt" if fates is None else fates.get(message.id, "untouched")
        if fate == "in doubt":
            return self.departure.cut_off(message, "the sending process died")
        if fate == "sent":
            return sent()
        return replace(try_later("the process died before it was sent", SOON), charged=False)

    async def _find_strays(self, ours: list[Outgoing]) -> None:
        """Send what is ours in the database and not in our hands, seen twice: its turn was stored, its caller not told."""
        strays = [one for one in ours if one not in self.hand]
        lost = [one for one in strays if one.id in self._strays]
        self._strays = {one.id for one in strays}
        if lost:
            log.warning("%d messages were stored without our knowing; sending them", len(lost))
            self.send_soon([one for one in lost if one.via is not Via.PASSIVE])
            await self.send_instead([one for one in lost if one.via is Via.PASSIVE])

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            try:
                await self.take_back()
            except Exception:
                log.exception("the outbox could not be looked through; trying again")

    async def _pump(self, channel: str) -> None:
        wake, own = self._wakes[channel], self.own.get(channel)
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
        now, room = self._clock(), CLAIM - self.hand.count(channel)
        busy, at_once = set(self._lanes), partial(self._at_once, channel)

        def deed(tx: Tx) -> tuple[list[Outgoing], list[Outgoing], set[int]]:
            if room <= 0 or not self.is_sender(tx, channel, now):
                return [], [], set()
            if own is None:
                claimed, more = outbox.claim(tx, channel, self.process, now, room, busy, at_once)
                return claimed, [], more
            hold = partial(turns.hold, tx)
            claimed, more = outbox.claim(tx, channel, self.process, now, room, busy, _until_a_file, hold)
            kept = [one for one in claimed if not one.media and not self.busy(one.account)]
            own.keep(tx, kept)
            outbox.settle(tx, self.process, [settle(one, sent(), now) for one in kept])
            return [one for one in claimed if one not in kept], kept, more

        to_send, kept, more = await self._database.run(deed)
        self._more |= more
        self.send_soon(to_send)
        if own is not None:
            for one in kept:
                own.announce(one.address)
            if more - {one.account for one in to_send} - busy:  # or whose turn is under way
                asyncio.get_running_loop().call_later(SOON / 5, self.wake, [channel])

    def is_sender(self, tx: Tx, channel: str, now: datetime) -> bool:
        """Is this process the channel's sender? The lease is written anew when half of it is over."""
        if self._leases.get(channel, now) - now > LEASE / 2:
            return True
        ours = jobs.hold_lease(tx, f"sender:{channel}", self.process, now, now + LEASE)
        self._leases[channel] = now + LEASE if ours else now
        return ours

    def _at_once(self, channel: str, messages: Sequence[Outgoing]) -> int:
        """How many of the first of one account's messages leave as one."""
        traits = self.channels[channel].traits if channel in self.channels else None
        return together(messages, traits.text_bytes) if traits and traits.counted else 1

    async def _send_lane(self, account: int, lane: deque[Outgoing]) -> None:
        while lane:
            messages = [lane.popleft() for _ in range(self._at_once(lane[0].channel, lane))]
            wait = max(self.hand.order.wait(message, self._clock()) for message in messages)
            behind = Outcome(Sending.QUEUED, wait=wait, charged=False, reason="behind another")
            self.hand.settled(messages, behind if wait else await self.departure.send(messages))
        del self._lanes[account]
        if account in self._more:
            self._more.discard(account)
            self.wake([messages[0].channel])

    async def _send_aside(self, message: Outgoing) -> None:
        self.hand.settled([message], await self.departure.send([message]))

    def _spawn(self, loop: Any) -> None:
        task = asyncio.create_task(loop)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _until_a_file(messages: Sequence[Outgoing]) -> int:
    """How many of the first need not wait for a picture; at least the first."""
    return max(sum(1 for _ in takewhile(lambda message: not message.media, messages)), 1)
