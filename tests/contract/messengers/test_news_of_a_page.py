"""Who waits for news of a transcript in the web chat."""

from pathlib import Path
from weakref import ref

from bot.channels.webchat.channel import WebChat
from bot.clock import system_clock
from storage.database import Database


async def test_whoever_waits_is_told_and_whoever_went_is_forgotten(
    database: Database, tmp_path: Path
) -> None:
    page = WebChat(database, system_clock, b"key", tmp_path)
    waiting, gone = page.news("she waits"), ref(page.news("she went"))
    assert page.news("she waits") is waiting
    page.announce("she waits")
    assert waiting.is_set()
    assert gone() is None
