"""One way to run a deed in a transaction, on SQLite and on PostgreSQL.

A deed is a plain function of a `Tx`. It cannot await, so no network call can happen inside a transaction.
On SQLite one connection does all the writing and commits the deeds that wait together in one go (each in its
own savepoint, so each is still done wholly or not at all): one disk flush serves many turns. PostgreSQL runs
them side by side over asyncpg, and those that would have to wait together.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import greenlet_spawn

from storage.faults import DatabaseError, UnavailableError, away, clashed, plain_faults
from storage.groups import Groups, Outcome
from storage.keys import Keys

__all__ = [
    "Database",
    "DatabaseError",
    "Tx",
    "UnavailableError",
    "open_database",
    "parse_url",
    "sqlite_engine",
]

T = TypeVar("T")

Tx = sa.Connection
"""The caller's open transaction. Above storage it is only handed on."""


class Database(Protocol):
    """Runs deeds. `run` may write; `read` sees committed data and never waits for a writer.

    Both raise UnavailableError while the database cannot be used. No error of theirs quotes what people wrote.
    """

    async def run(self, deed: Callable[[Tx], T]) -> T: ...

    async def read(self, deed: Callable[[Tx], T]) -> T: ...

    async def scrub(self) -> None:
        """Let go of what was deleted: journals are emptied, and the space of dead rows is used anew."""
        ...

    async def close(self) -> None: ...


def open_database(url: str, keys: Keys | None = None) -> Database:
    """The database of a URL: `sqlite:///file` or `postgresql+asyncpg://…`, and the keys of what rests sealed in it."""
    parsed = parse_url(url)
    return _Sqlite(parsed, keys) if parsed.get_backend_name() == "sqlite" else _Postgres(parsed, keys)


def parse_url(url: str) -> sa.URL:
    """The URL with the driver we use. Raises DatabaseError when it is for another database."""
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):  # whose words may quote a password
        raise DatabaseError(
            "database.url cannot be read; write it like postgresql+asyncpg://user:password@host:5432/name,"
            " with @ : / # in the password as %40 %3A %2F %23"
        ) from None
    drivers = {"sqlite": "sqlite", "postgresql": "postgresql+asyncpg"}
    driver = drivers.get(parsed.get_backend_name())
    if driver is None:
        raise DatabaseError(
            f"database.url must begin with sqlite:/// or postgresql+asyncpg://, not {parsed.drivername!r}"
        )
    return parsed.set(drivername=driver)


_GROUP = 32
"""Deeds in one commit of SQLite at the most: bounds what one flush holds up."""


class _Sqlite:
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
                return _do(deed, connection)

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
            outcome = Outcome(_do(deed, connection))
        except BaseException as error:  # noqa: BLE001  handed to whoever awaits this deed; the others go on
            if not raw.in_transaction:  # as on a full disk: SQLite rolled the others back too
                kind = UnavailableError if away(error) else DatabaseError
                raise kind(f"the database gave up a whole group of deeds: {type(error).__name__}") from None
            raw.execute("ROLLBACK TO deed")
            outcome = Outcome(error=error)
        raw.execute("RELEASE deed")
        return outcome


_PAUSES = (0.05, 0.2, 0.5)
"""Seconds before a deed is tried again that a deadlock or a lost connection has undone."""
_CONNECT_WITHIN = 10
"""Seconds."""


_AT_ONCE, _TOGETHER = 3, 8
"""Groups of deeds that PostgreSQL does side by side, and deeds in one commit at the most: a deed that has to wait for
another process's lock holds up so few."""


_SCRUBBED = "ballot, ballot_mark, survey_draft, outbox, web_message, conversation, attachment, sealed_file"
"""Tables that hold what rests sealed. Others' rows of a database that we do not own are left, with a warning."""


