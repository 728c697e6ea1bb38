"""The load: people who speak, wait for the answer, and speak again. So many at once, never more."""

import asyncio
import itertools
import json
import re
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.botapi import BotApi
from bench.http import Connection
from bench.processes import SECRET, Process
from bench.seed import Seeded

IN_FLIGHT = 32
_PATIENCE = 5
"""Seconds for what is under way when the time is over."""
SAID = (
    "{}组门口那条渠堵了，浇不成地",
    "{}号电杆的路灯坏了好几天了",
    "垃圾堆在{}号院旁没人收",
    "{}号的低保这个月没发下来",
)
"""What people ask for, no two of them in the same words."""
_WEBHOOK = f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
_updates = itertools.count(int(time.time() * 1000))


@dataclass(slots=True)
class Measured:
    """What one row of the bench came to. Latencies in ms."""

    rates: list[float] = field(default_factory=list)
    p50s: list[float] = field(default_factory=list)
    p99s: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)
    """Processor time of the measured process for each thing done."""

    def add(self, took: list[float], done: int, seconds: float, cpu: float) -> None:
        """`took`: by all that was going on in the time. `done`: how many ended in it, on which so much processor time went."""
        if not took or not done:
            raise OSError("nothing was done in time")
        took.sort()
        self.cpus.append(cpu / done * 1000)
        self.rates.append(done / seconds)
        self.p50s.append(took[len(took) // 2] * 1000)
        self.p99s.append(took[len(took) * 99 // 100] * 1000)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def cpu(self) -> float:
        return statistics.median(self.cpus)

    @property
    def p50(self) -> float:
        return statistics.median(self.p50s)

    @property
    def p99(self) -> float:
        return statistics.median(self.p99s)


Work = Callable[[int, Connection], AsyncIterator[float]]
"""Of one worker (by number) over its connection: yields the seconds that each thing it did took."""


async def run(
    process: Process, work: Work, seconds: float, measured: Measured, *, at_once: int = IN_FLIGHT
) -> None:
    """Keep so many workers at it for so long; the first tenth is for warming up and does not count.

    Whoever still waits at the end has waited so long: every wait counts that was going on meanwhile.
    """
    took: list[float] = []
    ends: list[float] = []
    begin = time.perf_counter() + seconds / 10
    end = begin + seconds

    async def worker(number: int) -> None:
        connection, began = Connection(process.port), time.perf_counter()
        try:
            async for one in work(number, connection):
                began = time.perf_counter()
                note(one, began)
                if began >= end:
                    break
        except asyncio.CancelledError:  # a server that takes too few connections lets some wait for long
            now = time.perf_counter()
            note(now - began, now)
        connection.close()

    def note(one: float, ended: float) -> None:
        if begin <= ended and ended - one < end:
            took.append(one)
        if begin <= ended < end:
            ends.append(ended)

    async def watch() -> float:
        await asyncio.sleep(begin - time.perf_counter())
        used = process.cpu()
        await asyncio.sleep(end - time.perf_counter())
        return process.cpu() - used

    async with asyncio.timeout(seconds * 3 + 20), asyncio.TaskGroup() as workers:
        cpu = workers.create_task(watch())
        at_it = [workers.create_task(worker(number)) for number in range(at_once)]
        used = await cpu
        _, waiting = await asyncio.wait(at_it, timeout=_PATIENCE)
        for one in waiting:
            one.cancel()
    measured.add(took, len(ends), seconds, used)


def script() -> Iterator[str]:
    """What a person says, turn after turn: a greeting, a request, and that it was understood."""
    for said in itertools.cycle(SAID):
        yield from ("你好", said.format(next_number()), "1")


def next_number() -> int:
    """Of an update, of a message: none comes twice."""
    return next(_updates)


def telegram(api: BotApi, people: list[int]) -> Work:
    """Whole turns of different people: from the webhook's POST until their reply is at the Bot API."""

    async def work(number: int, connection: Connection) -> AsyncIterator[float]:
        lines = script()
        for person in itertools.cycle(people[number::IN_FLIGHT]):
            for line in itertools.islice(lines, 3):
                arrived = api.expect(person)
                started = time.perf_counter()
                posted = asyncio.ensure_future(
                    connection.post("/telegram/webhook", _update(person, line), _WEBHOOK)
                )
                await asyncio.wait_for(arrived, 20)
                took = time.perf_counter() - started
                await posted
                yield took

    return work


def web_turns(tokens: list[str]) -> Work:
    """Whole turns over the web chat's API: from the POST until it is answered."""

    async def work(number: int, connection: Connection) -> AsyncIterator[float]:
        lines = script()
        for token in itertools.cycle(tokens[number::IN_FLIGHT]):
            for line in itertools.islice(lines, 3):
                started = time.perf_counter()
                await say(connection, token, text=line)
                yield time.perf_counter() - started

    return work


def lifecycles(seeded: Seeded) -> Work:
    """File, confirm, accept, answer, solved, rate, by a villager and her cadre. Each worker has cadres of its own."""

    async def work(number: int, connection: Connection) -> AsyncIterator[float]:
        for villager, cadre in itertools.cycle(seeded.pairs[number::IN_FLIGHT]):
            started = time.perf_counter()
            await _lifecycle(connection, villager, cadre)
            yield time.perf_counter() - started

    return work


async def _lifecycle(connection: Connection, villager: str, cadre: str) -> None:
    async def does(token: str, expected: str, **what: str) -> str:
        told = await say(connection, token, **what)
        if expected not in told:
            raise AssertionError(f"{what} was answered with {told!r}")
        return told

    await does(villager, "对吗", text=SAID[0].format(next_number()))
    filed = await does(villager, "记下了", text="1")
    found = re.search(r"(\d+)号", filed)
    ticket = f"t:{found[1]}" if found else ""
    await does(cadre, "您接了", choice=f"{ticket}:accept")
    await does(cadre, "答复", choice=f"{ticket}:answer")
    await does(cadre, "答复送到了", text="渠已经疏通，今晚就能浇")
    await does(villager, "办结", choice=f"{ticket}:solved")
    await does(villager, "谢谢", choice=f"{ticket}:rate3")


async def say(connection: Connection, token: str, **what: str) -> str:
    """Post a message to the web chat; what the service said to it."""
    body: dict[str, Any] = {"id": str(next_number()), **what}
    answered = await connection.post("/chat/api/messages", body, f"Authorization: Bearer {token}\r\n")
    said = [one["text"] for one in json.loads(answered)["messages"] if one["from"] == "bot"]
    if not said:
        raise AssertionError(f"{what} was not answered")
    return "\n".join(said)


async def retried(attempt: Callable[[], Awaitable[object]], patience: float = 30) -> None:
    """Again and again until it succeeds: the process is still starting."""
    until = time.perf_counter() + patience
    while True:
        try:
            await attempt()
        except OSError:
            if time.perf_counter() > until:
                raise
            await asyncio.sleep(0.01)
        else:
            return


def _update(person: int, text: str) -> dict[str, Any]:
    number = next_number()
    return {
        "update_id": number,
        "message": {
            "message_id": number % 1_000_000,
            "date": int(time.time()),
            "from": {"id": person, "is_bot": False, "first_name": "村民", "language_code": "zh-hans"},
            "chat": {"id": person, "type": "private", "first_name": "村民"},
            "text": text,
        },
    }


async def first_telegram_answer(api: BotApi, process: Process, person: int) -> None:
    arrived = api.expect(person)
    await retried(
        lambda: Connection(process.port).post("/telegram/webhook", _update(person, "你好"), _WEBHOOK)
    )
    await asyncio.wait_for(arrived, 20)


async def first_web_answer(process: Process, token: str) -> None:
    await retried(lambda: say(Connection(process.port), token, text="你好"))


async def first_demo_answer(process: Process) -> None:
    opened: list[bytes] = []

    async def open_session() -> None:
        opened.append(await Connection(process.port).post("/chat/api/session", {"persona": "villager"}))

    await retried(open_session)
    await say(Connection(process.port), json.loads(opened[0])["token"], text="你好")
