"""Bring a database to the tables this code needs. There is no other way to make one."""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from functools import cache, partial
from typing import TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import DatabaseError, parse_url
from storage.probe import probe
from storage.sqlite import sqlite_engine
from storage.statements import lock_name

T = TypeVar("T")


async def migrate(url: str, revision: str = "head") -> None:
    """Move the database of `url` up or down to a revision, wholly or not at all. "base" is an empty one.

    Processes that do so at once wait for each other. Raises DatabaseError when a newer version of the code
    has already been here.
    """
    await _with_connection(url, partial(_move, revision=revision))


async def current_revision(url: str) -> str | None:
    """Where the database stands; None when it is empty."""
    return await _with_connection(url, _revision)


async def is_current(url: str) -> bool:
    """Does the database have exactly the tables this code needs?"""
    return await current_revision(url) == _newest_first()[0]


class Standing(StrEnum):
    """Where a database's tables stand, seen from this code."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"


async def standing(url: str) -> Standing:
    """Has `migrate` anything to do? It could not bring a database back that is ahead."""
    current = await current_revision(url)
    known = _newest_first()
    if current is None:
        return Standing.EMPTY
    if current == known[0]:
        return Standing.CURRENT
    return Standing.BEHIND if current in known else Standing.AHEAD


@cache
def _newest_first() -> tuple[str, ...]:
    """The revisions that this code knows."""
    return tuple(script.revision for script in ScriptDirectory.from_config(config()).walk_revisions())


def config(connection: sa.Connection | None = None) -> Config:
    """What alembic has to know; no ini file is needed."""
    made = Config()
    made.set_main_option("script_location", "storage:migrations")
    made.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    made.attributes["connection"] = connection
    return made


async def _with_connection(url: str, work: Callable[[sa.Connection], T]) -> T:
    parsed = parse_url(url)
    try:
        if parsed.get_backend_name() == "sqlite":
            return await asyncio.to_thread(_with_sqlite, parsed, work)
        async with create_async_engine(parsed, poolclass=sa.NullPool).begin() as connection:
            return await connection.run_sync(work)
    except (sa.exc.SQLAlchemyError, OSError):
        await probe(url)  # tells plainly if it is the database that cannot be used
        raise


def _with_sqlite(url: sa.URL, work: Callable[[sa.Connection], T]) -> T:
    engine = sqlite_engine(url, foreign_keys=False)  # a table that is built anew is dropped for a moment
    try:
        with engine.begin() as connection:
            return work(connection)
    finally:
        engine.dispose()


def _move(connection: sa.Connection, revision: str) -> None:
    lock_name(connection, "migrations")
    known = _newest_first()
    newest_first = (*known, None)
    current = _revision(connection)
    target = {"head": newest_first[0], "base": None}.get(revision, revision)
    if current not in newest_first:
        raise DatabaseError(f"a newer version has moved the database to {current}; this one knows {known[0]}")
    if target not in newest_first:
        raise DatabaseError(f"there is no revision {revision!r}")
    if target == current:  # as at most starts: nothing has to be looked through
        return
    settings = config(connection)
    if newest_first.index(target) < newest_first.index(current):
        command.upgrade(settings, revision)
    else:
        command.downgrade(settings, revision)
    _check_foreign_keys(connection)


def _revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _check_foreign_keys(connection: sa.Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise DatabaseError(f"the migration left a row of {broken[0]} that refers to nothing in {broken[2]}")