class _Postgres:
    """Deeds side by side; those that had to wait for their turn share a transaction, which saves each of them one.

    If one of them fails nothing is done, and each is done anew by itself. A deed or a group of them, from the first
    `BEGIN` to the connection's return, runs in one greenlet: entering one for each of these steps, as SQLAlchemy's
    own asynchronous calls do, costs more than a statement.
    """

    def __init__(self, url: sa.URL, keys: Keys | None) -> None:
        self.engine = create_async_engine(
            url,
            execution_options={"keys": keys},
            pool_size=16,
            max_overflow=0,
            pool_use_lifo=True,  # the few that are busy keep what they have prepared
            pool_timeout=30,
            hide_parameters=True,
            connect_args={"timeout": _CONNECT_WITHIN, "prepared_statement_cache_size": 500},
        )
        self._writing = self.engine.sync_engine
        self._reading = self._writing.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._groups = Groups(self._write_group, size=_TOGETHER, at_once=_AT_ONCE)
        self._under_way = 0
        self._idle = asyncio.Event()

    async def run(self, deed: Callable[[Tx], T]) -> T:
        with plain_faults():
            value: T = await self._groups.run(deed)
            return value

    async def read(self, deed: Callable[[Tx], T]) -> T:
        self._under_way += 1
        try:
            with plain_faults():
                value: T = await _persist(self._reading, deed)
                return value
        finally:
            self._under_way -= 1
            self._idle.set()

    async def scrub(self) -> None:
        alone = self._writing.execution_options(isolation_level="AUTOCOMMIT")

        def vacuum() -> None:
            with alone.connect() as connection:
                connection.execute(sa.text(f"VACUUM {_SCRUBBED}"))

        with plain_faults():
            await greenlet_spawn(vacuum)

    async def close(self) -> None:
        await self._groups.close()
        while self._under_way:
            self._idle.clear()
            await self._idle.wait()
        await self.engine.dispose()

    async def _write_group(self, group: Sequence[Callable[[Tx], Any]]) -> list[Outcome]:
        if len(group) > 1:
            try:
                return [Outcome(value) for value in await greenlet_spawn(_attempt, self._writing, group)]
            except _InDoubtError as error:
                return [Outcome(error=error)] * len(group)
            except BaseException:  # of a deed, unless it is we who are to stop
                if _is_cancelled():
                    raise
        return list(await asyncio.gather(*(self._write_one(deed) for deed in group)))

    async def _write_one(self, deed: Callable[[Tx], Any]) -> Outcome:
        try:
            return Outcome(await _persist(self._writing, deed))
        except BaseException as error:
            if _is_cancelled():
                raise
            return Outcome(error=error)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


class _UndoneError(UnavailableError):
    """Nothing of the deeds was done, and they may succeed at once."""


class _InDoubtError(UnavailableError):
    """The connection broke at the commit: the deeds may have been done."""


async def _persist(engine: sa.Engine, deed: Callable[[Tx], Any]) -> Any:
    """Do a deed, and try again what a deadlock or a lost connection has undone."""
    for pause in _PAUSES:
        try:
            return (await greenlet_spawn(_attempt, engine, [deed]))[0]
        except _UndoneError:
            await asyncio.sleep(pause)
    return (await greenlet_spawn(_attempt, engine, [deed]))[0]


def _attempt(engine: sa.Engine, deeds: Sequence[Callable[[Tx], Any]]) -> list[Any]:
    """Do deeds in one transaction. Raises _UndoneError, _InDoubtError, or the error of a deed: then none was done."""
    committing = False
    try:
        with engine.connect() as connection:
            transaction = connection.begin()
            values = [_do(deed, connection) for deed in deeds]
            committing = True
            transaction.commit()
            return values
    except sa.exc.TimeoutError:  # no connection came free for long: nothing is gained by waiting again
        raise
    except Exception as error:
        if clashed(error):
            raise _UndoneError(type(error).__name__) from None
        if away(error):
            raise (_InDoubtError if committing else _UndoneError)(type(error).__name__) from None
        raise


def _do(deed: Callable[[Tx], T], tx: Tx) -> T:
    try:
        return deed(tx)
    except StopIteration as error:  # no future can carry one: its caller would wait for ever
        raise RuntimeError("a deed let a StopIteration out") from error


def sqlite_engine(url: sa.URL | str, *, foreign_keys: bool = True, keys: Keys | None = None) -> sa.Engine:
    """A synchronous engine over one SQLite file in WAL mode with full flushing; what is deleted is overwritten."""
    parsed = sa.make_url(url)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        parsed.set(drivername="sqlite"),
        connect_args={"check_same_thread": False, "timeout": 30},
        pool_size=4,
        hide_parameters=True,
        execution_options={"keys": keys},
    )
    sa.event.listen(engine, "connect", partial(_prepare_sqlite, foreign_keys))
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(foreign_keys: bool, connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy sends BEGIN itself (below), so savepoints work
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        f"foreign_keys={foreign_keys}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    raw: Any = connection.connection.driver_connection  # by itself, as the savepoints
    if connection.info.get("query_only") != reading:
        raw.execute(f"PRAGMA query_only={reading}")
        connection.info["query_only"] = reading
    raw.execute("BEGIN" if reading else "BEGIN IMMEDIATE")
