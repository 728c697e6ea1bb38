"""The migrations make exactly the tables that the code speaks of, on both databases."""

import asyncio
import sqlite3
import sys
import threading
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage import schema
from storage.database import DatabaseError
from storage.migrate import current_revision, is_current, migrate
from storage.migrations.options import OPTIONS
from tests.databases import on_connection, second_look


def _described(connection: sa.Connection) -> dict[str, Any]:
    """Every table, column, key, index and check, as the database itself tells it."""
    inspector = sa.inspect(connection)
    tables = {}
    for name in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        tables[name] = {
            "columns": {column["name"]: _told(column) for column in inspector.get_columns(name)},
            "key": inspector.get_pk_constraint(name),
            "references": sorted(map(_told, inspector.get_foreign_keys(name))),
            "uniques": sorted(map(_told, inspector.get_unique_constraints(name))),
            "indexes": sorted(map(_told, inspector.get_indexes(name))),
            "checks": sorted(map(_told, inspector.get_check_constraints(name))),
        }
    return tables


def _told(thing: Any) -> str:
    return str(
        sorted((key, _told(part)) for key, part in thing.items()) if isinstance(thing, dict) else thing
    )


async def test_migrations_leave_nothing_for_the_models_to_ask(database_url):
    def compare(connection: sa.Connection) -> list[Any]:
        return compare_metadata(MigrationContext.configure(connection, opts=OPTIONS), schema.metadata)

    assert on_connection(database_url, compare) == []


async def test_migrated_database_is_what_the_models_would_make(empty_url):
    await migrate(empty_url)
    migrated = on_connection(empty_url, _described)
    assert migrated.keys() == schema.metadata.tables.keys()
    await migrate(empty_url, "base")
    on_connection(empty_url, schema.metadata.create_all)
    assert on_connection(empty_url, _described) == migrated


async def test_up_down_up(empty_url):
    assert await current_revision(empty_url) is None
    await migrate(empty_url)
    assert await is_current(empty_url)
    before = on_connection(empty_url, _everything)
    await migrate(empty_url, "base")
    assert await current_revision(empty_url) is None
    assert on_connection(empty_url, _described) == {}
    await migrate(empty_url)
    assert await is_current(empty_url)
    assert on_connection(empty_url, _everything) == before


def _everything(connection: sa.Connection) -> list[Any]:
    """Triggers too."""
    sources = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
        "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
    }
    return [_described(connection), connection.exec_driver_sql(sources[connection.dialect.name]).all()]


async def test_migrating_again_changes_nothing(database_url):
    before = on_connection(database_url, _everything)
    await migrate(database_url)
    assert on_connection(database_url, _everything) == before


async def test_processes_that_migrate_at_once_wait_for_each_other(empty_url):
    program = "import asyncio, sys; from storage.migrate import migrate; asyncio.run(migrate(sys.argv[1]))"
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, empty_url, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(3)
    ]
    said = [(await process.communicate())[1].decode() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], said
    assert await is_current(empty_url)


async def test_many_callers_in_one_process_may_migrate(empty_url):
    await asyncio.gather(*(migrate(empty_url) for _ in range(8)))
    assert await is_current(empty_url)


async def test_whoever_finds_a_new_sqlite_file_in_other_hands_waits(tmp_path):
    url = f"sqlite:///{tmp_path}/new.db"
    first = sqlite3.connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)
    first.execute("BEGIN IMMEDIATE")  # as while it is being switched to WAL: SQLite says "locked" at once
    threading.Timer(0.05, first.close).start()
    await migrate(url)
    assert await is_current(url)


async def test_older_code_leaves_a_newer_database_alone(database_url):
    on_connection(
        database_url, lambda c: c.exec_driver_sql("UPDATE alembic_version SET version_num = 'future'")
    )
    assert not await is_current(database_url)
    with pytest.raises(DatabaseError, match="newer version"):
        await migrate(database_url)


async def test_unknown_revision(empty_url):
    with pytest.raises(DatabaseError, match="9999"):
        await migrate(empty_url, "9999")


async def test_failed_migration_leaves_nothing_behind(empty_url):
    on_connection(empty_url, lambda c: c.exec_driver_sql("CREATE TABLE ticket (id INTEGER)"))
    with pytest.raises(sa.exc.DBAPIError):
        await migrate(empty_url)
    assert await current_revision(empty_url) is None
    assert on_connection(empty_url, lambda c: sa.inspect(c).get_table_names()) == ["ticket"]


async def test_other_databases_are_refused():
    with pytest.raises(DatabaseError, match="mysql"):
        await migrate("mysql://localhost/lianxin")


async def test_rows_that_refer_to_nothing_stop_a_migration_in_sqlite(tmp_path):
    url = f"sqlite:///{tmp_path}/lame.db"
    await migrate(url, "0001")
    on_connection(
        url, lambda c: c.exec_driver_sql("INSERT INTO invitation VALUES ('x', 7, '2026-01-01', NULL)")
    )
    with pytest.raises(DatabaseError, match="invitation"):
        await migrate(url)
    assert second_look(url, "SELECT code FROM invitation") == [("x",)]
