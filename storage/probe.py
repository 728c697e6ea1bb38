"""Can the database be reached, and what is it? For the operator: nothing is made or changed by asking."""

import sqlite3
from asyncio import to_thread
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import DatabaseError, parse_url

PATIENCE = 5
"""Seconds to wait for an answer, or for whoever holds a SQLite file."""


class Unusable(DatabaseError):  # noqa: N818  what it is, as DatabaseError's own name says
    """The database cannot be used. `mend` says what to do about it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.mend = mend


class Probe(NamedTuple):
    """A database that answers. `found` is False for a SQLite file that is still to be made."""

    kind: str
    version: str
    found: bool = True


async def probe(url: str) -> Probe:
    """Which database answers at the URL. Raises Unusable, in words without any password."""
    try:
        parsed = parse_url(url)
    except DatabaseError as error:
        raise Unusable(str(error), "correct database.url") from None
    if parsed.get_backend_name() == "sqlite":
        return await to_thread(_probe_sqlite, Path(parsed.database or ""))
    return await _probe_postgres(parsed)


def _probe_sqlite(file: Path) -> Probe:
    version = sqlite3.sqlite_version
    if not file.exists():
        return Probe("SQLite", version, found=False)
    try:
        connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=PATIENCE)
        try:
            connection.isolation_level = None
            connection.execute("BEGIN IMMEDIATE")  # as every turn does
            connection.execute("SELECT count(*) FROM sqlite_master")
            connection.execute("ROLLBACK")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise _of_sqlite(file, error) from None
    return Probe("SQLite", version)


def _of_sqlite(file: Path, error: sqlite3.Error) -> Unusable:
    said = str(error)
    if "locked" in said:
        return Unusable(
            f"{file}: another program holds the file for writing",
            "close whatever has it open (a database viewer, a copy that hangs), then ask again",
        )
    if "not a database" in said or "malformed" in said:
        return Unusable(
            f"{file}: this is no SQLite database, or it is damaged",
            "put it aside and restore lianxin.db from a backup (docs/operating.md)",
        )
    if "readonly" in said or "unable to open" in said:
        return Unusable(
            f"{file}: the file cannot be written",
            "give the file and its folder to the user that runs lianxin (chown)",
        )
    return Unusable(f"{file}: {said}", "check the disk, then restore lianxin.db from a backup")


_VERSION = sa.text("SHOW server_version")


async def _probe_postgres(url: sa.URL) -> Probe:
    engine = create_async_engine(url, poolclass=sa.NullPool, connect_args={"timeout": PATIENCE})
    try:
        async with engine.connect() as connection:
            version = str((await connection.execute(_VERSION)).scalar_one())
    except (sa.exc.SQLAlchemyError, OSError, ValueError) as error:
        raise _of_postgres(url, error) from None
    finally:
        await engine.dispose()
    return Probe("PostgreSQL", version.split(maxsplit=1)[0])


def _of_postgres(url: sa.URL, error: Exception) -> Unusable:
    host = f"{url.host or 'its socket'}:{url.port or 5432}"
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    if state.startswith("28"):  # invalid authorization
        return Unusable(
            "PostgreSQL refuses the user or the password",
            "correct user and password in database.url, and look into the server's pg_hba.conf",
        )
    if state == "3D000":
        return Unusable(
            f"PostgreSQL at {host} has no database {url.database!r}",
            f"make it: createdb --encoding=UTF8 {url.database}",
        )
    if state == "53300":
        return Unusable(
            "PostgreSQL has no connection left to give",
            "raise max_connections, or run fewer processes (each of them takes 16)",
        )
    if isinstance(error, TimeoutError):
        return Unusable(
            f"PostgreSQL at {host} does not answer", "check host and port in database.url, and the firewall"
        )
    if isinstance(error, OSError):
        return Unusable(
            f"PostgreSQL at {host} cannot be reached: {_reason(error)}",
            "check host and port in database.url, and whether the server runs",
        )
    return Unusable(f"PostgreSQL at {host} refused: {type(error).__name__}", "look into the server's log")


def _reason(error: OSError) -> str:
    return "the host name is unknown" if type(error).__name__ == "gaierror" else "no server listens there"
