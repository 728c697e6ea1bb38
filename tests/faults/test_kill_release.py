"""kill -9 amid a release: every ballot becomes one answer, in one order, and then the key dies."""

import asyncio
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.burying import Burying
from bot.county import make_county
from bot.releasing import Releasing
from bot.settings import parse_settings
from services.desk import Desk
from services.surveys import ballots
from storage import schema
from storage.database import Database, open_database
from storage.keys import Keys
from tests.databases import second_look
from tests.faults.process import settled
from tests.scenario.world import VILLAGE

BALLOTS, KILLS, BIT = 600, 4, 20
SURVEY = 1
PATIENCE = 60
PROGRAM = "import asyncio, sys; from tests.faults.test_kill_release import release; asyncio.run(release(*sys.argv[1:]))"


def _opened(url: str, folder: str) -> tuple[Database, Releasing]:
    nobody_judges: Any = object()  # or every process would learn the sentences first
    county = make_county(parse_settings({"data_dir": folder}), nobody_judges)
    database = open_database(url, Keys(Path(folder) / "keys"))

    def at_desk(deed: Any) -> Any:
        return lambda tx: deed(Desk(tx, county, datetime.now(UTC)))

    return database, Releasing(
        lambda deed: database.run(at_desk(deed)), lambda deed: database.read(at_desk(deed))
    )


async def release(url: str, folder: str) -> None:
    """As a process that will be killed does it."""
    ballots.AT_ONCE = BIT
    database, releasing = _opened(url, folder)
    await releasing.release()
    await database.close()


async def _cast(url: str, folder: Path) -> None:
    database, _ = _opened(url, str(folder))

    def cast(tx: Any) -> None:
        survey = {"id": SURVEY, "name": "q", "title": "用水", "form": {"questions": []}, "sheet": b""}
        values = survey | {
            "anonymous": True,
            "state": "open",
            "area": VILLAGE,
            "created_at": datetime.now(UTC),
        }
        tx.execute(sa.insert(schema.survey), values)
        desk = Desk(tx, None, datetime.now(UTC))  # type: ignore[arg-type]
        ballots.open_box(desk, SURVEY)
        for number in range(BALLOTS):
            ballots.put_in(desk, SURVEY, str(number), {"said": str(number)})
        tx.execute(sa.update(schema.survey).values(state="closed", closed_at=datetime.now(UTC)))

    await database.run(cast)
    await database.close()


def _written(url: str) -> int:
    return int(second_look(url, "SELECT count(*) FROM survey_answer")[0][0])


def _lying(url: str) -> int:
    return int(second_look(url, "SELECT count(*) FROM ballot")[0][0])


@pytest.mark.timeout(180)
async def test_killed_amid_a_release(database_url: str, tmp_path: Path, moments: random.Random) -> None:
    settled(database_url, tmp_path)
    await _cast(database_url, tmp_path)
    order: list[str] = []
    for _ in range(KILLS):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, database_url, str(tmp_path)
        )
        before = _written(database_url) - _lying(database_url)
        until = time.monotonic() + PATIENCE
        while _written(database_url) - _lying(database_url) == before and process.returncode is None:
            assert time.monotonic() < until
            await asyncio.sleep(moments.random() / 200)
        if process.returncode is None:
            process.kill()
        await process.wait()
        now = [
            one
            for (one,) in second_look(
                database_url, "SELECT CAST(answers AS TEXT) FROM survey_answer ORDER BY number"
            )
        ]
        assert now[: len(order)] == order, "what was written stays where it was"
        order = now
    await release(database_url, str(tmp_path))
    answers = second_look(database_url, "SELECT CAST(answers AS TEXT) FROM survey_answer ORDER BY number")
    assert len(answers) == len(set(answers)) == BALLOTS
    assert answers != sorted(answers)
    assert second_look(database_url, "SELECT state FROM survey") == [("released",)]
    assert _lying(database_url) == 0
    database, _ = _opened(database_url, str(tmp_path))
    assert await Burying(database, Keys(tmp_path / "keys")).bury() == 1
    await database.close()
