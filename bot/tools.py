"""The county and its database, for commands that do one thing and end."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bot.county import KEYS_FOLDER, make_county
from bot.settings import Settings
from domain.county import County
from storage.database import Database, open_database
from storage.keys import Keys
from storage.migrate import migrate


@dataclass(frozen=True, slots=True)
class Tools:
    """What such a command needs."""

    settings: Settings
    county: County
    database: Database


async def with_tools(settings: Settings, work: Callable[[Tools], Awaitable[int]]) -> int:
    """Do the work on a migrated database and close it again. Returns what the work returned."""
    keys = Keys(Path(settings.data_dir) / KEYS_FOLDER)
    tools = Tools(settings, make_county(settings), open_database(settings.database_url, keys))
    await migrate(settings.database_url)
    try:
        return await work(tools)
    finally:
        await tools.database.close()
