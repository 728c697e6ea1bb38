"""Two processes over one database: whichever an update is delivered to, it is done once and answered alike."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import bot.turn
from bot.service import Service
from tests import learned
from tests.contract.messengers.looking import Outbox, message, person_of, post, server_of, shown, until
from tests.databases import new_postgres
from tests.scenario.world import World, world


@asynccontextmanager
async def two_processes(channel: str, url: str, folder: Path) -> AsyncIterator[tuple[World, Service, str]]:
    """A county, and another process over the same database, with its callback address."""
    async with world(channel, url, folder) as county:
        other = Service(county.service.settings, county.time, learned.triage())
        await other.start()
        try:
            path = "wecom" if channel == "wecom" else "wechat"
            yield county, other, f"http://127.0.0.1:{other.port}/{path}/callback"
        finally:
            await other.close()


@pytest.mark.parametrize("channel", ["wechat-safe", "wecom"])
async def test_another_process_gives_the_same_answer(
    channel: str, tmp_path: Path, postgres_url: str, postgres_template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_postgres(postgres_url, postgres_template) as url:
        async with two_processes(channel, url, tmp_path) as (county, _, other):
            her, server, outbox = await county.villager(), server_of(county), Outbox(url)
            said = message(server, person_of(her).name, Content="渠堵了")
            first = await post(server, said)
            assert "对吗" in first[1]
            assert await post(server, said, to=other) == first

            confirms = message(server, person_of(her).name, Content="1")
            monkeypatch.setattr("bot.turn.receive", _slowly(bot.turn.receive))
            both = [asyncio.create_task(post(server, confirms))]
            await until(lambda: _sleeping(url))
            both.append(asyncio.create_task(post(server, confirms, to=other)))
            here, there = await asyncio.gather(*both)
            assert here == there
            assert "记下了" in here[1]
            assert outbox.rows_of("ticket") == 1
            await outbox.settles()
            assert shown(her, "记下了") == 0
            assert outbox.rows("state, via", "text LIKE '%记下了%'") == [("sent", "passive")]


@pytest.mark.parametrize("channel", ["wechat-safe", "wecom"])
async def test_late_in_one_process_and_in_time_in_another_it_is_said_once(
    channel: str, tmp_path: Path, postgres_url: str, postgres_template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_postgres(postgres_url, postgres_template) as url:
        async with two_processes(channel, url, tmp_path) as (county, _, other):
            her, server, outbox = await county.villager(), server_of(county), Outbox(url)
            county.service.passive._within = 0.05
            monkeypatch.setattr("bot.turn.receive", _slowly(bot.turn.receive))
            said = message(server, person_of(her).name, Content="渠堵了")
            assert await post(server, said) == (200, "")
            _, words = await post(server, said, to=other)
            await until(lambda: words or shown(her, "对吗"))
            await outbox.settles()
            assert ("对吗" in words) + shown(her, "对吗") == 1


def _slowly(receive: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def slow(scene: Any) -> Any:
        scene.desk.tx.exec_driver_sql("SELECT pg_sleep(0.4)")
        return receive(scene)

    return slow


def _sleeping(url: str) -> int:
    at_it = "state = 'active' AND query LIKE '%pg_sleep(0.4)%' AND pid <> pg_backend_pid()"
    return Outbox(url).rows_of("pg_stat_activity", at_it)
