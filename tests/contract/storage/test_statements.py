"""Statements that both databases must understand in the same way."""

import asyncio
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from storage import schema
from storage.database import Database, Tx
from storage.listed import among
from storage.statements import InsertOnce, InsertOnceThenFind, UpdateAndInsert, lock_name
from tests.databases import new_sqlite, on_connection

_NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
_RUN = {"job": "weekly", "period": "2026-W18", "process": "one", "claimed_at": _NOW}

claim = InsertOnce(schema.job_run)


async def test_second_insert_of_a_key_changes_nothing(database: Database, look):
    assert await database.run(lambda tx: claim(tx, _RUN))
    assert not await database.run(lambda tx: claim(tx, _RUN | {"process": "two"}))
    assert await database.run(lambda tx: claim(tx, _RUN | {"period": "2026-W19"}))
    assert look("SELECT period, process FROM job_run ORDER BY period") == [
        ("2026-W18", "one"),
        ("2026-W19", "one"),
    ]


async def test_of_many_at_once_one_inserts(database: Database):
    won = await asyncio.gather(*(database.run(lambda tx: claim(tx, _RUN)) for _ in range(20)))
    assert sorted(won) == [False] * 19 + [True]


async def test_insert_once_where_the_database_makes_the_key(database: Database, look):
    insert = InsertOnce(schema.card)
    card = {"serial": "abcdefgh", "area": "610528", "household": "", "issued_at": _NOW}

    def deed(tx: Tx) -> list[bool]:
        tx.execute(sa.insert(schema.area), {"code": "610528", "level": "county", "name": "富平县"})
        return [insert(tx, card), insert(tx, card), insert(tx, card | {"serial": "ijklmnop"})]

    assert await database.run(deed) == [True, False, True]
    assert look("SELECT serial FROM card ORDER BY serial") == [("abcdefgh",), ("ijklmnop",)]


_lease = schema.lease
claim_and_find = InsertOnceThenFind(
    schema.job_run,
    tuple(_RUN),
    sa.select(_lease.c.name, _lease.c.holder).where(_lease.c.name == sa.bindparam("of")).with_for_update(),
)


async def test_an_insert_and_what_is_found_after_it(database: Database):
    def deed(tx: Tx) -> list[tuple[bool, str | None]]:
        tx.execute(sa.insert(_lease), {"name": "weekly", "holder": "one", "until": _NOW})
        tries = [({}, "weekly"), ({}, "weekly"), ({"period": "2026-W19"}, "none"), ({}, "none")]
        found = [claim_and_find(tx, _RUN | changed, {"of": name}) for changed, name in tries]
        return [(new, row.holder if row else None) for new, row in found]

    assert await database.run(deed) == [(True, "one"), (False, "one"), (True, None), (False, None)]


async def test_of_two_at_once_the_second_waits_for_the_insert_of_the_first(database: Database):
    found = await asyncio.gather(
        *(database.run(lambda tx: claim_and_find(tx, _RUN, {"of": "none"})[0]) for _ in range(20))
    )
    assert sorted(found) == [False] * 19 + [True]


_message = schema.web_message
_say = UpdateAndInsert(
    sa.update(_lease).where(_lease.c.name == sa.bindparam("of")).values(holder=sa.bindparam("to")), _message
)


async def test_an_update_and_the_rows_that_go_with_it(database: Database, look):
    def said(text: str) -> dict[str, object]:
        empty = {"choices": [], "media": [], "outbox": None, "client_id": None, "private": ""}
        return {"address": "her", "sender": "bot", "text": text, "at": _NOW, **empty}

    def deed(tx: Tx) -> list[int]:
        tx.execute(sa.insert(_lease), {"name": "talk", "holder": "one", "until": _NOW})
        return [
            len(_say(tx, {"of": "talk", "to": str(count)}, [said(f"{count} {n}") for n in range(count)]))
            for count in (1, 3, 2, 0)
        ]

    assert await database.run(deed) == [1, 3, 2, 0]
    assert look("SELECT holder FROM lease") == [("0",)]
    in_order = ["1 0", "3 0", "3 1", "3 2", "2 0", "2 1"]
    assert look("SELECT text FROM web_message ORDER BY id") == [(text,) for text in in_order]


async def test_holders_of_one_lock_go_one_after_another(database: Database):
    def take_next_number(tx: Tx) -> int:
        lock_name(tx, "numbers")
        count = tx.execute(sa.select(sa.func.count()).select_from(schema.job_run)).scalar_one()
        tx.execute(sa.insert(schema.job_run), _RUN | {"period": str(count)})
        return count

    numbers = await asyncio.gather(*(database.run(take_next_number) for _ in range(40)))
    assert sorted(numbers) == list(range(40))


async def test_times_come_back_aware_and_sort_by_moment(database: Database):
    earlier = datetime.fromisoformat("2026-05-01T08:30:00+08:00")
    later = datetime(2026, 5, 1, 1, 0, tzinfo=UTC)

    def deed(tx: Tx) -> list[datetime]:
        for moment in (later, earlier):
            tx.execute(sa.insert(schema.job_run), _RUN | {"period": str(moment), "claimed_at": moment})
        column = schema.job_run.c.claimed_at
        assert tx.execute(sa.select(column).where(column < later)).scalars().all() == [earlier]
        return list(tx.execute(sa.select(column).order_by(column)).scalars())

    moments = await database.run(deed)
    assert moments == [earlier, later]
    assert [moment.tzinfo for moment in moments] == [UTC, UTC]


async def test_a_list_is_looked_up_and_not_looked_through(tmp_path, sqlite_template):
    whose = sa.select(schema.duty.c.person).where(among(schema.duty.c.person, "people"))
    explained = f"EXPLAIN QUERY PLAN {whose.compile(dialect=sqlite.dialect())}"
    url = new_sqlite(tmp_path, sqlite_template)
    plan = on_connection(url, lambda connection: connection.exec_driver_sql(explained, ("[1, 2]",)).all())
    assert any("SEARCH duty" in row[-1] for row in plan), plan
