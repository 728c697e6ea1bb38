"""kill -9 amid a release: every ballot becomes one answer, in one order, and then the key dies."""

import asyncio
import random
import signal
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.burying import Burying
from services.desk import Desk
from services.surveys import ballots
from storage import schema
from storage.keys import Keys
from tests.databases import second_look
from tests.faults.process import settled, started
from tests.faults.releasing import opened, release, release_in_bits
from tests.scenario.world import VILLAGE

BALLOTS, KILLS = 600, 4
SURVEY = 1
PATIENCE = 60


async def _cast(url: str, folder: Path) -> None:
    database, _ = opened(url, str(folder))

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
    ends: list[tuple[int, int]] = []
    for _ in range(KILLS):
        process = started(release_in_bits, database_url, str(tmp_path))
        before = _written(database_url) - _lying(database_url)
        until = time.monotonic() + PATIENCE
        while _written(database_url) - _lying(database_url) == before and process.is_alive():
            assert time.monotonic() < until
            await asyncio.sleep(moments.random() / 200)
        process.kill()
        process.join()
        now = [
            one
            for (one,) in second_look(
                database_url, "SELECT CAST(answers AS TEXT) FROM survey_answer ORDER BY number"
            )
        ]
        assert now[: len(order)] == order, "what was written stays where it was"
        order = now
        ends.append((process.exitcode, len(now)))
    assert [end for end in ends if end[0] == -signal.SIGKILL and 0 < end[1] < BALLOTS], ends
    await release(database_url, str(tmp_path))
    answers = second_look(database_url, "SELECT CAST(answers AS TEXT) FROM survey_answer ORDER BY number")
    assert len(answers) == len(set(answers)) == BALLOTS
    assert answers != sorted(answers)
    assert second_look(database_url, "SELECT state FROM survey") == [("released",)]
    assert _lying(database_url) == 0
    database, _ = opened(database_url, str(tmp_path))
    assert await Burying(database, Keys(tmp_path / "keys")).bury() == 1
    await database.close()
