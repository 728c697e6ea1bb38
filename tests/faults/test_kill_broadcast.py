"""kill -9 ten times in the middle of a broadcast: everybody gets it, and nobody twice but those in doubt."""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.county import make_county
from bot.settings import parse_settings
from domain.broadcasts import Audience
from services import broadcasts
from services.desk import Desk
from storage import schema, turns
from storage.directory import people
from tests.databases import new_postgres, new_sqlite, on_connection, second_look
from tests.faults.accounts import all_settled
from tests.faults.crowd import SlowTelegram
from tests.faults.process import Serving, settled
from tests.faults.test_kill_wechat import SlowWeChat
from tests.scenario.world import VILLAGE

pytestmark = pytest.mark.timeout(300)
KILLS = int(os.environ.get("LIANXIN_KILLS", "3"))
"""`make kills` has ten."""
PEOPLE = 40 * KILLS
PATIENCE = 60
FIRST = 10_000
"""Address of the first of them on Telegram."""


def begun(url: str, folder: Path, channel: str) -> int:
    """So many people on a messenger, and a broadcast to them that nobody has begun to send. Returns its number."""
    settled(url, folder)
    county = make_county(parse_settings({"data_dir": str(folder)}))

    def begin(tx: Any) -> int:
        desk = Desk(tx, county, datetime.now(UTC))
        for number in range(FIRST, FIRST + PEOPLE):
            person = people.add(tx, desk.now, name="村民")
            people.bind(tx, person, VILLAGE, "", desk.now)
            turns.open_account(tx, channel, address(channel, number), person, desk.now)
        survey = {"id": 1, "name": "q4", "title": "四季度开门纳谏", "form": {}, "sheet": b"", "state": "open"}
        facts = {"anonymous": False, "area": VILLAGE, "created_at": desk.now}
        tx.execute(sa.insert(schema.survey), survey | facts)
        broadcast = broadcasts.send_survey(desk, 1, Audience())
        assert not broadcasts.queue_some(desk, broadcast, 10_000)
        return broadcast

    return on_connection(url, begin)


def address(channel: str, number: int) -> str:
    return str(number) if channel == "telegram" else f"openid-{number}"


async def until(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


async def killed_again_and_again(
    url: str, serving: Serving, came: Callable[[], int], each: int, moments: random.Random
) -> None:
    """Killed ten times, each time when some more have come; then it is let be until all is done."""
    await serving.start()
    for _ in range(KILLS):
        target = came() + moments.randrange(1, each)
        await until(lambda target=target: came() >= target)
        await asyncio.sleep(moments.uniform(0, 0.03))
        serving.kill()
        await serving.start()
    await until(lambda: second_look(url, "SELECT state FROM broadcast") == [("done",)])
    await all_settled(url)


@asynccontextmanager
async def on_telegram(url: str, folder: Path) -> AsyncIterator[tuple[SlowTelegram, Serving]]:
    async with SlowTelegram() as telegram:
        for number in range(FIRST, FIRST + PEOPLE):
            telegram.user(number)
        serving = Serving(url, folder, telegram)
        try:
            yield telegram, serving
        finally:
            serving.kill()


def copies(telegram: SlowTelegram) -> list[int]:
    return [len(telegram.chat(number).messages) for number in range(FIRST, FIRST + PEOPLE)]


async def check_telegram(url: str, folder: Path, moments: random.Random) -> None:
    begun(url, folder, "telegram")
    async with on_telegram(url, folder) as (telegram, serving):
        await killed_again_and_again(url, serving, lambda: sum(copies(telegram)), PEOPLE // 12, moments)
        twice = sum(count - 1 for count in copies(telegram))
        [(doubts, total)] = second_look(url, "SELECT doubts, total FROM broadcast")
        print(f"{total} recipients, {KILLS} kills; in doubt and sent again: {doubts}; came twice: {twice}")
        states = dict(second_look(url, "SELECT state, count(*) FROM broadcast_recipient GROUP BY state"))
        uncertain = states.get("uncertain", 0)  # cut off twice
        assert states["sent"] + uncertain == PEOPLE
        assert copies(telegram).count(0) <= uncertain, "everybody has it"
        assert max(copies(telegram)) <= 2
        assert twice <= doubts <= KILLS
        assert "Traceback" not in serving.log()


async def test_on_telegram_with_sqlite(tmp_path: Path, sqlite_template: str, moments: random.Random) -> None:
    await check_telegram(new_sqlite(tmp_path, sqlite_template), tmp_path, moments)


async def test_on_telegram_with_postgresql(
    tmp_path: Path, postgres_url: str, postgres_template: str, moments: random.Random
) -> None:
    with new_postgres(postgres_url, postgres_template) as url:
        await check_telegram(url, tmp_path, moments)


async def test_on_wechat_nobody_gets_it_twice(
    tmp_path: Path, sqlite_template: str, moments: random.Random
) -> None:
    url = new_sqlite(tmp_path, sqlite_template)
    begun(url, tmp_path, "wechat")
    on_connection(url, lambda tx: tx.execute(sa.update(schema.broadcast).values(anonymous=True)))
    async with SlowWeChat() as wechat:
        followers = [
            wechat.follower(address("wechat", number), following=True)
            for number in range(FIRST, FIRST + PEOPLE)
        ]
        section = {
            "mode": "safe",
            "appid": wechat.appid,
            "secret": wechat.secret,
            "token": wechat.token,
            "aes_key": wechat.aes_key,
            "api_base": wechat.address,
        }
        serving = Serving(url, tmp_path, None, wechat=section)
        try:
            came = lambda: sum(len(her.messages) for her in followers)  # noqa: E731
            await killed_again_and_again(url, serving, came, 25, moments)
        finally:
            serving.kill()
        calls = [body["clientmsgid"] for path, body in wechat.requests if path.endswith("/mass/send")]
        again = len(calls) - len(set(calls))
        print(f"{PEOPLE} recipients in {len(set(calls))} batches, {KILLS} kills; batches sent again: {again}")
        assert [len(her.messages) for her in followers] == [1] * PEOPLE
        assert {her.messages[0].via for her in followers} == {"mass"}
        assert second_look(url, "SELECT count(*), sum(count) FROM mass_sent") == [(PEOPLE, PEOPLE)]
        assert second_look(url, "SELECT state, count FROM broadcast_count") == [("sent", PEOPLE)]
        assert "Traceback" not in serving.log()
