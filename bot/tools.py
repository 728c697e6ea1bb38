"""The county and its database, for commands that do one thing and end."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.county import make_county
from bot.settings import Settings
from domain.county import County
from storage.database import Database, open_database
from storage.migrate import migrate


@dataclass(frozen=True, slots=True)
class Tools:
    """What such a command needs."""

    settings: Settings
    county: County
    database: Database


async def with_tools(settings: Settings, work: Callable[[Tools], Awaitable[int]]) -> int:
    """Do the work on a migrated database and close it again. Returns what the work returned."""
    tools = Tools(settings, make_county(settings), open_database(settings.database_url))
    await migrate(settings.database_url)
    try:
        return await work(tools)
    finally:
        await tools.database.close()
