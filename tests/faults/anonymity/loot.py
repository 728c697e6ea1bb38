"""What the attacker takes: every table as SQL shows it, the database's files byte for byte, logs, the data folder."""

import asyncio
import base64
import json
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from storage import schema
from tests.databases import in_thread, on_connection

Row = dict[str, Any]


@dataclass
class Loot:
    """One raid. `rows` by table: columns, and where the row lies (`_place`) and which transaction wrote it (`_xmin`)."""

    rows: dict[str, list[Row]]
    files: dict[str, bytes]
    """The database's own files, and those of the data folder but for the keys."""
    times: dict[str, float] = field(default_factory=dict)
    """When each of them was changed."""


def take(url: str, data_dir: Path, *, backup: bool = False) -> Loot:
    """Take all there is. backup: only what a backup of the database has in it."""
    rows = on_connection(url, _rows)
    if backup:
        return Loot(rows, _backup(url))
    files = {} if url.startswith("sqlite") else _postgres_files(url)
    places = [path for path in sorted(data_dir.rglob("*")) if path.is_file() and "keys" not in path.parts]
    return Loot(
        rows,
        files | {str(path): path.read_bytes() for path in places},
        {str(path): path.stat().st_mtime for path in places},
    )


def _rows(connection: sa.Connection) -> dict[str, list[Row]]:
    postgres = connection.dialect.name == "postgresql"
    found = {}
    for table in schema.metadata.sorted_tables:
        without = table.dialect_options["sqlite"]["with_rowid"] is False
        hidden = "ctid::text AS _place, xmin::text::bigint AS _xmin" if postgres else "rowid AS _place"
        columns = "*" if without and not postgres else f"{hidden}, *"
        rows = connection.execute(sa.text(f"SELECT {columns} FROM {table.name}")).mappings()
        found[table.name] = [dict(row) | {"_nth": number} for number, row in enumerate(rows)]
    return found


def _backup(url: str) -> dict[str, bytes]:
    """The file that `.backup` writes; of PostgreSQL the rows are all there is in a dump."""
    if not url.startswith("sqlite"):
        return {}
    copy = sqlite3.connect(":memory:")
    with sqlite3.connect(str(sa.make_url(url).database)) as source:
        source.backup(copy)
    return {"backup": copy.serialize()}


def _postgres_files(url: str) -> dict[str, bytes]:
    """Heap, indexes and TOAST of every table, and the write-ahead log, as they lie on the disk after a checkpoint."""

    async def where() -> tuple[Path, Path]:
        engine = create_async_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.exec_driver_sql("CHECKPOINT")
            data = (await connection.exec_driver_sql("SHOW data_directory")).scalar_one()
            query = "SELECT oid FROM pg_database WHERE datname = current_database()"
            oid = (await connection.exec_driver_sql(query)).scalar_one()
        await engine.dispose()
        return Path(data), Path(data) / "base" / str(oid)

    data, base = in_thread(lambda: asyncio.run(where()))
    files = [*base.iterdir(), *(data / "pg_wal").glob("0*")]
    return {str(path): path.read_bytes() for path in files if path.is_file()}


def traces(secret: str) -> list[bytes]:
    """How a text may look in a file: as it is, in JSON, in another encoding, in base64 at any of three offsets."""
    plain = secret.encode()
    looks = [plain, secret.encode("utf-16-le"), json.dumps(secret).strip('"').encode()]
    for offset in range(3):
        coded = base64.b64encode(bytes(offset) + plain)
        looks.append(coded[4 if offset else 0 : -4])  # what is whole of it whatever stands around it
    return looks
