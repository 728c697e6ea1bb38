"""Feeding broadcasts to the outbox, only as fast as each messenger takes them.

Recipients are put into the outbox a few at a time, when their messages are about to leave, and leave one after the
other: so pausing acts within seconds, an answer never waits behind a broadcast, and a process that dies leaves one
message in doubt at the most. Only the process that holds a channel's lease feeds it.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Mapping
from datetime import timedelta
from typing import Any, Protocol, TypeVar

from bot.clock import Clock
from bot.delivery import Delivery
from domain.broadcasts import Broadcast, Reach, State, batch_id
from domain.county import County
from domain.delivery import Outcome, Outgoing, Sending, back_off
from domain.talk import Choice
from services import broadcasts
from services.desk import Desk
from storage.broadcasts import mass, recipients, rows
from storage.broadcasts.mass import Batch
from storage.database import Database, Tx
from storage.delivery import outbox

log = logging.getLogger(__name__)
T = TypeVar("T")

LOOK = 1.0
"""Seconds between two looks for something to do."""
SOON = 0.1
"""Seconds between two parts of something large, in which others have their turn."""
AT_ONCE = 60
"""Recipients put into the outbox together: two seconds of Telegram, after which a pause is heard."""
BACKLOG = 20
"""With so many broadcast messages waiting to be sent again, the messenger is in trouble: no more are added."""
PART = 500
"""People looked at, or rows written, in one transaction: on SQLite nobody is answered meanwhile."""
KNOWN_FOR = timedelta(hours=23)
"""The platform knows a batch again for 24 hours. One in doubt for longer is not sent again."""


class Masses(Protocol):
    """A messenger with mass messages."""

    async def send_to_all(
        self, text: str, choices: tuple[Choice, ...], addresses: Collection[str], known_as: str
    ) -> Outcome:
        """Send one message to many. A second sending that is known as the first shows nothing twice, and counts as sent."""
        ...


class Broadcasting:
    """The feeder of all channels in this process."""

    def __init__(
        self,
        database: Database,
        county: County,
        clock: Clock,
        delivery: Delivery,
        masses: Mapping[str, tuple[Masses, int]],
    ) -> None:
        """`masses`: by channel, those with mass messages, and recipients of one."""
        self._database = database
        self._county = county
        self._clock = clock
        self._delivery = delivery
        self._masses = masses
        self._going = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        steps: list[tuple[Callable[[], Coroutine[Any, Any, bool]], asyncio.Event | None]] = [
            (self._look, None)
        ]
        for channel in self._delivery.channels:
            steps.append((lambda one=channel: self._feed(one), self._going))  # type: ignore[misc]
            if channel in self._masses:
                steps.append((lambda one=channel: self._feed_masses(one), self._going))  # type: ignore[misc]
        self._tasks = [asyncio.create_task(self._forever(step, when)) for step, when in steps]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _forever(
        self, step: Callable[[], Coroutine[Any, Any, bool]], when: asyncio.Event | None
    ) -> None:
        """Step on as long as there is something to do, then look again after a while."""
        while True:
            if when is not None:
                await when.wait()
            try:
                more = await step()
            except Exception:
                log.exception("a broadcast could not go on; trying again")
                more = False
            if not more:
                await asyncio.sleep(LOOK)

    async def _look(self) -> bool:
        """Is anything going? Then find recipients, end what is over, take back what was cancelled. More to do soon?"""
        going, to_queue, cancelled = await self._database.read(self._to_do)
        if going and self._awake():
            self._going.set()
        else:
            self._going.clear()
        if to_queue is not None:
            await queue_part(self._database, self._county, self._clock, to_queue, PART)
        for number in cancelled:
            await self._database.run(lambda tx, one=number: recipients.withdraw(tx, one, PART, self._clock()))  # type: ignore[misc]
        for one in going:
            await self._database.run(lambda tx, one=one: self._end(tx, one))  # type: ignore[misc]
        if to_queue is not None or cancelled:
            await asyncio.sleep(SOON)
        return to_queue is not None or bool(cancelled)

    def _to_do(self, tx: Tx) -> tuple[list[Broadcast], Broadcast | None, list[int]]:
        return rows.going(tx, self._clock()), rows.to_queue(tx), recipients.to_withdraw(tx)

    def _end(self, tx: Tx, broadcast: Broadcast) -> None:
        if not broadcast.queued or recipients.give_up(tx, broadcast, self._delivery.channels, PART):
            return
        if recipients.all_had_their_turn(tx, broadcast.id):
            rows.change_state(tx, broadcast.id, State.DONE, self._clock())

    def _awake(self) -> bool:
        """Are these hours in which people are written to?"""
        now = self._clock()
        return self._county.quiet.next_allowed(now) <= now

    async def _feed(self, channel: str) -> bool:
        """Let the next ones leave. False: there is nobody now."""
        own = channel in self._delivery.own

        def deed(tx: Tx) -> tuple[int, list[Outgoing]]:
            now = self._clock()
            if not self._delivery.is_sender(tx, channel, now) or outbox.backlog(tx, channel, BACKLOG):
                return 0, []
            for broadcast in rows.going(tx, now):
                if channel in self._masses and broadcast.by_mass:
                    continue  # as long as enough of them can have a mass message
                sender = None if own else self._delivery.process
                fed, to_send = recipients.feed(tx, broadcast, channel, AT_ONCE, now, sender)
                if fed:
                    return fed, to_send
            return 0, []

        fed, to_send = await self._delivery.hand.after_writing(deed)
        if to_send:
            self._delivery.starts_anew(channel)
            await self._delivery.send_and_wait(to_send)
        elif fed:
            self._delivery.wake()
            await asyncio.sleep(SOON)
        return bool(fed)

    def _month(self) -> str:
        return broadcasts.month_of(self._clock())

    async def _feed_masses(self, channel: str) -> bool:
        """Send the next batch of a mass message. False: there is none now."""
        sender, size = self._masses[channel]

        def deed(tx: Tx) -> tuple[Batch | None, list[str]]:
            batch: Batch | bool | None
            now = self._clock()
            if not self._delivery.is_sender(tx, channel, now):
                return None, []
            for broadcast in rows.going(tx, now):
                batch = mass.unsettled(tx, broadcast, channel, now)
                if batch is False and broadcast.by_mass and broadcast.queued:
                    batch = mass.begin(tx, broadcast, channel, size, self._month(), now)
                    if batch is None:
                        rows.without_mass(tx, broadcast.id)
                if isinstance(batch, Batch):
                    return batch, [] if batch.accepted else mass.addresses(tx, batch)
            return None, []

        batch, addresses = await self._database.run(deed)
        if batch is None:
            return False
        if batch.accepted or await self._send_batch(sender, batch, addresses):
            month = self._month()
            while await self._database.run(lambda tx: mass.settle(tx, batch, PART, month, self._clock())):
                pass
        return True

    async def _send_batch(self, sender: Masses, batch: Batch, addresses: Collection[str]) -> bool:
        """Has the platform taken it? Else it is sent again later, or everybody in it gets a message of their own."""
        broadcast, now = batch.broadcast, self._clock()
        known_as = batch_id(broadcast.serial, batch.number)
        if now - batch.created_at > KNOWN_FOR:
            await self._database.run(lambda tx: mass.break_up(tx, batch, Reach.UNCERTAIN, now))
            return False
        outcome = await sender.send_to_all(broadcast.text, broadcast.choices, addresses, known_as)
        if outcome.state is Sending.SENT:
            await self._database.run(lambda tx: mass.accept(tx, batch, outcome.remote_id))
            return True
        log.warning("batch %d of broadcast %d: %s", batch.number, broadcast.id, outcome.reason)
        if outcome.state in (Sending.QUEUED, Sending.UNCERTAIN):
            wait = timedelta(seconds=outcome.wait) if outcome.wait else back_off(2)
            await self._database.run(lambda tx: mass.put_off(tx, batch, now + wait))
            return False

        def singly(tx: Tx) -> None:
            mass.break_up(tx, batch, Reach.WAITING, now)
            rows.without_mass(tx, broadcast.id)

        await self._database.run(singly)
        return False


async def queue_part(
    database: Database, county: County, clock: Clock, broadcast: Broadcast, people: int
) -> bool:
    """Find recipients among so many people more; all of them, where they are drawn by lot. False: all are found."""

    def at_desk(deed: Callable[[Desk], T]) -> Callable[[Tx], T]:
        return lambda tx: deed(Desk(tx, county, clock()))

    number = broadcast.id
    if not broadcast.audience.of_each_village:
        return await database.run(at_desk(lambda desk: broadcasts.queue_some(desk, number, people)))
    drawn = await database.read(at_desk(lambda desk: broadcasts.draw(desk, number)))
    await database.run(at_desk(lambda desk: broadcasts.queue_drawn(desk, number, drawn)))
    return False


def masses_of(channels: Mapping[str, Any]) -> dict[str, tuple[Masses, int]]:
    """Those of the channels that have mass messages."""
    return {name: (one, one.traits.mass) for name, one in channels.items() if one.traits.mass}
