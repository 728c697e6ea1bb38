"""A messenger that is a list, and the outbox of a village with a Delivery over it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.delivery import Delivery
from domain.delivery import Lane, Outcome, Outgoing, sent
from domain.talk import About, Reply, Traits
from storage.delivery import outbox
from tests.contract.village import CHANNEL, ID, Village

HANGS = "hangs"
Script = dict[str, list[Any]]
"""By text: an Outcome, an exception to raise, or HANGS."""


class Letterbox:
    """A messenger that keeps what it was given, and answers as its script says: by text, one answer a try."""

    name = CHANNEL
    traits = Traits(buttons=True)

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or {}
        self.got: list[Outgoing] = []

    async def send(self, message: Outgoing) -> Outcome:
        await asyncio.sleep(0)
        self.got.append(message)
        answer = self.script[message.text].pop(0) if self.script.get(message.text) else sent(f"r{message.id}")
        if isinstance(answer, Exception):
            raise answer
        if answer == HANGS:
            await asyncio.Event().wait()
        return answer

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.got]


async def until(condition: Callable[[], Any] | Callable[[], Awaitable[Any]]) -> None:
    async with asyncio.timeout(10):
        while True:
            result = condition()
            if await result if isinstance(result, Awaitable) else result:
                return
            await asyncio.sleep(0.005)


class Post:
    """The outbox of a village and a Delivery over it."""

    def __init__(self, village: Village, box: Letterbox, process: str = "one") -> None:
        self.village = village
        self.box = box
        self.delivery = Delivery(village.database, {CHANNEL: box}, village.clock, process)  # type: ignore[dict-item]

    async def put(self, *texts: str, to: str = "villager", at_once: bool = False, **more: Any) -> list[int]:
        """Rows for somebody; `at_once` are a turn's answers, claimed by this process already."""
        now, account = self.village.now, ID[to]
        lane = Lane.ANSWER if at_once else more.pop("lane", Lane.NOTICE)
        media, about = more.get("media", ()), more.get("about", About.NOTHING)
        replies = [Reply(text, (), media, about) for text in texts]
        sender = self.delivery.process if at_once else None
        ids: list[int] = await self.village.database.run(
            lambda tx: outbox.add(
                tx, replies, person=ID[to], account=account, channel=CHANNEL, lane=lane, now=now, due_at=now,
                sender=sender,
            )
        )  # fmt: skip
        if at_once:
            self.delivery.send_soon(
                [Outgoing(i, ID[to], account, CHANNEL, to, t) for i, t in zip(ids, texts, strict=True)]
            )
        return ids

    async def rows(self) -> dict[str, tuple[str, int, int]]:
        """text → (state, tries, doubts)"""
        query = "SELECT text, state, tries, doubts FROM outbox ORDER BY id"
        found = await self.village.database.read(lambda tx: list(tx.exec_driver_sql(query)))
        return {row[0]: (row[1], row[2], row[3]) for row in found}

    async def settled(self) -> dict[str, tuple[str, int, int]]:
        """The rows once nothing of this process is on its way any more."""
        self.delivery.wake()

        async def quiet() -> bool:
            due = f"SELECT count(*) FROM outbox WHERE state = 'sending' OR (state = 'queued' AND due_at <= '{self._now}')"
            return not await self.village.database.read(lambda tx: tx.exec_driver_sql(due).scalar())

        await until(quiet)
        return await self.rows()

    @property
    def _now(self) -> str:
        return self.village.now.strftime("%Y-%m-%d %H:%M:%S.%f")

    async def passes(self, **time: float) -> dict[str, tuple[str, int, int]]:
        self.village.passes(**time)
        return await self.settled()

    def dies(self) -> None:
        """As by kill -9: nothing more is sent, nothing is written."""
        for task in list(self.delivery._tasks):
            task.cancel()


@asynccontextmanager
async def posted(village: Village, script: Script | None = None) -> AsyncIterator[Post]:
    post = Post(village, Letterbox(script))
    await post.delivery.start()
    yield post
    await post.delivery.close()
