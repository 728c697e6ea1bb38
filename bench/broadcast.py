"""Broadcasts: how long queueing takes, and how fast they leave against a Bot API that enforces its limits."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.broadcast_cli import PART
from bot.broadcasting import queue_part
from bot.clock import system_clock
from bot.county import make_county
from bot.settings import parse_settings
from domain.broadcasts import Audience
from domain.county import County
from services import broadcasts
from services.desk import Desk
from storage import schema
from storage.broadcasts import rows
from storage.database import Database, open_database
from tests.standins.telegram import TelegramServer
from tests.standins.telegram.rules import RefusalError

SURVEY = 1
PER_SECOND = 30
TALKING = 6
"""People who talk at once meanwhile, each as soon as she is answered: a few hundred turns a second."""
TAG = "bench"


class Enforcing(TelegramServer):
    """Counts what it let pass and what it refused."""

    def __init__(self) -> None:
        super().__init__(token="123456:stand-in-token-AAAAAAAAAAAAAAAAAAAAA")
        self.passed: list[float] = []
        self.refused = 0
        self.began = asyncio.Event()

    def _slow_down(self, chat_id: int) -> None:
        try:
            super()._slow_down(chat_id)
        except RefusalError:
            self.refused += 1
            raise
        self.passed.append(time.perf_counter())
        self.began.set()

    def rate(self, begin: float, end: float) -> float:
        return sum(begin <= moment < end for moment in self.passed) / (end - begin)


@dataclass(frozen=True, slots=True)
class Queued:
    seconds: float
    recipients: int
    longest: float
    """Seconds of the longest transaction."""
    grown: float
    """MB that the process took more."""


async def queue(url: str) -> Queued:
    """A survey to everybody in the county, found in the parts in which `lianxin survey send` finds them."""
    async with opened(url) as (database, county):
        await database.run(_survey)
        number = await database.run(lambda tx: _send(tx, county, Audience()))
        before, begun, longest, more = _memory(), time.perf_counter(), 0.0, True
        while more:
            broadcast = await database.read(lambda tx: rows.find(tx, number))
            if broadcast is None:
                raise LookupError(number)
            part = time.perf_counter()
            more = await queue_part(database, county, system_clock, broadcast, PART)
            longest = max(longest, time.perf_counter() - part)
        took, grown = time.perf_counter() - begun, _memory() - before
        total = await database.read(lambda tx: broadcasts.progress(Desk(tx, county, _now()), number))
        await database.run(lambda tx: broadcasts.cancel(Desk(tx, county, _now()), number))
        return Queued(took, total.broadcast.total, longest, grown)


async def begin(url: str, people: list[int]) -> None:
    """A survey to these people, queued and ready to leave."""
    async with opened(url) as (database, county):
        tags = [{"tag": TAG, "person": person} for person in people]

        def deed(tx: Any) -> None:
            _survey(tx)
            tx.execute(sa.delete(schema.person_tag))
            tx.execute(sa.insert(schema.person_tag), tags)
            number = _send(tx, county, Audience(tag=TAG))
            while broadcasts.queue_some(Desk(tx, county, _now()), number, 1_000_000):
                pass

        await database.run(deed)


async def stop(url: str) -> None:
    """What has not left yet never will."""
    async with opened(url) as (database, county):
        await database.run(
            lambda tx: broadcasts.cancel(
                Desk(tx, county, _now()), broadcasts.newest_of(Desk(tx, county, _now()), SURVEY)
            )
        )


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[tuple[Database, County]]:
    database = open_database(url)
    try:
        yield database, make_county(parse_settings({"data_dir": "build/bench/county"}))
    finally:
        await database.close()


async def steady(server: Enforcing, seconds: float) -> float:
    """Messages a second that pass in so many seconds, after the first second."""
    await server.began.wait()
    await asyncio.sleep(1)
    begun = time.perf_counter()
    await asyncio.sleep(seconds)
    return server.rate(begun, time.perf_counter())


def section(server: Enforcing) -> str:
    """Settings for Telegram with the limits that it publishes."""
    return (
        f'[telegram]\nmode = "webhook"\ntoken = "{server.token}"\napi_base = "{server.address}"\n'
        f'webhook_secret = "bench_secret"\n'
    )


def _survey(tx: Any) -> None:
    if rows.survey_facts(tx, SURVEY) is None:
        facts = {"name": "q4", "title": "四季度开门纳谏", "form": {}, "sheet": b"", "anonymous": False}
        values = {"id": SURVEY, "state": "open", "area": "610528", "created_at": _now()}
        tx.execute(sa.insert(schema.survey), facts | values)


def _send(tx: Any, county: County, audience: Audience) -> int:
    return broadcasts.send_survey(Desk(tx, county, _now()), SURVEY, audience)


def _now() -> datetime:
    return datetime.now(UTC)


def _memory() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 / 1024
