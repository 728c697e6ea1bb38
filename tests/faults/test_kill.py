"""kill -9 at random moments of a few hundred conversations: nothing lost, nothing doubled, nothing forgotten."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp

from tests.databases import new_postgres, new_sqlite
from tests.faults.accounts import all_settled, being_sent, check_answers, check_tickets, in_doubt
from tests.faults.crowd import Crowd, SlowTelegram
from tests.faults.process import LEASE, Serving, settled
from tests.scenario.world import OTHER, VILLAGE

CONVERSATIONS = 150
"""At the least, in each of the two tests."""
KILLS = 3


async def everybody_talks(crowd: Crowd, cards: dict[str, str], trouble: Awaitable[None]) -> None:
    """Eight villagers of two villages and their two cadres, half of them on each messenger, until the trouble is over."""
    in_trouble = asyncio.ensure_future(trouble)

    def go_on() -> bool:
        return not in_trouble.done() or len(crowd.filed) < CONVERSATIONS

    async with asyncio.TaskGroup() as talk:
        for number, area in enumerate([VILLAGE, OTHER] * 4):
            talk.create_task(crowd.villager(f"村民{number}", cards[area], go_on, web=number < 4))
        talk.create_task(crowd.cadre("cadre", go_on, web=True))
        talk.create_task(crowd.cadre("successor", go_on, web=False))
    await in_trouble


async def suffer(
    url: str, folder: Path, processes: int, trouble: Callable[[list[Serving], Crowd], Awaitable[None]]
) -> Crowd:
    """Serve, let everybody talk through the trouble, and wait until all is said."""
    cards = settled(url, folder)
    async with SlowTelegram() as telegram, aiohttp.ClientSession() as http:
        serving = [Serving(url, folder, telegram) for _ in range(processes)]
        try:
            await asyncio.gather(*(one.start() for one in serving))
            telegram.webhook = serving[-1].hook
            crowd = Crowd(telegram, http, [one.address for one in serving])
            await everybody_talks(crowd, cards, trouble(serving, crowd))
            await all_settled(url)
        finally:
            for one in serving:
                one.kill()
    logged = "".join(one.log() for one in serving)
    assert "Traceback" not in logged, logged[-3000:]
    assert "路灯坏了" not in logged
    return crowd


def report(url: str, crowd: Crowd, flying: int) -> None:
    print(f"{len(crowd.filed)} requests; in flight at the kills: {flying}; ever in doubt: {in_doubt(url)}")


async def test_killed_again_and_again_on_sqlite(
    tmp_path: Path, sqlite_template: str, moments: random.Random
) -> None:
    url = new_sqlite(tmp_path, sqlite_template)
    flying = 0

    async def kill_and_restart(serving: list[Serving], crowd: Crowd) -> None:
        nonlocal flying
        for _ in range(KILLS):
            await crowd.files_more(moments.randrange(10, 40))
            await asyncio.sleep(moments.uniform(0, 0.1))
            serving[0].kill()
            flying += being_sent(url, "telegram")
            await serving[0].start()

    crowd = await suffer(url, tmp_path, 1, kill_and_restart)
    report(url, crowd, flying)
    check_tickets(url, crowd)
    check_answers(url, crowd)
    assert in_doubt(url) <= flying <= KILLS * 20


async def test_one_of_two_killed_on_postgresql(
    tmp_path: Path, postgres_url: str, postgres_template: str, moments: random.Random
) -> None:
    with new_postgres(postgres_url, postgres_template) as url:
        flying = 0

        async def kill_one(serving: list[Serving], crowd: Crowd) -> None:
            nonlocal flying
            await crowd.files_more(moments.randrange(10, 40))
            dies, lives = serving[::-1] if moments.random() < 0.5 else serving
            crowd.telegram.webhook = dies.hook
            await crowd.files_more(moments.randrange(10, 40))
            await asyncio.sleep(moments.uniform(0, 0.1))
            dies.kill()
            flying = being_sent(url, "telegram")
            crowd.telegram.webhook = lives.hook
            await asyncio.sleep(1.5 * LEASE)

        crowd = await suffer(url, tmp_path, 2, kill_one)
        report(url, crowd, flying)
        check_tickets(url, crowd)
        check_answers(url, crowd)
        assert in_doubt(url) <= flying <= 40
