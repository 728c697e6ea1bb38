"""Deeds on SQLite: one connection does all the writing, and one flush to the disk serves many deeds.

Those that wait together are committed in one go, each in its own savepoint, so that each is still done wholly or not
at all.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from storage.deeds import Tx, do
from storage.faults import DatabaseError, UnavailableError, away, plain_faults
from storage.groups import Groups, Outcome
from storage.keys import Keys

T = TypeVar("T")

_GROUP = 32
"""Deeds in one commit of SQLite at the most: bounds what one flush holds up."""
_PATIENCE, _PAUSE = 30.0, 0.005
"""Seconds: how long one waits for a lock that others hold, and between two tries where SQLite does not wait itself."""


class Sqlite:
    """Deeds run on the event loop, one after the other; what waits for the disk or a lock runs in a thread.

    Two threads that both run Python hand the interpreter to each other at every statement, and on a busy machine
    each handing over is a wait. A deed is a millisecond of Python, so it is done where the rest of Python is done.
    """

    def __init__(self, url: sa.URL, keys: Keys | None) -> None:
        self.engine = sqlite_engine(url, keys=keys)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="sqlite-reader")
        self._connection: sa.Connection | None = None
        self._groups = Groups(self._write_group, size=_GROUP)

    async def run(self, deed: Callable[[Tx], T]) -> T:
        with plain_faults():
            value: T = await self._groups.run(deed)
            return value

    async def read(self, deed: Callable[[Tx], T]) -> T:
        def reading() -> T:
            with self.engine.connect().execution_options(reading=True) as connection, connection.begin():
                return do(deed, connection)

        with plain_faults():
            return await asyncio.get_running_loop().run_in_executor(self._readers, reading)

    async def scrub(self) -> None:
        def checkpoint() -> None:
            with self.engine.connect() as connection:
                raw = connection.connection.driver_connection
                if raw is not None:
                    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

        with plain_faults():
            await asyncio.get_running_loop().run_in_executor(self._readers, checkpoint)

    async def close(self) -> None:
        await self._groups.close()
        if self._connection is not None:
            await self._in_writer(self._connection.close)
        self._writer.shutdown()
        self._readers.shutdown()
        self.engine.dispose()

    async def _in_writer(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, work)

    async def _write_group(self, group: Sequence[Callable[[Tx], Any]]) -> list[Outcome]:
        connection, transaction = await self._in_writer(self._begin)
        outcomes = []
        try:
            for deed in group:
                outcomes.append(self._write_one(connection, deed))
                await asyncio.sleep(0)  # the loop has other work too
            await self._in_writer(transaction.commit)
        except BaseException:
            await self._in_writer(transaction.rollback)
            raise
        return outcomes

    def _begin(self) -> tuple[sa.Connection, sa.RootTransaction]:
        if self._connection is None:
            self._connection = self.engine.connect()
        return self._connection, self._connection.begin()

    @staticmethod
    def _write_one(connection: sa.Connection, deed: Callable[[Tx], Any]) -> Outcome:
        raw = connection.connection.driver_connection
        if raw is None:
            raise DatabaseError("the database is closed")
        raw.execute("SAVEPOINT deed")  # by itself: SQLAlchemy's begin_nested costs ten times as much
        try:
            outcome = Outcome(do(deed, connection))
        except BaseException as error:  # noqa: BLE001  handed to whoever awaits this deed; the others go on
            if not raw.in_transaction:  # as on a full disk: SQLite rolled the others back too
                kind = UnavailableError if away(error) else DatabaseError
                raise kind(f"the database gave up a whole group of deeds: {type(error).__name__}") from None
            raw.execute("ROLLBACK TO deed")
            outcome = Outcome(error=error)
        raw.execute("RELEASE deed")
        return outcome


def sqlite_engine(url: sa.URL | str, *, foreign_keys: bool = True, keys: Keys | None = None) -> sa.Engine:
    """A synchronous engine over one SQLite file in WAL mode with full flushing; what is deleted is overwritten."""
    parsed = sa.make_url(url)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        parsed.set(drivername="sqlite"),
        connect_args={"check_same_thread": False, "timeout": _PATIENCE},
        pool_size=4,
        hide_parameters=True,
        execution_options={"keys": keys},
    )
    sa.event.listen(engine, "connect", partial(_prepare_sqlite, foreign_keys))
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(foreign_keys: bool, connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy sends BEGIN itself (below), so savepoints work
    _write_ahead(connection)
    for pragma in (
        "synchronous=FULL",
        "secure_delete=ON",
        f"foreign_keys={foreign_keys}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Of several that find a new file and switch it at once, SQLite tells all but one "locked" without any waiting."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _begin_sqlite(connection: sa.Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    raw: Any = connection.connection.driver_connection  # by itself, as the savepoints
    if connection.info.get("query_only") != reading:
        raw.execute(f"PRAGMA query_only={reading}")
        connection.info["query_only"] = reading
    raw.execute("BEGIN" if reading else "BEGIN IMMEDIATE")
