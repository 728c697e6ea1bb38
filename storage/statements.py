"""Statements that both databases understand."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


class InsertOnce:
    """An insert that leaves a row alone when its key is already there; says whether it inserted."""

    def __init__(self, table: sa.Table) -> None:
        self._statements: Mapping[str, sa.Insert] = {
            "sqlite": sqlite.insert(table).on_conflict_do_nothing(),
            "postgresql": postgresql.insert(table).on_conflict_do_nothing(),
        }

    def __call__(self, tx: sa.Connection, values: Mapping[str, Any]) -> bool:
        return tx.execute(self._statements[tx.dialect.name], dict(values)).rowcount == 1


class Upsert:
    """An insert that, where its key is already there, brings these columns of the row up to date."""

    def __init__(self, table: sa.Table, columns: Sequence[str]) -> None:
        keys = [column.name for column in table.primary_key]

        def statement(insert: Any) -> sa.Insert:
            new: sa.Insert = insert.on_conflict_do_update(
                index_elements=keys, set_={name: insert.excluded[name] for name in columns}
            )
            return new

        self._statements: Mapping[str, sa.Insert] = {
            "sqlite": statement(sqlite.insert(table)),
            "postgresql": statement(postgresql.insert(table)),
        }

    def __call__(self, tx: sa.Connection, values: Mapping[str, Any]) -> None:
        tx.execute(self._statements[tx.dialect.name], dict(values))


def savepoint(tx: sa.Connection) -> AbstractContextManager[object]:
    """Opens a part of a transaction that can fail without the rest."""
    return tx.begin_nested()


def lock_name(tx: sa.Connection, name: str) -> None:
    """Hold the only lock of this name until the transaction ends. SQLite has one writer and needs none."""
    if tx.dialect.name == "postgresql":
        tx.execute(_LOCK, {"name": name})


_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


def new_id(result: sa.CursorResult[Any]) -> int:
    """The key of the row just inserted."""
    key = result.inserted_primary_key
    if key is None:
        raise TypeError("not an insert of one row")
    return int(key[0])
