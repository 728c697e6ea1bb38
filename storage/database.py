"""One way to run a deed in a transaction, on SQLite and on PostgreSQL."""

from collections.abc import Callable
from typing import Protocol, TypeVar

import sqlalchemy as sa

from storage.deeds import Tx
from storage.faults import DatabaseError, UnavailableError
from storage.keys import Keys
from storage.postgres import Postgres
from storage.sqlite import Sqlite

__all__ = ["Database", "DatabaseError", "Tx", "UnavailableError", "open_database", "parse_url"]

T = TypeVar("T")


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
    return Sqlite(parsed, keys) if parsed.get_backend_name() == "sqlite" else Postgres(parsed, keys)


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
