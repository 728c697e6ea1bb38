"""Statements that both databases understand."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


class InsertOnce:
    """An insert that leaves a row alone when its key is already there; says whether it inserted."""

    def __init__(self, table: sa.Table, columns: Sequence[sa.Column[Any]] = ()) -> None:
        """`columns`: what `all` returns of a row."""
        self._statements: Mapping[str, sa.Insert] = {
            "sqlite": sqlite.insert(table).on_conflict_do_nothing(),
            "postgresql": postgresql.insert(table).on_conflict_do_nothing(),
        }
        self._returning = {name: one.returning(*columns) for name, one in self._statements.items()}

    def __call__(self, tx: sa.Connection, values: Mapping[str, Any]) -> bool:
        return tx.execute(self._statements[tx.dialect.name], dict(values)).rowcount == 1

    def all(self, tx: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> list[sa.Row[Any]]:
        """Insert many, and return those that were inserted, by their first column."""
        inserted = tx.execute(self._returning[tx.dialect.name], rows)
        return sorted(inserted, key=lambda row: row[0])


class Upsert:
    """An insert that, where its key is already there, brings these columns of the row up to date."""

    def __init__(
        self, table: sa.Table, columns: Sequence[str], also: sa.ColumnElement[Any] | None = None
    ) -> None:
        """`also`: something to be looked up in the same statement, as it is then."""
        keys = [column.name for column in table.primary_key]

        def statement(insert: Any) -> sa.Insert:
            new: sa.Insert = insert.on_conflict_do_update(
                index_elements=keys, set_={name: insert.excluded[name] for name in columns}
            )
            return new if also is None else new.returning(also)

        self._statements: Mapping[str, sa.Insert] = {
            "sqlite": statement(sqlite.insert(table)),
            "postgresql": statement(postgresql.insert(table)),
        }

    def __call__(self, tx: sa.Connection, values: Mapping[str, Any]) -> Any:
        """What was also looked up; None if nothing was."""
        done = tx.execute(self._statements[tx.dialect.name], dict(values))
        return done.scalar_one() if done.returns_rows else None


class InsertOnceThenFind:
    """An insert as `InsertOnce` does it, then a query for one row, both in one round trip where there are any.

    The query begins, and takes its locks, when the insert is done. Its first column is never null. Its parameters
    must not be called as the table's columns are.
    """

    def __init__(self, table: sa.Table, columns: Sequence[str], query: sa.Select[Any]) -> None:
        self._insert, self._query = InsertOnce(table), query
        new = {name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in columns}
        insert = postgresql.insert(table).values(new).on_conflict_do_nothing().returning(sa.literal(1))
        inserted = sa.select(sa.func.count()).select_from(insert.cte("inserted")).scalar_subquery()
        found = query.where(inserted >= 0).cte("found")
        always = sa.select(sa.literal(1)).subquery("always")
        self._both = sa.select(found, inserted.label("inserted")).select_from(
            always.outerjoin(found, sa.true())
        )

    def __call__(
        self, tx: sa.Connection, values: Mapping[str, Any], of_query: Mapping[str, Any]
    ) -> tuple[bool, sa.Row[Any] | None]:
        """Whether it inserted, and the row, if there is one."""
        if tx.dialect.name == "sqlite":
            return self._insert(tx, values), tx.execute(self._query, of_query).first()
        new = {f"new_{name}": value for name, value in values.items()}
        row = tx.execute(self._both, new | dict(of_query)).one()
        return row.inserted == 1, None if row[0] is None else row


class UpdateAndInsert:
    """An update, and an insert of rows that returns their new keys, both in one round trip where there are any.

    A row names all its columns. The update's parameters must not be called as the table's columns are.
    """

    def __init__(self, update: sa.Update, table: sa.Table) -> None:
        key = table.c.id
        self._update = update
        self._insert = sa.insert(table).returning(key, sort_by_parameter_order=True)
        # Values of another name than their column: else they would be set by the update too.
        new = {
            column.name: sa.bindparam(f"new_{column.name}", type_=column.type)
            for column in table.columns
            if column is not key
        }
        self._both = self._insert.values(new).add_cte(update.cte("updated"))

    def __call__(
        self, tx: sa.Connection, of_update: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
    ) -> list[int]:
        """The keys of the rows, in order."""
        if not rows or tx.dialect.name == "sqlite":
            tx.execute(self._update, of_update)
            return list(tx.execute(self._insert, rows).scalars()) if rows else []
        both = [{f"new_{name}": value for name, value in row.items()} | dict(of_update) for row in rows]
        return list(tx.execute(self._both, both).scalars())


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
