"""The database itself keeps the events of a ticket as they were written."""

import pytest
import sqlalchemy as sa

from storage.database import Database

_ONE_EVENT = (
    "INSERT INTO area VALUES ('610528', NULL, 'county', '富平县')",
    "INSERT INTO person (id, name, phone, household, created_at) VALUES (1, '王秀兰', '', '', '2026-05-01 00:00:00')",
    "INSERT INTO person (id, name, phone, household, created_at) VALUES (2, '李建国', '', '', '2026-05-01 00:00:00')",
    """INSERT INTO ticket (id, kind, state, category, text, area, villager, filed_by, on_behalf_of, channel, filed_at,
         accept_by, contact_by, limit_at, rung, extensions, returns, nudges, version, events)
       VALUES (1, 'request', 'filed', 'water', '渠堵了', '610528', 1, 1, '', 'web', '2026-05-01 00:00:00',
         '2026-05-01 00:00:00', '2026-05-01 00:00:00', '2026-05-01 00:00:00', 'primary', 0, 0, 0, 0, 1)""",
    "INSERT INTO ticket_event VALUES (1, 1, '2026-05-01 00:00:00', 'file', 1, 'filed', '渠堵了', '[\"7\"]')",
)


@pytest.fixture
async def one_event(database: Database) -> None:
    def deed(tx):
        for statement in _ONE_EVENT:
            tx.exec_driver_sql(statement)

    await database.run(deed)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM ticket_event",
        "UPDATE ticket_event SET ticket = 2",
        "UPDATE ticket_event SET number = 2",
        "UPDATE ticket_event SET at = '2026-05-02 00:00:00'",
        "UPDATE ticket_event SET step = 'close'",
        "UPDATE ticket_event SET actor = 2",
        "UPDATE ticket_event SET actor = NULL",
        "UPDATE ticket_event SET state = 'closed'",
        "UPDATE ticket_event SET note = '', state = 'closed'",
    ],
)
async def test_what_happened_cannot_be_rewritten(database: Database, look, one_event, change):
    before = look("SELECT * FROM ticket_event")
    assert len(before) == 1
    with pytest.raises(sa.exc.IntegrityError, match="stands as it was written"):
        await database.run(lambda tx: tx.exec_driver_sql(change))
    assert look("SELECT * FROM ticket_event") == before


async def test_what_was_said_and_shown_may_be_blanked(database: Database, look, one_event):
    await database.run(lambda tx: tx.exec_driver_sql("UPDATE ticket_event SET note = '', media = '[]'"))
    assert look("SELECT note, step FROM ticket_event") == [("", "file")]
