"""Deeds on PostgreSQL, over asyncpg: side by side, and those that would have to wait, together."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import greenlet_spawn

from storage.deeds import Tx, do
from storage.faults import UnavailableError, away, clashed, plain_faults
from storage.groups import Groups, Outcome
from storage.keys import Keys

T = TypeVar("T")

_PAUSES = (0.05, 0.2, 0.5)
"""Seconds before a deed is tried again that a deadlock or a lost connection has undone."""
_CONNECT_WITHIN = 10
"""Seconds."""


_AT_ONCE, _TOGETHER = 3, 8
"""Groups of deeds that PostgreSQL does side by side, and deeds in one commit at the most: a deed that has to wait for
another process's lock holds up so few."""


_SCRUBBED = "ballot, ballot_mark, survey_draft, outbox, web_message, conversation, attachment, sealed_file"
"""Tables that hold what rests sealed. Others' rows of a database that we do not own are left, with a warning."""


class Postgres:
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
            values = [do(deed, connection) for deed in deeds]
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
