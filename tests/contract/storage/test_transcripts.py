"""The transcript of the web chat: whoever asks for what came after a message misses none."""

import asyncio
from datetime import UTC, datetime

import sqlalchemy as sa

from storage import schema, webchat
from storage.database import Database, Tx
from storage.migrate import migrate
from tests.databases import second_look

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


def _says(tx: Tx, text: str) -> int:
    said = webchat.row("her", sender="me", text=text, now=NOW, client_id=text)
    return webchat.append(tx, [said])[0].id


async def test_what_is_said_after_all_was_dropped_comes_after_it(database: Database) -> None:
    def said_and_dropped(tx: Tx) -> int:
        last = [_says(tx, text) for text in ("一", "二")][-1]
        tx.execute(sa.delete(schema.web_message))
        return last

    last = await database.run(said_and_dropped)
    await database.run(lambda tx: _says(tx, "三"))
    after = await database.read(lambda tx: webchat.after(tx, "her", last))
    assert [one.text for one in after] == ["三"]


def test_messages_are_kept_when_their_table_is_built_anew(empty_url: str) -> None:
    asyncio.run(migrate(empty_url, "0003"))
    columns = "id, address, sender, text, choices, media, at"
    written = (
        f"INSERT INTO web_message ({columns}) VALUES (7, 'her', 'me', '渠堵了', '[]', '[]', '2026-11-02')"
    )
    second_look(empty_url, f"{written} RETURNING id")
    asyncio.run(migrate(empty_url))
    assert second_look(empty_url, "SELECT id, text FROM web_message") == [(7, "渠堵了")]
