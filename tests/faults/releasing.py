"""Ballots released by a process of its own, which can be killed."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.county import make_county
from bot.releasing import Releasing
from bot.settings import parse_settings
from services.desk import Desk
from services.surveys import ballots
from storage.database import Database, open_database
from storage.keys import Keys

BIT = 20
"""Ballots in one transaction."""
REST = 0.02
"""Seconds before each, so that whoever kills it comes in time on a busy machine, too."""


def opened(url: str, folder: str) -> tuple[Database, Releasing]:
    nobody_judges: Any = object()  # or every process would learn the sentences first
    county = make_county(parse_settings({"data_dir": folder}), nobody_judges)
    database = open_database(url, Keys(Path(folder) / "keys"))

    def at_desk(deed: Any) -> Any:
        return lambda tx: deed(Desk(tx, county, datetime.now(UTC)))

    return database, Releasing(
        lambda deed: database.run(at_desk(deed)), lambda deed: database.read(at_desk(deed))
    )


async def release(url: str, folder: str) -> None:
    database, releasing = opened(url, folder)
    await releasing.release()
    await database.close()


def release_in_bits(url: str, folder: str) -> None:
    """What a process does that will be killed."""
    ballots.AT_ONCE = BIT
    publish = ballots.publish_some

    def slowly(*args: Any, **named: Any) -> bool:
        time.sleep(REST)
        return publish(*args, **named)

    ballots.publish_some = slowly
    asyncio.run(release(url, folder))
